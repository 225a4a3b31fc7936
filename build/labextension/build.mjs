// Bundles the extension into a folder: node build/labextension/build.mjs OUT
import path from "node:path";

import { federate } from "./federate.mjs";

const room = import.meta.dirname;
const out = path.resolve(process.argv[2] ?? path.join(room, "../../.cache/labextension"));
await federate(room, out, ["@jupyterlab/notebook-extension:cell-executor"]);
