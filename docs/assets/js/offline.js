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

  /* The bar of a page that is shown from a copy, and of one that has changed since it was opened. */
  let bar = document.querySelector(".kept");

  function sayNewer(words, since) {
    if (!bar) {
      bar = document.createElement("div");
      bar.className = "kept";
      bar.setAttribute("role", "status");
      document.body.prepend(bar);
    }
    delete bar.dataset.since;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = _("Show the current page");
    const reload = () => location.reload();
    button.addEventListener("click", () =>
      since ? send({ show: location.href, since }, reload) : reload(),
    );
    bar.replaceChildren(`${words} `, button);
  }

  /* Asks whether the page behind the copy came after all. The bar goes where it says the same. */
  function askForCurrent() {
    if (!bar?.dataset.since) return;
    send({ current: location.href }, ({ reached, since, kept }) => {
      if (!reached || !bar?.dataset.since) return;
      if (since !== bar.dataset.since) {
        sayNewer(_("The current page is here now."), kept && since);
        return;
      }
      bar.remove();
      bar = null;
    });
  }

  /* A page can stay open for weeks: when it is looked at again, the worker of a newer build says so. */
  const LOOK_AGAIN_AFTER = 60000;
  let looked = Date.now();
  async function lookAgain() {
    if (document.visibilityState !== "visible" || Date.now() - looked < LOOK_AGAIN_AFTER) return;
    looked = Date.now();
    askForCurrent();
    try {
      await (await navigator.serviceWorker.getRegistration())?.update();
    } catch {
      // No connection: there is nothing newer to show.
    }
  }

  navigator.serviceWorker.addEventListener("message", ({ data }) => {
    if (data.newer && !bar) sayNewer(_("This page has changed since you opened it."));
  });
  window.addEventListener("online", askForCurrent);
  window.addEventListener("pageshow", lookAgain);
  document.addEventListener("visibilitychange", lookAgain);
  askForCurrent();

  const box = document.querySelector(".keep");
  if (!box) return;
  const status = box.querySelector(".keep__said");
  const keepAll = box.querySelector(".keep__all");

  function whatIsMissing(full) {
    if (full) return _("Not everything could be kept: this device has no room left for it.");
    return _("Not everything could be fetched. Try again with a better connection.");
  }

  function showProgress({ done, kept, of, full }) {
    if (done < of) {
      const percent = Math.round((100 * done) / of);
      status.textContent = _("Fetching: {percent} %", { percent });
      return;
    }
    status.textContent =
      kept === of ? _("The whole guide is kept on this device.") : whatIsMissing(full);
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
