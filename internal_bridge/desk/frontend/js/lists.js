// Lists by keyboard: J and K move, Space shows beside the list, Enter opens, F finds. What is chosen opens beside the list where
// there is room for it.

const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

const list = document.querySelector("[data-list]");
const find = document.querySelector("[data-find]");
const pane = document.querySelector("[data-pane]");
const wide = window.matchMedia("(min-width: 1200px)");

const links = () => [...list.querySelectorAll("a[data-row]")];
const rowOf = (link) => link.closest("tr, li");

// The row that is current: the one with the focus, else the one that is shown.
const place = (all) => {
  const focused = all.findIndex((link) => rowOf(link).contains(document.activeElement));
  return focused >= 0 ? focused : all.findIndex((link) => rowOf(link).classList.contains("is-cur"));
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const key = event.key.toLowerCase();
  if (key === "f" && find) {
    event.preventDefault();
    find.focus();
    find.select();
  }
  if (!list) return;
  const here = document.activeElement.closest("a[data-row]");
  if (key === " " && here && pane && wide.matches) {
    event.preventDefault();
    show(here);
  }
  // What has a matter behind it opens that; the pane has shown the rest.
  if (key === "enter" && here?.dataset.open && wide.matches) {
    event.preventDefault();
    window.location.assign(here.dataset.open);
  }
  if (key !== "j" && key !== "k") return;
  const all = links();
  const next = all[place(all) + (key === "j" ? 1 : -1)];
  if (!next) return;
  event.preventDefault();
  next.focus();
  rowOf(next).scrollIntoView({ block: "nearest" });
});

const show = async (link) => {
  const response = await fetch(link.href, { headers: { "HX-Request": "true" } });
  if (!response.ok || response.redirected) {
    window.location.assign(link.href);
    return;
  }
  pane.innerHTML = await response.text();
  for (const row of list.querySelectorAll(".is-cur")) row.classList.remove("is-cur");
  rowOf(link).classList.add("is-cur");
  rowOf(link).classList.remove("is-unread");
  pane.hidden = false;
};

if (list && pane) {
  // The pane shows the first of the list already.
  if (list.dataset.first !== undefined && wide.matches && links()[0]) rowOf(links()[0]).classList.add("is-cur");
  list.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-row]");
    if (!link || !wide.matches || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    show(link);
  });
}
