// A draft saves itself every 20 seconds while something has changed, and when a place has been decided. Works without.

const form = document.querySelector("form[data-autosave]");
const EVERY = 20_000;
let saved = "";
let busy = false;
let stopped = false;

const texts = () => [...form.querySelectorAll("textarea")].map((area) => area.value).join("\u0000");

// A choice that wants words is complete with them.
const complete = (radio) => radio.value === "accept" || form.elements[`words-${radio.name.slice("choice-".length)}`]?.value.trim();

const put = (html) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const fresh of page.querySelectorAll("[data-live]")) {
    const old = document.getElementById(fresh.id);
    if (!old) continue;
    const half = [...old.querySelectorAll("input[type=radio]:checked")].some((radio) => !complete(radio));
    if (!half) old.innerHTML = fresh.innerHTML;
  }
};

const save = async () => {
  if (busy || stopped) return;
  busy = true;
  const now = texts();
  const data = new FormData(form);
  data.set("do", "save");
  for (const radio of form.querySelectorAll("input[type=radio]:checked")) if (!complete(radio)) data.delete(radio.name);
  try {
    const response = await fetch(form.action, { method: "POST", body: data });
    if (response.redirected) stopped = true;
    else {
      put(await response.text());
      // Somebody else has saved: what to do now is for a person to say.
      if (response.status === 409) stopped = true;
      else if (response.ok) saved = now;
    }
  } catch {
    // No connection: the next turn tries again.
  } finally {
    busy = false;
  }
};

if (form) {
  saved = texts();
  setInterval(() => {
    const half = [...form.querySelectorAll("input[type=radio]:checked")].some((radio) => !complete(radio));
    if (texts() !== saved && !half) save();
  }, EVERY);
  form.addEventListener("change", (event) => {
    const { name, type } = event.target;
    const key = name.startsWith("choice-") ? name : name.replace(/^words-/, "choice-");
    if (!key.startsWith("choice-")) return;
    const chosen = type === "radio" ? event.target : [...form.querySelectorAll("input[type=radio]:checked")].find((r) => r.name === key);
    if (chosen && complete(chosen)) save();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "s" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    save();
  });
}
