/* The window that a # opens: the address of the place, a line to cite it, a QR code. Nothing is sent
   or stored; the code is drawn here (lean-qr, shipped with the site). */
(function () {
  "use strict";
  var box = null,
    parts = {},
    opener = null,
    drawing = null;

  function element(name, className, text) {
    var made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  function field(label, id, kind) {
    var row = element("div", "share__row"),
      name = element("label", "", label),
      input = element(kind, "share__field"),
      button = element("button", "share__copy", "Copy");
    input.id = name.htmlFor = id;
    input.readOnly = true;
    if (kind === "textarea") input.rows = 4;
    button.type = "button";
    button.setAttribute("aria-label", "Copy: " + label);
    input.addEventListener("focus", function () {
      input.select();
    });
    button.addEventListener("click", function () {
      copy(input, label);
    });
    row.append(name, input, button);
    return { row: row, input: input };
  }

  function copy(input, label) {
    function done() {
      parts.said.textContent = label + " copied.";
    }
    function byHand() {
      input.focus();
      input.select();
      parts.said.textContent = "Marked: copy it with the keys or the menu of your device.";
    }
    if (navigator.clipboard && navigator.clipboard.writeText)
      navigator.clipboard.writeText(input.value).then(done, byHand);
    else byHand();
  }

  function build() {
    box = element("dialog", "share");
    box.setAttribute("aria-labelledby", "share-title");
    var title = element("h2", "share__title"),
      close = element("button", "share__close", "Close");
    title.id = "share-title";
    close.type = "button";
    close.addEventListener("click", function () {
      box.close();
    });
    parts.title = title;
    parts.address = field("Address", "share-address", "input");
    parts.cite = field("Line to cite", "share-cite", "textarea");
    parts.code = element("div", "share__code");
    parts.note = element("p", "share__note");
    parts.said = element("p", "share__said");
    parts.said.setAttribute("role", "status");
    box.append(title, parts.address.row, parts.cite.row, parts.said, parts.code, parts.note, close);
    box.addEventListener("click", function (event) {
      if (event.target === box) box.close();
    });
    /* Single letters are shortcuts of the page below. */
    box.addEventListener("keydown", function (event) {
      event.stopPropagation();
    });
    box.addEventListener("close", function () {
      if (opener) opener.focus();
    });
    document.body.appendChild(box);
  }

  function words(node) {
    var copied = node.cloneNode(true);
    copied
      .querySelectorAll(".permalink, .headerlink, .cites, .badge, .country, script, svg")
      .forEach(function (part) {
        part.remove();
      });
    return copied.textContent.replace(/\s+/g, " ").trim();
  }

  function short(text) {
    return text.length > 90 ? text.slice(0, 88).replace(/\s\S*$/, "") + " …" : text;
  }

  function place(anchor) {
    var target = anchor && document.getElementById(anchor);
    if (!target) return "";
    var head = /^H[1-6]$/.test(target.tagName)
      ? target
      : target.querySelector("h2, h3, th, figcaption, dt, p, .trial__name") || target;
    return short(words(head));
  }

  function draw(address) {
    parts.code.textContent = "";
    var map;
    try {
      map = window.leanQr.generate(address);
    } catch (error) {
      return;
    }
    var quiet = 4,
      size = map.size + 2 * quiet,
      path = "",
      space = "http://www.w3.org/2000/svg";
    for (var y = 0; y < map.size; y++)
      for (var x = 0; x < map.size; x++)
        if (map.get(x, y)) path += "M" + (x + quiet) + " " + (y + quiet) + "h1v1h-1z";
    var picture = document.createElementNS(space, "svg"),
      paper = document.createElementNS(space, "rect"),
      ink = document.createElementNS(space, "path");
    picture.setAttribute("viewBox", "0 0 " + size + " " + size);
    picture.setAttribute("role", "img");
    picture.setAttribute("aria-label", "QR code of this address");
    picture.setAttribute("shape-rendering", "crispEdges");
    paper.setAttribute("width", size);
    paper.setAttribute("height", size);
    paper.setAttribute("fill", "#fff");
    ink.setAttribute("d", path);
    ink.setAttribute("fill", "#000");
    picture.append(paper, ink);
    parts.code.appendChild(picture);
  }

  window.guideShare = function (link, root) {
    if (!box) build();
    opener = link;
    var anchor = link.hash.slice(1),
      canonical = document.querySelector('link[rel="canonical"]');
    var base = (canonical ? canonical.href : location.href).split("#")[0],
      local = /^file:/.test(base);
    var address = base + (anchor ? "#" + anchor : "");
    var cut = document.title.lastIndexOf(" - "),
      site = cut < 0 ? document.title : document.title.slice(cut + 3);
    var heading = document.querySelector("article h1"),
      page = heading ? words(heading) : document.title,
      here = place(decodeURIComponent(anchor));
    var dated = document.querySelector('meta[name="guide-date"]');
    var version = dated
      ? ", version of " +
        new Date(dated.content + "T00:00:00Z").toLocaleDateString("en-GB", {
          day: "numeric",
          month: "long",
          year: "numeric",
          timeZone: "UTC",
        })
      : "";
    parts.title.textContent = anchor ? "Link to this place" : "Link to this page";
    parts.address.input.value = address;
    parts.cite.input.value =
      page +
      (/[.?!]$/.test(page) ? " " : ". ") +
      (here && here !== page ? here + (/[.?!…]$/.test(here) ? " " : ". ") : "") +
      site +
      version +
      ". " +
      address;
    parts.said.textContent = "";
    parts.note.textContent = local
      ? "This is a copy on your own device: its address works on this device only."
      : "This address stays: it is in our list of addresses that never break.";
    parts.code.textContent = "";
    if (!local) {
      drawing =
        drawing ||
        new Promise(function (done, failed) {
          var tag = document.createElement("script");
          tag.src = root + "assets/lean-qr.js";
          tag.onload = done;
          tag.onerror = failed;
          document.head.appendChild(tag);
        });
      drawing.then(
        function () {
          if (parts.address.input.value === address) draw(address);
        },
        function () {
          drawing = null;
        },
      );
    }
    box.showModal();
    box.querySelector(".share__copy").focus();
  };
})();
