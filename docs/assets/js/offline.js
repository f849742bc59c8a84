/* Readable without a connection: the service worker (sw.js) keeps a page once it is there, and the few
   pages that matter most in its topic. Nothing else is stored; "about/offline/" deletes it. */
(() => {
  "use strict";
  const { root, _ } = window.guide;
  const dated = document.querySelector('meta[name="guide-date"]');
  if (!("serviceWorker" in navigator) || !/^https?:$/.test(location.protocol) || !dated) return;
  const CORE = ["", "patients/", "patients/safety/", "clinicians/", "clinicians/safety/"];
  // Milliseconds after the page, so that the core pages do not compete with it.
  const CORE_AFTER = 4000;
  const whenIdle = window.requestIdleCallback || ((call) => setTimeout(call, 200));

  async function send(message, onAnswer) {
    const { active } = await navigator.serviceWorker.ready;
    if (!onAnswer) return active.postMessage(message);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (event) => onAnswer(event.data);
    active.postMessage(message, [port2]);
  }

  function corePages() {
    const topic = location.href.slice(root.length).split("/")[0];
    if (!topic || !document.querySelector(".track-bar")) return [root];
    return [root, ...CORE.map((name) => `${root}${topic}/${name}`)];
  }

  async function start() {
    try {
      await navigator.serviceWorker.register(`${root}sw.js`, { scope: root });
    } catch {
      // A browser that keeps nothing shows the site all the same.
      return;
    }
    const loaded = performance
      .getEntriesByType("resource")
      .map((entry) => entry.name)
      .filter((name) => name.startsWith(root) && !/\/sw\.js$|\.zip$|\.pdf$/.test(name));
    send({ keep: [location.href, ...loaded] });
    // Not for somebody who pays for every byte.
    if (navigator.connection?.saveData) return;
    setTimeout(() => send({ keep: corePages() }), CORE_AFTER);
  }

  if (document.readyState === "complete") whenIdle(start);
  else window.addEventListener("load", () => whenIdle(start));

  const box = document.querySelector(".keep");
  if (!box) return;
  const status = box.querySelector(".keep__said");
  const keepAll = box.querySelector(".keep__all");

  function showProgress({ done, kept, of }) {
    if (done < of) {
      const percent = Math.round((100 * done) / of);
      status.textContent = _("Fetching: {percent} %", { percent });
      return;
    }
    status.textContent =
      kept === of
        ? _("The whole guide is kept on this device.")
        : _("Not everything could be fetched. Try again with a better connection.");
    keepAll.disabled = false;
  }

  // A guide too large to be kept whole has no such button.
  keepAll?.addEventListener("click", async () => {
    keepAll.disabled = true;
    status.textContent = _("Fetching …");
    try {
      const names = await (await fetch(`${root}assets/offline.json`)).json();
      await send({ keep: names.map((name) => root + name) }, showProgress);
    } catch {
      status.textContent = _("There is no connection now.");
      keepAll.disabled = false;
    }
  });
  box.querySelector(".keep__forget").addEventListener("click", () => {
    send({ forget: true }, () => {
      status.textContent = _(
        "Nothing of the guide is kept on this device any more. The next page you open is kept again.",
      );
    });
  });
  box.hidden = false;
})();
