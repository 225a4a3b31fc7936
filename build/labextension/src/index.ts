/** The plugins, one folder each. */
import type { JupyterFrontEndPlugin } from "@jupyterlab/application";

import dataPin from "./data-pin";
import executor from "./executor";

const plugins: JupyterFrontEndPlugin<unknown>[] = [dataPin, executor];
export default plugins;
