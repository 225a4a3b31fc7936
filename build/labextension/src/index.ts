/** The plugins, one folder each. */
import type { JupyterFrontEndPlugin } from "@jupyterlab/application";

import dataPin from "./data-pin";

const plugins: JupyterFrontEndPlugin<unknown>[] = [dataPin];
export default plugins;
