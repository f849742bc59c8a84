/* The choice of which options a comparison shows. Nothing is stored or sent. */
(() => {
  "use strict";
  for (const form of document.querySelectorAll("form.columns")) {
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", () => {
      for (const box of form.querySelectorAll("input")) {
        for (const cell of document.querySelectorAll(`[data-option="${box.value}"]`))
          cell.hidden = !box.checked;
      }
    });
    form.hidden = false;
  }
})();
