/** The plugins, one folder each. */
import type { JupyterFrontEndPlugin } from "@jupyterlab/application";
import { PageConfig } from "@jupyterlab/coreutils";

import accessible from "./accessible";
import answers from "./answers";
import brand from "./brand";
import charts from "./charts";
import dataPin from "./data-pin";
import executor from "./executor";
import interrupt from "./interrupt";
import links from "./links";
import { mendAddress } from "./links/address";
import names from "./names";
import offline from "./offline";
import originals from "./originals";
import parameters from "./parameters";
import queries from "./queries";
import { skipNeedlessValidation } from "./settings";
import { fetchSettingsOnce } from "./settings/storage";
import sqlCells from "./sql-cells";
import touch from "./touch";
import welcome from "./welcome";

// Before JupyterLab, or one of the plugins, reads it.
mendAddress(new URL(PageConfig.getBaseUrl(), location.href).pathname);
skipNeedlessValidation();
fetchSettingsOnce();

const plugins: JupyterFrontEndPlugin<unknown>[] = [
  accessible,
  answers,
  brand,
  charts,
  dataPin,
  executor,
  interrupt,
  links,
  names,
  offline,
  originals,
  parameters,
  queries,
  sqlCells,
  touch,
  welcome,
];
export default plugins;
