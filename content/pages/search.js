// The search field of the front page: a symbol or a day opens the right notebook, already set to it.
// The pattern is WAI-ARIA's editable combobox with list autocomplete; without this script the page is complete, but for it.
const form = document.getElementById("find");
const ask = document.getElementById("ask");
const list = document.getElementById("found");
const say = document.getElementById("say");
const hint = say.textContent;
const { first, last, complete } = form.dataset;
/**
 * @type {Promise<{symbols: [string, [string, string][], string][], tradable: (number | null)[], spellings: string[]}> | undefined}
 * of each symbol its listings' first and last days and its state; of each day from the first on, how many symbols were
 * tradable; what other tools have in a symbol that Binance has not
 */
let asked;
let options = [];
let active = -1;

ask.setAttribute("role", "combobox");
ask.setAttribute("aria-autocomplete", "list");
ask.setAttribute("aria-controls", list.id);
ask.setAttribute("aria-expanded", "false");
list.setAttribute("role", "listbox");
list.setAttribute("aria-label", "What was found");

/** What the snapshot holds, fetched when it is first wanted; nothing where that fails, so that it can be tried again. */
function contents() {
  asked ??= fetch("symbols.json")
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)))
    .catch(() => {
      asked = undefined;
      return { symbols: [], tradable: [], spellings: [] };
    });
  return asked;
}

const notebook = (name, parameter, value) =>
  `notebooks/index.html?path=${name}.ipynb#${parameter}=${encodeURIComponent(value)}`;

/** Options for a text: {name, about, opens}; or a message that says why there is none. */
async function find(text) {
  const wanted = text.trim().toUpperCase();
  if (!wanted) return { options: [], message: hint };
  if (/^\d{4}-\d{1,2}-\d{1,2}$/.test(wanted)) return findDay(wanted.replace(/-(\d)(?!\d)/g, "-0$1"));
  const { symbols: known, spellings } = await contents();
  // As it stands, and as Binance spells what other tools write.
  const spelled = spellings.reduce((symbol, without) => symbol.replace(new RegExp(without, "gu"), ""), wanted) || wanted;
  const placeOf = (symbol, text) =>
    symbol === text ? 0 : symbol === text + "USDT" ? 1 : symbol.startsWith(text) ? 2 : symbol.includes(text) ? 3 : 4;
  const place = ([symbol]) => Math.min(placeOf(symbol, wanted), placeOf(symbol, spelled));
  const found = known
    .map((entry) => [place(entry), entry])
    .filter(([where]) => where < 4)
    // Of equals the longest listed first: it is the best known.
    .sort(([a, [x, [since]]], [b, [y, [later]]]) => a - b || (since + x < later + y ? -1 : 1))
    .map(([, [symbol, listings, state]]) => ({
      name: symbol,
      about: life(listings, state),
      opens: notebook("symbol-timeline", "symbol", symbol),
    }));
  if (found.length) {
    const more = found.length > 50 ? `, the first 50 shown` : "";
    return { options: found.slice(0, 50), message: `${found.length} ${found.length === 1 ? "symbol" : "symbols"}${more}.` };
  }
  if (/^\d{4}(-\d{0,2}){0,2}$/.test(wanted)) return { options: [], message: `A day is written like ${last}.` };
  return known.length
    ? { options: [], message: `No symbol in this snapshot has “${text.trim()}” in its name. A day is written like ${last}.` }
    : { options: [], message: "The list of symbols could not be fetched. Check your connection and try again." };
}

/** A symbol's listings in a few words; an absence of up to four weeks may be late files. */
function life(listings, state) {
  if (!listings.length) return "files without a trade";
  const [from, to] = listings.at(-1);
  const now = { trades: `since ${from}`, absent: `${from} to ${to}, absent since`, gone: `${from} to ${to}, gone` }[state];
  return listings.length > 1 ? `${now}; name used before, to ${listings.at(-2)[1]}` : now;
}

async function findDay(day) {
  const real = new Date(day + "T00:00:00Z");
  if (Number.isNaN(real.getTime()) || real.toISOString().slice(0, 10) !== day)
    return { options: [], message: `There is no ${day} in the calendar.` };
  if (day < first || day > last) return { options: [], message: `The data runs from ${first} to ${last}; ${day} is outside.` };
  const { tradable } = await contents();
  const count = tradable[Math.round((Date.parse(day) - Date.parse(first)) / 86_400_000)];
  const answer = count == null ? "what could be traded" : `${count.toLocaleString("en")} ${count === 1 ? "symbol" : "symbols"} could be traded`;
  return {
    options: [
      { name: day, about: answer, opens: notebook("quickstart", "day", day) },
      { name: day, about: "volume rankings and movers", opens: notebook("volume-rankings", "day", day) },
    ],
    message: day > complete ? `2 notebooks for that day, which is incomplete; the newest complete one is ${complete}.` : "2 notebooks for that day.",
  };
}

function show(found, message) {
  options = found;
  list.replaceChildren(
    ...found.map((option, index) => {
      const item = document.createElement("li");
      item.id = `found-${index}`;
      item.setAttribute("role", "option");
      const name = document.createElement("strong");
      const about = document.createElement("span");
      [name.textContent, about.textContent] = [option.name, option.about];
      item.append(name, about);
      item.addEventListener("click", () => location.assign(option.opens));
      return item;
    }),
  );
  list.hidden = !found.length;
  ask.setAttribute("aria-expanded", String(!list.hidden));
  activate(-1);
  say.textContent = message;
}

function activate(index) {
  active = index;
  [...list.children].forEach((item, n) => item.setAttribute("aria-selected", String(n === index)));
  const item = list.children[index];
  if (item) {
    ask.setAttribute("aria-activedescendant", item.id);
    item.scrollIntoView({ block: "nearest" });
  } else {
    ask.removeAttribute("aria-activedescendant");
  }
}

const close = () => show([], hint);

async function refresh() {
  const text = ask.value;
  const { options: found, message } = await find(text);
  if (text === ask.value) show(found, message);
}

ask.addEventListener("focus", () => (ask.value ? refresh() : contents()));
ask.addEventListener("input", refresh);
ask.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !list.hidden) {
    close();
    event.preventDefault();
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && options.length) {
    const step = event.key === "ArrowDown" ? 1 : -1;
    activate(active < 0 && step < 0 ? options.length - 1 : (active + step + options.length) % options.length);
    event.preventDefault();
  }
});
form.addEventListener("focusout", (event) => {
  if (!form.contains(event.relatedTarget)) {
    list.hidden = true;
    ask.setAttribute("aria-expanded", "false");
  }
});
// A click on the list must not take the focus away before it is a click.
list.addEventListener("mousedown", (event) => event.preventDefault());
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { options: found, message } = options[active] ? { options: [options[active]] } : await find(ask.value);
  if (found.length) location.assign(found[0].opens);
  else {
    show([], message === hint ? "Write a symbol, or a day, first." : message);
    ask.focus();
  }
});
