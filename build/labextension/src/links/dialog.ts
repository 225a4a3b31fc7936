/** The dialog that shows a notebook's link. */
import { Dialog } from "@jupyterlab/apputils";
import { Widget } from "@lumino/widgets";

import { element } from "../dom";
import { places, QR_MOST } from "./places";
import { qrCode } from "./qr";
import { badge, type Outputs, type Shared } from "./share";

export { share } from "./share";

/** Makes the link again, with outputs. Raises `LinkError`. */
type Make = (outputs: Outputs) => Promise<Shared>;

const TITLE = "Share this notebook";

export function shareDialog(shared: Shared, make: Make): Dialog<unknown> {
  const dialog = new Dialog({
    title: TITLE,
    body: new ShareBody(shared, make),
    buttons: [Dialog.cancelButton({ label: "Close" })],
    focusNodeSelector: ".bf-Share button",
    hasClose: true,
  });
  // JupyterLab names a dialog by its text only.
  dialog.node.setAttribute("aria-label", TITLE);
  return dialog;
}

class ShareBody extends Widget {
  private readonly about = element("p", {});
  private readonly link = copyField("Link");
  private readonly badge = copyField("Markdown badge");
  private readonly length = element("p", {});
  private readonly code = element("div", {});
  private readonly outputs = choice("With outputs");
  private readonly pictures = choice("and pictures of charts");
  /** Links are made one after another: the last one asked for counts. */
  private asked = 0;

  constructor(
    shared: Shared,
    private readonly make: Make,
  ) {
    super();
    this.addClass("bf-Share");
    const { texts, pictures } = shared.outputs;
    this.length.setAttribute("role", "status");
    this.outputs.box.disabled = texts + pictures === 0;
    for (const { box } of [this.outputs, this.pictures]) {
      box.addEventListener("change", () => void this.again());
    }
    this.pictures.node.hidden = true;
    const { python, duckdb } = shared.environment;
    const details = element("details", {}, element("summary", {}, "QR code"), this.code);
    details.addEventListener("toggle", () => this.code.scrollIntoView({ block: "nearest" }));
    this.node.append(
      this.about,
      this.link.node,
      this.length,
      this.outputs.node,
      this.pictures.node,
      element(
        "p",
        {},
        "Pinned: data ",
        element("strong", {}, shared.snapshot),
        ` · Python ${python}, DuckDB ${duckdb}. It opens as a copy; nothing runs by itself.`,
      ),
      this.badge.node,
      details,
    );
    this.fill(shared);
  }

  /** Makes the link that the boxes ask for, and shows it. */
  private async again(): Promise<void> {
    const asked = ++this.asked;
    try {
      const shared = await this.make(!this.outputs.box.checked ? "none" : this.pictures.box.checked ? "pictures" : "texts");
      if (asked === this.asked) {
        this.fill(shared);
      }
    } catch (error) {
      this.length.textContent = error instanceof Error ? error.message : String(error);
    }
  }

  private fill({ url, cells, outputs }: Shared): void {
    const count = `${cells} ${cells === 1 ? "cell" : "cells"}, ${this.outputs.box.checked ? "with" : "without"} outputs`;
    this.about.textContent = cells
      ? `The link itself holds the notebook (${count}). Nothing is uploaded; whoever has the link can read it.`
      : "This is one of the site's own notebooks, unchanged, so the link only names it.";
    this.link.field.value = url;
    this.badge.field.value = badge(url);
    this.length.textContent = `${url.length.toLocaleString("en")} characters. ${places(url.length)}`;
    const { texts, pictures, left } = outputs;
    this.outputs.hint.textContent = [
      texts + pictures ? "Tables become text. Where it is opened, each says that it was not run there." : "There are none yet that a link can carry.",
      left ? `${left} stay${left === 1 ? "s" : ""} behind: scripts, widgets, what is too large, charts that were not on the screen yet.` : "",
    ].join(" ");
    this.pictures.node.hidden = !this.outputs.box.checked || pictures === 0;
    const fits = url.length <= QR_MOST;
    (this.code.parentElement as HTMLElement).hidden = !fits;
    this.code.replaceChildren(...(fits ? [qrCode(url)] : []));
  }

  protected override onAfterAttach(): void {
    window.addEventListener("keydown", keepEnter, true);
  }

  protected override onBeforeDetach(): void {
    window.removeEventListener("keydown", keepEnter, true);
  }
}

/** Enter on one of our own buttons is that button's: JupyterLab's dialog takes it for its default and closes. */
function keepEnter(event: KeyboardEvent): void {
  if (event.key === "Enter" && event.target instanceof Element && event.target.closest(".bf-Share button, .bf-Share summary")) {
    event.stopPropagation();
  }
}

/** A box to be ticked, with a word on what that does. */
function choice(label: string): { node: HTMLElement; box: HTMLInputElement; hint: HTMLElement } {
  const box = element("input", { type: "checkbox" });
  const hint = element("span", { id: `bf-Share-${label.replace(/\W+/g, "-")}` });
  box.setAttribute("aria-describedby", hint.id);
  return { node: element("p", { className: "bf-Share-choice" }, element("label", {}, box, label), " ", hint), box, hint };
}

/** A text to be copied, with its button. */
function copyField(label: string): { node: HTMLElement; field: HTMLInputElement } {
  const field = element("input", { type: "text", readOnly: true });
  field.addEventListener("focus", () => field.select());
  const button = element("button", { type: "button", className: "jp-mod-styled jp-mod-accept" }, "Copy");
  button.setAttribute("aria-label", `Copy: ${label}`);
  const said = element("span", { className: "bf-Share-said" });
  said.setAttribute("role", "status");
  button.addEventListener("click", () => {
    navigator.clipboard.writeText(field.value).then(
      () => (said.textContent = "Copied"),
      () => {
        // The browser forbids it: then the text is selected, ready for the keyboard.
        field.focus();
        said.textContent = "Press Ctrl+C";
      },
    );
  });
  return { node: element("div", { className: "bf-Share-field" }, element("label", {}, label, field), button, said), field };
}
