/** The line above a notebook that came from outside: where from, which data, what is different, and Run all. */
import type { ICodeCellModel } from "@jupyterlab/cells";
import type { INotebookContent } from "@jupyterlab/nbformat";
import { type Notebook, NotebookActions, type NotebookPanel } from "@jupyterlab/notebook";

import { type Origin, pin, siteMetadata } from "../metadata";
import { Notice } from "../notice";
import * as site from "../site";
import { isLabel } from "./carried";
import { CARRIED, CHANGED, environmentNote, missingNote, originText } from "./notes";

/** Puts the line on `panel` if its notebook came from outside, and keeps it true until the visitor closes it. */
export async function addBar(panel: NotebookPanel): Promise<void> {
  await panel.context.ready;
  const model = panel.content.model;
  const { origin, snapshot } = siteMetadata(model);
  if (!model || !origin) {
    return;
  }
  let shown = await notice(panel, origin);
  if (panel.isDisposed) {
    return;
  }
  shown.above(panel);
  let said = snapshot;
  const renew = async (isWanted: () => boolean) => {
    const next = await notice(panel, origin);
    if (panel.isDisposed || !isWanted()) {
      return;
    }
    shown.dispose();
    shown = next;
    shown.above(panel);
  };
  model.metadataChanged.connect(() => {
    const { snapshot: now } = siteMetadata(model);
    if (now !== said && !shown.isDisposed) {
      said = now;
      void renew(() => true); // the button that changed it closed the line
    }
  });
  // "Nothing has run yet" is true until the first cell has.
  const ran = (_: unknown, { notebook }: { notebook: Notebook }) => {
    if (notebook === panel.content) {
      NotebookActions.executed.disconnect(ran);
      void renew(() => !shown.isDisposed);
    }
  };
  NotebookActions.executed.connect(ran);
  panel.disposed.connect(() => NotebookActions.executed.disconnect(ran));
}

async function notice(panel: NotebookPanel, origin: Origin): Promise<Notice> {
  const { snapshot } = siteMetadata(panel.content.model);
  // Without a network the line says what it knows.
  const [published, here] = await Promise.all([site.snapshotIds().catch(() => null), site.runtime().catch(() => null)]);
  const then = origin.environment?.id;
  const packages =
    then && here && then !== here.environment
      ? await Promise.all([site.packages(then), site.packages(here.environment)]).catch(() => null)
      : null;
  const missing = snapshot !== undefined && published !== null && !published.includes(snapshot) ? snapshot : null;
  const ran = panel.content.widgets.some(({ model }) => (model as Partial<ICodeCellModel>).executionCount);
  const carries = (panel.content.model?.toJSON() as INotebookContent).cells.some(
    ({ outputs }) => Array.isArray(outputs) && outputs.some(isLabel),
  );
  const made = new Notice(
    [
      originText(origin.from, snapshot, ran),
      carries ? CARRIED : "",
      missing ? missingNote(missing) : "",
      origin.changed ? CHANGED[origin.changed] : "",
      here ? environmentNote(origin.environment, here, packages) : "",
    ]
      .filter(Boolean)
      .join(" "),
  );
  if (missing) {
    const near = site.nearest(missing, published ?? []);
    for (const id of near) {
      // The day, or where two snapshots have the same one, the whole id.
      const day = id.slice(0, 10);
      const isOnly = near.filter((other) => other.startsWith(day)).length === 1;
      made.offer(`Use ${isOnly ? day : id}`, () => panel.content.model && pin(panel.content.model, id));
    }
  } else {
    made.offer("Run all", () => void NotebookActions.runAll(panel.content, panel.sessionContext));
  }
  return made.offer("Close");
}
