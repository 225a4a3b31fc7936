/** The site's own sign at the top of every app; it leads to the front page. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { PageConfig } from "@jupyterlab/coreutils";
import { Widget } from "@lumino/widgets";

import "./style.css";

const plugin: JupyterFrontEndPlugin<void> = {
  id: "@futures-explorer/labextension:brand",
  description: "Shows the site's sign instead of JupyterLite's.",
  autoStart: true,
  activate: (app: JupyterFrontEnd) => {
    const sign = new Widget({ node: document.createElement("a") });
    sign.id = "bf-sign";
    const link = sign.node as HTMLAnchorElement;
    link.href = new URL("index.html", PageConfig.getBaseUrl()).href;
    link.title = `${PageConfig.getOption("appName")}: front page`;
    const icon = document.createElement("img");
    icon.src = new URL("favicon.svg", PageConfig.getBaseUrl()).href;
    icon.alt = link.title;
    link.append(icon);
    app.shell.add(sign, "top", { rank: 0 });
  },
};
export default plugin;
