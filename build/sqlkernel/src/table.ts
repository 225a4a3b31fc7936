/** How a result shows itself: an HTML table, the same that relations in Python notebooks have (a test compares them). */

/** A result as it is shown: every value as DuckDB writes it, NULL as null. */
export interface Shown {
  columns: readonly Column[];
  first: readonly (readonly (string | null)[])[];
  last: readonly (readonly (string | null)[])[];
  total: number;
}

export interface Column {
  name: string;
  /** DuckDB's name of its type: `DECIMAL(18,3)[]`. */
  type: string;
}

/** A longer value is cut; its beginning is in the cell's title. */
const LONGEST = 80;
const TITLE = 1000;
/** Of a wider result only so many columns are shown. */
export const WIDEST = 100;

const NUMERIC =
  /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|BIGNUM|FLOAT|DOUBLE|DECIMAL\(\d+,\s*\d+\))$/;
/** As DuckDB's own tables head a column. */
const SHORT: Record<string, string> = {
  TINYINT: "int8", SMALLINT: "int16", INTEGER: "int32", BIGINT: "int64", HUGEINT: "int128",
  UTINYINT: "uint8", USMALLINT: "uint16", UINTEGER: "uint32", UBIGINT: "uint64", UHUGEINT: "uint128",
}; // prettier-ignore

export const isNumeric = (type: string): boolean => NUMERIC.test(type);

/** The type as it stands under a column's name. */
export function typeName(type: string): string {
  const list = /^([^]*)\[(\d*)\]$/.exec(type);
  if (list) return `${typeName(list[1]!)}[${list[2]}]`;
  const hidden = /^(ENUM|UNION)\(/.exec(type);
  if (hidden) return `${hidden[1]!.toLowerCase()}(…)`;
  return SHORT[type] ?? type.toLowerCase();
}

/** `1 row`, `1,234 rows`. */
export const count = (number: number, noun: string): string =>
  `${number.toLocaleString("en-US")} ${noun}${number === 1 ? "" : "s"}`;

const ESCAPED: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;" };
export const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => ESCAPED[character]!);

/** Counted in characters, as Python does, not in UTF-16 units. */
const cut = (characters: readonly string[]): string =>
  (characters.length <= LONGEST ? characters : [...characters.slice(0, LONGEST - 1), "…"]).join("");

const TABLE = ".duckdb-table.duckdb-table.duckdb-table";
// The class is named thrice: JupyterLab styles every table of an output, by rules that name two classes.
export const STYLE = `<style>
${TABLE} { max-width: 100%; overflow-x: auto; color: var(--jp-ui-font-color0, inherit); }
${TABLE} table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: 0; }
${TABLE} :is(th, td) { padding: 0.25em 0.8em; text-align: left; white-space: nowrap; max-width: 28em;
  overflow: hidden; text-overflow: ellipsis; color: inherit; }
${TABLE} thead th { border-bottom: 1px solid var(--jp-border-color1, #8888); font-weight: 600; vertical-align: bottom; }
${TABLE} th small { display: block; font-weight: 400; }
${TABLE} :is(th small, .null, .more td, caption) { color: var(--jp-ui-font-color1, inherit); opacity: 0.8; }
${TABLE} .null { font-style: italic; }
${TABLE} :is(th, td).number { text-align: right; }
${TABLE} caption { caption-side: bottom; text-align: left; padding: 0.5em 0.8em; white-space: nowrap; }
</style>`;

/** The table; `below` is HTML that follows it, inside what scrolls. */
export function draw({ columns, first, last, total }: Shown): string {
  const shown = columns.slice(0, WIDEST);
  const classes = shown.map(({ type }) => (isNumeric(type) ? ' class="number"' : ""));
  const heads = shown.map(
    ({ name, type }, i) =>
      `<th scope="col"${classes[i]}>${escape(name)} <small>${escape(cut([...typeName(type)]))}</small></th>`,
  );
  const body = first.map((row) => drawRow(row, classes));
  const hidden = total - first.length - last.length;
  if (hidden) body.push(`<tr class="more"><td colspan="${shown.length}">⋮ ${count(hidden, "more row")}</td></tr>`);
  body.push(...last.map((row) => drawRow(row, classes)));
  let size = `${count(total, "row")} × ${count(columns.length, "column")}`;
  if (columns.length > WIDEST) size += `, the first ${WIDEST} of them shown`;
  return (
    `${STYLE}<div class="duckdb-table" role="region" aria-label="Table, ${size}" tabindex="0">` +
    `<table><caption>${size}</caption><thead><tr>${heads.join("")}</tr></thead>` +
    `<tbody>${body.join("")}</tbody></table></div>`
  );
}

function drawRow(row: readonly (string | null)[], classes: readonly string[]): string {
  return `<tr>${row.map((value, i) => drawCell(value, classes[i]!)).join("")}</tr>`;
}

function drawCell(value: string | null, cls: string): string {
  if (value === null) return `<td class="${cls ? "number null" : "null"}">NULL</td>`;
  const whole = [...value];
  const title = whole.length > LONGEST ? ` title="${escape(whole.slice(0, TITLE).join(""))}"` : "";
  return `<td${cls}${title}>${escape(cut(whole))}</td>`;
}

/** The table as text, for what shows no HTML: tab-separated, as it is pasted into a spreadsheet. */
export function plain({ columns, first, last, total }: Shown): string {
  const line = (row: readonly (string | null)[]) => row.map((value) => value ?? "NULL").join("\t");
  const hidden = total - first.length - last.length;
  const gap = hidden ? [`⋮ ${count(hidden, "more row")}`] : [];
  return [line(columns.map(({ name }) => name)), ...first.map(line), ...gap, ...last.map(line)].join("\n");
}
