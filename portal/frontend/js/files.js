// Files that are chosen appear in a list, each with a button that takes it out again; more can be added.
for (const drop of document.querySelectorAll("[data-zq-drop]")) {
  const input = drop.querySelector("input");
  const list = drop.parentElement.querySelector("[data-zq-chosen]");
  drop.classList.add("zq-drop--script");
  drop.querySelector(".zq-drop__face").hidden = false;
  let chosen = [];

  const same = (one, other) => one.name === other.name && one.size === other.size && one.lastModified === other.lastModified;

  const size = (bytes) => (bytes < 1048576 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1048576).toFixed(1)} MB`);

  function put() {
    const transfer = new DataTransfer();
    chosen.forEach((file) => transfer.items.add(file));
    input.files = transfer.files;
  }

  function icon(name) {
    const drawn = drop.querySelector("svg").cloneNode(true);
    const use = drawn.querySelector("use");
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${name}`));
    return drawn;
  }

  function row(file) {
    const item = document.createElement("li");
    const text = document.createElement("span");
    const button = document.createElement("button");
    const hidden = document.createElement("span");
    const large = file.size > Number(drop.dataset.max);
    item.classList.toggle("zq-files--error", large);
    text.textContent = [file.name, size(file.size), ...(large ? [drop.dataset.large] : [])].join(drop.dataset.comma);
    button.type = "button";
    hidden.className = "zq-vh";
    hidden.textContent = ` ${file.name}`;
    button.append(drop.dataset.remove, hidden);
    button.addEventListener("click", () => {
      chosen = chosen.filter((other) => other !== file);
      put();
      show();
      input.focus();
    });
    item.append(icon(large ? "warning" : "clip"), text, button);
    return item;
  }

  function show() {
    list.replaceChildren(...chosen.map(row));
    list.hidden = chosen.length === 0;
  }

  input.addEventListener("change", () => {
    chosen.push(...[...input.files].filter((file) => !chosen.some((other) => same(file, other))));
    put();
    show();
  });
  // A browser that goes back may have kept the choice.
  addEventListener("pageshow", () => {
    chosen = [...input.files];
    show();
  });
}
