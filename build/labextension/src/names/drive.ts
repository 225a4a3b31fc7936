/**
 * Makes JupyterLite's drive take names as they are.
 *
 * It decodes each path that it is given, as if that came from an address: `A%20B.ipynb` was saved over `A B.ipynb`, and a name
 * with another `%` could be neither saved nor read. It also gave a new or renamed file the place of one of the same name.
 */
import { PathExt } from "@jupyterlab/coreutils";
import { type Contents, ServerConnection } from "@jupyterlab/services";

import { once } from "./address";

/** What of localForage is used. */
interface Storage {
  getItem(key: string): Promise<unknown>;
  setItem(key: string, value: unknown): Promise<unknown>;
  removeItem(key: string): Promise<void>;
}

/** JupyterLite's drive (0.8.6, packages/services/src/contents/drive.ts), with the parts of it that are not public. */
export interface Drive extends Contents.IDrive {
  readonly storage: Promise<Storage>;
  readonly counters: Promise<Storage>;
  readonly checkpoints: Promise<Storage>;
  /** The site's own files in a folder, by name. */
  _getServerDirectory(path: string): Promise<Map<string, Contents.IModel>>;
  _fileChanged: { emit(args: Contents.IChangedArgs): void };
}

/** Its methods that decode a path, their first argument. `listCheckpoints` does not. */
const DECODING = [
  "get",
  "save",
  "delete",
  "getDownloadUrl",
  "createCheckpoint",
  "restoreCheckpoint",
  "deleteCheckpoint",
] as const;

type Method = (path: string, ...rest: unknown[]) => Promise<unknown>;

/** Of what JupyterLab names itself: how it begins, and what follows its number. */
const UNTITLED = { directory: ["Untitled Folder", ""], notebook: ["Untitled", ".ipynb"], file: ["untitled", ""] } as const;

export function exact(drive: Drive): void {
  const methods = drive as unknown as Record<string, Method>;
  for (const name of DECODING) {
    const decoding = methods[name]!.bind(drive);
    methods[name] = (path, ...rest) => decoding(once(path), ...rest);
  }
  const site = drive._getServerDirectory.bind(drive);
  // It asks the server for a folder that only the visitor has, and takes `#1.ipynb` for one.
  drive._getServerDirectory = async (path) => {
    if (path === "") return site(path);
    const found = (await drive._getServerDirectory(PathExt.dirname(path))).get(PathExt.basename(path));
    return found?.type === "directory" ? site(path) : new Map<string, Contents.IModel>();
  };
  const exists = (path: string): Promise<boolean> => drive.get(path, { content: true }).then(() => true, () => false);

  const newUntitled = drive.newUntitled.bind(drive);
  drive.newUntitled = async (options) => {
    // It counts what it has named, and does not look who has the next name.
    const [kind, counters] = [options?.type ?? "notebook", await drive.counters];
    const [begin, end] = UNTITLED[kind as keyof typeof UNTITLED] ?? UNTITLED.file;
    const ending = end || (kind === "file" ? (options?.ext ?? "").replace(/^\.?(?=.)/, ".") : "");
    for (let number = ((await counters.getItem(kind)) as number | null) ?? -1; ; number++) {
      if (await exists(PathExt.join(options?.path ?? "", `${begin}${number + 1 || ""}${ending}`))) continue;
      await counters.setItem(kind, number);
      return newUntitled(options);
    }
  };

  drive.rename = async (from, to) => {
    const item = await drive.get(from, { content: true });
    if (from === to) return item;
    await refuse(drive, from, to, exists);
    const moved = { ...item, name: PathExt.basename(to), path: to, last_modified: new Date().toISOString() };
    const storage = await drive.storage;
    await storage.setItem(to, moved);
    if (item.type === "directory") {
      for (const { name } of item.content as Contents.IModel[]) await drive.rename(`${from}/${name}`, `${to}/${name}`);
    }
    await storage.removeItem(from);
    await (await drive.checkpoints).removeItem(from);
    drive._fileChanged.emit({ type: "rename", oldValue: { path: from }, newValue: moved });
    return moved;
  };
}

/** Raises where a file cannot be renamed so: 409 where the name is taken, on which JupyterLab offers to replace that file. */
async function refuse(drive: Drive, from: string, to: string, exists: (path: string) => Promise<boolean>): Promise<void> {
  const [name, folder] = [PathExt.basename(to), PathExt.dirname(to)];
  if (!name || name === "." || name === "..") {
    throw error(400, `“${name}” means a folder, and cannot be a file's name. “${PathExt.basename(from)}” keeps its name.`);
  }
  if (folder && (await drive.get(folder).catch(() => null))?.type !== "directory") {
    throw error(404, `There is no folder “${folder}”. “${PathExt.basename(from)}” keeps its name.`);
  }
  // What the visitor chose to replace, JupyterLab first moves aside: `to` may then still be one of the site's own.
  if (!from.startsWith(`${to}.`) && (await exists(to))) {
    throw error(409, `There is a file “${name}” already. “${PathExt.basename(from)}” keeps its name; choose another.`);
  }
}

function error(status: number, message: string): Error {
  return new ServerConnection.ResponseError(new Response(null, { status }), message);
}
