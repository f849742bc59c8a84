/* Who comes from the search sees the fact that names what was asked, where the answer itself does not: its folded
   list is open, and the fact is marked. The box says which words were asked, for this tab alone. */
(() => {
  "use strict";
  const KEY = "guide-asked";
  const HEADING = /^H[1-6]$/;

  /* The words that the box left for this place, as stems; none where the reader came another way. */
  function wordsAsked() {
    try {
      const asked = JSON.parse(sessionStorage.getItem(KEY));
      const here = new URL(location.href);
      here.search = "";
      if (asked?.address !== here.href) return [];
      sessionStorage.removeItem(KEY);
      return asked.words;
    } catch {
      // No storage, or not ours.
      return [];
    }
  }

  /* The heading of a section, and all that stands before the next one. */
  function sectionAt(heading) {
    const parts = [heading];
    for (let next = heading.nextElementSibling; next; next = next.nextElementSibling) {
      if (HEADING.test(next.tagName)) break;
      parts.push(next);
    }
    return parts;
  }

  /* The text of an element without what is folded away in it. */
  function openText(element) {
    if (element.matches("details:not([open])")) return "";
    const parts = [...element.childNodes];
    return parts.map((part) => (part.children ? openText(part) : part.textContent)).join(" ");
  }

  function isIn(words, text) {
    const said = text.toLowerCase().split(/[^\p{L}\p{N}]+/u);
    return words.filter((stem) => said.some((word) => word.startsWith(stem)));
  }

  /* The folded facts of a section, each with what shows it: itself, or the link to it where it stands elsewhere. */
  function folded(section) {
    const found = [];
    for (const part of section) {
      for (const fact of part.querySelectorAll("details .statement")) found.push([fact, fact]);
      for (const link of part.querySelectorAll('details .answer__again a[href^="#"]')) {
        const fact = document.getElementById(link.hash.slice(1));
        if (fact) found.push([link, fact]);
      }
    }
    return found;
  }

  function openAsked() {
    const words = wordsAsked();
    const heading = document.getElementById(location.hash.slice(1));
    if (!words.length || !heading || !HEADING.test(heading.tagName)) return;
    const section = sectionAt(heading);
    const open = isIn(words, section.map(openText).join(" "));
    const missing = words.filter((word) => !open.includes(word));
    let best = null;
    let most = 0;
    for (const [place, fact] of folded(section)) {
      const found = isIn(missing, fact.textContent).length;
      if (found > most) [best, most] = [place, found];
    }
    if (!best) return;
    for (let box = best; box; box = box.parentElement)
      if (box.tagName === "DETAILS") box.open = true;
    best.classList.add("asked");
  }

  openAsked();
  window.addEventListener("hashchange", openAsked);
})();
