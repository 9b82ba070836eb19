// A draft on the writer's own device, only if they say so; no files. It goes when the letter is sent (receipt.js) or unticked.
// The form's key is part of it: two tabs with one draft are one petition.
const KEY = "zq-draft";
const WEEK = 7 * 24 * 3600 * 1000;
const box = document.querySelector("[data-zq-draft]");
const own = box.querySelector("input");
const said = box.querySelector("[data-zq-draft-said]");
const form = box.closest("form");
const NEVER = new Set(["csrfmiddlewaretoken", "attachments", "attachments-kept", "opened", "website", "sum", "answer", "phone_token", "phone_code"]);
const kept = () => [...form.elements].filter((one) => one.name && !NEVER.has(one.name) && one.type !== "submit" && one !== own);

function read() {
  try {
    const draft = JSON.parse(localStorage.getItem(KEY));
    if (draft && Date.now() - draft.at < WEEK) return draft;
  } catch {
    // Nothing that could be read.
  }
  localStorage.removeItem(KEY);
  return null;
}

function save() {
  if (!own.checked) return;
  const fields = {};
  for (const one of kept()) {
    if (one.type === "radio") {
      if (one.checked) fields[one.name] = one.value;
    } else {
      fields[one.name] = one.type === "checkbox" ? one.checked : one.value;
    }
  }
  localStorage.setItem(KEY, JSON.stringify({ at: Date.now(), fields }));
  said.textContent = `${box.dataset.saved} ${new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" })}`;
}

function restore({ fields }) {
  for (const one of kept()) {
    if (!(one.name in fields)) continue;
    if (one.type === "radio") one.checked = one.value === fields[one.name];
    else if (one.type === "checkbox") one.checked = fields[one.name];
    else one.value = fields[one.name];
    if (one.closest("details") && (one.type === "checkbox" ? one.checked : one.value)) one.closest("details").open = true;
    one.dispatchEvent(new Event("input"));
  }
  said.textContent = box.dataset.restored;
}

box.hidden = false;
const draft = read();
if (draft) {
  own.checked = true;
  // A form that came back with errors holds what was typed last.
  if (!document.querySelector("[data-zq-focus]") && !form.elements.namedItem("title").value) restore(draft);
}
own.addEventListener("change", () => {
  if (own.checked) return save();
  localStorage.removeItem(KEY);
  said.textContent = "";
});
form.addEventListener("input", save);
form.addEventListener("change", save);
