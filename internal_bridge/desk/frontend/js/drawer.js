// A form is laid over the page that it is about: a link with data-drawer opens in a dialog. Everything works without.

const drawer = document.createElement("dialog");
drawer.className = "zq-drawer";
drawer.setAttribute("aria-labelledby", "drawer-title");
document.body.append(drawer);

const show = (html) => {
  drawer.innerHTML = html;
  if (!drawer.open) drawer.showModal();
  (drawer.querySelector("[data-focus]") || drawer.querySelector("input:not([type=hidden]), textarea, select, a.btn"))?.focus();
};

// What does not answer with a drawer's content, such as a login that has ended, is opened as a page.
const ask = async (url, options = {}) => {
  const response = await fetch(url, { ...options, headers: { "HX-Request": "true" } });
  const next = response.headers.get("HX-Redirect");
  const html = await response.text();
  if (next) {
    const same = new URL(next, window.location.href).pathname === window.location.pathname;
    window.location.assign(next);
    if (same) window.location.reload();
  } else if (response.redirected || response.status >= 500 || html.includes("<html")) window.location.assign(url);
  else show(html);
};

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-drawer]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.button) {
    event.preventDefault();
    drawer.classList.toggle("zq-drawer--dialog", link.dataset.drawer === "dialog");
    ask(link.href);
    return;
  }
  if (drawer.open && (event.target === drawer || event.target.closest(".zq-drawer [data-close]"))) {
    event.preventDefault();
    drawer.close();
  }
});

drawer.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  event.preventDefault();
  ask(button?.hasAttribute("formaction") ? button.formAction : form.action, { method: "POST", body: new FormData(form, button) });
});

drawer.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.ctrlKey) drawer.querySelector(".btn-primary[type=submit]")?.click();
});

// What was shown there is forgotten: an identity as well.
drawer.addEventListener("close", () => drawer.replaceChildren());
