/* Words as the search compares them: the same as in scripts/guide/search/tokens.py, which a test compares. */
(() => {
  "use strict";
  const SPELT = {
    "\u03b1": "alpha",
    "\u03b2": "beta",
    "\u03b3": "gamma",
    "\u03b4": "delta",
    "\u03ba": "kappa",
    "\u03bc": "u",
    "\u00df": "ss",
    "\u00e6": "ae",
    "\u00f8": "o",
    "\u0142": "l",
    "\u00fe": "th",
    "\u00f0": "d",
    "\u0111": "d",
    "\u0127": "h",
    "\u0131": "i",
    "\u0138": "k",
    "\u014b": "n",
    "\u0153": "oe",
    "\u0167": "t",
    "\u02bc": "'",
  };
  const SPELT_LETTERS = new RegExp(`[${Object.keys(SPELT).join("")}]`, "g");
  const ENDINGS = ["ation", "ing", "ion", "ed"];

  function normalForm(text) {
    return text
      .normalize("NFKC")
      .toLowerCase()
      .replace(SPELT_LETTERS, (letter) => SPELT[letter])
      .normalize("NFD")
      .replace(/\p{M}/gu, "")
      .replace(/(?<=\p{L})['\u2019](?=\p{L})/gu, "")
      .replace(/(\p{L})[-\u2010\u2011](?=\d)/gu, "$1")
      .replace(/(?<![\p{L}\p{N}])(\d+(?:[.,]\d+)*)(?=\p{L})/gu, "$1 ");
  }

  function stem(word) {
    let stemmed = word;
    if (word.length > 4 && word.endsWith("ies")) stemmed = `${word.slice(0, -3)}y`;
    else if (word.length > 3 && word.endsWith("s") && !word.endsWith("ss"))
      stemmed = word.slice(0, -1);
    const ending = ENDINGS.find((one) => stemmed.endsWith(one) && stemmed.length > one.length + 3);
    return ending ? stemmed.slice(0, -ending.length) : stemmed;
  }

  function tokens(text) {
    const words = normalForm(text).match(/\d+(?:[.,]\d+)*|\p{L}[\p{L}\p{N}]*/gu) || [];
    return search.isEnglish ? words.map(stem) : words;
  }

  /* How many letters differ between two words, two swapped ones counting as one (optimal string alignment:
     Levenshtein's distance with swaps); above `most` some larger number. */
  function distance(one, other, most) {
    if (Math.abs(one.length - other.length) > most) return most + 1;
    let before = [];
    let above = Array.from({ length: other.length + 1 }, (_, at) => at);
    for (let i = 1; i <= one.length; i++) {
      const row = [i];
      for (let j = 1; j <= other.length; j++) {
        const changed = above[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1);
        row[j] = Math.min(above[j] + 1, row[j - 1] + 1, changed);
        const isSwapped =
          i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
        if (isSwapped) row[j] = Math.min(row[j], before[j - 2] + 1);
      }
      if (Math.min(...row) > most) return most + 1;
      [before, above] = [above, row];
    }
    return above[other.length];
  }

  /* Whether a word is a name, or a long one with at most so many letters wrong. */
  function isClose(word, name, most = 2) {
    return word === name || (word.length >= 6 && distance(word, name, most) <= most);
  }

  const search = { tokens, distance, isClose, isEnglish: true };
  window.guide.search = search;
})();
