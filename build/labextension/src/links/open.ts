/** Opens what came from outside: as a new copy in the visitor's files, and nothing runs. */
import type { Contents } from "@jupyterlab/services";

import { KEY, type Origin, type SiteMetadata } from "../metadata";
import * as site from "../site";
import { cellsOf, kernelOf, LinkError, notebookOf, unpack } from "./cells";
import { decode, type Environment, hashOf } from "./codec";
import { fetchNotebook } from "./fetch";
import type { Cell, OtherKernel } from "./parts";

/** What is to be opened, wherever it came from. */
interface Incoming {
  name: string;
  cells: Cell[];
  snapshot?: string;
  environment?: Environment;
  kernel?: OtherKernel | undefined;
  from: string;
  changed?: Origin["changed"];
}

/** The path of the notebook that the page's address asks for. Raises `LinkError`, and has then written nothing. */
export async function openAsked({ hash, search }: Location, contents: Contents.IManager): Promise<string> {
  const query = new URLSearchParams(search);
  const url = query.get("fromURL");
  const incoming = url === null ? await fromLink(hash.slice(1)) : await fetchNotebook(url, query.get("snapshot"));
  const id = await hashOf(incoming.cells, incoming.snapshot);
  // What was run in the copy since is the visitor's: it is no other notebook for that.
  const bare = await hashOf(incoming.cells.map(({ outputs: _, ...cell }) => cell), incoming.snapshot);
  const names = await namesIn(contents);
  for (let number = 1; ; number++) {
    const path = `${incoming.name}-shared${number === 1 ? "" : `-${number}`}.ipynb`;
    if (!names.has(path)) {
      await contents.save(path, { type: "notebook", format: "json", content: content(incoming, id) });
      return path;
    }
    if (await isUnchanged(contents, path, id, bare)) {
      return path;
    }
  }
}

async function fromLink(fragment: string): Promise<Incoming> {
  const link = await decode(fragment);
  if (!link) {
    throw new LinkError("This address holds no link.");
  }
  const { cells, ...rest } = link;
  if (Array.isArray(cells)) {
    return { ...rest, cells, from: "link" };
  }
  return { ...rest, ...(await ownNotebook(link.name, cells.same)), from: "link" };
}

/** The site's own notebook with these cells, as it is or as it was; where the site has it no more, the present one. */
async function ownNotebook(name: string, same: string): Promise<Pick<Incoming, "cells" | "changed" | "kernel">> {
  const own = await site.starter(name);
  const kernel = kernelOf(own);
  const present = own === null ? null : cellsOf(own);
  if (present && (await hashOf(present)) === same) {
    return { cells: present, kernel };
  }
  const text = await site.formerStarter(same);
  const former = text === null ? null : unpack(text);
  if (former && (await hashOf(former)) === same) {
    return { cells: former, changed: "former" };
  }
  if (!present) {
    throw new LinkError(
      `This link names a notebook of this site, ${name}, which the site does not have (any more). Nothing was opened.`,
    );
  }
  return { cells: present, changed: "present", kernel };
}

function content({ cells, snapshot, environment, kernel, from, changed }: Incoming, id: string): object {
  const origin: Origin = { from, id, ...(environment && { environment }), ...(changed && { changed }) };
  const metadata: SiteMetadata = { ...(snapshot && { snapshot }), origin };
  return notebookOf(cells, { [KEY]: metadata }, kernel);
}

async function namesIn(contents: Contents.IManager): Promise<Set<string>> {
  const { content } = (await contents.get("", { content: true })) as { content: Contents.IModel[] };
  return new Set(content.map(({ name }) => name));
}

/** Whether the file at `path` is the copy of the same thing, with the same cells still; it may have been run since. */
async function isUnchanged(contents: Contents.IManager, path: string, id: string, bare: string): Promise<boolean> {
  try {
    const { content } = (await contents.get(path, { content: true })) as { content: Record<string, unknown> };
    const metadata = (content.metadata as Record<string, SiteMetadata | undefined>)[KEY];
    return metadata?.origin?.id === id && (await hashOf(cellsOf(content), metadata.snapshot)) === bare;
  } catch {
    return false;
  }
}
