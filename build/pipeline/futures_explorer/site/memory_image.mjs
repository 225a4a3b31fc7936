// Starts the kernel's Python once and writes what that leaves: node memory_image.mjs PYODIDE TARGET PACKAGES EARLY IMPORTS
// PYODIDE is the site's folder of Pyodide, the last three are JSON lists. What is in the files: build/start/README.md; start.py
// packs memory.bin.
import crypto from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import createPyodideModule from "pyodide/pyodide.asm.mjs";
import { loadPyodide } from "pyodide";

/** Bytes: memory is compared in blocks of this size. */
const BLOCK = 64;
const [source, target] = process.argv.slice(2, 4);
const [packages, early, imports] = process.argv.slice(4).map((list) => JSON.parse(list));
const lockFileURL = path.join(source, "pyodide-lock.json");
const [major, minor] = JSON.parse(readFileSync(lockFileURL, "utf8")).info.python.split(".");
const SITE_PACKAGES = `/lib/python${major}.${minor}/site-packages/`;
/** What holds code in WebAssembly cannot be in the image: it is loaded when that is there. */
const isEarly = (at) => early.some((name) => at.startsWith(`${SITE_PACKAGES}${name}/`));
const stdLibURL = path.join(source, "python_stdlib.zip");
const same = { stdLibURL, env: { PYTHONHASHSEED: "0" } };

// The same input gives the same bytes: no clock, no chance.
process.env.TZ = "UTC";
const epoch = Date.UTC(2020, 0, 1);
globalThis.Date = class extends Date {
  constructor(...given) {
    super(...(given.length ? given : [epoch]));
  }
  static now = () => epoch;
};
performance.now = () => 0;
crypto.randomFillSync = (array) => array.fill(0);

// Python finds out once whether it may wait for a promise. Here it need not; in a browser it must (see memory-image.ts).
WebAssembly.Suspending = function (imported) {
  return imported;
};
WebAssembly.promising = (exported) => exported;

/** Every folder and file of a file system that only lives in memory, by path. */
function listed(FS, from = "/", found = new Map()) {
  for (const name of FS.readdir(from)) {
    const at = path.posix.join(from, name);
    if ([".", ".."].includes(name) || ["/dev", "/proc"].includes(at)) continue;
    const { mode } = FS.lstat(at);
    if (FS.isDir(mode)) listed(FS, at, found.set(at, null));
    else if (FS.isFile(mode)) found.set(at, FS.readFile(at));
  }
  return found;
}

function serialize(pyodide, object) {
  const api = pyodide._api.public_api;
  if (object === api) return { api: null };
  const name = Object.getOwnPropertyNames(api).find((key) => api[key] === object);
  if (name === undefined) throw new Error(`a start leaves ${String(object).slice(0, 200)} of JavaScript in Python's memory`);
  return { api: name };
}

/** What the packages put into the file system, by path, and under which names Pyodide then knows them. */
async function installed() {
  const pyodide = await loadPyodide({ ...same, lockFileURL, packageBaseUrl: `${source}/` });
  const before = new Set(listed(pyodide.FS).keys());
  await pyodide.loadPackage(packages, { messageCallback() {} });
  // Beside their sources, which nanoarrow reads.
  pyodide.globals.set("folders", pyodide.toPy(early.map((name) => SITE_PACKAGES + name)));
  pyodide.runPython(`
import compileall, py_compile
for folder in folders:
    compileall.compile_dir(folder, quiet=2, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)`);
  // Sorted: Python's memory depends on the order of a folder's files. And so that a folder comes before what is in it.
  const files = [...listed(pyodide.FS)].filter(([at]) => !before.has(at)).sort(([a], [b]) => (a < b ? -1 : 1));
  return { files, loaded: Object.fromEntries(Object.entries(pyodide.loadedPackages).sort()) };
}

/** Python's memory after the imports, and what they wrote. */
async function started(files) {
  const pyodide = await loadPyodide({ ...same, _makeSnapshot: true, _sysExecutable: "./this.program" });
  for (const [at, bytes] of files) {
    if (bytes === null) pyodide.FS.mkdirTree(at);
    else if (!isEarly(at)) pyodide.FS.writeFile(at, bytes);
  }
  const before = new Set(listed(pyodide.FS).keys());
  await pyodide.runPythonAsync(`
import gc, importlib, os, sys
importlib.invalidate_caches()
import ${imports.join(", ")}
del os.environ["PYTHONHASHSEED"]
sys.path.remove("")  # Pyodide adds it again
gc.collect()`);
  const written = [...listed(pyodide.FS)].filter(([at]) => !before.has(at));
  const snapshot = pyodide.makeMemorySnapshot({ serializer: (object) => serialize(pyodide, object) });
  return { snapshot, written };
}

/** Memory as it is when nothing has run yet. */
async function fresh(snapshot) {
  let memory;
  await loadPyodide({
    _loadSnapshot: snapshot.slice(),
    _snapshotDeserializer: () => null,
    stdLibURL,
    createPyodideModule: async (settings) => {
      const module = await createPyodideModule(settings);
      memory = module.HEAPU8.slice();
      return module;
    },
  });
  return memory;
}

/** The stretches of `memory` that are not as in `before`, as [offset, length] after [offset, length]. */
function changed(memory, before) {
  const stretches = [];
  for (let at = 0; at < memory.length; at += BLOCK) {
    if (memory.subarray(at, at + BLOCK).every((byte, index) => byte === before[at + index])) continue;
    const last = stretches.length - 2;
    if (last >= 0 && stretches[last] + stretches[last + 1] === at) stretches[last + 1] += BLOCK;
    else stretches.push(at, BLOCK);
  }
  return stretches;
}

process.on("uncaughtException", (error) => {
  // Node would print the source line of Pyodide, all 1.2 MB of it.
  console.error(error.stack?.slice(-2000));
  process.exit(1);
});
const { files, loaded } = await installed();
const { snapshot, written } = await started(files);
const headLength = new Uint32Array(snapshot.buffer, snapshot.byteOffset, 2)[1];
const [head, memory] = [snapshot.subarray(0, headLength), snapshot.subarray(headLength)];
const before = await fresh(snapshot);
if (memory.length !== before.length) {
  throw new Error(`Python's memory grew to ${memory.length} bytes; what can be restored is the ${before.length} that it starts with`);
}
const stretches = changed(memory, before);
const stdlib = readFileSync(stdLibURL);
const entries = [[`/lib/python${major}${minor}.zip`, stdlib], ...files, ...written];
const contents = { early: [], late: [] };
const index = entries.map(([at, bytes]) => {
  if (bytes === null) return [at];
  const part = isEarly(at) ? "early" : "late";
  contents[part].push(bytes);
  return part === "early" ? [at, bytes.length, 1] : [at, bytes.length];
});
const late = Buffer.concat(contents.late);
const description = Buffer.from(JSON.stringify({ loaded, files: index, head: head.length, stretches: stretches.length / 2 }));
// Four bytes each, so that the numbers that follow the text are aligned.
const padded = Buffer.alloc(Math.ceil(description.length / 4) * 4, " ");
description.copy(padded);
const length = Buffer.alloc(4);
length.writeUInt32LE(padded.length);
const image = Buffer.concat([
  length,
  padded,
  head,
  Buffer.from(Uint32Array.from(stretches).buffer),
  ...stretches.flatMap((at, index) => (index % 2 ? [] : [memory.subarray(at, at + stretches[index + 1])])),
  ...contents.early,
]);
writeFileSync(path.join(target, "memory.bin"), image);
writeFileSync(path.join(target, "files.bin"), gzipSync(late, { level: 9 }));
