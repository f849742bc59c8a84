/* Keeps a copy of the pages a reader has opened, for when there is no connection. The network answers
   first, and its answer goes to the reader as it comes; the copy is made beside it. A kept page stands in
   only where no answer comes, and says so. No fault of the device's storage reaches the reader.
   Sends nothing, tells nobody, and holds nothing but this site's own public files. */
"use strict";
const BUILD = "unfinished"; // the finishing pass writes the build's digest here
const ROOT = new URL("./", self.location).href;
const NAME = `guide ${new URL(ROOT).pathname}`;
const OF_A_BUILD = `${NAME} `; // how caches of earlier workers begin: one for each build
const EXPLAINS = `${ROOT}about/offline/`;
const PATIENCE = 5000; // milliseconds before a kept copy stands in for an answer that does not come
const RENEWAL = 60000; // milliseconds for renewing what is kept; what is left is renewed next time
const HASHED = /\.[0-9a-f]{10}\.\w+$/; // an address whose bytes never change: it holds their digest

/* The words in the guide's own language, where the build has put them in front of this file. */
const _ = (message) => self.guideWords?.[message] ?? message;

const bare = (address) => address.split(/[?#]/)[0];
const pause = (time) => new Promise((done) => setTimeout(done, time));

/* What is on its way, by address: a page that was shown from a copy asks what became of it. */
const coming = new Map();
/* Windows that show a kept page because the network was silent: their files come from here at once. */
const windowsWithCopy = new Set();
/* Pages whose reader was told that the current one is here, and wants to see that one. */
const wanted = new Map();
let renewed = false; // whether all that is kept is of this build

// -- what is kept ------------------------------------------------------------------------------

/* Storage may be full, switched off, broken or asleep. Whoever asks it then gets nothing, never an error. */
function fromStorage(use, limit = 2000) {
  const found = (async () => use())().catch(() => undefined);
  return Promise.race([found, pause(limit)]);
}

const withCache = (use, limit) => fromStorage(async () => use(await caches.open(NAME)), limit);
const recall = (key) => withCache((cache) => cache.match(key, { ignoreVary: true }));
const drop = (key) => withCache((cache) => cache.delete(key, { ignoreVary: true }));

/* The day of a copy's words: that of the first copy with the same bytes. */
const since = (copy) => copy.headers.get("x-since") ?? copy.headers.get("x-kept");

/* The headers of an answer without those of its transport. Its bytes are unpacked by now, and they are the
   answer to this address whatever the request was: what has "Vary: *" could not be kept at all. */
function headersOf(answer) {
  const headers = new Headers(answer.headers);
  for (const name of ["content-encoding", "content-length", "vary"]) headers.delete(name);
  return headers;
}

async function equal(copy, blob) {
  const old = await copy.blob();
  return old.size === blob.size && (await old.text()) === (await blob.text());
}

/* Keeps the bytes of an answer. Returns since when they are the same, and whether they are kept. An older
   copy that is known to be out of date goes first: where there is no room for the new one, none stays. */
async function store(key, blob, answer) {
  const old = await recall(key);
  const now = new Date().toISOString();
  const same = old && (await equal(old, blob).catch(() => false));
  const headers = headersOf(answer);
  headers.set("x-kept", now);
  headers.set("x-since", same ? since(old) : now);
  headers.set("x-build", BUILD);
  if (!same) await drop(key);
  const kept = await withCache(async (cache) => {
    await cache.put(key, new Response(blob, { status: 200, headers }));
    return true;
  }, 5000);
  return {
    reached: true,
    kept: Boolean(kept),
    changed: Boolean(old) && !same,
    since: headers.get("x-since"),
  };
}

// -- what is asked for -------------------------------------------------------------------------

/* Whether an answer may stand in later. A page under the address of a file comes from something between
   here and the host, such as the login of a network. */
function good(key, answer) {
  const isPage = /^text\/html/.test(answer.headers.get("content-type"));
  const isFile = /\.(?!html$)\w+$/.test(key);
  return (
    answer.status === 200 &&
    answer.type === "basic" &&
    !answer.redirected &&
    answer.body &&
    !(isPage && isFile)
  );
}

/* Asks the network. `begun` is the answer, as soon as its first bytes are there. `ended` says what became
   of the copy that is made beside it; it never fails. `reader` is the window that will show the answer. */
function ask(key, request, reader) {
  let begin;
  let fail;
  const begun = new Promise((resolve, reject) => {
    begin = resolve;
    fail = reject;
  });
  begun.catch(() => {});
  const ended = follow(key, request, begin, fail).catch(() => ({ reached: false, kept: false }));
  coming.set(key, ended);
  ended.then((outcome) => {
    if (coming.get(key) === ended) coming.delete(key);
    if (outcome.changed && reader !== undefined) tellOthers(key, reader);
  });
  return { begun, ended };
}

async function follow(key, request, begin, fail) {
  try {
    const answer = await fetch(request);
    if (!good(key, answer)) {
      begin(answer);
      if (answer.status === 404 || answer.status === 410) await drop(key);
      return { reached: answer.status < 500, kept: false };
    }
    const parts = [];
    await relay(answer, parts, begin, key.endsWith("/"));
    return await store(key, new Blob(parts), answer);
  } catch (error) {
    // Without effect where the answer has begun.
    fail(error);
    throw error;
  }
}

/* Hands an answer on as it comes, and collects its parts. Fails where the connection breaks off: a page
   then ends with a bar that says so, for browsers show nothing of a page that fails in its first lines. */
async function relay(answer, parts, begin, isPage) {
  const bytes = answer.body.getReader();
  let part = await bytes.read();
  let to;
  const stream = new ReadableStream({
    start(controller) {
      to = controller;
    },
    // The reader has left. The copy is made all the same.
    cancel() {
      to = null;
    },
  });
  begin(new Response(stream, { status: 200, headers: headersOf(answer) }));
  try {
    for (; !part.done; part = await bytes.read()) {
      parts.push(part.value);
      to?.enqueue(part.value);
    }
    to?.close();
  } catch (error) {
    if (isPage) {
      to?.enqueue(new TextEncoder().encode(brokenOff()));
      to?.close();
    } else to?.error(error);
    throw error;
  }
}

/* Tells windows that show an older edition of a page that there is a newer one. A worker that renews what is
   kept is not in charge of any window yet. */
async function tellOthers(key, reader) {
  for (const client of await self.clients.matchAll({ type: "window", includeUncontrolled: true }))
    if (client.id !== reader && bare(client.url) === key) client.postMessage({ newer: true });
}

/* The answer that comes first: the network's, or after the patience "late" where there is a copy. */
function first(begun, kept) {
  const late = pause(PATIENCE)
    .then(() => kept)
    .then((copy) => (copy ? "late" : begun));
  return Promise.race([begun, late]).catch(() => "unreached");
}

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

async function page(event, key) {
  const chosen = wanted.get(key);
  wanted.delete(key);
  const kept = recall(key);
  if (chosen) {
    const copy = await kept;
    if (copy && since(copy) === chosen) return copy;
  }
  /* no-cache: a page in the browser's own store is asked for again, so that it is never yesterday's. */
  const request = new Request(event.request, { cache: "no-cache" });
  const { begun, ended } = ask(key, request, event.resultingClientId || undefined);
  event.waitUntil(ended);
  const answer = await first(begun, kept);
  if (answer.status < 500) return answer;
  const copy = await kept;
  const standIn = copy && (await marked(copy, answer).catch(() => null));
  if (standIn) {
    windowsWithCopy.add(event.resultingClientId);
    return standIn;
  }
  try {
    return await begun;
  } catch (error) {
    if (key !== EXPLAINS && (await recall(EXPLAINS)))
      return Response.redirect(`${EXPLAINS}#not-kept`, 302);
    throw error;
  }
}

async function file(event, key) {
  const kept = recall(key);
  if (HASHED.test(key) || windowsWithCopy.has(event.clientId)) {
    const copy = await kept;
    if (copy) return copy;
  }
  const { begun, ended } = ask(key, event.request);
  event.waitUntil(ended);
  const answer = await first(begun, kept);
  return answer.status < 500 ? answer : (await kept) || begun;
}

const barOf = (words, more = "") => `<div class="kept" role="status"${more}>${words}</div>`;

const brokenOff = () =>
  barOf(_("The connection broke off: the rest of this page is missing. Load the page again."));

/* A kept page with a bar that says so and stays in sight. */
async function marked(kept, why) {
  const text = await kept.clone().text();
  const lang = text.match(/<html[^>]*? lang="([\w-]+)"/)?.[1] ?? "en";
  const locale = lang === "en" ? "en-GB" : lang;
  const day = new Date(kept.headers.get("x-kept")).toLocaleDateString(locale, {
    day: "numeric",
    month: "long",
    year: "numeric",
  });
  const words =
    why === "late"
      ? _("Copy of {day}. The current page is slow to come: it may say something else now.")
      : _(
          "Offline copy of {day}. The current page could not be reached: it may say something else now.",
        );
  const bar = barOf(words.replace("{day}", day), ` data-since="${since(kept)}"`);
  const headers = new Headers({ "content-type": "text/html; charset=utf-8" });
  return new Response(
    text.replace(/<body[^>]*>/, (tag) => tag + bar),
    { status: 200, headers },
  );
}

// -- what is kept beforehand and renewed -------------------------------------------------------

/* no-cache: a copy has the day on which it was taken, so it must be of that day. */
const anew = (key, limit) =>
  new Request(key, {
    cache: HASHED.test(key) ? "default" : "no-cache",
    signal: AbortSignal.timeout?.(limit),
  });

async function keep(addresses, tell) {
  let kept = 0;
  let full = false;
  for (const [place, address] of addresses.entries()) {
    const key = bare(address);
    if (key.startsWith(ROOT) && !(await recall(key))) {
      const outcome = await ask(key, anew(key, RENEWAL)).ended;
      if (outcome.kept) kept += 1;
      else if (outcome.since) full = true;
    } else kept += 1;
    tell({ done: place + 1, kept, of: addresses.length, full });
  }
}

/* Fetches anew what was kept before this build, pages first. Returns at the first that cannot be fetched:
   the rest stays, with its day. Files that an old page needs are therefore never dropped before it. */
async function renew() {
  if (renewed) return;
  const until = Date.now() + RENEWAL;
  const requests = (await withCache((cache) => cache.keys())) ?? [];
  const [pages, files] = [true, false].map((wantsPage) =>
    requests.map((request) => request.url).filter((key) => key.endsWith("/") === wantsPage),
  );
  for (const key of [...pages, ...files]) {
    const copy = await recall(key);
    const left = until - Date.now();
    if (!copy || copy.headers.get("x-build") === BUILD) continue;
    if (left <= 0 || !(await ask(key, anew(key, left), "").ended).reached) return;
  }
  renewed = true;
}

/* Takes over what an earlier worker kept in a cache of one build. */
async function adopt() {
  for (const name of await caches.keys()) {
    if (!name.startsWith(OF_A_BUILD)) continue;
    const old = await caches.open(name);
    for (const request of await old.keys())
      if (!(await recall(request.url))) {
        const copy = await old.match(request, { ignoreVary: true });
        if (copy) await withCache((cache) => cache.put(request.url, copy));
      }
    await caches.delete(name);
  }
}

self.addEventListener("install", (event) =>
  event.waitUntil(
    (async () => {
      await keep([EXPLAINS], () => {});
      await fromStorage(adopt, RENEWAL);
      await renew();
      await self.skipWaiting();
    })(),
  ),
);

self.addEventListener("activate", (event) =>
  event.waitUntil(fromStorage(adopt).then(() => self.clients.claim())),
);

async function forget() {
  for (const name of await caches.keys())
    if (name === NAME || name.startsWith(OF_A_BUILD)) await caches.delete(name);
}

/* What became of the page at an address that is shown from a copy. */
async function current(key) {
  const {
    reached,
    since: day,
    kept,
  } = await (coming.get(key) ?? ask(key, anew(key, RENEWAL)).ended);
  return { reached, since: day, kept };
}

self.addEventListener("message", (event) => {
  const data = event.data || {};
  const tell = (word) => event.ports[0]?.postMessage(word);
  if (data.keep) event.waitUntil(keep(data.keep, tell).then(renew));
  if (data.forget)
    event.waitUntil(fromStorage(forget, RENEWAL).then(() => tell({ forgotten: true })));
  if (data.current) event.waitUntil(current(bare(data.current)).then(tell));
  if (data.show) {
    wanted.set(bare(data.show), data.since);
    setTimeout(() => wanted.delete(bare(data.show)), 10000);
    tell({ ready: true });
  }
});
