/* A guide about several conditions: the first file of the search index has the pages about the guide and a
   line for every topic, and each condition has a file of its own. This decides which files a question needs. */
window.guide.search.parts = (data, tools) => {
  "use strict";
  const { _ } = window.guide;
  // The most files that one question fetches; a guide with no more than that is searched whole.
  const MOST = 3;
  const POINTS = { chosen: 16, topic: 8, condition: 4, medicine: 1 };
  const parts = data.parts.map(([id, name, topics, called]) => ({
    id,
    name,
    topics,
    called,
    loading: null,
    failed: false,
  }));
  // The part of each section by its place; -1 is the first file.
  const partOfSection = data.sections.map(() => -1);
  const medicines = Object.keys(data.leads);
  let chosen = -1;
  let last = { weight: {}, more: false, failed: false };

  function add(place, more) {
    const pages = data.pages.length;
    const sections = data.sections.length;
    data.vocabulary = { ...more.vocabulary, ...data.vocabulary };
    for (const [name, topics] of Object.entries(more.medicines)) {
      const known = Object.hasOwn(data.medicines, name) ? data.medicines[name] : [];
      data.medicines[name] = [...known, ...topics];
    }
    data.background = [...data.background, ...more.background];
    data.pages = [...data.pages, ...more.pages];
    // A row names its page first, and last the page that answers the other reader; -1 for none.
    const moved = more.sections.map((row) => [
      row[0] + pages,
      ...row.slice(1, -1),
      row.at(-1) < 0 ? -1 : row.at(-1) + pages,
    ]);
    data.sections = [...data.sections, ...moved];
    for (const _ of moved) partOfSection.push(place);
    tools.addSections(sections, tools.unpack(more, "sections"));
  }

  async function load(part, place) {
    try {
      add(place, await tools.readIndex(part.id));
      part.failed = false;
    } catch {
      part.loading = null;
      part.failed = true;
    }
  }

  function fetchPart(place) {
    const part = parts[place];
    part.loading ??= load(part, place);
    return part.loading;
  }

  /* A function that says whether the words hold a name: as it is, or a long one misspelt. What counts as
     misspelt is the same as in slip_of_the_pen() of scripts/guide/search/tokens.py. */
  function holder(words) {
    const text = ` ${words.join(" ")} `;
    const phrases = {};
    function ofLength(count) {
      phrases[count] ??= words
        .slice(0, Math.max(0, words.length - count + 1))
        .map((_, at) => words.slice(at, at + count).join(" "));
      return phrases[count];
    }
    return (name) =>
      text.includes(` ${name} `) ||
      (name.length > 5 &&
        ofLength(name.split(" ").length).some(
          (phrase) => phrase[0] === name[0] && tools.isClose(phrase, name),
        ));
  }

  /* How much each part concerns the question, by place: where the reader is or chose to look, then what
     the question names. */
  function scores(query, topic) {
    const isNamed = holder(tools.tokens(query));
    const score = {};
    const give = (place, points) => {
      score[place] = (score[place] || 0) + points;
    };
    let here = -1;
    parts.forEach((part, place) => {
      if (part.topics.includes(topic)) {
        here = place;
        give(place, POINTS.topic);
      }
      if (part.called.some(isNamed)) give(place, POINTS.condition);
    });
    if (chosen >= 0) give(chosen, POINTS.chosen);
    for (const name of medicines.filter(isNamed)) {
      const places = data.leads[name];
      // A reader at one condition who names its medicine asks about it there.
      if (!places.includes(here)) for (const place of places) give(place, POINTS.medicine);
    }
    return score;
  }

  function buildChoice(meta, again) {
    const box = document.createElement("div");
    box.id = "search-in";
    box.innerHTML =
      '<p class="search-in__failed"></p><p class="search-in__choice"><label><select></select></label></p>';
    box.querySelector(".search-in__failed").textContent = _(
      "Some pages could not be reached. These answers are from the others.",
    );
    box.querySelector("label").prepend(_("Search in one condition:"), " ");
    const select = box.querySelector("select");
    const options = parts.map((part, place) => new Option(part.name, place));
    options.sort((one, other) => one.text.localeCompare(other.text, document.documentElement.lang));
    select.append(new Option(_("Choose one"), "-1"), ...options);
    select.addEventListener("change", () => {
      chosen = Number(select.value);
      again();
    });
    meta.after(box);
    return box;
  }

  return {
    /* Fetches what the question needs. What cannot be fetched is left out, and `offer` says so. */
    async prepare(query, topic) {
      const score = scores(query, topic);
      let places = Object.keys(score).map(Number);
      places.sort((one, other) => score[other] - score[one] || one - other);
      const isNamed = places.length > 0;
      if (!isNamed && parts.length <= MOST && tools.tokens(query).length)
        places = parts.map((_, place) => place);
      const wanted = places.slice(0, MOST);
      await Promise.all(wanted.map(fetchPart));
      last = {
        weight: Object.fromEntries(
          wanted.map((place) => [place, score[place] >= POINTS.condition ? 1.3 : 1]),
        ),
        more: parts.length > MOST && (!isNamed || places.length > MOST || chosen >= 0),
        failed: wanted.some((place) => parts[place].failed),
      };
    },

    /* What a section counts for in the last question; 0 where its part does not concern the question. */
    weight(section) {
      const place = partOfSection[section];
      // Who chose a condition asks about that, and not about the guide.
      if (place < 0) return chosen < 0 ? 1 : 0.3;
      return last.weight[place] || 0;
    },

    /* Whether the answer may be in parts that the question did not name. */
    hasMore() {
      return last.more && chosen < 0;
    },

    /* Below the count of results: what could not be fetched, and the conditions to choose from where the
       question names none. */
    offer(meta, query, again) {
      const box = document.getElementById("search-in") || buildChoice(meta, again);
      box.querySelector(".search-in__failed").hidden = !query || !last.failed;
      box.querySelector(".search-in__choice").hidden = !query || !last.more;
    },
  };
};
