// Bundles page.js (put into the pages), kernel.mjs, bridge.mjs and service-worker.js into a folder: node build/start/build.mjs OUT
import { build } from "esbuild";
import { fileURLToPath } from "node:url";
import path from "node:path";

const room = path.dirname(fileURLToPath(import.meta.url));
const out = path.resolve(process.argv[2]);
const shared = { bundle: true, platform: "browser", target: "es2022", minify: true, legalComments: "none", logLevel: "warning" };

await build({ ...shared, entryPoints: [path.join(room, "src/page.ts")], outfile: path.join(out, "page.js"), format: "iife" });
await build({ ...shared, entryPoints: [path.join(room, "src/kernel.ts")], outfile: path.join(out, "kernel.mjs"), format: "esm" });
await build({ ...shared, entryPoints: [path.join(room, "src/waiting/bridge.ts")], outfile: path.join(out, "bridge.mjs"), format: "esm" });
await build({
  ...shared,
  entryPoints: [path.join(room, "src/service-worker/main.ts")],
  outfile: path.join(out, "service-worker.js"),
  format: "iife",
});
