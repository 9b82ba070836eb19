// A form is sent once: a second press while the first is under way does nothing, and says so.
for (const form of document.querySelectorAll("[data-zq-once]")) {
  let sent = false;
  const button = form.querySelector("[data-zq-send]") ?? form.querySelector("[type=submit]");
  const label = button.textContent;
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
    // A button that asks for something else says nothing about sending.
    if (event.submitter?.name) return;
    button.setAttribute("aria-disabled", "true");
    button.textContent = button.dataset.busy;
  });
  // A browser that goes back shows the page as it was left.
  addEventListener("pageshow", () => {
    sent = false;
    button.removeAttribute("aria-disabled");
    button.textContent = label;
  });
}
