/* Fetches the search box's own script when the box is first touched: by pointer, by key or by its button. */
(() => {
  "use strict";
  const input = document.querySelector("form.guide-search input");
  const toggle = document.getElementById("__search");
  if (!input) return;
  let loading = false;

  function turn(on) {
    if (!toggle || toggle.checked === on) return;
    toggle.checked = on;
    toggle.dispatchEvent(new Event("change"));
  }

  function load() {
    if (loading) return;
    loading = true;
    // Where it could not be fetched, the next touch tries again.
    window.guide.loadScript("search.js").catch(() => {
      loading = false;
    });
  }

  // Open at once: on a phone the box is outside the screen until then, and the focus would be out of sight.
  input.addEventListener("focus", () => {
    turn(true);
    load();
  });
  // A reader who goes on by keyboard has left the search: its veil must not cover what comes next.
  input.closest(".md-search").addEventListener("focusout", (event) => {
    if (event.relatedTarget && !event.relatedTarget.closest(".md-search")) turn(false);
  });
  input.form.addEventListener("submit", (event) => event.preventDefault());
  toggle?.addEventListener("change", load);
  document.addEventListener("keydown", (event) => {
    if (loading || !window.guide.isShortcut(event)) return;
    if (["/", "s", "f"].includes(event.key)) {
      event.preventDefault();
      input.focus();
    }
  });
  if (document.activeElement === input || new URL(location.href).searchParams.has("q")) load();
})();
