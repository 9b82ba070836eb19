// Tabs, print buttons, side panels that fold on a phone, focus on what needs correction. Every page is complete without this.
document.body.classList.add("govuk-frontend-supported");

for (const box of document.querySelectorAll("[data-zq-tabs]")) {
  const tabs = [...box.querySelectorAll(".govuk-tabs__tab")];
  const panel = (tab) => document.getElementById(tab.hash.slice(1));
  const show = (tab, focus) => {
    for (const each of tabs) {
      const chosen = each === tab;
      each.setAttribute("aria-selected", String(chosen));
      each.tabIndex = chosen ? 0 : -1;
      each.parentElement.classList.toggle("govuk-tabs__list-item--selected", chosen);
      panel(each).classList.toggle("govuk-tabs__panel--hidden", !chosen);
    }
    if (focus) tab.focus();
  };
  tabs[0].closest("ul").setAttribute("role", "tablist");
  tabs.forEach((tab, index) => {
    tab.id = `tab-${tab.hash.slice(1)}`;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", tab.hash.slice(1));
    tab.parentElement.setAttribute("role", "presentation");
    panel(tab).setAttribute("role", "tabpanel");
    panel(tab).setAttribute("aria-labelledby", tab.id);
    tab.addEventListener("click", (event) => {
      event.preventDefault();
      show(tab);
    });
    tab.addEventListener("keydown", (event) => {
      const next = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: tabs.length - 1 }[event.key];
      if (next === undefined) return;
      event.preventDefault();
      show(tabs[(next + tabs.length) % tabs.length], true);
    });
  });
  show(tabs[0]);
}

for (const button of document.querySelectorAll("[data-zq-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

if (matchMedia("(max-width: 48em)").matches) {
  for (const panel of document.querySelectorAll("details[data-zq-fold][open]")) panel.open = false;
}

document.querySelector("[data-zq-focus]")?.focus();
