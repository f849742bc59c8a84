/* The search box: what is urgent first, then the answers for the reader, then ways on. The index comes from this
   site, once, when the box is touched; each reader has one. A guide about several conditions has more of the index
   for each: see 30-parts.js. */
(() => {
  "use strict";
  const { root, _, asset, loadScript, isShortcut, search } = window.guide;
  // From a disk no browser lets a page fetch a file: there the index is a script, and a page its index.html.
  const onDisk = location.protocol === "file:";
  const pageEnd = onDisk ? "index.html" : "";
  const FLAGS = {
    "get help now": _("Get help now: call your emergency number"),
    "call your team today": _("Call your care team today"),
    "not approved": _("Not approved for this disease"),
    "do not combine": _("Do not combine"),
  };
  const READERS = { patients: _("For patients"), clinicians: _("For clinicians") };
  const OTHER = { patients: "clinicians", clinicians: "patients" };
  // By reader: a promise of the index, what asks it, and its parts.
  const indexes = {};

  /* ---- The index ---- */

  /* A file of the index. Its sections come as columns and are returned as rows. */
  async function readIndex(name) {
    let index;
    if (onDisk) {
      await loadScript(`search/${name}.json`, ".js");
      index = window.guideSearchData;
    } else {
      index = await (await fetch(asset(`search/${name}.json`))).json();
    }
    const columns = index.sections;
    index.sections = columns[0].map((_, place) => columns.map((column) => column[place]));
    return index;
  }

  async function start(track) {
    const data = await readIndex(track);
    // Whether words lose English endings.
    search.isEnglish = !data.stems;
    const engine = search.engine(data);
    const tools = {
      ...search,
      readIndex: (part) => readIndex(`${track}/${part}`),
      addSections: engine.add,
    };
    return { data, engine, parts: data.parts ? search.parts(data, tools) : null };
  }

  function load(track) {
    indexes[track] ??= start(track).catch((error) => {
      // The next touch tries again.
      delete indexes[track];
      throw error;
    });
    return indexes[track];
  }

  /* The answers, once what the question needs of the index is there. */
  async function ask(query, track, topic) {
    const { data, engine, parts } = await load(track);
    const here = topic ?? ownTopic(data);
    await parts?.prepare(query, here);
    return engine.ask(query, here, parts?.weight);
  }

  /* ---- The reader ---- */

  const form = document.querySelector("form.guide-search");
  if (!form) return;
  const input = form.querySelector("input");
  const list = document.getElementById("search-results");
  const meta = document.getElementById("search-count");
  const urgent = document.getElementById("search-urgent");
  const toggle = document.getElementById("__search");
  const folder = location.href.replace(root, "").split("/")[0];
  const TRACK = "guide-track";
  // The result marked by the arrow keys, and the question last asked.
  let active = -1;
  let turn = 0;
  let isReady = false;
  let sought = [];

  /* The reader's track: that of this page, else that of the last page that had one. */
  function ownTrack() {
    const bar = document.querySelector(".track-bar");
    const here = bar && (bar.matches(".track-bar--clinicians") ? "clinicians" : "patients");
    try {
      if (here) localStorage.setItem(TRACK, here);
      const last = localStorage.getItem(TRACK);
      return here || (Object.hasOwn(READERS, last) ? last : "patients");
    } catch {
      return here || "patients";
    }
  }

  /* The topic that the reader is in, once the index says which there are. */
  function ownTopic(data) {
    return data.pages.some((page) => page[2] === folder) ? folder : "";
  }

  /* The question stays in the address, so that Back brings the list again. */
  function keepInAddress(query) {
    const url = new URL(location.href);
    if (query) url.searchParams.set("q", query);
    else url.searchParams.delete("q");
    if (url.href !== location.href && !onDisk) history.replaceState(history.state, "", url);
  }

  /* ---- The list ---- */

  function element(name, className, ...content) {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...content);
    return made;
  }

  function linkTo(address, anchor, ...words) {
    const link = element("a", "", ...words);
    link.href = root + address + pageEnd + (anchor ? `#${anchor}` : "");
    return link;
  }

  /* The page that is chosen opens the fact that has the words asked: see assets/js/asked.js. */
  function leaveWords(link, words) {
    try {
      sessionStorage.setItem("guide-asked", JSON.stringify({ address: link.href, words }));
    } catch {
      // No storage: the page opens as it is.
    }
  }

  /* A way to choose: an answer, or a way on from one. */
  function option(address, anchor, className, ...content) {
    const link = linkTo(address, anchor);
    link.className = className;
    link.setAttribute("role", "option");
    link.setAttribute("aria-selected", "false");
    link.tabIndex = -1;
    link.append(...content);
    return link;
  }

  function hitItem({ row, others }, data, track) {
    const [page, anchor, title, excerpt, flag, , other] = row;
    const item = element("li", "md-search-result__item");
    const box = element("div", "md-search-result__article md-typeset");
    item.setAttribute("role", "none");
    if (flag) {
      const kind = flag.replace(/ /g, "-");
      box.append(element("p", `search-flag search-flag--${kind}`, FLAGS[flag]));
    }
    box.append(
      element("p", "search-title", title),
      element("p", `search-where search-where--${track}`, where(data, page, track)),
      element("p", "search-excerpt", excerpt),
    );
    item.append(option(data.pages[page][0], anchor, "md-search-result__link", box));
    // The same question about other medicines, and this answer for the other reader.
    for (const id of others) {
      const [place, there] = data.sections[id];
      const name = medicineOf(data, place);
      if (name) item.append(option(data.pages[place][0], there, "search-other", name));
    }
    if (other >= 0) {
      const words = READERS[OTHER[track]];
      item.append(option(data.pages[other][0], anchor, "search-other", words));
    }
    return item;
  }

  /* The medicine that a page is about, as a heading begins; "" for none. */
  function medicineOf(data, page) {
    const topic = data.pages[page][2];
    const name = Object.keys(data.medicines).find((one) => data.medicines[one].includes(topic));
    return name ? `${name[0].toUpperCase()}${name.slice(1)}` : "";
  }

  /* Whose page it is, which medicine it is about, and what it is called. */
  function where(data, page, track) {
    const name = medicineOf(data, page);
    return `${READERS[track]} \u00b7 ${name ? `${name}: ` : ""}${data.pages[page][1]}`;
  }

  /* What to do at once, above all answers. */
  function showUrgent(level, data, track) {
    const line = level && data.lines[level];
    urgent.hidden = !line;
    urgent.className = `search-urgent search-urgent--${level}`;
    const words = line ? line[track === "clinicians" ? 1 : 0] : "";
    if (urgent.textContent !== words) urgent.replaceChildren(...(words ? [words] : []));
  }

  /* A message with elements at its {places}. */
  function fill(message, values) {
    // Each second part is the name of a place.
    return message.split(/\{(\w+)\}/).map((part, at) => (at % 2 ? values[part] : part));
  }

  /* Ways on for a question about what the guide does not cover; pages may name it all the same. */
  function showLacking(words, isNamed) {
    const list = words.map((word) => `\u201c${word}\u201d`).join(", ");
    const glossary = linkTo("about/glossary/", "", _("Look in the glossary"));
    const message = isNamed
      ? _(
          "This guide is not about {words}. These pages name it. {glossary}, or ask your care team.",
        )
      : _("This guide does not cover {words}. {glossary}, or ask your care team or a pharmacist.");
    meta.replaceChildren(...fill(message, { words: list, glossary }));
  }

  function showNothing() {
    const glossary = linkTo("about/glossary/", "", _("Look in the glossary"));
    const message = _(
      "Nothing here answers that. Try other words. {glossary}, or ask your care team.",
    );
    meta.replaceChildren(...fill(message, { glossary }));
  }

  /* The form of a message that goes with a number, which stands at {count}. */
  function ngettext(one, many, count) {
    const forms = window.guideWords?.[one] ?? { one, other: many };
    const { lang } = document.documentElement;
    return _(forms[new Intl.PluralRules(lang).select(count)] ?? forms.other, { count });
  }

  function showAnswer(query, { urgent: level, lacks, hits, asked }, { data, parts }, track) {
    active = -1;
    sought = asked?.sought ?? [];
    input.removeAttribute("aria-activedescendant");
    list.replaceChildren(...hits.map((hit) => hitItem(hit, data, track)));
    list.querySelectorAll('[role="option"]').forEach((link, place) => {
      link.id = `search-result-${place}`;
    });
    showUrgent(level, data, track);
    parts?.offer(meta, query, () => show(input.value));
    if (!query) meta.textContent = _("Type your question in your own words");
    else if (lacks?.length) showLacking(lacks, hits.length > 0);
    else if (hits.length === search.MOST_HITS)
      meta.textContent = _("The {count} best answers", { count: hits.length });
    else if (hits.length)
      meta.textContent = ngettext("{count} answer found", "{count} answers found", hits.length);
    else if (parts?.hasMore()) meta.textContent = _("Choose a condition to search all its pages");
    else showNothing();
  }

  async function show(typed) {
    const query = typed.trim();
    turn += 1;
    const mine = turn;
    keepInAddress(query);
    const track = ownTrack();
    if (!isReady) meta.textContent = _("Loading the search \u2026");
    let index;
    let answer;
    try {
      index = await load(track);
      isReady = true;
      answer = query ? await ask(query, track) : { urgent: "", lacks: null, hits: [] };
    } catch {
      meta.textContent = _(
        "The search needs a connection the first time it is used on this device.",
      );
      return;
    }
    // A later question may have been asked meanwhile.
    if (mine === turn) showAnswer(query, answer, index, track);
  }

  /* ---- The keys ---- */

  let before = null;

  function turnBox(on) {
    if (!toggle || toggle.checked === on) return;
    toggle.checked = on;
    toggle.dispatchEvent(new Event("change"));
  }

  /* Closes the box; the focus goes back to where it was. */
  function closeBox() {
    keepInAddress("");
    turnBox(false);
    const back = before?.isConnected && before !== document.body ? before : null;
    if (back) back.focus();
    else input.blur();
  }

  /* Marks the result so many steps further on. */
  function move(step) {
    const links = list.querySelectorAll('[role="option"]');
    if (!links.length) return;
    links[active]?.setAttribute("aria-selected", "false");
    active = (active + step + links.length) % links.length;
    links[active].setAttribute("aria-selected", "true");
    links[active].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", links[active].id);
  }

  const KEYS = { ArrowDown: () => move(1), ArrowUp: () => move(-1), Escape: closeBox };
  input.addEventListener("focus", (event) => {
    if (event.relatedTarget) before = event.relatedTarget;
    load(ownTrack()).catch(() => {});
  });
  input.addEventListener("input", () => show(input.value));
  input.addEventListener("keydown", (event) => {
    if (!Object.hasOwn(KEYS, event.key)) return;
    event.preventDefault();
    KEYS[event.key]();
  });
  list.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (link) leaveWords(link, sought);
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
    const place = active >= 0 ? `#search-result-${active}` : '[role="option"]';
    list.querySelector(place)?.click();
  });
  document.addEventListener("keydown", (event) => {
    if (!isShortcut(event) || !["/", "s", "f"].includes(event.key)) return;
    event.preventDefault();
    before = document.activeElement;
    input.focus();
  });
  toggle?.addEventListener("change", () => {
    if (toggle.checked && document.activeElement !== input) input.focus();
  });

  /* For tests: what a question finds. */
  window.guideSearch = (query, track = ownTrack(), topic = undefined) => ask(query, track, topic);
  window.guideSearch.tokens = search.tokens;

  function takeQuestionOfAddress() {
    const asked = new URL(location.href).searchParams.get("q");
    if (asked && !input.value) {
      input.value = asked;
      turnBox(true);
    }
    return asked;
  }

  // On the way back, Safari shows the page as it was, but empties the box, some time later.
  const LATER = [0, 100, 500];
  function keepQuestion() {
    for (const milliseconds of LATER) setTimeout(takeQuestionOfAddress, milliseconds);
  }
  window.addEventListener("pageshow", keepQuestion);

  // This script comes when the box is touched: what was done before it came still counts.
  const asked = takeQuestionOfAddress();
  if (asked) keepQuestion();
  if (toggle?.checked) input.focus();
  if (document.activeElement === input || asked) show(input.value);
})();
