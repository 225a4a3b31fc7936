/** The dialog that shows a notebook's link. */
import { Dialog } from "@jupyterlab/apputils";
import { Widget } from "@lumino/widgets";

import { element } from "../dom";
import { places, QR_MOST } from "./places";
import { qrCode } from "./qr";
import { badge, type Shared } from "./share";

export { share } from "./share";

const TITLE = "Share this notebook";

export function shareDialog(shared: Shared): Dialog<unknown> {
  const dialog = new Dialog({
    title: TITLE,
    body: new ShareBody(shared),
    buttons: [Dialog.cancelButton({ label: "Close" })],
    focusNodeSelector: ".bf-Share button",
    hasClose: true,
  });
  // JupyterLab names a dialog by its text only.
  dialog.node.setAttribute("aria-label", TITLE);
  return dialog;
}

class ShareBody extends Widget {
  constructor({ url, snapshot, environment, cells }: Shared) {
    super();
    this.addClass("bf-Share");
    const carries = cells
      ? `The link itself holds the notebook (${cells} ${cells === 1 ? "cell" : "cells"}, without outputs). Nothing is uploaded; ` +
        "whoever has the link can read it."
      : "This is one of the site's own notebooks, unchanged, so the link only names it.";
    this.node.append(
      element("p", {}, carries),
      copyField("Link", url),
      element("p", {}, `${url.length.toLocaleString("en")} characters. ${places(url.length)}`),
      element(
        "p",
        {},
        "Pinned: data ",
        element("strong", {}, snapshot),
        ` · Python ${environment.python}, DuckDB ${environment.duckdb}. It opens as a copy; nothing runs by itself.`,
      ),
      copyField("Markdown badge", badge(url)),
    );
    if (url.length <= QR_MOST) {
      const code = qrCode(url);
      const details = element("details", {}, element("summary", {}, "QR code"), code);
      details.addEventListener("toggle", () => code.scrollIntoView({ block: "nearest" }));
      this.node.append(details);
    }
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

/** A text to be copied, with its button. */
function copyField(label: string, text: string): HTMLElement {
  const field = element("input", { type: "text", readOnly: true, value: text });
  field.addEventListener("focus", () => field.select());
  const button = element("button", { type: "button", className: "jp-mod-styled jp-mod-accept" }, "Copy");
  button.setAttribute("aria-label", `Copy: ${label}`);
  const said = element("span", { className: "bf-Share-said" });
  said.setAttribute("role", "status");
  button.addEventListener("click", () => {
    navigator.clipboard.writeText(text).then(
      () => (said.textContent = "Copied"),
      () => {
        // The browser forbids it: then the text is selected, ready for the keyboard.
        field.focus();
        said.textContent = "Press Ctrl+C";
      },
    );
  });
  return element("div", { className: "bf-Share-field" }, element("label", {}, label, field), button, said);
}
