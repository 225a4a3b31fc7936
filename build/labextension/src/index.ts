/** The plugins, one folder each. */
import type { JupyterFrontEndPlugin } from "@jupyterlab/application";

import dataPin from "./data-pin";
import links from "./links";

const plugins: JupyterFrontEndPlugin<unknown>[] = [dataPin, links];
export default plugins;
