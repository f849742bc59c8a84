/* Menu and search open by a checkbox with a label, which the keyboard does not reach. With script the label becomes
   a button that says whether what it opens is open. */
(() => {
  "use strict";
  const { _ } = window.guide;
  const NAMES = { __drawer: _("Menu"), __search: _("Search") };

  /* Moves the focus to the reader's own page in the open drawer. */
  function focusOwnPage() {
    const links = [...document.querySelectorAll(".menu [aria-current], .menu a")];
    const shown = links.filter((link) => link.getClientRects().length);
    (shown.findLast((link) => link.hasAttribute("aria-current")) ?? shown[0])?.focus();
  }

  function toButton(label) {
    const box = document.getElementById(label.htmlFor);
    const button = document.createElement("button");
    button.type = "button";
    button.className = label.className;
    // The styles select by this attribute.
    button.setAttribute("for", box.id);
    button.setAttribute("aria-label", NAMES[box.id]);
    const showState = () => button.setAttribute("aria-expanded", String(box.checked));
    showState();
    box.addEventListener("change", showState);
    button.addEventListener("click", () => {
      box.checked = !box.checked;
      box.dispatchEvent(new Event("change"));
      if (box.id === "__drawer" && box.checked) setTimeout(focusOwnPage, 60);
    });
    label.replaceWith(button);
  }

  document.querySelectorAll("label.md-header__button[for]").forEach(toButton);

  const drawer = document.getElementById("__drawer");
  if (!drawer) return;

  function close() {
    drawer.checked = false;
    drawer.dispatchEvent(new Event("change"));
  }

  // A place of this page lies behind the drawer.
  document.querySelector(".contents")?.addEventListener("click", (event) => {
    if (drawer.checked && event.target.closest("a")) close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !drawer.checked) return;
    close();
    document.querySelector('.md-header__button[for="__drawer"]')?.focus();
  });
})();
