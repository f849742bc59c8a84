/* The search box: finds the section that answers, in the reader's own words, misspelt ones too. The index
   and the engine (MiniSearch) come from this site, once, when the box is touched. A guide about several
   conditions has more of the index for each: see search-parts.js. */
(() => {
  "use strict";
  const { root, _, loadScript, isShortcut } = window.guide;
  // From a disk no browser lets a page fetch a file: there the index is a script, and a page its index.html.
  const onDisk = location.protocol === "file:";
  const pageEnd = onDisk ? "index.html" : "";
  const ENDINGS = ["ation", "ing", "ion", "ed"];
  // Words of the longest phrase in the vocabulary.
  const LONGEST_PHRASE = 4;
  const MOST_HITS = 12;
  const FLAGS = {
    "get help now": _("Get help now: call your emergency number"),
    "call your team today": _("Call your care team today"),
    "not approved": _("Not approved for this disease"),
    "do not combine": _("Do not combine"),
  };
  const TRACKS = { p: _("For patients"), c: _("For clinicians"), b: _("For everyone") };
  // Whether words lose English endings; otherwise letters lose their marks. The index says it.
  let isEnglish = true;
  let engine = null;
  let loading = null;

  /* ---- The index ---- */

  /* The stem of a word, as in tokens() of scripts/guide/search/tokens.py. */
  function stem(word) {
    let stemmed = word;
    if (word.length > 4 && word.endsWith("ies")) stemmed = `${word.slice(0, -3)}y`;
    else if (word.length > 3 && word.endsWith("s") && !word.endsWith("ss"))
      stemmed = word.slice(0, -1);
    const ending = ENDINGS.find((one) => stemmed.endsWith(one) && stemmed.length > one.length + 3);
    return ending ? stemmed.slice(0, -ending.length) : stemmed;
  }

  /* The same as tokens() in scripts/guide/search/tokens.py. */
  function tokens(text) {
    if (!isEnglish) return foldedTokens(text);
    const joined = text.toLowerCase().replace(/([a-z])[-\u2011 ](\d)/g, "$1$2");
    return (joined.match(/[a-z0-9]+/g) || []).map(stem);
  }

  function foldedTokens(text) {
    const folded = text
      .toLowerCase()
      .replaceAll("ß", "ss")
      .normalize("NFKD")
      .replace(/\p{M}/gu, "");
    const joined = folded.replace(/(\p{L})[-\u2011 ]([0-9])/gu, "$1$2");
    return joined.match(/[\p{L}\p{N}]+/gu) || [];
  }

  /* A file of the index. Its sections come as columns and are returned as rows. */
  async function readIndex(name) {
    let index;
    if (onDisk) {
      await loadScript(`${name}.js`);
      index = window.guideSearchData;
    } else {
      index = await (await fetch(`${root}assets/${name}`)).json();
    }
    const columns = index.sections;
    index.sections = columns[0].map((_, place) => columns.map((column) => column[place]));
    return index;
  }

  async function start() {
    const [data] = await Promise.all([
      readIndex("search.json"),
      window.MiniSearch || loadScript("minisearch.js"),
    ]);
    isEnglish = !data.stems;
    const stop = new Set(data.stop);
    const mini = new window.MiniSearch({
      fields: ["title", "meant", "typed", "page", "words"],
      idField: "id",
      tokenize: tokens,
      processTerm: (term) => (stop.has(term) || term.length < 2 ? null : term),
    });
    engine = { data, mini, stop, parts: null };
    addSections(0);
    if (data.parts) {
      await loadScript("search-parts.js");
      engine.parts = window.guideSearchParts(data, { readIndex, addSections, tokens, isClose });
    }
    return engine;
  }

  function load() {
    loading ??= start();
    return loading;
  }

  /* Puts the sections from this place on into the engine. */
  function addSections(from) {
    const { mini, data } = engine;
    mini.addAll(
      data.sections.slice(from).map(([page, , title, excerpt, words, typed], place) => ({
        id: from + place,
        title,
        // A heading is understood as a query is: "at the same time" is "combine" on both sides.
        meant: understand(title).meant.join(" "),
        typed,
        page: data.pages[page][1],
        words: `${words} ${excerpt}`,
      })),
    );
  }

  /* ---- The question ---- */

  /* How many words from this place on are a phrase of the vocabulary; 0 for none. The longest wins. */
  function phraseAt(words, at) {
    for (let size = Math.min(LONGEST_PHRASE, words.length - at); size > 0; size--) {
      const phrase = words.slice(at, at + size).join(" ");
      if (Object.hasOwn(engine.data.vocabulary, phrase)) return size;
    }
    return 0;
  }

  /* The reader's own words that tell something, and the guide's words for what they mean. */
  function understand(query) {
    const words = tokens(query);
    const { stop, data } = engine;
    const own = words.filter((word) => !stop.has(word) && word.length > 1);
    const meant = [];
    for (let at = 0; at < words.length; ) {
      const size = phraseAt(words, at);
      if (size) meant.push(...data.vocabulary[words.slice(at, at + size).join(" ")].split(" "));
      at += size || 1;
    }
    return { own, meant: meant.filter((word) => !own.includes(word) && !stop.has(word)) };
  }

  /* Whether a word is a name, or a long one with at most two letters wrong (Levenshtein's distance). */
  function isClose(word, name) {
    if (word === name) return true;
    if (Math.abs(word.length - name.length) > 2 || word.length < 6) return false;
    const row = Array.from({ length: name.length + 1 }, (_, at) => at);
    for (let i = 1; i <= word.length; i++) {
      let diagonal = row[0];
      row[0] = i;
      for (let j = 1; j <= name.length; j++) {
        const above = row[j];
        const changed = diagonal + (word[i - 1] === name[j - 1] ? 0 : 1);
        row[j] = Math.min(above + 1, row[j - 1] + 1, changed);
        diagonal = above;
      }
    }
    return row[name.length] <= 2;
  }

  /* The topics that the question is about: those of the medicines it names, else the reader's own. */
  function topicsAsked(terms, topic) {
    const { data, parts } = engine;
    const named = Object.keys(data.medicines).filter((name) =>
      terms.some((word) => isClose(word, name)),
    );
    if (named.length) return named.flatMap((name) => data.medicines[name]);
    const only = parts ? "" : data.pages.map((page) => page[3]).find(Boolean);
    return [topic || only].filter(Boolean);
  }

  /* The engine's hits, ordered by how much of the question each section answers. */
  function rank(asked, track, topic) {
    const { data, mini, stop, parts } = engine;
    const background = new Set(data.background);
    const terms = [...asked.own, ...asked.meant];
    const telling = new Set(terms.filter((word) => !background.has(word)));
    const topics = topicsAsked(terms, topic);

    function boostTerm(term) {
      if (background.has(term) && telling.size) return 0.4;
      return asked.own.includes(term) ? 1 : 0.8;
    }

    function boostDocument(id) {
      const row = data.sections[id];
      const page = data.pages[row[0]];
      let boost = parts ? parts.weight(id) : 1;
      if (page[2] === track) boost *= 1.7;
      else if (page[2] === "b") boost *= 0.6;
      if (topics.includes(page[3])) boost *= 1.5;
      return row[6] ? boost * 1.35 : boost;
    }

    const hits = mini.search(terms.join(" "), {
      boost: { title: 4, meant: 4, typed: 3, page: 1.5, words: 1 },
      combineWith: "OR",
      prefix: (term) => term.length > 3,
      fuzzy: (term) => (term.length > 7 ? 2 : term.length > 4 && 1),
      weights: { fuzzy: 0.7, prefix: 0.5 },
      filter: parts ? (hit) => parts.weight(hit.id) > 0 : undefined,
      boostTerm,
      boostDocument,
    });
    for (const hit of hits) {
      const met = new Set(hit.queryTerms);
      const told = [...telling].filter((word) => met.has(word)).length;
      const heading = tokens(data.sections[hit.id][2]).filter(
        (word) => !stop.has(word) && !background.has(word),
      );
      const said = heading.filter((word) => telling.has(word)).length;
      if (heading.length) hit.score *= 1 + (0.6 * said) / heading.length;
      if (telling.size) hit.score *= (0.15 + (0.85 * told) / telling.size) ** 1.3;
    }
    return hits.sort((one, other) => other.score - one.score);
  }

  /* The sections to show, each once: the same words may stand on the pages of several medicines. */
  function search(query, track, topic) {
    const asked = understand(query);
    if (!asked.own.length && !asked.meant.length) return [];
    const { data } = engine;
    const seen = new Set();
    const found = [];
    for (const { id, score } of rank(asked, track, topic)) {
      if (found.length === MOST_HITS) break;
      const [place, anchor, title, excerpt, , , flag] = data.sections[id];
      const [address, page, pageTrack] = data.pages[place];
      const words = `${pageTrack}|${title}|${excerpt.slice(0, 60)}`;
      const where = `${address}#${anchor}`;
      if (seen.has(words) || seen.has(where)) continue;
      seen.add(words).add(where);
      const url = root + address + pageEnd + (anchor ? `#${anchor}` : "");
      found.push({ url, title, page, track: pageTrack, excerpt, flag, score });
    }
    return found;
  }

  /* The answers, once what the question needs of the index is there. */
  async function ask(query, track, topic) {
    await load();
    await engine.parts?.prepare(query, topic);
    return search(query, track, topic);
  }

  function nearestTerms(query) {
    const options = { fuzzy: 0.4, prefix: true, combineWith: "OR" };
    const suggestions = engine.mini.autoSuggest(query, options).slice(0, 3);
    return suggestions.map((one) => one.suggestion);
  }

  /* ---- The box ---- */

  const form = document.querySelector("form.guide-search");
  if (!form) return;
  const input = form.querySelector("input");
  const list = document.getElementById("search-results");
  const meta = document.getElementById("search-count");
  const toggle = document.getElementById("__search");
  const ownTrack = document.querySelector(".track-bar--clinicians") ? "c" : "p";
  const folder = location.href.replace(root, "").split("/")[0];
  // The result marked by the arrow keys, and the question last asked.
  let active = -1;
  let turn = 0;

  function closeSearch() {
    if (toggle?.checked) {
      toggle.checked = false;
      toggle.dispatchEvent(new Event("change"));
    }
    input.blur();
  }

  /* The form of a message that goes with a number, which stands at {count}. */
  function ngettext(one, many, count) {
    const forms = window.guideWords?.[one] ?? { one, other: many };
    const { lang } = document.documentElement;
    return _(forms[new Intl.PluralRules(lang).select(count)] ?? forms.other, { count });
  }

  function element(name, className, text = "") {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.textContent = text;
    return made;
  }

  /* The topic that the reader is in, once the index says which there are. */
  function ownTopic() {
    return engine.data.pages.some((page) => page[3] === folder) ? folder : "";
  }

  function hitItem(hit, place) {
    const item = element("li", "md-search-result__item");
    const link = element("a", "md-search-result__link");
    const box = element("div", "md-search-result__article md-typeset");
    item.setAttribute("role", "none");
    link.id = `search-result-${place}`;
    link.setAttribute("role", "option");
    link.setAttribute("aria-selected", "false");
    link.href = hit.url;
    link.tabIndex = -1;
    if (hit.flag) {
      const kind = hit.flag.replace(/ /g, "-");
      box.append(element("p", `search-flag search-flag--${kind}`, FLAGS[hit.flag]));
    }
    const where = `${TRACKS[hit.track]} \u00b7 ${hit.page}`;
    box.append(
      element("p", "search-title", hit.title),
      element("p", `search-where search-where--${hit.track}`, where),
      element("p", "search-excerpt", hit.excerpt),
    );
    link.append(box);
    link.addEventListener("click", closeSearch);
    item.append(link);
    return item;
  }

  function showNothingFound(query) {
    const words = nearestTerms(query).join(", ");
    const glossary = element("a", "", _("Look in the glossary"));
    glossary.href = `${root}about/glossary/${pageEnd}`;
    const message = words
      ? _("Nothing found. Nearest words: {words}. {glossary}, or ask your care team.")
      : _("Nothing found. {glossary}, or ask your care team.");
    const values = { words, glossary };
    // Each second part is the name of a place.
    const parts = message.split(/\{(\w+)\}/);
    meta.replaceChildren(...parts.map((part, at) => (at % 2 ? values[part] : part)));
  }

  function showHits(query, hits) {
    active = -1;
    input.removeAttribute("aria-activedescendant");
    list.replaceChildren(...(query.trim() ? hits.map(hitItem) : []));
    engine.parts?.offer(meta, query.trim(), () => show(input.value));
    if (!query.trim()) {
      meta.textContent = _("Type your question in your own words");
    } else if (hits.length) {
      meta.textContent = ngettext("{count} section found", "{count} sections found", hits.length);
    } else if (engine.parts?.hasMore()) {
      meta.textContent = _("Choose a condition to search all its pages");
    } else {
      showNothingFound(query);
    }
  }

  async function show(query) {
    turn += 1;
    const mine = turn;
    let hits;
    try {
      await load();
      hits = await ask(query, ownTrack, ownTopic());
    } catch {
      loading = null;
      meta.textContent = _(
        "The search needs a connection the first time it is used on this device.",
      );
      return;
    }
    // A later question may have been asked meanwhile.
    if (mine === turn) showHits(query, hits);
  }

  /* Marks the result so many steps further on. */
  function move(step) {
    const links = list.querySelectorAll("a");
    if (!links.length) return;
    links[active]?.setAttribute("aria-selected", "false");
    active = (active + step + links.length) % links.length;
    links[active].setAttribute("aria-selected", "true");
    links[active].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", links[active].id);
  }

  const KEYS = { ArrowDown: () => move(1), ArrowUp: () => move(-1), Escape: closeSearch };
  input.addEventListener("focus", load);
  input.addEventListener("input", () => show(input.value));
  input.addEventListener("keydown", (event) => {
    if (!Object.hasOwn(KEYS, event.key)) return;
    event.preventDefault();
    KEYS[event.key]();
  });
  form.addEventListener("reset", () => {
    // The box is emptied only after this event.
    setTimeout(() => {
      show("");
      input.focus();
    });
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    list.querySelector(active >= 0 ? `#search-result-${active}` : "a")?.click();
  });
  document.addEventListener("keydown", (event) => {
    if (!isShortcut(event) || !["/", "s", "f"].includes(event.key)) return;
    event.preventDefault();
    input.focus();
  });
  toggle?.addEventListener("change", () => {
    if (toggle.checked && document.activeElement !== input) input.focus();
  });

  /* For tests: the sections that a question finds. */
  window.guideSearch = async (query, track = ownTrack, topic) => {
    await load();
    return ask(query, track, topic ?? (engine.parts ? ownTopic() : ""));
  };
  window.guideSearch.tokens = tokens;

  // This script comes when the box is touched: what was done before it came still counts.
  if (toggle?.checked) input.focus();
  if (document.activeElement === input) {
    load();
    if (input.value) show(input.value);
  }
})();
