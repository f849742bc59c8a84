/* Tells classes of phrases apart, learnt from the counts that scripts/guide/search/phrasings.py makes: a naive
   Bayes classifier, smoothed towards the frequency of each feature in all phrasings (McCallum and Nigam 1998,
   "A comparison of event models for naive Bayes text classification"). The features are words and, so that endings
   and typing errors matter little, the runs of four letters in them. All classes count as equally likely. */
(() => {
  "use strict";
  const { search } = window.guide;
  const RUN = 4;
  // A word has about four runs, which say much the same: each counts for less.
  const RUN_WEIGHT = 0.4;
  // How much the frequency in all phrasings counts against that in those of a class.
  const SMOOTHING = 0.1;

  function runs(word) {
    const found = [];
    if (!/^\p{L}/u.test(word)) return found;
    const whole = `^${word}$`;
    for (let at = 0; at + RUN <= whole.length; at++) found.push(`%${whole.slice(at, at + RUN)}`);
    return found;
  }

  /* `table`: by word, pairs of a class's number and in how many of its phrases the word stands. */
  search.classifier = (table, classes) => {
    // By feature, in how many phrases of each class it stands; 0 for none.
    const counts = new Map();
    for (const [word, pairs] of table)
      for (const feature of [word, ...runs(word)]) {
        let row = counts.get(feature);
        if (!row) {
          row = new Map();
          counts.set(feature, row);
        }
        for (const [number, times] of pairs) row.set(number, (row.get(number) || 0) + times);
      }
    const sizes = new Float64Array(classes);
    for (const row of counts.values()) for (const [number, times] of row) sizes[number] += times;
    const everything = sizes.reduce((one, other) => one + other, 0);
    const strength = SMOOTHING * counts.size;
    const floor = sizes.map((size) => Math.log(strength / (size + strength)));

    /* What a feature says for the classes that have it, above what all others get. */
    function weights(row) {
      let total = 0;
      for (const times of row.values()) total += times;
      const share = total / everything;
      return [...row].map(([number, times]) => [
        number,
        Math.log((times / share + strength) / (sizes[number] + strength)) - floor[number],
      ]);
    }

    /* How likely each class is for these words, from 0 to 1; all 0 where no word is known. */
    return (phrase) => {
      const sums = new Float64Array(classes);
      let known = 0;
      for (const feature of new Set(phrase.flatMap((word) => [word, ...runs(word)]))) {
        const row = counts.get(feature);
        if (!row) continue;
        const weight = feature[0] === "%" ? RUN_WEIGHT : 1;
        known += weight;
        for (const [number, said] of weights(row)) sums[number] += weight * said;
      }
      if (!known) return sums;
      const logs = sums.map((sum, number) => sum + known * floor[number]);
      const top = Math.max(...logs);
      // Words are no independent evidence: without this every answer would look certain.
      const shares = logs.map((log) => Math.exp((log - top) / Math.sqrt(known)));
      const all = shares.reduce((one, other) => one + other, 0);
      return shares.map((share) => share / all);
    };
  };
})();
