/* Unpacks the counts of words that scripts/guide/search/packed.py packs. */
(() => {
  "use strict";
  const GAPS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const FURTHER = "~";
  const MARKS = "!*();";
  const TIMES = [2, 5, 14, 40, 120];

  /* Pairs of the number of a document and how often a word stands there. */
  function unpackOne(letters) {
    const pairs = [];
    let number = -1;
    for (const letter of letters) {
      const mark = MARKS.indexOf(letter);
      const gap = GAPS.indexOf(letter);
      if (letter === FURTHER) number += GAPS.length;
      else if (mark >= 0) pairs.at(-1)[1] = TIMES[mark];
      else {
        number += gap + 1;
        pairs.push([number, 1]);
      }
    }
    return pairs;
  }

  /* Words, each written as how many letters it begins with of the one before, and the rest. */
  function wordsOf(text) {
    let word = "";
    return text.split(" ").map((part) => {
      word = word.slice(0, part[0]) + part.slice(1);
      return word;
    });
  }
  window.guide.search.wordsOf = wordsOf;

  /* A table of counts: by word its pairs. */
  window.guide.search.unpack = (data, name) => {
    const table = new Map();
    if (!data.counts?.[name]) return table;
    const words = wordsOf(data.words);
    data.counts[name].split(" ").forEach((letters, at) => {
      if (letters) table.set(words[at], unpackOne(letters));
    });
    return table;
  };
})();
