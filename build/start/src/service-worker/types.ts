/** A browser refuses scripts and WebAssembly of another type than these, whatever is in them; not every host knows them. */
const TYPES: Record<string, string> = { js: "text/javascript", mjs: "text/javascript", wasm: "application/wasm" };

/** The response, with the type that its path calls for where the host gave another. */
export function typed(response: Response, path: string): Response {
  const type = TYPES[path.slice(path.lastIndexOf(".") + 1)];
  const given = response.headers.get("Content-Type") ?? "";
  if (!type || given.startsWith(type) || (type === TYPES.js && /^(text|application)\/(x-)?(java|ecma)script/.test(given))) return response;
  const headers = new Headers(response.headers);
  headers.set("Content-Type", type);
  return new Response(response.body, { status: response.status, headers });
}
