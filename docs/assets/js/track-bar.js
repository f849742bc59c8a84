/* The switch to the other reader's page keeps the place: it leads to the section that is being read. */
(() => {
  "use strict";
  const link = document.querySelector(".track-bar__switch");
  if (!link) return;

  function sectionInView() {
    let current = "";
    for (const heading of document.querySelectorAll("article h2[id]")) {
      if (heading.getBoundingClientRect().top > window.innerHeight / 2) break;
      if (!heading.closest("summary")) current = heading.id;
    }
    return window.scrollY > 100 ? current : "";
  }

  link.addEventListener("click", () => {
    const section = sectionInView();
    const [page] = link.getAttribute("href").split("#");
    link.setAttribute("href", section ? `${page}#${section}` : page);
  });
})();
