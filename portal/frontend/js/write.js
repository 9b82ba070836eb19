// Help while a letter is written: find a unit by typing, characters left, similar answered cases. The form is complete without it.
const letter = document.querySelector("[data-zq-write]");
const field = (name) => letter.elements.namedItem(name);

// --- Back to a letter that was sent, or whose answer got lost: it is the same letter, and sent again it has the same receipt. ---
const key = field("idempotency_key");
if (history.state?.letter) key.value = history.state.letter;
letter.addEventListener("submit", () => history.replaceState({ ...history.state, letter: key.value }, ""));

// --- Which unit: the words to find them by come once, so no address tells whom somebody looks for. ---
const pick = letter.querySelector("[data-zq-unitpick]");
const list = pick.querySelector("select");
const typed = pick.querySelector("input");
const found = pick.querySelector("[data-zq-found]");
const units = [...new Map([...list.options].map((option) => [option.value, option])).values()];
let words;

pick.querySelector("[data-zq-noscript]").hidden = true;
typed.addEventListener("focus", async () => {
  words ??= fetch(letter.dataset.units).then((answer) => (answer.ok ? answer.json() : {}));
  await words;
});

async function narrow() {
  const asked = typed.value.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
  const known = (await words) ?? {};
  const fits = ({ value, text }) => asked.every((word) => `${text.toLowerCase()} ${known[value] ?? ""}`.includes(word));
  const hits = units.filter((option) => option.value && fits(option));
  const chosen = list.value;
  // What was chosen stays in the list: nothing is unchosen by looking further.
  const shown = asked.length ? units.filter((option) => !option.value || option.value === chosen || hits.includes(option)) : units;
  list.replaceChildren(...shown);
  list.value = chosen;
  list.size = asked.length && hits.length ? Math.min(shown.length, 8) : 0;
  found.textContent = !asked.length ? "" : hits.length > 1 ? `${hits.length} ${found.dataset.many}` : found.dataset[hits.length ? "one" : "none"];
}
typed.addEventListener("input", narrow);
typed.addEventListener("keydown", (event) => {
  // Enter looks, and does not send the letter.
  if (event.key === "Enter") event.preventDefault();
  if (event.key === "ArrowDown") {
    event.preventDefault();
    list.focus();
  }
});

// --- How much may still be written. ---
for (const left of letter.querySelectorAll("[data-zq-left]")) {
  const box = document.getElementById(left.dataset.zqLeft);
  const say = () => {
    left.textContent = `${left.dataset.text} ${left.dataset.most - [...box.value.replaceAll("\r\n", "\n")].length}`;
  };
  left.hidden = false;
  box.addEventListener("input", say);
  say();
}

// --- A report never tells the handling unit who wrote: the box says so by itself. ---
const withheld = field("withhold_identity");
function keepHidden() {
  const report = field("kind").value === "report";
  if (report) withheld.checked = true;
  letter.querySelector("[data-zq-about]").open ||= report || field("kind").value === "complaint";
}
letter.addEventListener("change", (event) => {
  if (event.target.name === "kind" || event.target === withheld) keepHidden();
});

// --- Has somebody asked this before? Asked for by POST when the writer pauses. ---
const answers = document.querySelector("[data-zq-similar]");
let pause;
let last = "";
async function compare() {
  const body = new FormData();
  for (const name of ["csrfmiddlewaretoken", "title", "body"]) body.append(name, field(name).value);
  const asked = `${body.get("title")}\n${body.get("body")}`;
  if (asked === last || body.get("title").trim().length < 4) return;
  last = asked;
  try {
    const answer = await fetch(letter.dataset.similar, { method: "POST", body });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    answers.replaceChildren(...page.body.children);
  } catch {
    // Without an answer there is nothing to show.
  }
}
for (const name of ["title", "body"]) {
  field(name).addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(compare, 1200);
  });
}
