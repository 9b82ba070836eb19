// The receipt's QR code carries number and code behind the #, which no browser sends to a server. Fill the form and clear the address.
const [, number, code] = location.hash.match(/^#([\d-]+)\/([\w-]+)$/) ?? [];
if (number) {
  document.getElementById("id_number").value = number;
  document.getElementById("id_code").value = code;
  history.replaceState(null, "", location.pathname + location.search);
  document.querySelector("[data-zq-follow] [type=submit]").focus();
}
