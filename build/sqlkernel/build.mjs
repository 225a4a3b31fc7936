// Bundles the kernel's extension and the console: node build/sqlkernel/build.mjs OUT, which gets extension/ and console.js
import { build } from "esbuild";
import path from "node:path";

import { federate } from "../labextension/federate.mjs";

const room = import.meta.dirname;
const out = path.resolve(process.argv[2] ?? path.join(room, "../../.cache/sqlkernel"));
await federate(room, path.join(out, "extension"));
await build({
  entryPoints: [path.join(room, "src/console.ts")],
  outfile: path.join(out, "console.js"),
  bundle: true,
  format: "esm",
  platform: "browser",
  target: "es2022",
  tsconfig: path.join(room, "tsconfig.json"),
  minify: true,
  legalComments: "none",
  logLevel: "warning",
});
