/* Two small helps that work without being needed: a page past its review date looks overdue
   by itself, and a reader can choose the columns of a comparison. Nothing is stored or sent. */
(function () {
  "use strict";
  function ready() {
    var today = new Date().toISOString().slice(0, 10);
    document.querySelectorAll("[data-next-review]").forEach(function (box) {
      if (box.getAttribute("data-next-review") < today) {
        var notice = box.querySelector(".review__overdue");
        if (notice) notice.hidden = false;
      }
    });
    document.querySelectorAll("form.columns").forEach(function (form) {
      form.hidden = false;
      form.addEventListener("submit", function (event) {
        event.preventDefault();
      });
      form.addEventListener("change", function () {
        form.querySelectorAll("input").forEach(function (box) {
          document.querySelectorAll('[data-option="' + box.value + '"]').forEach(function (cell) {
            cell.hidden = !box.checked;
          });
        });
      });
    });
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready);
  else ready();
})();
