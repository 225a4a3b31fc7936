/** A query that runs longer than a second shows under its cell how far it is, with a button that stops it. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import type { Cell, CodeCell } from "@jupyterlab/cells";
import { INotebookTracker } from "@jupyterlab/notebook";

import { button } from "../button";
import { describe, type QueryProgress } from "./describe";
import "./style.css";

/** What the kernel says (build/kernel/explorer_startup/explorer_startup/_pyodide.py); `id` is that of the cell's run. */
type Message = { id: string; ended: true } | ({ id: string; ended?: undefined } & QueryProgress);

class Row {
  readonly node = document.createElement("div");
  private readonly text = document.createElement("span");
  private readonly bar = document.createElement("progress");
  private readonly button: HTMLButtonElement;

  constructor(
    readonly cell: CodeCell,
    stop: () => void,
  ) {
    this.node.className = "bf-Query";
    // Its text changes five times a second: a screen reader is told once that a query runs, and reads on demand.
    this.node.setAttribute("role", "group");
    this.node.setAttribute("aria-label", "Running query");
    this.bar.setAttribute("aria-label", "Progress of the query");
    this.button = button("Stop", () => {
      this.button.disabled = true;
      this.text.textContent = "Stopping …";
      stop();
    });
    this.node.append(this.bar, this.text, this.button);
    cell.node.insertBefore(this.node, cell.node.querySelector(".jp-Cell-outputWrapper"));
  }

  show(progress: QueryProgress): void {
    if (progress.fraction === null) this.bar.removeAttribute("value");
    else this.bar.value = progress.fraction;
    if (!this.button.disabled) this.text.textContent = describe(progress);
  }
}

const isCode = (cell: Cell): cell is CodeCell => cell.model.type === "code";

const plugin: JupyterFrontEndPlugin<void> = {
  id: "@futures-explorer/labextension:queries",
  autoStart: true,
  requires: [INotebookTracker],
  activate: (app: JupyterFrontEnd, notebooks: INotebookTracker) => {
    const channel = new BroadcastChannel("binance-futures-queries");
    const rows = new Map<string, Row>();
    const stop = (id: string) => channel.postMessage({ stop: id });

    const cellOf = (id: string): CodeCell | undefined => {
      let found: CodeCell | undefined;
      notebooks.forEach((panel) => {
        found ??= panel.content.widgets.filter(isCode).find((cell) => cell.outputArea.future?.msg.header.msg_id === id);
      });
      return found;
    };

    // Another tab's kernel speaks on the same channel; its cells are not found here.
    const end = (id: string) => {
      rows.get(id)?.node.remove();
      rows.delete(id);
    };
    channel.onmessage = ({ data }: MessageEvent<Message>) => {
      if (data.ended) {
        end(data.id);
        return;
      }
      let row = rows.get(data.id);
      if (!row) {
        const cell = cellOf(data.id);
        if (!cell) return;
        row = new Row(cell, () => stop(data.id));
        rows.set(data.id, row);
        // A kernel that is restarted says nothing more; its futures are rejected.
        cell.outputArea.future.done.catch(() => undefined).finally(() => end(data.id));
      }
      row.show(data);
    };

    // JupyterLab's own Interrupt means the same; the kernel of a static site cannot be interrupted otherwise.
    app.commands.commandExecuted.connect((_, { id }) => {
      if (id !== "notebook:interrupt-kernel") return;
      const cells = notebooks.currentWidget?.content.widgets ?? [];
      for (const [execution, row] of rows) if (cells.includes(row.cell)) stop(execution);
    });
  },
};
export default plugin;
