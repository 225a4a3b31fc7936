/** The plugins, one folder each. */
import type { JupyterFrontEndPlugin } from "@jupyterlab/application";

import accessible from "./accessible";
import brand from "./brand";
import charts from "./charts";
import dataPin from "./data-pin";
import executor from "./executor";
import interrupt from "./interrupt";
import links from "./links";
import offline from "./offline";
import originals from "./originals";
import parameters from "./parameters";
import queries from "./queries";
import sqlCells from "./sql-cells";
import welcome from "./welcome";

const plugins: JupyterFrontEndPlugin<unknown>[] = [
  accessible,
  brand,
  charts,
  dataPin,
  executor,
  interrupt,
  links,
  offline,
  originals,
  parameters,
  queries,
  sqlCells,
  welcome,
];
export default plugins;
