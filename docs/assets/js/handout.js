/* Two helps for paper that work without being needed: which sections of a handout to print, and the
   code of a sheet typed in or come from a printed address. Nothing is stored or sent. */
(function () {
  "use strict";
  function each(list, act) {
    Array.prototype.forEach.call(list, act);
  }
  function ready() {
    each(document.querySelectorAll("form.print-choice"), function (form) {
      var fieldset = form.querySelector("fieldset"),
        sections = [],
        own = null;
      each(form.parentNode.children, function (element) {
        if (element.tagName === "H2") {
          // The mark that makes the sheet checkable is on every print; what follows it never is.
          own =
            element.id && element.id !== "check" && !sections.closed
              ? { title: element.firstChild.textContent.trim(), parts: [] }
              : null;
          if (element.id === "check") sections.closed = true;
          if (own) sections.push(own);
        }
        if (own) own.parts.push(element);
      });
      sections.forEach(function (section) {
        var label = document.createElement("label"),
          box = document.createElement("input");
        box.type = "checkbox";
        box.defaultChecked = true;
        box.addEventListener("change", function () {
          section.parts.forEach(function (part) {
            part.classList.toggle("not-printed", !box.checked);
          });
        });
        label.append(box, section.title);
        fieldset.append(label);
      });
      form.querySelector("button").addEventListener("click", function () {
        window.print();
      });
      form.addEventListener("submit", function (event) {
        event.preventDefault();
      });
      form.reset();
      form.hidden = false;
    });
    each(document.querySelectorAll("form.check-print"), function (form) {
      var input = form.querySelector("input"),
        unknown = document.querySelector(".check-print__unknown");
      function look() {
        var asked = "";
        try {
          asked = decodeURIComponent(location.hash.slice(1));
        } catch (error) {
          asked = location.hash.slice(1);
        }
        var code = asked.toLowerCase().replace(/[\s-]/g, "");
        if (code !== asked && document.getElementById(code)) {
          location.hash = code;
          return;
        }
        unknown.hidden = !asked || Boolean(document.getElementById(asked));
        if (!unknown.hidden) {
          unknown.querySelector(".check-print__asked").textContent = asked;
          unknown.scrollIntoView({ block: "center" });
        }
      }
      form.addEventListener("submit", function (event) {
        event.preventDefault();
        location.hash = encodeURIComponent(input.value.toLowerCase().replace(/[\s-]/g, ""));
        look();
      });
      form.hidden = false;
      window.addEventListener("hashchange", look);
      look();
    });
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready);
  else ready();
})();
