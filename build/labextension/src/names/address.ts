/** Names in addresses. Pure functions. */

/** A path that is `path` once it is decoded. */
export const once = (path: string): string => path.replaceAll("%", "%25");

/** A query whose paths are right once they have been decoded a second time. */
export function encodedTwice(search: string): string {
  const query = new URLSearchParams(search);
  const paths = query.getAll("path");
  query.delete("path");
  for (const path of paths) query.append("path", once(path));
  return paths.length ? `?${query}` : search;
}

/**
 * Where a static site has the page that a Jupyter server has at `path`, as `/notebooks/NAME`, which the notebooks app gives itself
 * when its notebook is renamed; null where `path` is none of those.
 */
export function addressOf(path: string, page: string): string | null {
  const [, route, name] = /^\/?(notebooks|edit)\/([^/?#]+)$/.exec(path) ?? [];
  return route && name && name !== "index.html" && route === page ? `/${route}/index.html?path=${name}` : null;
}
