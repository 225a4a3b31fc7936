/**
 * A starter notebook opens with what it answered when the site was built, each cell saying so; running a cell replaces it.
 * Where the notebook asks something else, another day or another snapshot, it opens without.
 */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import type { ICodeCellModel } from "@jupyterlab/cells";
import type { IOutput } from "@jupyterlab/nbformat";
import { INotebookTracker, type NotebookPanel } from "@jupyterlab/notebook";

import gallery from "../../../../content/pages/gallery.json";
import { siteMetadata } from "../metadata";
import { siteUrl, snapshotIds } from "../site";
import { type Answers, type CodeCell, type Output, parse, starterOf, toShow } from "./answers";

/** The page has asked for those of the notebook that it opens (build/start/src/page.ts). */
interface Early {
  explorerAnswers?: { name: string; text: Promise<string | null> } | undefined;
}

const known = new Map<string, Promise<Answers | null>>();

/** What the starter of this name answered; null where the site does not say. */
function answersOf(name: string): Promise<Answers | null> {
  let found = known.get(name);
  if (!found) {
    const early = (window as Early).explorerAnswers;
    const ask = async (): Promise<string | null> => {
      const response = await fetch(`${siteUrl()}data/answers/${name}.json`);
      return response.ok ? response.text() : null;
    };
    const text = early?.name === name ? early.text : ask();
    found = text.then((text) => (text === null ? null : parse(text, siteUrl()))).catch(() => null);
    known.set(name, found);
  }
  return found;
}

const codeCells = (panel: NotebookPanel): ICodeCellModel[] =>
  [...(panel.content.model?.cells ?? [])].filter((cell): cell is ICodeCellModel => cell.type === "code");

const asTold = (cell: ICodeCellModel): CodeCell => ({
  source: cell.sharedModel.getSource(),
  outputs: cell.outputs.toJSON() as Output[],
  hasRun: cell.executionCount !== null || cell.executionState === "running",
});

/** Makes every cell that has not run show what was computed for it, or nothing. */
export async function showAnswers(panel: NotebookPanel): Promise<void> {
  const name = starterOf(panel.context.path);
  if (name === null || !gallery.some((entry) => entry.name === name)) return;
  const [answers, ids] = await Promise.all([answersOf(name), snapshotIds().catch(() => null), panel.context.ready]);
  const { model } = panel.content;
  if (panel.isDisposed || !model) return;
  const wanted = siteMetadata(model).snapshot ?? ids?.[0] ?? answers?.snapshot;
  const cells = codeCells(panel);
  const wasDirty = model.dirty;
  toShow(cells.map(asTold), answers?.snapshot === wanted ? answers : null).forEach((outputs, index) => {
    if (!outputs) return;
    const cell = cells[index]!;
    // The site's own, as its code is: tables keep their look.
    cell.trusted = true;
    cell.outputs.fromJSON(outputs as IOutput[]);
  });
  // Nothing of the visitor's changed.
  model.dirty = wasDirty;
}

const plugin: JupyterFrontEndPlugin<void> = {
  id: "@futures-explorer/labextension:answers",
  description: "Shows what a starter notebook answered when the site was built.",
  autoStart: true,
  requires: [INotebookTracker],
  activate: (_app: JupyterFrontEnd, tracker: INotebookTracker) => {
    tracker.widgetAdded.connect((_, panel) => {
      void showAnswers(panel);
      void panel.context.ready.then(() => {
        let pin = siteMetadata(panel.content.model).snapshot;
        panel.content.model?.metadataChanged.connect((model) => {
          const { snapshot } = siteMetadata(model);
          if (snapshot !== pin) void showAnswers(panel);
          pin = snapshot;
        });
      });
    });
  },
};
export default plugin;
