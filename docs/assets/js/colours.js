/* The button that switches between light and dark colours. */
(() => {
  "use strict";
  const button = document.querySelector(".colours");
  if (!button) return;
  const { body } = document;
  const isDark = () => body.getAttribute("data-md-color-scheme") === "slate";

  function label() {
    button.setAttribute("aria-label", isDark() ? button.dataset.light : button.dataset.dark);
  }

  button.addEventListener("click", () => {
    const scheme = isDark() ? "default" : "slate";
    body.setAttribute("data-md-color-scheme", scheme);
    window.__md_set("__palette", { scheme });
    label();
  });
  label();
  button.hidden = false;
})();
