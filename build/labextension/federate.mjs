// Bundles an extension into a folder, as JupyterLab serves it.
//
// JupyterLab loads an extension as a module-federation container: a script that registers an object with `init` and
// `get` in `window._JUPYTERLAB`. `src/container.ts` is one, so esbuild, which bundles the engine too, is all it takes.
import { build, transform } from "esbuild";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import path from "node:path";

const CONTAINER = fileURLToPath(new URL("src/container.ts", import.meta.url));

/**
 * Bundles `src/index.ts` of the folder `room` into the folder `out`. `disabledExtensions`: what a plugin of it takes the
 * place of; JupyterLite leaves it on where this extension is disabled.
 */
export async function federate(room, out, disabledExtensions = []) {
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
        if (kind !== "dynamic-import" || !resolveDir.startsWith(room)) {
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
    alias: { "extension-plugins": path.join(room, "src/index.ts") },
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

  const container = { ...options, entryPoints: [CONTAINER], format: "iife" };
  // Twice: the first pass finds which shared modules are imported, the second tells the container.
  await build({ ...container, define: { EXTENSION: "''", SHARED: "[]" } });
  const define = { EXTENSION: JSON.stringify(name), SHARED: JSON.stringify([...shared].sort()) };
  const { outputFiles } = await build({ ...container, define });

  const entry = outputFiles[0].contents;
  const load = `static/${await write("remoteEntry", entry)}`;
  const schemas = path.join(room, "schemas");
  if (existsSync(schemas)) await cp(schemas, path.join(out, "schemas", name), { recursive: true });
  const jupyterlab = { extension: true, disabledExtensions, _build: { load, extension: "./extension" } };
  const about = { name, version, license, jupyterlab };
  await writeFile(path.join(out, "package.json"), JSON.stringify(about, null, 1) + "\n");
  console.log(`${name}: ${entry.length} bytes written to ${out}`);
}
