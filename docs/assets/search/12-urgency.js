/* How urgent the words of a question are. Whether they are urgent at all is told by words and pairs of neighbouring
   words, each by how much more often it stands in urgent phrases than in others (Wang and Manning 2012, "Baselines
   and bigrams"); which urgency, by the classifier. scripts/guide/search/phrasings.py counts the phrases. */
(() => {
  "use strict";
  const { search } = window.guide;
  const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  // As in scripts/guide/search/packed.py and phrasings.py.
  const STEP = 1;
  const MOST = 8;
  const SMOOTHING = 0.3;
  // What the words of an urgent phrase come to at least, for a phrase of one word.
  const URGENT = 2.25;

  /* By first and second word, as "first second", the weight of a pair. */
  function unpackPairs({ words, weights }) {
    const names = words.split(" ");
    const table = new Map();
    weights.split(" ").forEach((letters, first) => {
      let second = -1;
      for (const [, further, gap, weight] of letters.matchAll(/(~*)(.)(.)/g)) {
        second += further.length * LETTERS.length + LETTERS.indexOf(gap) + 1;
        table.set(`${names[first]} ${names[second]}`, LETTERS.indexOf(weight) * STEP - MOST);
      }
    });
    return table;
  }

  /* A function from the words of a question to its level, "" for none. `levels` and `intents` are counts. */
  search.urgency = (data, levels, intents) => {
    const pairs = unpackPairs(data.pairs);
    const [urgentPhrases, calmPhrases] = data.phrases;
    const calm = data.urgency.indexOf("");
    // What is not urgent is the last of the classes: the classifier tells the others apart.
    const urgent = [...levels].map(([word, found]) => [
      word,
      found.filter(([one]) => one !== calm),
    ]);
    const levelOf = search.classifier(new Map(urgent), calm);
    // In how many phrases each word stands: urgent ones, others.
    const counts = new Map();
    function count(word, isUrgent, times) {
      if (!counts.has(word)) counts.set(word, [0, 0]);
      counts.get(word)[isUrgent ? 0 : 1] += times;
    }
    for (const [word, found] of levels)
      for (const [level, times] of found) count(word, level !== calm, times);
    for (const [word, found] of intents)
      for (const [number, times] of found) {
        const level = data.urgent[number];
        if (level !== "mixed") count(word, Boolean(level), times);
      }

    function weight(word) {
      const [urgent, other] = counts.get(word) || [0, 0];
      if (!urgent && !other) return 0;
      const share = (urgent + SMOOTHING) / (urgentPhrases + 2 * SMOOTHING);
      return Math.log(share / ((other + SMOOTHING) / (calmPhrases + 2 * SMOOTHING)));
    }

    return (words) => {
      const all = ["^", ...words, "$"];
      const met = new Set(all.slice(1).map((word, at) => `${all[at]} ${word}`));
      let sum = 0;
      for (const word of new Set(words)) sum += weight(word);
      for (const pair of met) sum += pairs.get(pair) || 0;
      if (sum / Math.sqrt(words.length) < URGENT) return "";
      const shares = levelOf(words);
      return data.urgency[shares.indexOf(Math.max(...shares))];
    };
  };
})();
