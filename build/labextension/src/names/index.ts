/** Any name that JupyterLab takes for a file is that file's name: in storage, in the address, after a reload. */
import { IRouter, type JupyterFrontEnd, type JupyterFrontEndPlugin } from "@jupyterlab/application";
import { PageConfig } from "@jupyterlab/coreutils";
import { type Contents, IDefaultDrive } from "@jupyterlab/services";

import { type Drive, exact } from "./drive";
import { addressOf, encodedTwice } from "./address";

/** The command that opens what the page's address says. */
const OPEN = "router:tree";

const plugin: JupyterFrontEndPlugin<void> = {
  id: "@futures-explorer/labextension:names",
  description: "Takes files' names as they are.",
  autoStart: true,
  requires: [IDefaultDrive],
  optional: [IRouter],
  activate: ({ commands }: JupyterFrontEnd, drive: Contents.IDrive, router: IRouter | null) => {
    exact(drive as Drive);
    // JupyterLite's opener decodes twice what an address says once.
    const execute = commands.execute.bind(commands);
    commands.execute = (id, args) =>
      execute(id, id === OPEN && args ? { ...args, search: encodedTwice(String(args.search)) } : args);
    if (!router) return;
    const navigate = router.navigate.bind(router);
    router.navigate = (path, options) => navigate(addressOf(path, PageConfig.getOption("notebookPage")) ?? path, options);
  },
};
export default plugin;
