/* What the other scripts share: the address of the site's root, a way to fetch a script of the site, and the
   words. guide.js is deferred, so every script here finds the whole page. */
window.guide = (() => {
  "use strict";
  const root = document.currentScript.src.replace(/assets\/guide\.js.*$/, "");

  const { lang } = document.documentElement;
  // For dates and numbers: where English says more than one thing, Britain's is meant.
  const locale = lang === "en" ? "en-GB" : lang;

  function filled(message, values) {
    return message.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
  }

  /* A message in the guide's own language, its {places} filled. In another language than English the build
     puts the words of a script in front of it: see scripts/guide/outputs/script_words.py. */
  function _(message, values = {}) {
    return filled(window.guideWords?.[message] ?? message, values);
  }

  /* The form of a message that goes with a number, which stands at {count}. */
  function ngettext(one, many, count) {
    const forms = window.guideWords?.[one] ?? { one, other: many };
    const form = forms[new Intl.PluralRules(locale).select(count)] ?? forms.other;
    return filled(form, { count });
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

  return { root, locale, _, ngettext, loadScript, isShortcut };
})();
