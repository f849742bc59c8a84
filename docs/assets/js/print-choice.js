/* The choice of which sections of a handout to print. Nothing is stored or sent. */
(() => {
  "use strict";

  /* The sections of a handout: each heading of the article with what follows it. */
  function sectionsOf(article) {
    const sections = [];
    let section = null;
    for (const element of article.children) {
      if (element.tagName === "H2") {
        // The mark that makes the sheet checkable is on every print; what follows it never is.
        if (element.id === "check") break;
        section = element.id ? { title: element.firstChild.textContent.trim(), parts: [] } : null;
        if (section) sections.push(section);
      }
      section?.parts.push(element);
    }
    return sections;
  }

  function choiceOf(section) {
    const label = document.createElement("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.defaultChecked = true;
    box.addEventListener("change", () => {
      for (const part of section.parts) part.classList.toggle("not-printed", !box.checked);
    });
    label.append(box, section.title);
    return label;
  }

  for (const form of document.querySelectorAll("form.print-choice")) {
    form.querySelector("fieldset").append(...sectionsOf(form.parentNode).map(choiceOf));
    form.querySelector("button").addEventListener("click", () => window.print());
    form.addEventListener("submit", (event) => event.preventDefault());
    form.reset();
    form.hidden = false;
  }
})();
