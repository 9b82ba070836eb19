// The queue by keyboard and by choice. Everything works without it: the bar then always stands below the list.

const form = document.querySelector("[data-queue]");
const list = document.querySelector("[data-list]");
const find = document.querySelector("[data-find]");
const bar = document.querySelector("[data-bulk]");
const hints = document.querySelector("[data-keys]");
const OFF = "zq-single-keys-off";

const typing = (target) => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
const boxes = () => (list ? [...list.querySelectorAll("tbody .chk input")] : []);
const links = () => (list ? [...list.querySelectorAll("a[data-row]")] : []);
const rowOf = (element) => element.closest("tr");

// --- What is chosen -------------------------------------------------------------------------------------------------------
const all = document.querySelector("[data-all]");

const tell = () => {
  const chosen = boxes().filter((box) => box.checked).length;
  bar.hidden = chosen === 0;
  const words = bar.querySelector("[data-chosen]");
  words.textContent = chosen === 1 ? words.dataset.one : words.dataset.many.replace("{n}", String(chosen));
  all.checked = chosen > 0 && chosen === boxes().length;
  all.indeterminate = chosen > 0 && !all.checked;
};

if (bar && list) {
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes()) box.checked = all.checked;
    tell();
  });
  list.addEventListener("change", tell);
  // The boxes are cleared after this event.
  form.addEventListener("reset", () => setTimeout(tell));
  const print = bar.querySelector("[data-print]");
  print.hidden = false;
  print.addEventListener("click", () => window.print());
  // A page that comes back from the history keeps what was chosen.
  tell();
  window.addEventListener("pageshow", tell);
}

// --- Single keys, which can be switched off (WCAG 2.1.4) ----------------------------------------------------------------------
const isOff = () => window.localStorage.getItem(OFF) === "1";

if (hints) {
  hints.hidden = false;
  const button = hints.querySelector("[data-keys-switch]");
  button.setAttribute("aria-pressed", String(!isOff()));
  button.addEventListener("click", () => {
    if (isOff()) window.localStorage.removeItem(OFF);
    else window.localStorage.setItem(OFF, "1");
    button.setAttribute("aria-pressed", String(!isOff()));
  });
}

// The current row: the one with the focus, else the one that was current last.
const place = (rows) => {
  const focused = rows.findIndex((link) => rowOf(link).contains(document.activeElement));
  return focused >= 0 ? focused : rows.findIndex((link) => rowOf(link).classList.contains("is-cur"));
};

const move = (by) => {
  const rows = links();
  const next = rows[place(rows) + by];
  if (!next) return;
  for (const row of list.querySelectorAll("tr.is-cur")) row.classList.remove("is-cur");
  rowOf(next).classList.add("is-cur");
  next.focus();
  rowOf(next).scrollIntoView({ block: "nearest" });
};

const choose = () => {
  const here = links()[place(links())];
  if (!here) return;
  const box = rowOf(here).querySelector(".chk input");
  box.checked = !box.checked;
  tell();
};

const nextView = () => {
  const views = [...document.querySelectorAll("a[data-view]")];
  const here = views.findIndex((view) => view.getAttribute("aria-current"));
  views[(here + 1) % views.length]?.click();
};

const press = (key) => {
  const button = bar && !bar.hidden ? bar.querySelector(`[data-key="${key}"]`) : null;
  button?.click();
  return Boolean(button);
};

let wentFirst = 0;
const keys = {
  j: () => move(1),
  k: () => move(-1),
  x: choose,
  f: () => {
    find?.focus();
    find?.select();
  },
  g: () => {
    wentFirst = Date.now();
  },
  v: () => {
    if (Date.now() - wentFirst < 1500) nextView();
  },
  d: () => press("d"),
  u: () => press("u"),
  c: () => press("c"),
  "?": () => hints?.scrollIntoView({ block: "center" }),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.key === "Escape" && press("Escape")) return;
  const act = keys[event.key.toLowerCase()];
  if (!act || isOff()) return;
  event.preventDefault();
  act();
});

// Enter finds; the button is for those without JavaScript.
for (const button of document.querySelectorAll("[data-spare]")) button.hidden = true;

// An address without what was left empty.
for (const tidy of document.querySelectorAll("form[data-tidy]")) {
  tidy.addEventListener("submit", () => {
    for (const field of tidy.querySelectorAll("input, select")) field.disabled = field.disabled || !field.value;
  });
  // A page that comes back from the history can be asked again.
  window.addEventListener("pageshow", () => {
    for (const field of tidy.querySelectorAll("input, select")) field.disabled = false;
  });
}
