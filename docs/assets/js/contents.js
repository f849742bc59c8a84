/* Marks the section being read in the contents list. */
(() => {
  "use strict";
  const links = [...document.querySelectorAll(".contents a")];
  if (!links.length || !window.IntersectionObserver) return;
  const headings = links.map((link) =>
    document.getElementById(decodeURIComponent(link.hash.slice(1))),
  );

  function mark() {
    const current = headings.findLastIndex((heading) => heading?.getBoundingClientRect().top < 120);
    links.forEach((link, at) => {
      if (at === current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  }

  const observer = new IntersectionObserver(mark, {
    rootMargin: "-100px 0px 0px 0px",
    threshold: [0, 1],
  });
  for (const heading of headings) if (heading) observer.observe(heading);
})();
