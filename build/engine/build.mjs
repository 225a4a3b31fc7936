// Bundles engine.js (client) and worker.js into a folder: node build/engine/build.mjs [OUT], or OUT in $ENGINE_OUT
// Default OUT is .cache/engine at the repository's root. The wasm files are not inlined: they lie
// beside these two in the deployed folder (see README.md).
import { build } from "esbuild";
import { fileURLToPath } from "node:url";
import path from "node:path";

const room = path.dirname(fileURLToPath(import.meta.url));
const out = path.resolve(process.argv[2] ?? process.env.ENGINE_OUT ?? path.join(room, "../../.cache/engine"));

await build({
  entryPoints: { engine: path.join(room, "src/client/engine.ts"), worker: path.join(room, "src/client/worker.ts") },
  outdir: out,
  bundle: true,
  format: "esm",
  platform: "browser",
  target: "es2022",
  resolveExtensions: [".ts", ".mjs", ".js"],
  tsconfig: path.join(room, "tsconfig.json"),
  minify: true,
  legalComments: "none",
  logLevel: "warning",
});
console.log(`engine.js and worker.js written to ${out}`);
