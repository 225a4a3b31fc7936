/** The plugins, one folder each. */
import type { JupyterFrontEndPlugin } from "@jupyterlab/application";

import dataPin from "./data-pin";
import queries from "./queries";
import sqlCells from "./sql-cells";

const plugins: JupyterFrontEndPlugin<unknown>[] = [dataPin, queries, sqlCells];
export default plugins;
