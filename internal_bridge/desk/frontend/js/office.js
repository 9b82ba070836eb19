// What pages gain with JavaScript; everything works without it.

// A menu (details) closes on Escape, giving the focus back, and when attention goes elsewhere.
for (const menu of document.querySelectorAll("details[data-menu]")) {
  const close = () => menu.removeAttribute("open");
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    close();
    menu.querySelector("summary").focus();
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) close();
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) close();
  });
}

// How much has been written, beside the field that has a limit. Counted in code points, as the server counts.
for (const output of document.querySelectorAll("[data-count-of]")) {
  const field = document.getElementById(output.dataset.countOf);
  const limit = Number(output.dataset.limit);
  const show = () => {
    const length = [...field.value.trim()].length;
    output.textContent = `${length} / ${limit}`;
    output.classList.toggle("is-over", length > limit);
  };
  field.addEventListener("input", show);
  output.hidden = false;
  show();
}

// A password is shown while its button is pressed in.
for (const button of document.querySelectorAll("[data-reveal]")) {
  const field = document.getElementById(button.dataset.reveal);
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
  });
}

// What is wrong with a form is read out first.
document.querySelector("[data-focus]")?.focus();

// A page that is meant for paper is printed by its button.
for (const button of document.querySelectorAll("[data-paper]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A link that names a key is followed by it, unless somebody is typing or has switched single keys off (WCAG 2.1.4).
// G and then a letter leads to one of the main places.
let wentFirst = 0;
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, textarea, select, [contenteditable]")) return;
  if (window.localStorage.getItem("zq-single-keys-off") === "1") return;
  const key = event.key.toLowerCase();
  const goes = Date.now() - wentFirst < 1500;
  wentFirst = key === "g" ? Date.now() : 0;
  const link = document.querySelector(`a[data-${goes ? "place" : "key"}="${CSS.escape(key)}"]`);
  if (!link) return;
  event.preventDefault();
  link.click();
});
