/* The button that switches between light and dark colours. */
(() => {
  "use strict";
  const button = document.querySelector(".colours");
  if (!button) return;
  const { root, _ } = window.guide;
  const { body } = document;
  const isDark = () => body.getAttribute("data-md-color-scheme") === "slate";

  function label() {
    const words = isDark() ? _("Switch to light colours") : _("Switch to dark colours");
    button.setAttribute("aria-label", words);
  }

  button.addEventListener("click", () => {
    const scheme = isDark() ? "default" : "slate";
    body.setAttribute("data-md-color-scheme", scheme);
    try {
      localStorage.setItem(`${new URL(root).pathname}.__palette`, JSON.stringify({ scheme }));
    } catch {
      // Nothing may be stored: the next page has the system's colours.
    }
    label();
  });
  label();
  button.hidden = false;
})();
