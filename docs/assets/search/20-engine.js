/* What a question means, how urgent it is, and which entries answer it. Knows nothing of the box. */
(() => {
  "use strict";
  const { search } = window.guide;
  const { tokens, distance, isClose } = search;
  const MOST_HITS = 8;
  // An answer that fits the question so much less than the first is none.
  const WEAKEST = 0.05;
  // Words of the longest phrase in the vocabulary.
  const LONGEST_PHRASE = 4;
  // Letters of the shortest word that is corrected: shorter ones are like too many others.
  const SHORTEST = 5;
  // How much the learnt intent, and how much the words themselves, count.
  const BY_INTENT = 1;
  const BY_WORDS = 0.2;
  const BY_TITLE = 0.8;
  // How much likelier an intent must be than none, where a question names nothing of the guide's own; and how
  // much more so for each word that nothing here knows.
  const SURE = 3;
  const STRANGE = 12;

  // Of questions that name nothing of the guide's own, the best answer was wrong in five of seven below this.
  const GUESS = 0.1;
  // How much likelier it must be that another medicine is to be taken together with ours, than that the question
  // is about that medicine alone.
  const TOGETHER = 100;
  // What stands for any such medicine, as in scripts/guide/search/phrasings.py.
  const OTHER = "*o";
  // How many letters of a word are counted, as there.
  const LETTERS = 5;

  search.MOST_HITS = MOST_HITS;

  search.engine = (data) => {
    const stop = new Set(data.stop);
    const slots = data.slots;
    const generic = new Set(data.generic);
    const covered = new Set(data.covered);
    const others = {
      medicines: new Set(data.others.medicines),
      diseases: new Set(data.others.diseases),
    };
    // Every word that the guide knows, and how many entries have it.
    const lexicon = new Map();
    const know = (word) => lexicon.set(word, (lexicon.get(word) || 0) + 1);
    // How the words of phrasings begin.
    const begins = new Set();
    const isKnown = (word) => lexicon.has(word) || begins.has(word.slice(0, LETTERS));
    const lexical = search.lexical(stop, know);
    // By entry, the words of its heading, with names and numbers as such.
    const headings = [];

    const intents = search.unpack(data, "intents");
    const urgencies = search.unpack(data, "urgency");
    for (const table of [intents, urgencies])
      for (const word of table.keys()) {
        know(word);
        if (word.length === LETTERS) begins.add(word);
      }
    // One class more is for what none of them is.
    const intentOf = intents.size ? search.classifier(intents, data.intents + 1) : null;
    const urgencyOf = urgencies.size
      ? search.urgency(data, urgencies, search.unpack(data, "urgent"))
      : () => "";
    for (const word of [...Object.keys(slots), ...stop]) know(word);
    const names = new Map(Object.keys(slots).map((word) => [word, 1]));

    /* Puts the entries from this place on into the engine; `table` are their words. */
    function add(from, table) {
      for (const phrase of Object.keys(data.vocabulary))
        for (const word of phrase.split(" ")) know(word);
      const pages = new Map();
      function pageWords(page) {
        if (!pages.has(page)) pages.set(page, tokens(data.pages[page][1]));
        return pages.get(page);
      }
      const sections = data.sections.slice(from).map(([page, , words, excerpt]) => {
        const title = tokens(words);
        headings.push(new Set(features(title)));
        // A heading is understood as a query is: "at the same time" is "combine" on both sides.
        return { title, meant: meanings(title), page: pageWords(page), excerpt: tokens(excerpt) };
      });
      lexical.add(from, sections, table);
    }

    /* How many words from this place on are a phrase of the vocabulary; 0 for none. The longest wins. */
    function phraseAt(words, at) {
      for (let size = Math.min(LONGEST_PHRASE, words.length - at); size > 0; size--)
        if (Object.hasOwn(data.vocabulary, words.slice(at, at + size).join(" "))) return size;
      return 0;
    }

    /* The guide's words for what is meant by these. */
    function meanings(words) {
      const meant = [];
      for (let at = 0; at < words.length; ) {
        const size = phraseAt(words, at);
        if (size) meant.push(...data.vocabulary[words.slice(at, at + size).join(" ")].split(" "));
        at += size || 1;
      }
      return meant.filter((word) => !words.includes(word) && !stop.has(word));
    }

    /* The word that is meant by one that the guide does not know: a known one with a letter wrong, two in
       long words. The same first letter first, then the more frequent. */
    const corrected = new Map();
    function correct(word) {
      if (lexicon.has(word) || /^\d/.test(word) || word.length < SHORTEST) return word;
      if (!corrected.has(word)) {
        // A word that begins like one of the phrasings may still be a name, misspelt.
        const from = isKnown(word) ? names : lexicon;
        let best = word;
        let least = Infinity;
        for (const [known, count] of from) {
          if (known.length < SHORTEST) continue;
          const whole = begins.has(known) ? word.slice(0, LETTERS) : word;
          const most = whole.length > 6 ? 2 : 1;
          const far = distance(whole, known, most);
          if (far > most) continue;
          const cost = far + (known[0] === word[0] ? 0 : 0.6) - Math.min(count, 50) / 200;
          if (cost < least) [best, least] = [known, cost];
        }
        corrected.set(word, best);
      }
      return corrected.get(word);
    }

    /* "il 17" is il17 where the guide knows that. */
    function joined(words) {
      const result = [];
      for (const word of words) {
        const last = result.at(-1);
        if (last && /^\d+$/.test(word) && /^[a-z]{1,5}$/.test(last) && isKnown(last + word))
          result[result.length - 1] = last + word;
        else result.push(word);
      }
      return result;
    }

    /* As in features() of scripts/guide/search/phrasings.py. */
    function features(words) {
      return words.map((word) =>
        Object.hasOwn(slots, word) ? slots[word] : /^\d/.test(word) ? "#" : word.slice(0, LETTERS),
      );
    }

    /* Names of medicines and diseases that the guide is not about. */
    function othersIn(words) {
      const ours = Object.keys(data.medicines);
      function isMedicine(word) {
        if (covered.has(word) || ours.some((name) => isClose(word, name))) return false;
        if (others.medicines.has(word)) return true;
        if (word.length > 5 && data.endings.some((ending) => word.endsWith(ending))) return true;
        return !lexicon.has(word) && [...others.medicines].some((name) => isClose(word, name, 1));
      }
      const pairs = words.slice(1).map((word, at) => `${words[at]} ${word}`);
      return {
        medicines: words.filter(isMedicine),
        diseases: [...words, ...pairs].filter((name) => others.diseases.has(name)),
      };
    }

    /* Whether a short name that is also a small word is meant, as IT would be: one in capitals is. */
    function isShort(query) {
      if (query === query.toUpperCase()) return false;
      return query.split(/[^\p{L}\p{N}]+/u).some((word) => data.short.includes(word));
    }

    /* Words of a question as it was typed, where they are these. */
    function asTyped(query, words) {
      const wanted = new Set(words.flatMap((word) => word.split(" ")));
      const typed = query.match(/[\p{L}\p{N}\p{M}'\u2019-]+/gu) || [];
      return typed.filter((word) => tokens(word).some((one) => wanted.has(one)));
    }

    /* What a question says: its words as the guide spells them, what else they mean, the topics of the
       medicines it names, names of others, and the words that nothing here knows. */
    function understand(query) {
      const typed = joined(tokens(query));
      const foreign = othersIn(typed);
      const words = typed.map((word) => (foreign.medicines.includes(word) ? word : correct(word)));
      const meant = meanings(words);
      const own = words.filter((word) => !stop.has(word) && word.length > 1);
      const all = [...own, ...meant];
      const names = Object.keys(data.medicines).filter((name) =>
        all.some((word) => isClose(word, name)),
      );
      const isNamed = (word) => Object.hasOwn(slots, word) && !generic.has(word);
      return {
        words,
        own,
        meant,
        foreign,
        unknown: words.filter((word) => !isKnown(word) && /^[a-z]{4,}/.test(word)),
        topics: names.flatMap((name) => data.medicines[name]),
        // Whether the guide's own medicine, class or disease is named.
        isOurs: names.length > 0 || all.some(isNamed) || isShort(query),
        // Words that an answer may lack, as it is about the thing asked and not named by it.
        sought: [...new Set(own)].filter(
          (word) => word.length > 3 && !/^\d/.test(word) && !Object.hasOwn(slots, word),
        ),
        features: features(words),
        said: [...new Set(features(words))],
      };
    }

    /* How well entries fit by their words alone: 1 where every word stands in a usual heading. */
    function byWords(asked, weights) {
      const background = new Set(data.background);
      const all = [...asked.own, ...asked.meant];
      const telling = new Set(all.filter((word) => !background.has(word)));
      const terms = new Map();
      for (const word of all) {
        const counted = asked.own.includes(word) ? 1 : 0.8;
        terms.set(word, background.has(word) && telling.size ? 0.4 : counted);
      }
      const hits = new Map();
      for (const [id, { score, words }] of lexical.fit(terms)) {
        if (!weights[id]) continue;
        let value = score * weights[id];
        const found = [...telling].filter((word) => words.has(word)).length;
        const heading = lexical.title(id).filter((word) => !background.has(word));
        const said = heading.filter((word) => telling.has(word)).length;
        if (heading.length) value *= 1 + (0.6 * said) / heading.length;
        if (telling.size) value *= (0.15 + (0.85 * found) / telling.size) ** 1.3;
        hits.set(id, value);
      }
      const most = lexical.best(terms);
      for (const [id, value] of hits) hits.set(id, value / most);
      return hits;
    }

    /* How much an entry suits the medicine asked about, or the topic that the reader is in. */
    function suits(row, asked, topic) {
      const about = data.pages[row[0]][2];
      if (about && asked.topics.length && !asked.topics.includes(about)) return 0.15;
      return about && topic && !asked.topics.length && about !== topic ? 0.5 : 1;
    }

    /* How much of a question and a heading is the same, from 0 to 1 (Jaccard's index). */
    function likeness(asked, id) {
      const shared = asked.said.filter((word) => headings[id].has(word)).length;
      return shared / (asked.said.length + headings[id].size - shared);
    }

    /* The entries that answer, best first, each once. */
    function rank(asked, shares, topic, partWeight) {
      const weights = data.sections.map((row, id) => suits(row, asked, topic) * partWeight(id));
      const words = byWords(asked, weights);
      const found = [];
      data.sections.forEach((row, id) => {
        if (!weights[id]) return;
        const share = shares ? Math.max(0, ...row[5].map((intent) => shares[intent])) : 0;
        const fit = BY_WORDS * (words.get(id) || 0) + BY_TITLE * likeness(asked, id) ** 2;
        const score = (BY_INTENT * share + fit) * weights[id];
        if (score > 0) found.push({ id, score });
      });
      return found.sort((one, other) => other.score - one.score);
    }

    /* Whether a question that names another medicine asks about taking it together with ours. */
    function isTogether(shares) {
      if (!shares) return false;
      const most = Math.max(...data.together.map((intent) => shares[intent]));
      return most > TOGETHER * shares.at(-1);
    }

    /* Which entries may answer: a function, and the words that the guide does not cover.
       A question about another medicine gets no answer that is about ours. One that only gives its name, or
       that of a disease, gets what the guide says of it. */
    function coverage(asked, shares) {
      const { medicines, diseases } = asked.foreign;
      const foreign = [...medicines, ...diseases];
      const anything = { may: () => true, lacks: null };
      if (asked.isOurs) return anything;
      if (medicines.length && !diseases.length && isTogether(shares))
        return {
          may: (id) => data.sections[id][5].some((intent) => data.together.includes(intent)),
          lacks: null,
        };
      if (foreign.length) {
        const parts = foreign.flatMap((name) => name.split(" "));
        const isBare = asked.own.every((word) => parts.includes(word));
        const may = (id) => parts.some((word) => lexical.has(id, word));
        return { may: isBare || !medicines.length ? may : () => false, lacks: foreign };
      }
      if (!shares) return anything;
      const ratio = Math.max(...shares.slice(0, -1)) / shares.at(-1);
      if (ratio < SURE * STRANGE ** asked.unknown.length)
        return { may: () => false, lacks: asked.unknown };
      return anything;
    }

    /* The best entries, each answer once: the same question about another medicine becomes a way on from the
       first (`others`), and what answers the same comes after what answers something else. */
    function pick(ranked, weakest) {
      const seen = new Set();
      const first = new Map();
      const hits = [];
      const later = [];
      for (const hit of ranked) {
        const row = data.sections[hit.id];
        const [page, anchor, title, excerpt, , [intent = -1]] = row;
        const words = `${title}|${excerpt.slice(0, 60)}`;
        const where = `${data.pages[page][0]}#${anchor}`;
        // What answers nothing that is known is told apart by its heading.
        const kind = intent < 0 ? title : intent;
        const before = first.get(kind);
        const about = data.pages[page][2];
        if (seen.has(words) || seen.has(where)) continue;
        seen.add(words).add(where);
        const made = { ...hit, row, others: [] };
        if (!before) {
          hits.push(made);
          first.set(kind, made);
        } else if (!about || about === data.pages[before.row[0]][2]) later.push(made);
        else if (!before.others.some((id) => data.pages[data.sections[id][0]][2] === about))
          before.others.push(hit.id);
        if (hits.length === MOST_HITS) break;
      }
      const least = (hits[0]?.score || 0) * weakest;
      return [...hits, ...later].filter(({ score }) => score >= least).slice(0, MOST_HITS);
    }

    /* `lacks`: what the guide does not cover, null where it does; the hits then only mention it. */
    function ask(query, topic, partWeight = () => 1) {
      const asked = understand(query);
      if (!asked.words.length) return { asked, urgent: "", lacks: null, hits: [] };
      const other = asked.foreign.medicines.length ? [OTHER] : [];
      const shares = intentOf?.([...asked.features, ...other]);
      const { may, lacks } = coverage(asked, shares);
      const ranked = rank(asked, shares, topic, partWeight).filter(({ id }) => may(id));
      const hits = pick(ranked, shares ? WEAKEST : 0);
      const isGuess = shares && !lacks && !asked.isOurs && hits[0]?.score < GUESS;
      return {
        asked,
        urgent: urgencyOf(asked.features),
        lacks: isGuess ? [] : lacks && asTyped(query, lacks),
        hits: isGuess ? [] : hits,
      };
    }

    add(0, search.unpack(data, "sections"));
    return { add, ask };
  };
})();
