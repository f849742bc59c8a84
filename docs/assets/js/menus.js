/* Material's menus are checkboxes with labels, which the keyboard does not reach. With script each label
   becomes a button that says whether its menu is open. Material's own script is not sent: nothing else of
   it was used, and it weighed a third of a page. */
(() => {
  "use strict";
  const { _ } = window.guide;
  const NAMES = { __drawer: _("Menu"), __search: _("Search") };

  function firstShown(selector) {
    return [...document.querySelectorAll(selector)].find(
      (element) =>
        element.getClientRects().length && getComputedStyle(element).visibility === "visible",
    );
  }

  /* Moves the focus to the reader's own page in the open drawer. On small screens that page may be the
     button of its contents. */
  function focusOwnPage() {
    const active = ["a", "button"]
      .map((tag) => `.md-sidebar--primary ${tag}.md-nav__link--active`)
      .join(", ");
    (firstShown(active) || firstShown(".md-sidebar--primary a"))?.focus();
  }

  function name(button, label, box) {
    const text = button.textContent.trim();
    if (!text) {
      const link = label.parentElement.querySelector("a");
      const part = link?.textContent.trim();
      const pages = part ? _("Pages of {part}", { part }) : _("Pages of this part");
      button.setAttribute("aria-label", NAMES[box.id] || pages);
    } else if (button.classList.contains("md-nav__title")) {
      button.setAttribute("aria-label", _("Back from {text}", { text }));
    }
  }

  function toButton(label) {
    const box = document.getElementById(label.htmlFor);
    if (box?.type !== "checkbox") return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = label.className;
    if (label.id) button.id = label.id;
    // Material's styles select by this attribute.
    button.setAttribute("for", box.id);
    button.append(...label.childNodes);
    name(button, label, box);
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

  const labels = ["label.md-header__button[for]", "label.md-nav__link[for]"];
  // The titles inside the drawer are buttons only where there is a drawer.
  if (matchMedia("(max-width: 76.2344em)").matches)
    labels.push(".md-nav--primary label.md-nav__title[for]:not([for=__drawer])");
  document.querySelectorAll(labels.join(", ")).forEach(toButton);

  const drawer = document.getElementById("__drawer");
  if (!drawer) return;
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !drawer.checked) return;
    drawer.checked = false;
    drawer.dispatchEvent(new Event("change"));
    document.querySelector('.md-header__button[for="__drawer"]')?.focus();
  });
})();
