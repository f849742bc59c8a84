/* Fetches the search box's own script when the box is first touched: by pointer, by key or by its button. */
(function () {
  "use strict";
  var root = document.currentScript.src.replace(/assets\/guide\.js.*$/, "");
  function ready() {
    var input = document.querySelector("form.guide-search input"),
      toggle = document.getElementById("__search"),
      asked = false;
    if (!input) return;
    function turn(on) {
      if (!toggle || toggle.checked === on) return;
      toggle.checked = on;
      toggle.dispatchEvent(new Event("change"));
    }
    function load() {
      if (asked) return;
      asked = true;
      var tag = document.createElement("script");
      tag.src = root + "assets/search.js";
      document.head.appendChild(tag);
    }
    /* Open at once: on a phone the box stands outside the screen until then, and the reader would look for the focus. */
    input.addEventListener("focus", function () {
      turn(true);
      load();
    });
    /* Who goes on by keyboard has left the search: its veil must not lie over what comes next. */
    input.closest(".md-search").addEventListener("focusout", function (event) {
      if (event.relatedTarget && !event.relatedTarget.closest(".md-search")) turn(false);
    });
    input.form.addEventListener("submit", function (event) {
      event.preventDefault();
    });
    if (toggle) toggle.addEventListener("change", load);
    document.addEventListener("keydown", function (event) {
      if (
        asked ||
        /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName) ||
        event.ctrlKey ||
        event.metaKey ||
        event.altKey
      )
        return;
      if (event.key === "/" || event.key === "s" || event.key === "f") {
        event.preventDefault();
        input.focus();
      }
    });
    if (document.activeElement === input) load();
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready);
  else ready();
})();
