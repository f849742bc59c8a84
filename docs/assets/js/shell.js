/* What the frame of every page needs: light and dark, the menu by keyboard, folded parts that open
   when a link or the printer asks for them, and the contents list that follows the reader.
   Stands in for Material's own script, of which nothing else was used and which weighed a third of a page. */
(function () {
  "use strict";
  function colours() {
    var button = document.querySelector(".colours"),
      body = document.body;
    if (!button) return;
    function label() {
      button.setAttribute(
        "aria-label",
        body.getAttribute("data-md-color-scheme") === "slate"
          ? button.dataset.light
          : button.dataset.dark,
      );
    }
    button.hidden = false;
    label();
    button.addEventListener("click", function () {
      var scheme = body.getAttribute("data-md-color-scheme") === "slate" ? "default" : "slate";
      body.setAttribute("data-md-color-scheme", scheme);
      window.__md_set("__palette", { scheme: scheme });
      label();
    });
  }

  /* Material's menus are checkboxes with labels, which keys do not reach: with script each label becomes a
     button that says whether its menu is open. The titles inside the drawer do so where there is a drawer. */
  /* To the reader's own page in the open menu: a link, or on small screens the button of its contents. */
  function enter() {
    function shown(selector) {
      return Array.prototype.filter.call(document.querySelectorAll(selector), function (it) {
        return it.getClientRects().length && getComputedStyle(it).visibility === "visible";
      })[0];
    }
    var first =
      shown(
        ".md-sidebar--primary a.md-nav__link--active, .md-sidebar--primary button.md-nav__link--active",
      ) || shown(".md-sidebar--primary a");
    if (first) first.focus();
  }

  function menus() {
    var names = { __drawer: "Menu", __search: "Search" };
    var narrow = matchMedia("(max-width: 76.2344em)").matches;
    document
      .querySelectorAll(
        "label.md-header__button[for], label.md-nav__link[for]" +
          (narrow ? ", .md-nav--primary label.md-nav__title[for]:not([for=__drawer])" : ""),
      )
      .forEach(function (label) {
        var box = document.getElementById(label.htmlFor);
        if (!box || box.type !== "checkbox") return;
        var button = document.createElement("button");
        button.type = "button";
        button.className = label.className;
        if (label.id) button.id = label.id;
        button.setAttribute("for", box.id); /* the theme's styles ask for it */
        while (label.firstChild) button.appendChild(label.firstChild);
        if (!button.textContent.trim()) {
          var beside = label.parentElement.querySelector("a");
          button.setAttribute(
            "aria-label",
            names[box.id] || "Pages of " + (beside ? beside.textContent.trim() : "this part"),
          );
        } else if (button.classList.contains("md-nav__title"))
          button.setAttribute("aria-label", "Back from " + button.textContent.trim());
        function state() {
          button.setAttribute("aria-expanded", box.checked ? "true" : "false");
        }
        state();
        box.addEventListener("change", state);
        button.addEventListener("click", function () {
          box.checked = !box.checked;
          box.dispatchEvent(new Event("change"));
          if (box.id === "__drawer" && box.checked) setTimeout(enter, 60);
        });
        label.replaceWith(button);
      });
    var drawer = document.getElementById("__drawer");
    if (drawer)
      document.addEventListener("keydown", function (event) {
        if (event.key !== "Escape" || !drawer.checked) return;
        drawer.checked = false;
        drawer.dispatchEvent(new Event("change"));
        var button = document.querySelector('.md-header__button[for="__drawer"]');
        if (button) button.focus();
      });
  }

  function unfold() {
    function reach() {
      var target = null;
      try {
        target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      } catch (error) {
        return;
      }
      var moved = false;
      for (var box = target; box; box = box.parentElement)
        if (box.tagName === "DETAILS" && !box.open) {
          box.open = true;
          moved = true;
        }
      if (moved) target.scrollIntoView();
    }
    var closed = [];
    reach();
    window.addEventListener("hashchange", reach);
    window.addEventListener("beforeprint", function () {
      closed = Array.prototype.slice.call(document.querySelectorAll("article details:not([open])"));
      closed.forEach(function (box) {
        box.open = true;
      });
    });
    window.addEventListener("afterprint", function () {
      closed.forEach(function (box) {
        box.open = false;
      });
    });
  }

  function follow() {
    var links = document.querySelectorAll(".md-nav--secondary .md-nav__link[href]");
    if (!links.length || !window.IntersectionObserver) return;
    var places = Array.prototype.map.call(links, function (link) {
      return document.getElementById(decodeURIComponent(link.hash.slice(1)));
    });
    function mark() {
      var now = -1;
      places.forEach(function (place, at) {
        if (place && place.getBoundingClientRect().top < 120) now = at;
      });
      links.forEach(function (link, at) {
        link.classList.toggle("md-nav__link--active", at === now);
      });
    }
    var watcher = new IntersectionObserver(mark, {
      rootMargin: "-100px 0px 0px 0px",
      threshold: [0, 1],
    });
    places.forEach(function (place) {
      if (place) watcher.observe(place);
    });
  }

  function ready() {
    colours();
    menus();
    unfold();
    follow();
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready);
  else ready();
})();
