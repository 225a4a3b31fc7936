/** The plugins, one folder each. */
import type { JupyterFrontEndPlugin } from "@jupyterlab/application";

import brand from "./brand";
import charts from "./charts";
import dataPin from "./data-pin";
import parameters from "./parameters";
import welcome from "./welcome";

const plugins: JupyterFrontEndPlugin<unknown>[] = [brand, charts, dataPin, parameters, welcome];
export default plugins;
