// What a scenario does in a page, the same in every browser: prepended to each script that a driver runs.
const until = async (met) => {
  for (let found; ; await new Promise((resolve) => setTimeout(resolve, 50))) if ((found = await met())) return found;
};
const all = (selector) => [...document.querySelectorAll(selector)];
const shown = (selector, text) => all(selector).find((node) => node.getClientRects().length && (!text || node.textContent.trim() === text));
const CELL = ".jp-Notebook .jp-CodeCell";
const failed = () => document.querySelector(".jp-Notebook [data-mime-type='application/vnd.jupyter.stderr']");
const prompts = () => all(`${CELL} .jp-InputPrompt`).map((node) => node.textContent);
/** JupyterLab's toolbar acts when the mouse goes down. */
const press = (node) => node?.dispatchEvent(new MouseEvent("mousedown", { bubbles: true, cancelable: true, button: 0 }));
const runActive = () => press(document.querySelector("[data-jp-item-name='run'] jp-button"));
const isActive = (cell) => cell.classList.contains("jp-mod-active");
const whole = (count) => until(() => all(".jp-Notebook .jp-Cell").length >= count && document.querySelector("[data-jp-item-name='run-all'] jp-button"));
/** Runs a notebook of `count` cells by the toolbar's button, once all are there, and waits until each has run or one has failed. */
const runAll = async (count) => {
  press(await whole(count));
  await until(() => failed() || prompts().every((prompt) => /\[\d+\]/.test(prompt)));
};
const outputs = () => all(`${CELL} .jp-OutputArea-output`).map((node) => node.innerText.trim());
const rows = (table) => [...table.querySelectorAll("tbody tr")].map((row) => [...row.cells].map((cell) => cell.textContent.trim()));
const tables = () => all(`${CELL} .jp-OutputArea-output`).map((node) => node.querySelector("table")).filter(Boolean).map(rows);
