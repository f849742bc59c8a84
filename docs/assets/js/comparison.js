/* Keeps the choice of options in the address, so that a link shows the same ones, and says to those who do
   not see it what a choice changed. Nothing is stored. */
(() => {
  "use strict";
  const { _ } = window.guide;
  for (const choice of document.querySelectorAll(".options__choose")) {
    const boxes = [...choice.querySelectorAll("input")];
    const chosen = (new URLSearchParams(location.search).get("o") || "").split(",");
    for (const box of boxes) box.checked = chosen.includes(box.value);
    const status = document.createElement("p");
    status.className = "visually-hidden";
    status.setAttribute("role", "status");
    choice.append(status);
    choice.addEventListener("change", () => {
      const address = new URL(location.href);
      const names = boxes.filter((box) => box.checked).map((box) => box.value);
      if (names.length) address.searchParams.set("o", names.join(","));
      else address.searchParams.delete("o");
      const shown = boxes
        .filter((box) => box.checked)
        .map((box) => box.parentNode.textContent.trim());
      status.textContent = shown.length
        ? _("Shown: {options}", { options: shown.join(", ") })
        : _("All options are shown.");
      history.replaceState(null, "", address.href.replaceAll("%2C", ","));
    });
  }
})();
