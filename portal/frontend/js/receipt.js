// The letter has arrived: the draft on this device goes. Number and code can be copied where the browser allows it.
localStorage.removeItem("zq-draft");

const copy = document.querySelector("[data-zq-copy]");
if (navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    const words = ["[data-zq-number]", "[data-zq-code]"].map((part) => document.querySelector(part).textContent.trim());
    await navigator.clipboard.writeText(words.join("\n"));
    copy.querySelector("span").textContent = copy.dataset.done;
    document.querySelector("[data-zq-copied]").textContent = copy.dataset.done;
  });
}
