/* Keeps the choice of options in the address, so that a link shows the same ones. Nothing is stored. */
(() => {
  "use strict";
  for (const choice of document.querySelectorAll(".options__choose")) {
    const boxes = [...choice.querySelectorAll("input")];
    const chosen = (new URLSearchParams(location.search).get("o") || "").split(",");
    for (const box of boxes) box.checked = chosen.includes(box.value);
    choice.addEventListener("change", () => {
      const address = new URL(location.href);
      const names = boxes.filter((box) => box.checked).map((box) => box.value);
      if (names.length) address.searchParams.set("o", names.join(","));
      else address.searchParams.delete("o");
      history.replaceState(null, "", address.href.replaceAll("%2C", ","));
    });
  }
})();
