// Draws charts while the site is built, as the kernel does: reads a JSON list of {comments, columns, rows} from standard
// input, and writes for each {type, specification}. Columns are {name, type}; rows hold texts, or null.
import { build } from "esbuild";
import path from "node:path";
import { text } from "node:stream/consumers";

const { outputFiles } = await build({
  entryPoints: [path.join(import.meta.dirname, "src/chart.ts")],
  bundle: true,
  format: "esm",
  write: false,
  logLevel: "warning",
});
const { chartWanted, MIME, specOf } = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
const drawn = JSON.parse(await text(process.stdin)).map(({ comments, columns, rows }) => ({
  type: MIME,
  specification: specOf(chartWanted(comments), columns, rows),
}));
process.stdout.write(JSON.stringify(drawn));
