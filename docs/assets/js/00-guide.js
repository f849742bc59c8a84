/* What the other scripts share: the address of the site's root, a way to fetch a script of the site, and words.
   guide.js is deferred, so every script here finds the whole page. */
window.guide = (() => {
  "use strict";
  const root = document.currentScript.src.replace(/assets\/guide\.js.*$/, "");

  /* A message in the page's language, its {places} filled: see scripts/guide/outputs/script_words.py. */
  function _(message, values = {}) {
    const said = window.guideWords?.[message] ?? message;
    return said.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
  }

  /* A promise that settles when the script has run, or could not be fetched. */
  function loadScript(name) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = `${root}assets/${name}`;
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

  return { root, _, loadScript, isShortcut };
})();
