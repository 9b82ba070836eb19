// What is still running is looked at again every second; when it is done the page is loaded anew.

const box = document.querySelector("[data-progress]");

const look = async () => {
  const response = await fetch(box.dataset.progress, { headers: { "HX-Request": "true" } });
  if (!response.ok || response.redirected) return;
  if (response.headers.get("X-Done")) {
    window.location.reload();
    return;
  }
  box.innerHTML = await response.text();
  setTimeout(look, 1000);
};

if (box) setTimeout(look, 1000);
