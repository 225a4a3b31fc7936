import { Widget } from "@lumino/widgets";

import "./style.css";

/** A line above a notebook: what happened, and buttons for what one can do about it. */
export class Notice extends Widget {
  constructor() {
    super();
    this.addClass("bf-Notice");
    this.node.setAttribute("role", "status");
  }

  say(text: string): void {
    const words = document.createElement("span");
    words.textContent = text;
    this.node.append(words);
  }

  offer(label: string, act: () => void): void {
    const button = document.createElement("button");
    button.textContent = label;
    button.addEventListener("click", act);
    this.node.append(button);
  }
}
