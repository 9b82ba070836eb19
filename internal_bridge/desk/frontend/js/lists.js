// Lists by keyboard: J and K move, Enter opens, F finds. And a person opens beside the list where there is room for it.

const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

const list = document.querySelector("[data-list]");
const find = document.querySelector("[data-find]");
const pane = document.querySelector("[data-pane]");
const wide = window.matchMedia("(min-width: 1200px)");

const links = () => [...list.querySelectorAll("tbody a[data-row]")];

// The row that is current: the one with the focus, else the one that is shown.
const place = (all) => {
  const focused = all.findIndex((link) => link.closest("tr").contains(document.activeElement));
  return focused >= 0 ? focused : all.findIndex((link) => link.closest("tr").classList.contains("is-cur"));
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const key = event.key.toLowerCase();
  if (key === "f" && find) {
    event.preventDefault();
    find.focus();
    find.select();
  }
  if (!list || (key !== "j" && key !== "k")) return;
  const all = links();
  const next = all[place(all) + (key === "j" ? 1 : -1)];
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.closest("tr").scrollIntoView({ block: "nearest" });
});

const show = async (link) => {
  const response = await fetch(link.href, { headers: { "HX-Request": "true" } });
  if (!response.ok || response.redirected) {
    window.location.assign(link.href);
    return;
  }
  pane.innerHTML = await response.text();
  for (const row of list.querySelectorAll("tr.is-cur")) row.classList.remove("is-cur");
  link.closest("tr").classList.add("is-cur");
  pane.hidden = false;
};

if (list && pane) {
  list.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-row]");
    if (!link || !wide.matches || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    show(link);
  });
}
