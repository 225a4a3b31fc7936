/** The plugins, one folder each. */
import type { JupyterFrontEndPlugin } from "@jupyterlab/application";

import charts from "./charts";
import dataPin from "./data-pin";
import parameters from "./parameters";
import welcome from "./welcome";

const plugins: JupyterFrontEndPlugin<unknown>[] = [charts, dataPin, parameters, welcome];
export default plugins;
