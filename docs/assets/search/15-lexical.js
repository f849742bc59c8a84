/* How well the words of a question fit those of each section: BM25 with a weight for each part of a section
   (Robertson and Zaragoza 2009, "The probabilistic relevance framework"). The index brings the words of sections
   inverted; those of titles and excerpts are added here. */
(() => {
  "use strict";
  const { search } = window.guide;
  // What a word counts for by where it stands.
  const TITLE = 4;
  const TYPED = 3;
  const PAGE = 1.5;
  const TEXT = 1;
  // How much the length of a title matters, and how long one is as a rule.
  const LENGTH = 0.7;
  const USUAL = 5;
  // A word that begins like one of the question's, and may be another.
  const PREFIX = 0.4;
  const SHORTEST_PREFIX = 4;

  search.lexical = (stop, know) => {
    // By word, what it counts for in each section.
    const weights = new Map();
    // By section, the words of its title without small ones.
    const titles = [];

    function put(word, section, weight) {
      if (stop.has(word) || word.length < 2) return;
      let row = weights.get(word);
      if (!row) {
        row = new Map();
        weights.set(word, row);
      }
      row.set(section, Math.max(weight, row.get(section) || 0));
    }

    /* Adds sections from a place on: `table` are their words by place in their own file. */
    function add(from, sections, table) {
      for (const [word, pairs] of table) {
        know(word);
        for (const [place, kind] of pairs) put(word, from + place, kind > 1 ? TYPED : TEXT);
      }
      sections.forEach(({ title, meant, page, excerpt }, at) => {
        const words = title.filter((word) => !stop.has(word));
        const shortness = 1 / (1 - LENGTH + (LENGTH * words.length) / USUAL);
        const heading = TITLE * Math.min(1.5, shortness);
        titles[from + at] = words;
        for (const word of [...title, ...page, ...excerpt]) know(word);
        for (const word of excerpt) put(word, from + at, TEXT);
        for (const word of page) put(word, from + at, PAGE);
        for (const word of [...words, ...meant]) put(word, from + at, heading);
      });
    }

    function rarity(row) {
      return Math.log(1 + (titles.length - row.size + 0.5) / (row.size + 0.5));
    }

    /* The words that a word may be the beginning of. */
    function longer(word) {
      if (word.length < SHORTEST_PREFIX) return [];
      return [...weights.keys()].filter((known) => known !== word && known.startsWith(word));
    }

    /* How well sections fit words, by place, and which of the words each has. `terms`: by word, what it
       counts for. */
    function fit(terms) {
      const scores = new Map();
      function note(section, score, word) {
        let found = scores.get(section);
        if (!found) {
          found = { score: 0, words: new Map() };
          scores.set(section, found);
        }
        const better = score - (found.words.get(word) || 0);
        if (better <= 0) return;
        found.words.set(word, score);
        found.score += better;
      }
      for (const [word, counted] of terms) {
        const row = weights.get(word);
        if (row) {
          const rare = rarity(row) * counted;
          for (const [section, weight] of row) note(section, rare * weight, word);
        }
        for (const known of longer(word)) {
          const other = weights.get(known);
          const rare = rarity(other) * counted * PREFIX;
          for (const [section, weight] of other) note(section, rare * weight, word);
        }
      }
      return scores;
    }

    /* What a section would get that has every word in its heading. */
    function best(terms) {
      let sum = 0;
      for (const [word, counted] of terms)
        sum += counted * TITLE * rarity(weights.get(word) || new Map());
      return sum;
    }

    /* Whether a section has a word. */
    function has(section, word) {
      return weights.get(word)?.has(section) || false;
    }

    return { add, fit, has, best, title: (section) => titles[section] };
  };
})();
