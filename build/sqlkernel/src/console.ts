/**
 * The console: one SQL cell on a page of its own. `#q=…` fills it, `#snapshot=ID` pins its data; nothing runs until the
 * visitor runs it. The page (content/pages/sql.html) says in `data-` attributes of its form where the engine is.
 */
import { save } from "./download.ts";
import { openEngine, type Progress } from "./engine.ts";
import { Session, SqlError, type Setup } from "./session.ts";

/** A longer query is no link that anything carries whole. */
const LONGEST = 20_000;
const SNAPSHOT = /^\d{4}-\d{2}-\d{2}-[0-9a-f]{6}$/;
const KEY = "console";

const form = document.querySelector<HTMLFormElement>("#console")!;
const query = document.querySelector<HTMLTextAreaElement>("#query")!;
const [run, stop, copy] = ["run", "stop", "copy"].map((id) => document.querySelector<HTMLButtonElement>(`#${id}`)!) as [HTMLButtonElement, HTMLButtonElement, HTMLButtonElement];
const say = document.querySelector<HTMLElement>("#say")!;
const answer = document.querySelector<HTMLElement>("#answer")!;
const note = document.querySelector<HTMLElement>("#note")!;

const at = (name: "engine" | "data" | "setup") => new URL(form.dataset[name]!, location.href).href;

async function siteSetup(): Promise<Setup> {
  const response = await fetch(at("setup"));
  if (!response.ok) throw new Error(`${at("setup")} answered HTTP ${response.status}, expected 200.`);
  return response.json() as Promise<Setup>;
}

const session = new Session(() => openEngine({ engine: at("engine"), data: at("data") }), siteSetup, null);
let running: AbortController | null = null;

/** What the address asks for: read, shown, and never run. */
function read(): void {
  const asked = new URLSearchParams(location.hash.slice(1));
  const text = asked.get("q");
  const snapshot = asked.get("snapshot");
  if (text !== null) query.value = text.slice(0, LONGEST);
  if (snapshot !== null) {
    if (SNAPSHOT.test(snapshot)) session.pin(snapshot);
    else note.textContent = `The address pins snapshot “${snapshot.slice(0, 40)}”, which is no snapshot's id; the newest data is used.`;
  }
  if (text !== null) say.textContent = "This query came with the link. Read it, then run it.";
}

const words = ({ fraction, elapsed, bytes }: Progress): string =>
  [
    `Running: ${Math.floor(elapsed / 1000)} s`,
    ...(fraction ? [`${Math.floor(fraction * 100)} %`] : []),
    ...(bytes ? [`${(bytes / 1e6).toFixed(1)} MB fetched`] : []),
  ].join(", ");

async function ask(): Promise<void> {
  if (running) return;
  running = new AbortController();
  run.disabled = true;
  stop.hidden = false;
  say.textContent = "Running …";
  const begun = performance.now();
  try {
    const onProgress = (progress: Progress) => {
      if (progress.elapsed > 1000) say.textContent = words(progress);
    };
    const shown = await session.run(query.value, { signal: running.signal, onProgress, key: KEY });
    const said = session.notes.splice(0);
    if (said.length) note.textContent = said.join(" ");
    show(shown?.["text/html"] as string | undefined);
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    say.textContent = shown ? `Answered in ${seconds} s from snapshot ${session.snapshot}.` : `Done in ${seconds} s; there is nothing to show.`;
  } catch (error) {
    const stopped = (error as Error).name === "AbortError";
    say.textContent = stopped ? "Stopped." : "The query has an error.";
    answer.replaceChildren(...(stopped ? [] : [block((error as Error).message, error instanceof SqlError)]));
  } finally {
    running = null;
    run.disabled = false;
    stop.hidden = true;
  }
}

/** `html` is the session's own: its values are escaped. */
function show(html: string | undefined): void {
  answer.innerHTML = html ?? "";
  if (!session.holds(KEY) || html === undefined) return;
  const row = document.createElement("p");
  for (const format of ["csv", "parquet"] as const) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = format === "csv" ? "Download CSV" : "Download Parquet";
    button.addEventListener("click", async () => {
      const bytes = await session.download(KEY, format);
      if (bytes) save(bytes, `result.${format}`);
    });
    row.append(button);
  }
  answer.append(row);
}

function block(text: string, ofQuery: boolean): HTMLElement {
  const pre = document.createElement("pre");
  pre.className = "error";
  pre.setAttribute("role", "alert");
  pre.textContent = ofQuery ? text : `${text}\nCheck your connection, then run it again.`;
  return pre;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  void ask();
});
query.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    void ask();
  }
});
stop.addEventListener("click", () => running?.abort());
copy.addEventListener("click", async () => {
  // Pinned, so that whoever opens it sees the same numbers; before the first answer there is no snapshot to name.
  const fragment = new URLSearchParams({ q: query.value, ...(session.snapshot && { snapshot: session.snapshot }) });
  const url = new URL(`#${fragment}`, location.href).href;
  history.replaceState(null, "", url);
  try {
    await navigator.clipboard.writeText(url);
    say.textContent = session.snapshot ? `Link copied; its data is pinned to ${session.snapshot}.` : "Link copied. Run the query first to pin its data.";
  } catch {
    say.textContent = "The link is in the address bar; this browser does not let a page copy it.";
  }
});
for (const button of document.querySelectorAll<HTMLButtonElement>("#examples button")) {
  button.addEventListener("click", () => {
    query.value = button.dataset["query"]!;
    query.focus();
  });
}
addEventListener("hashchange", read);
read();
