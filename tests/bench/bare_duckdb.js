// DuckDB-WASM as released, in a worker, for comparison: its own HTTP file system (`url`), or its Arrow bytes (`raw`).
import * as duckdb from "duckdb-blocking";

const started = (async () => {
  const here = new URL(".", import.meta.url);
  const main = { mainModule: new URL("duckdb-eh.wasm", here).href, mainWorker: null };
  const db = await duckdb.createDuckDB({ mvp: main, eh: main }, new duckdb.VoidLogger(), duckdb.BROWSER_RUNTIME);
  await db.instantiate(() => undefined);
  return { db, here };
})();

self.onmessage = async ({ data: { open, url, sql, raw } }) => {
  try {
    const { db, here } = await started;
    if (open) {
      db.open({ path: ":memory:", filesystem: open });
      self.connection = db.connect();
      self.connection.query(`SET custom_extension_repository = '${new URL("extensions", here).href}'; LOAD parquet`);
      return self.postMessage({ milliseconds: 0 });
    }
    const began = performance.now();
    if (raw) {
      const bytes = db.runQuery(self.connection.useUnsafe((_, id) => id), sql).length;
      return self.postMessage({ bytes, milliseconds: performance.now() - began });
    }
    db.registerFileURL("released.parquet", url, duckdb.DuckDBDataProtocol.HTTP, false);
    const rows = self.connection.query(sql).numRows;
    self.postMessage({ rows, milliseconds: performance.now() - began });
  } catch (error) {
    self.postMessage({ error: String(error) });
  }
};
