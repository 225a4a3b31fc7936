/** The dialog in which a visitor keeps the site for use without a network, sees how far that is, and takes it back. */
import { Dialog } from "@jupyterlab/apputils";
import { Widget } from "@lumino/widgets";

import type { Prefetching, ToldByServiceWorker } from "../../../start/src/settings";
import { button } from "../button";
import { element } from "../dom";
import { siteUrl } from "../site";
import type { Prefetch } from "./prefetch";
import { choose, form, keep, offline } from "./site";

const TITLE = "Keep for offline use";
/** Megabytes of data that all notebooks read together, as the build sees it; said as "about". */
const DATA = 15;

export function keepDialog(prefetch: Prefetch, startData: () => void): Dialog<unknown> {
  const body = new Body(prefetch, startData);
  const dialog = new Dialog({ title: TITLE, body, buttons: [Dialog.cancelButton({ label: "Close" })], hasClose: true });
  dialog.node.setAttribute("aria-label", TITLE);
  return dialog;
}

/** What build.json says: each file's bytes, those of them that are not kept, and which stand for another. */
interface Build {
  files: Record<string, string>;
  sizes: number[];
  spare: string[];
  packed: Record<string, string>;
}

/** Megabytes of the site that are kept. */
async function megabytes(): Promise<number> {
  const response = await fetch(`${siteUrl()}static/build.json`);
  const { files, sizes, spare, packed } = (await response.json()) as Build;
  const left = new Set([...spare, ...(form() === "packed" ? Object.keys(packed) : Object.values(packed))]);
  const bytes = Object.keys(files).reduce((sum, path, index) => sum + (left.has(path) ? 0 : sizes[index]!), 0);
  return Math.round(bytes / 1e6);
}

class Body extends Widget {
  private readonly about = element("p", {});
  private readonly site = part("The site");
  private readonly data = part("The data");
  private readonly outcome = element("p", {});
  private readonly keep = button("Keep", () => this.begin(true));
  private readonly forget = button("Take it back", () => this.takeBack());

  constructor(
    private readonly prefetch: Prefetch,
    private readonly startData: () => void,
  ) {
    super();
    this.addClass("bf-Keep");
    this.outcome.setAttribute("role", "status");
    this.node.append(this.about, this.site.node, this.data.node, this.outcome, this.keep, this.forget);
    this.site.node.hidden = this.data.node.hidden = this.forget.hidden = true;
    if (!navigator.serviceWorker?.controller) {
      this.about.textContent =
        "This browser does not let the site keep anything: service workers are off, as in some private windows. In another window it can.";
      this.keep.hidden = true;
      return;
    }
    const size = megabytes().catch(() => null);
    void size.then((site) => {
      const much = site === null ? "" : ` About ${site} MB of site and ${DATA} MB of data are kept in this browser, less what is here already.`;
      this.about.textContent = `Every notebook then opens and runs without a network.${much}`;
    });
    if (offline().keepsAll) this.begin(offline().isChosen);
  }

  protected override onAfterAttach(): void {
    navigator.serviceWorker?.addEventListener("message", this.onKept);
    this.prefetch.onProgress = this.onData;
  }

  protected override onBeforeDetach(): void {
    navigator.serviceWorker?.removeEventListener("message", this.onKept);
    this.prefetch.onProgress = () => undefined;
  }

  private begin(chosen: boolean): void {
    if (chosen) choose(true);
    else keep();
    this.keep.hidden = true;
    this.forget.hidden = this.site.node.hidden = this.data.node.hidden = false;
    this.outcome.textContent = "";
    this.startData();
  }

  private takeBack(): void {
    choose(false);
    this.prefetch.forget();
    this.keep.hidden = false;
    this.forget.hidden = this.site.node.hidden = this.data.node.hidden = true;
    this.site.bar.value = this.data.bar.value = 0;
    this.outcome.textContent = "Nothing is kept for offline use any more.";
  }

  private readonly onKept = ({ data }: MessageEvent<Partial<ToldByServiceWorker> | null>) => {
    const kept = data?.explorerKept;
    if (kept === undefined || this.site.node.hidden) return;
    if (typeof kept === "string") this.outcome.textContent = `The site could not be kept: ${kept} Check your connection and try again.`;
    else this.site.bar.value = kept;
    if (typeof kept === "string") this.keep.hidden = false;
    this.sum();
  };

  private readonly onData = ({ bytes, total, done }: Prefetching) => {
    this.data.bar.value = done === "done" ? 1 : total ? bytes / total : 0;
    this.sum();
  };

  private sum(): void {
    if (this.site.bar.value === 1 && this.data.bar.value === 1) this.outcome.textContent = "Kept: it works without a network now.";
  }
}

function part(name: string): { node: HTMLElement; bar: HTMLProgressElement } {
  const bar = element("progress", { max: 1, value: 0 });
  return { node: element("label", {}, `${name} `, bar), bar };
}
