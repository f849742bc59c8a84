/* Opens folded parts when a link leads into one. Paper shows what is open; one button prints a page
   with all its evidence. */
(() => {
  "use strict";
  let openedForPrint = [];

  function targetOfAddress() {
    try {
      return document.getElementById(decodeURIComponent(location.hash.slice(1)));
    } catch {
      // A broken % in the address names no place.
      return null;
    }
  }

  function openTarget() {
    const target = targetOfAddress();
    let opened = false;
    for (let box = target; box; box = box.parentElement) {
      if (box.tagName === "DETAILS" && !box.open) {
        box.open = true;
        opened = true;
      }
    }
    if (opened) target.scrollIntoView();
  }

  openTarget();
  window.addEventListener("hashchange", openTarget);
  for (const button of document.querySelectorAll(".print-evidence button")) {
    button.parentNode.hidden = !document.querySelector("article details.evidence");
    button.addEventListener("click", () => {
      openedForPrint = [...document.querySelectorAll("article details:not([open])")];
      for (const box of openedForPrint) box.open = true;
      window.print();
    });
  }
  window.addEventListener("afterprint", () => {
    for (const box of openedForPrint) box.open = false;
    openedForPrint = [];
  });
})();
