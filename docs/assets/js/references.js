/* A page's sources for a reference manager. The page links to a file of more sources than its own, for readers
   without scripts; a click takes the page's own out of it. */
(() => {
  "use strict";
  const line = document.querySelector(".downloads[data-own]");
  const listed = [...document.querySelectorAll("ol.sources > li[id]")];
  if (!line || !listed.length || !/^https?:$/.test(location.protocol)) return;
  // The entries of a file, and what of an entry is its id. See scripts/guide/content/citations/formats.py.
  const ENTRIES = {
    ris: [(text) => text.trim().split(/\n\n+/), (entry) => entry.match(/^ID {2}- (.*)$/m)?.[1]],
    bib: [(text) => text.trim().split(/\n\n+/), (entry) => entry.match(/^@\w+\{([^,]+),/)?.[1]],
    json: [JSON.parse, (entry) => entry.id],
  };

  function ownPart(text, kind) {
    const [read, idOf] = ENTRIES[kind];
    const entries = new Map(read(text).map((entry) => [idOf(entry), entry]));
    const own = listed.map((item) => entries.get(item.id.replace(/^source-/, ""))).filter(Boolean);
    return kind === "json" ? `${JSON.stringify(own, null, 1)}\n` : `${own.join("\n\n")}\n\n`;
  }

  function save(text, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  line.firstChild.data = `${line.dataset.own} `;
  line.addEventListener("click", async (event) => {
    const link = event.target.closest?.("a");
    if (!link) return;
    event.preventDefault();
    const name = link.pathname.split("/").pop();
    try {
      const text = await (await fetch(link.href)).text();
      save(ownPart(text, name.split(".").pop()), name);
    } catch {
      // Without an answer the browser says itself what is wrong.
      location.href = link.href;
    }
  });
})();
