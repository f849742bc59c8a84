/* How urgent the words of a question are. Whether they are urgent at all is told by the weights of words and of
   pairs of neighbouring words, which scripts/guide/search/urgency.py learns; which urgency, by the classifier. */
(() => {
  "use strict";
  const { search } = window.guide;
  const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  // As in scripts/guide/search/packed.py.
  const STEP = 1 / 8;
  const LOWEST = -4;

  /* By first and second word, as "first second", the weight of a pair. A cell is packed for each word: how, is
     said in packed.py. */
  function unpackPairs(cells, words) {
    const begun = new Map();
    cells.split(" ").forEach((cell, at) => {
      if (cell) begun.set(words[at], [...cell.matchAll(/(~*)([^.~])([^.~])/g)]);
    });
    const number = (word) => begun.get(word).length;
    // In the order of the code of their letters, as Python sorts.
    const order = [...begun.keys()].sort(
      (one, other) => number(other) - number(one) || (one < other ? -1 : 1),
    );
    const table = new Map();
    for (const [first, pairs] of begun) {
      let second = -1;
      for (const [, further, gap, weight] of pairs) {
        second += further.length * LETTERS.length + LETTERS.indexOf(gap) + 1;
        table.set(`${first} ${order[second]}`, LETTERS.indexOf(weight) * STEP + LOWEST);
      }
    }
    return table;
  }

  /* A function from the words of a question to its level, "" for none. `levels` are the counts of words by level,
     `words` the weights of words, each as the place of its step. */
  search.urgency = (data, levels, words) => {
    const pairs = unpackPairs(data.pairs, search.wordsOf(data.words));
    const levelOf = search.classifier(levels, data.urgency.length);

    function weight(word) {
      const [[step] = []] = words.get(word) || [];
      return step === undefined ? 0 : step * STEP + LOWEST;
    }

    return (asked) => {
      const all = ["^", ...asked, "$"];
      const met = new Set(all.slice(1).map((word, at) => `${all[at]} ${word}`));
      let sum = data.start;
      for (const word of new Set(asked)) sum += weight(word);
      for (const pair of met) sum += pairs.get(pair) || 0;
      if (sum < 0) return "";
      const shares = levelOf(asked);
      return data.urgency[shares.indexOf(Math.max(...shares))];
    };
  };
})();
