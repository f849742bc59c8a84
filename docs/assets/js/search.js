/* Makes the search box whole, and fetches its own script when it is first touched: by pointer, by key or by its
   button. */
(() => {
  "use strict";
  const { _ } = window.guide;
  const input = document.querySelector("form.guide-search input");
  const toggle = document.getElementById("__search");
  if (!input) return;
  let loading = false;

  /* What shows when the box is open: a veil, what empties the box, and what is found (search/40-box.js). */
  input.form.insertAdjacentHTML(
    "beforeend",
    `<div class="md-search__options">
      <button type="reset" class="md-search__icon md-icon" tabindex="-1"></button></div>`,
  );
  input.form.parentElement.insertAdjacentHTML(
    "beforebegin",
    '<label class="md-search__overlay" for="__search"></label>',
  );
  input.form.insertAdjacentHTML(
    "afterend",
    `<div class="md-search__output"><div class="md-search__scrollwrap" tabindex="0"><div class="md-search-result">
      <p class="search-urgent" id="search-urgent" role="alert" hidden></p>
      <div class="md-search-result__meta" id="search-count" role="status"></div>
      <ol class="md-search-result__list" id="search-results" role="listbox"></ol></div></div></div>`,
  );
  input.form.querySelector("[type=reset]").title = _("Clear");
  document.getElementById("search-count").textContent = _("Type your question in your own words");
  document.getElementById("search-results").setAttribute("aria-label", _("Answers found"));
  const box = {
    role: "combobox",
    autocapitalize: "off",
    spellcheck: "false",
    "aria-autocomplete": "list",
    "aria-controls": "search-results",
    "aria-expanded": "true",
  };
  for (const [name, value] of Object.entries(box)) input.setAttribute(name, value);

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
