/* Keeps a copy of the pages a reader has opened, for when there is no connection. Always asks the
   network first: a kept copy is shown only when there is no answer, and then says so.
   Sends nothing, tells nobody, and holds nothing but this site's own public files. */
"use strict";
const BUILD = "unfinished"; // the finishing pass writes the build's digest here
const ROOT = new URL("./", self.location).href;
const PREFIX = `guide ${new URL(ROOT).pathname} `;
const NAME = PREFIX + BUILD;
const EXPLAINS = `${ROOT}about/offline/`;
const PATIENCE = 5000; // milliseconds before a kept copy stands in for a page that does not come

/* The words in the guide's own language, where the build has put them in front of this file. */
const _ = (message) => self.guideWords?.[message] ?? message;

const bare = (address) => address.split(/[?#]/)[0];

/* A copy that knows the day it was taken. */
async function stamped(answer) {
  const headers = new Headers(answer.headers);
  headers.set("x-kept", new Date().toISOString());
  return new Response(await answer.blob(), { status: 200, headers });
}

const good = (answer) =>
  answer && answer.status === 200 && answer.type === "basic" && !answer.redirected;

async function keep(cache, addresses, tell) {
  let done = 0;
  let kept = 0;
  for (const address of addresses) {
    const key = bare(address);
    if (key.startsWith(ROOT) && !(await cache.match(key))) {
      try {
        const answer = await fetch(key);
        if (good(answer)) {
          await cache.put(key, await stamped(answer));
          kept += 1;
        }
      } catch {
        /* no connection: what is kept stays, the rest is fetched when it is opened */
      }
    } else kept += 1;
    done += 1;
    if (tell) tell({ done, kept, of: addresses.length });
  }
}

self.addEventListener("install", (event) =>
  event.waitUntil(
    (async () => {
      const cache = await caches.open(NAME);
      await keep(cache, [EXPLAINS]);
      /* What a reader kept of an older build is fetched anew; what cannot be fetched stays, with its day. */
      for (const name of await caches.keys()) {
        if (!name.startsWith(PREFIX) || name === NAME) continue;
        const old = await caches.open(name);
        for (const request of await old.keys()) {
          if (await cache.match(request.url)) continue;
          try {
            const answer = await fetch(request.url, { cache: "no-cache" });
            if (good(answer)) await cache.put(request.url, await stamped(answer));
          } catch {
            await cache.put(request.url, await old.match(request));
          }
        }
      }
      await self.skipWaiting();
    })(),
  ),
);

self.addEventListener("activate", (event) =>
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys())
        if (name.startsWith(PREFIX) && name !== NAME) await caches.delete(name);
      await self.clients.claim();
    })(),
  ),
);

self.addEventListener("message", (event) => {
  const { keep: addresses, forget } = event.data || {};
  const port = event.ports[0];
  const tell = (word) => {
    if (port) port.postMessage(word);
  };
  if (addresses)
    event.waitUntil(caches.open(NAME).then((cache) => keep(cache, addresses, port && tell)));
  if (forget)
    event.waitUntil(
      (async () => {
        for (const name of await caches.keys())
          if (name.startsWith(PREFIX)) await caches.delete(name);
        tell({ forgotten: true });
      })(),
    );
});

self.addEventListener("fetch", (event) => {
  const request = event.request;
  const key = bare(request.url);
  if (
    request.method !== "GET" ||
    !key.startsWith(ROOT) ||
    /\.(zip|pdf)$/.test(key) ||
    key.endsWith("/sw.js") ||
    request.headers.has("range")
  )
    return;
  event.respondWith(request.mode === "navigate" ? page(event, key) : file(event, key));
});

/* The answer of the network, put by for later. */
function fresh(event, key, request) {
  const coming = fetch(request).then(async (answer) => {
    const cache = await caches.open(NAME);
    if (good(answer)) await cache.put(key, await stamped(answer.clone()));
    else if (answer.status === 404 || answer.status === 410) await cache.delete(key);
    return answer;
  });
  event.waitUntil(coming.catch(() => {}));
  return coming;
}

async function page(event, key) {
  /* no-cache: a page in the browser's own store is asked for again, so that it is never yesterday's. */
  const coming = fresh(event, key, new Request(event.request, { cache: "no-cache" }));
  const kept = await (await caches.open(NAME)).match(key);
  if (kept) {
    const answer = await Promise.race([
      coming.catch(() => null),
      new Promise((done) => setTimeout(done, PATIENCE, null)),
    ]);
    return answer && answer.status < 500 ? answer : marked(kept);
  }
  try {
    return await coming;
  } catch (error) {
    if (key !== EXPLAINS && (await (await caches.open(NAME)).match(EXPLAINS)))
      return Response.redirect(`${EXPLAINS}#not-kept`, 302);
    throw error;
  }
}

/* A kept page with a bar that says so and stays in sight. */
async function marked(kept) {
  const text = await kept.text();
  const lang = text.match(/<html[^>]*? lang="([\w-]+)"/)?.[1] ?? "en";
  const locale = lang === "en" ? "en-GB" : lang;
  const day = new Date(kept.headers.get("x-kept")).toLocaleDateString(locale, {
    day: "numeric",
    month: "long",
    year: "numeric",
  });
  const words = _(
    "Offline copy of {day}. The current page could not be reached: it may say something else now.",
  ).replace("{day}", day);
  const bar = `<div class="kept" role="status">${words}</div>`;
  const headers = new Headers({ "content-type": "text/html; charset=utf-8" });
  return new Response(
    text.replace(/<body[^>]*>/, (tag) => tag + bar),
    { status: 200, headers },
  );
}

async function file(event, key) {
  try {
    return await fresh(event, key, event.request);
  } catch (error) {
    const kept = await (await caches.open(NAME)).match(key);
    if (kept) return kept;
    throw error;
  }
}
