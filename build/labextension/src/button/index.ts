/** The button of everything that this extension shows in the page: one look, one place. */
import "./style.css";

import { element } from "../dom";

export function button(label: string, act: () => void): HTMLButtonElement {
  const made = element("button", { type: "button", className: "bf-Button" }, label);
  made.addEventListener("click", act);
  return made;
}
