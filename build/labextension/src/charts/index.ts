/** Charts that fit: no wider than the notebook, so that they can be read on a phone, and at home in the dark theme. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { INotebookTracker, type NotebookPanel } from "@jupyterlab/notebook";
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import type { PartialJSONObject } from "@lumino/coreutils";

import { fit, heightOf } from "./fit";
import { nearlySeen, VEGA_LITE, WHEN_SEEN } from "./seen";
import "./style.css";

const plugin: JupyterFrontEndPlugin<void> = {
  id: "@futures-explorer/labextension:charts",
  description: "Fits charts into the notebook's width.",
  autoStart: true,
  requires: [INotebookTracker],
  activate: (_app: JupyterFrontEnd, tracker: INotebookTracker) => {
    tracker.widgetAdded.connect((_tracker, panel) => {
      const { rendermime } = panel.content;
      for (const mime of rendermime.mimeTypes.filter((type) => VEGA_LITE.test(type))) {
        const drawn = rendermime.getFactory(mime);
        if (!drawn) continue;
        const createRenderer = (options: IRenderMime.IRendererOptions) => fitting(drawn.createRenderer(options), mime, panel);
        rendermime.addFactory({ safe: drawn.safe, mimeTypes: [mime], createRenderer }, rendermime.getRank(mime));
      }
    });
  },
};

/** `renderer`, which now draws a specification that fits into `panel`. The notebook keeps the one that the kernel sent. */
function fitting<Renderer extends IRenderMime.IRenderer>(renderer: Renderer, mime: string, panel: NotebookPanel): Renderer {
  const draw = renderer.renderModel.bind(renderer);
  renderer.renderModel = async (model) => {
    const sent = model.data[mime] as PartialJSONObject;
    const drawIn = (room: number): Promise<void> => {
      const fitted = fit(sent, room) as PartialJSONObject;
      if (fitted === sent) return draw(model);
      return draw({
        trusted: model.trusted,
        metadata: model.metadata,
        data: { ...model.data, [mime]: fitted },
        setData: (options) => model.setData({ ...options, data: { ...options.data, [mime]: sent } }),
      });
    };
    if (model.metadata[WHEN_SEEN]) await nearlySeen(renderer, panel, heightOf(sent));
    const room = roomIn(panel);
    if (!room) return draw(model);
    await drawIn(room);
    // Only once it is drawn is it known what names beside the plot take.
    const over = (renderer.node.querySelector<SVGSVGElement>("svg.marks")?.viewBox.baseVal.width ?? 0) - room;
    if (over > 0) await drawIn(room - over);
  };
  return renderer;
}

/** The width of the panel's code cells, and so of their outputs, in pixels; 0 where none is on the page. */
function roomIn(panel: NotebookPanel): number {
  const editors = panel.content.node.querySelectorAll(".jp-CodeCell .jp-InputArea-editor");
  return Math.max(0, ...[...editors].map((editor) => editor.clientWidth));
}

export default plugin;
