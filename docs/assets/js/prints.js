/* Looks up the code of a printed sheet, typed in or in the address that the sheet names. */
(() => {
  "use strict";
  const form = document.querySelector("form.check-print");
  if (!form) return;
  const unknown = document.querySelector(".check-print__unknown");
  const plain = (code) => code.toLowerCase().replace(/[\s-]/g, "");

  function codeOfAddress() {
    const code = location.hash.slice(1);
    try {
      return decodeURIComponent(code);
    } catch {
      return code;
    }
  }

  function showAnswer() {
    const code = codeOfAddress();
    if (plain(code) !== code && document.getElementById(plain(code))) {
      location.hash = plain(code);
      return;
    }
    unknown.hidden = !code || Boolean(document.getElementById(code));
    if (unknown.hidden) return;
    unknown.querySelector(".check-print__asked").textContent = code;
    unknown.scrollIntoView({ block: "center" });
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    location.hash = encodeURIComponent(plain(form.querySelector("input").value));
    showAnswer();
  });
  window.addEventListener("hashchange", showAnswer);
  form.hidden = false;
  showAnswer();
})();
