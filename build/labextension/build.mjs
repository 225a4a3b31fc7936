// Bundles the extension into a folder, as JupyterLab serves it: node build/labextension/build.mjs OUT
//
// JupyterLab loads an extension as a module-federation container: a script that registers an object with `init` and
// `get` in `window._JUPYTERLAB`. `src/container.ts` is one, so esbuild, which bundles the engine too, is all it takes.
import { build, transform } from "esbuild";
import { createHash } from "node:crypto";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import path from "node:path";

const room = path.dirname(fileURLToPath(import.meta.url));
const out = path.resolve(process.argv[2] ?? path.join(room, "../../.cache/labextension"));
const { name, version, license } = JSON.parse(await readFile(path.join(room, "package.json"), "utf8"));

// What the page has already. A second copy would be another module, whose tokens and classes nothing else knows.
const shared = new Set();
const SHARED = /^(@jupyterlab|@jupyterlite|@jupyter-notebook|@jupyter|@lumino)\/|^(react|react-dom|yjs)$/;

const sharedModules = {
  name: "shared-modules",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: SHARED }, ({ path }) => {
      shared.add(path);
      return { path, namespace: "shared" };
    });
    onLoad({ filter: /./, namespace: "shared" }, ({ path }) => ({
      contents: `module.exports = _JUPYTERLAB[${JSON.stringify(name)}].shared[${JSON.stringify(path)}];`,
    }));
  },
};

// `import "./style.css"` puts the rules into the page when the plugins are loaded.
const styles = {
  name: "styles",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true });
      const rules = JSON.stringify(code.trim());
      return {
        contents: `document.head.append(Object.assign(document.createElement("style"), { textContent: ${rules} }));`,
      };
    });
  },
};

// `await import("./dialog")` makes a file of its own, which the page loads when it gets there.
const later = {
  name: "later",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\// }, async ({ kind, path: module, resolveDir }) => {
      // The container's own import is of what comes with it.
      if (kind !== "dynamic-import" || module === "./index") {
        return undefined;
      }
      const entryPoints = [path.join(resolveDir, `${module}.ts`)];
      const { outputFiles } = await build({ ...options, entryPoints, format: "esm" });
      return { path: `./${await write(path.basename(module), outputFiles[0].contents)}`, external: true };
    });
  },
};

const options = {
  bundle: true,
  write: false,
  platform: "browser",
  target: "es2022",
  tsconfig: path.join(room, "tsconfig.json"),
  plugins: [sharedModules, styles, later],
  minify: true,
  legalComments: "none",
  logLevel: "warning",
};

/** Writes a script under a name that holds its hash, and returns that. */
async function write(stem, contents) {
  const file = `${stem}.${createHash("sha256").update(contents).digest("hex").slice(0, 16)}.js`;
  await mkdir(path.join(out, "static"), { recursive: true });
  await writeFile(path.join(out, "static", file), contents);
  return file;
}

const container = { ...options, entryPoints: [path.join(room, "src/container.ts")], format: "iife" };
// Twice: the first pass finds which shared modules are imported, the second tells the container.
await build({ ...container, define: { EXTENSION: "''", SHARED: "[]" } });
const define = { EXTENSION: JSON.stringify(name), SHARED: JSON.stringify([...shared].sort()) };
const { outputFiles } = await build({ ...container, define });

const entry = outputFiles[0].contents;
const load = `static/${await write("remoteEntry", entry)}`;
await cp(path.join(room, "schemas"), path.join(out, "schemas", name), { recursive: true });
// What a plugin of ours takes the place of; JupyterLite leaves it on where this extension is disabled.
const disabledExtensions = ["@jupyterlab/notebook-extension:cell-executor"];
const jupyterlab = { extension: true, disabledExtensions, _build: { load, extension: "./extension" } };
const about = { name, version, license, jupyterlab };
await writeFile(path.join(out, "package.json"), JSON.stringify(about, null, 1) + "\n");
console.log(`${name}: ${entry.length} bytes written to ${out}`);
