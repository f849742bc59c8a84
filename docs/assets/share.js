/* The window that a # opens: the address of the place, a line to cite it, a QR code. Nothing is sent or
   stored; the code is drawn here (lean-qr, shipped with the site). */
(() => {
  "use strict";
  const { loadScript, _ } = window.guide;
  const SVG = "http://www.w3.org/2000/svg";
  // Empty modules that a QR code needs around it.
  const QUIET_ZONE = 4;
  // Letters of a heading in the line to cite.
  const LONGEST = 90;
  let dialog = null;
  let opener = null;
  let loadingQr = null;

  function element(name, className, text = "") {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.textContent = text;
    return made;
  }

  function button(className, text, onClick) {
    const made = element("button", className, text);
    made.type = "button";
    made.addEventListener("click", onClick);
    return made;
  }

  /* A labelled text that can be copied: a row of the window, and its input. `copied` is said afterwards. */
  function field(label, copied, id, kind, onCopy) {
    const row = element("div", "share__row");
    const caption = element("label", "", label);
    const input = element(kind, "share__field");
    const copyButton = button("share__copy", _("Copy"), () => onCopy(input, copied));
    input.id = id;
    caption.htmlFor = id;
    input.readOnly = true;
    if (kind === "textarea") input.rows = 4;
    copyButton.setAttribute("aria-label", _("Copy: {label}", { label }));
    input.addEventListener("focus", () => input.select());
    row.append(caption, input, copyButton);
    return { row, input };
  }

  /* The window, and the parts of it that change from place to place. */
  function build() {
    const box = element("dialog", "share");
    const status = element("p", "share__said");
    async function copy(input, copied) {
      try {
        await navigator.clipboard.writeText(input.value);
        status.textContent = copied;
      } catch {
        // No clipboard here, or none that may be written to.
        input.focus();
        input.select();
        status.textContent = _("Marked: copy it with the keys or the menu of your device.");
      }
    }
    const title = element("h2", "share__title");
    const address = field(_("Address"), _("Address copied."), "share-address", "input", copy);
    const line = _("Line to cite");
    const cite = field(line, _("Line to cite copied."), "share-cite", "textarea", copy);
    const code = element("div", "share__code");
    const note = element("p", "share__note");
    const close = button("share__close", _("Close"), () => box.close());
    title.id = "share-title";
    box.setAttribute("aria-labelledby", title.id);
    status.setAttribute("role", "status");
    box.append(title, address.row, cite.row, status, code, note, close);
    box.addEventListener("click", (event) => {
      if (event.target === box) box.close();
    });
    // Single letters are shortcuts of the page below.
    box.addEventListener("keydown", (event) => event.stopPropagation());
    box.addEventListener("close", () => opener?.focus());
    document.body.append(box);
    return { box, title, address: address.input, cite: cite.input, status, code, note };
  }

  /* The words of an element without its controls and marks. */
  function wordsOf(node) {
    const copied = node.cloneNode(true);
    const left = ".permalink, .headerlink, .cites, .badge, .country, script, svg";
    for (const part of copied.querySelectorAll(left)) part.remove();
    return copied.textContent.replace(/\s+/g, " ").trim();
  }

  function shortened(text) {
    if (text.length <= LONGEST) return text;
    return `${text.slice(0, LONGEST - 2).replace(/\s\S*$/, "")} …`;
  }

  /* What a place of the page is called in a citation; "" where there is no such place. */
  function nameOf(anchor) {
    const target = anchor && document.getElementById(anchor);
    if (!target) return "";
    const heading = /^H[1-6]$/.test(target.tagName)
      ? target
      : target.querySelector("h2, h3, th, figcaption, dt, p, .trial__name") || target;
    return shortened(wordsOf(heading));
  }

  const sentence = (text) => text + (/[.?!…]$/.test(text) ? " " : ". ");

  function lineToCite(anchor, address) {
    const heading = document.querySelector("article h1");
    const page = heading ? wordsOf(heading) : document.title;
    const place = nameOf(decodeURIComponent(anchor));
    const site = document.title.split(" - ").pop();
    const dated = document.querySelector('meta[name="guide-date"]');
    const { lang } = document.documentElement;
    // Days in English are written as in Britain.
    const locale = lang === "en" ? "en-GB" : lang;
    const format = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
    const day = dated && new Date(`${dated.content}T00:00:00Z`).toLocaleDateString(locale, format);
    const version = day ? _("{guide}, version of {day}", { guide: site, day }) : site;
    const within = place && place !== page ? sentence(place) : "";
    return `${sentence(page)}${within}${version}. ${address}`;
  }

  /* The code of an address as a picture; null where the address is too long for one. */
  function qrCode(address) {
    let modules;
    try {
      modules = window.leanQr.generate(address);
    } catch {
      return null;
    }
    let path = "";
    for (let y = 0; y < modules.size; y++) {
      for (let x = 0; x < modules.size; x++) {
        if (modules.get(x, y)) path += `M${x + QUIET_ZONE} ${y + QUIET_ZONE}h1v1h-1z`;
      }
    }
    const size = modules.size + 2 * QUIET_ZONE;
    const shape = (name, attributes) => {
      const made = document.createElementNS(SVG, name);
      for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
      return made;
    };
    const picture = shape("svg", {
      viewBox: `0 0 ${size} ${size}`,
      role: "img",
      "aria-label": _("QR code of this address"),
      "shape-rendering": "crispEdges",
    });
    // Black on white in every colour scheme, or a camera may not read it.
    picture.append(
      shape("rect", { width: size, height: size, fill: "#fff" }),
      shape("path", { d: path, fill: "#000" }),
    );
    return picture;
  }

  async function showCode(address) {
    loadingQr ??= loadScript("lean-qr.js");
    try {
      await loadingQr;
    } catch {
      loadingQr = null;
      return;
    }
    const picture = qrCode(address);
    // The window may show another place by now.
    if (picture && dialog.address.value === address) dialog.code.replaceChildren(picture);
  }

  window.guideShare = (link) => {
    dialog ??= build();
    opener = link;
    const anchor = link.hash.slice(1);
    const canonical = document.querySelector('link[rel="canonical"]');
    const base = (canonical || location).href.split("#")[0];
    const isLocal = base.startsWith("file:");
    const address = base + (anchor && `#${anchor}`);
    dialog.title.textContent = anchor ? _("Link to this place") : _("Link to this page");
    dialog.address.value = address;
    dialog.cite.value = lineToCite(anchor, address);
    dialog.status.textContent = "";
    dialog.note.textContent = isLocal
      ? _("This is a copy on your own device: its address works on this device only.")
      : _("This address stays: it is in our list of addresses that never break.");
    dialog.code.replaceChildren();
    if (!isLocal) showCode(address);
    dialog.box.showModal();
    dialog.box.querySelector(".share__copy").focus();
  };
})();
