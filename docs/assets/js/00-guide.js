/* What the other scripts share: the addresses of the site's root and files, a way to fetch a script, and words.
   guide.js is deferred, so every script here finds the whole page. */
window.guide = (() => {
  "use strict";
  const root = document.currentScript.src.replace(/assets\/guide\.[\w.]+$/, "");

  /* A message in the page's language, its {places} filled: see scripts/guide/outputs/script_words.py. */
  function _(message, values = {}) {
    const said = window.guideWords?.[message] ?? message;
    return said.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
  }

  /* The address of a file in assets/, which may have a digest in its name (scripts/guide/outputs/asset_names.py). */
  const asset = (name) => `${root}assets/${window.guideFiles?.[name] ?? name}`;

  /* A promise that settles when the script has run, or could not be fetched. On a disk an index is a script, too:
     its name has one more `ending`. */
  function loadScript(name, ending = "") {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = asset(name) + ending;
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });
  }

  /* Whether a key press is a shortcut of the page, not a letter of a text or a command of the browser. */
  function isShortcut(event) {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName);
    return !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
  }

  return { root, _, asset, loadScript, isShortcut };
})();
