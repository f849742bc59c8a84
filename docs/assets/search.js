/* The search box: finds the section that answers, in the reader's own words and with slips of the
   pen. The index and the engine (MiniSearch) come from this site, once, when the box is touched.
   A guide about several conditions has more of the index for each: see search-parts.js. */
(function () {
  "use strict";
  var script = document.currentScript;
  var root = script.src.replace(/assets\/search\.js.*$/, "");
  /* From a disk no browser lets a page fetch a file: there the index is a script, and a page is its index.html. */
  var disk = location.protocol === "file:",
    end = disk ? "index.html" : "";
  var engine = null,
    loading = null;

  var ENDINGS = ["ation", "ing", "ion", "ed"];

  /* The same as tokens() in scripts/guide/search/tokens.py. */
  function tokens(text) {
    return (
      text
        .toLowerCase()
        .replace(/([a-z])[-\u2011 ](\d)/g, "$1$2")
        .match(/[a-z0-9]+/g) || []
    ).map(function (word) {
      if (word.length > 4 && /ies$/.test(word)) word = word.slice(0, -3) + "y";
      else if (word.length > 3 && /s$/.test(word) && !/ss$/.test(word)) word = word.slice(0, -1);
      for (var place = 0; place < ENDINGS.length; place++) {
        var ending = ENDINGS[place];
        if (word.endsWith(ending) && word.length > ending.length + 3)
          return word.slice(0, -ending.length);
      }
      return word;
    });
  }

  function fetchScript(name) {
    return new Promise(function (done, failed) {
      var tag = document.createElement("script");
      tag.src = root + "assets/" + name;
      tag.onload = done;
      tag.onerror = failed;
      document.head.appendChild(tag);
    });
  }

  /* A file of the index; its sections come as columns and leave as rows. */
  function read(name) {
    var data = disk
      ? fetchScript(name + ".js").then(function () {
          return window.guideSearchData;
        })
      : fetch(root + "assets/" + name).then(function (answer) {
          return answer.json();
        });
    return data.then(function (index) {
      var columns = index.sections;
      index.sections = columns[0].map(function (_, place) {
        return columns.map(function (column) {
          return column[place];
        });
      });
      return index;
    });
  }

  function load() {
    loading =
      loading ||
      Promise.all([read("search.json"), window.MiniSearch || fetchScript("minisearch.js")]).then(
        function (both) {
          var data = both[0],
            stop = new Set(data.stop);
          var mini = new window.MiniSearch({
            fields: ["title", "meant", "typed", "page", "words"],
            idField: "id",
            tokenize: tokens,
            processTerm: function (term) {
              return stop.has(term) || term.length < 2 ? null : term;
            },
          });
          engine = { data: data, mini: mini, stop: stop, longest: 4, parts: null };
          take(0);
          if (!data.parts) return engine;
          return fetchScript("search-parts.js").then(function () {
            engine.parts = window.guideSearchParts(data, {
              read: read,
              take: take,
              tokens: tokens,
              close: close,
            });
            return engine;
          });
        },
      );
    return loading;
  }

  /* Puts the sections from this place on into the engine. */
  function take(from) {
    var data = engine.data;
    engine.mini.addAll(
      data.sections.slice(from).map(function (row, place) {
        /* A heading is understood as a query is: "at the same time" is "combine" on both sides. */
        return {
          id: from + place,
          title: row[2],
          meant: understand(row[2]).extra.join(" "),
          typed: row[5],
          page: data.pages[row[0]][1],
          words: row[4] + " " + row[3],
        };
      }),
    );
  }

  /* The answers, once what the question needs of the index is there. */
  function ask(query, track, topic) {
    return load()
      .then(function () {
        return engine.parts && engine.parts.prepare(query, topic);
      })
      .then(function () {
        return search(query, track, topic);
      });
  }

  /* The query in the guide's words: the longest known phrases first, then single words. */
  function understand(query) {
    var words = tokens(query),
      known = engine.data.vocabulary,
      out = [],
      extra = [],
      at = 0;
    while (at < words.length) {
      var step = 1;
      for (var size = Math.min(engine.longest, words.length - at); size > 0; size--) {
        var phrase = words.slice(at, at + size).join(" ");
        if (Object.prototype.hasOwnProperty.call(known, phrase)) {
          extra = extra.concat(known[phrase].split(" "));
          step = size;
          break;
        }
      }
      out = out.concat(words.slice(at, at + step));
      at += step;
    }
    var own = out.filter(function (word) {
      return !engine.stop.has(word) && word.length > 1;
    });
    return {
      own: own,
      extra: extra.filter(function (word) {
        return own.indexOf(word) < 0 && !engine.stop.has(word);
      }),
    };
  }

  function search(query, track, topic) {
    var data = engine.data,
      asked = understand(query),
      background = new Set(data.background);
    var terms = asked.own.concat(asked.extra);
    if (!terms.length) return [];
    var telling = new Set(
      terms.filter(function (word) {
        return !background.has(word);
      }),
    );
    var named = Object.keys(data.medicines).filter(function (name) {
      return terms.some(function (word) {
        return close(word, name);
      });
    });
    var parts = engine.parts,
      anyTopic = parts
        ? ""
        : data.pages
            .map(function (page) {
              return page[3];
            })
            .filter(Boolean)[0];
    var wanted = named.length
      ? [].concat.apply(
          [],
          named.map(function (name) {
            return data.medicines[name];
          }),
        )
      : [topic || anyTopic].filter(Boolean);
    var found = engine.mini.search(terms.join(" "), {
      boost: { title: 4, meant: 4, typed: 3, page: 1.5, words: 1 },
      combineWith: "OR",
      prefix: function (term) {
        return term.length > 3;
      },
      fuzzy: function (term) {
        return term.length > 7 ? 2 : term.length > 4 ? 1 : false;
      },
      weights: { fuzzy: 0.7, prefix: 0.5 },
      filter: parts
        ? function (hit) {
            return parts.weight(hit.id) > 0;
          }
        : undefined,
      boostTerm: function (term) {
        return background.has(term) && telling.size ? 0.4 : asked.own.indexOf(term) < 0 ? 0.8 : 1;
      },
      boostDocument: function (id) {
        var row = data.sections[id],
          page = data.pages[row[0]],
          boost = parts ? parts.weight(id) : 1;
        boost *= page[2] === track ? 1.7 : page[2] === "b" ? 0.6 : 1;
        boost *= wanted.indexOf(page[3]) >= 0 ? 1.5 : 1;
        return row[6] ? boost * 1.35 : boost;
      },
    });
    found.forEach(function (hit) {
      var met = new Set(hit.queryTerms),
        told = 0;
      telling.forEach(function (word) {
        if (met.has(word)) told += 1;
      });
      var heading = tokens(data.sections[hit.id][2]).filter(function (word) {
        return !engine.stop.has(word) && !background.has(word);
      });
      var said = heading.filter(function (word) {
        return telling.has(word);
      }).length;
      hit.score *= heading.length ? 1 + (0.6 * said) / heading.length : 1;
      hit.score *= telling.size ? Math.pow(0.15 + (0.85 * told) / telling.size, 1.3) : 1;
    });
    found.sort(function (one, other) {
      return other.score - one.score;
    });
    var seen = new Set(),
      out = [];
    for (var place = 0; place < found.length && out.length < 12; place++) {
      var row = data.sections[found[place].id],
        page = data.pages[row[0]];
      var same = page[2] + "|" + row[2] + "|" + row[3].slice(0, 60);
      var where = page[0] + "#" + row[1];
      if (seen.has(same) || seen.has(where)) continue;
      seen.add(same);
      seen.add(where);
      out.push({
        url: root + page[0] + end + (row[1] ? "#" + row[1] : ""),
        title: row[2],
        page: page[1],
        track: page[2],
        excerpt: row[3],
        flag: row[6],
        score: found[place].score,
      });
    }
    return out;
  }

  function close(word, name) {
    if (word === name) return true;
    if (Math.abs(word.length - name.length) > 2 || word.length < 6) return false;
    var row = [],
      i,
      j;
    for (j = 0; j <= name.length; j++) row[j] = j;
    for (i = 1; i <= word.length; i++) {
      var before = row[0];
      row[0] = i;
      for (j = 1; j <= name.length; j++) {
        var keep = row[j];
        row[j] = Math.min(
          row[j] + 1,
          row[j - 1] + 1,
          before + (word[i - 1] === name[j - 1] ? 0 : 1),
        );
        before = keep;
      }
    }
    return row[name.length] <= 2;
  }

  function nearestTerms(query) {
    var suggestions = engine.mini
      .autoSuggest(query, { fuzzy: 0.4, prefix: true, combineWith: "OR" })
      .slice(0, 3);
    return suggestions.map(function (one) {
      return one.suggestion;
    });
  }

  var FLAGS = {
    "get help now": "Get help now: call your emergency number",
    "call your team today": "Call your care team today",
    "not approved": "Not approved for this disease",
    "do not combine": "Do not combine",
  };
  var TRACKS = { p: "For patients", c: "For clinicians", b: "For everyone" };

  function ready() {
    var form = document.querySelector("form.guide-search");
    if (!form) return;
    var input = form.querySelector("input"),
      list = document.getElementById("search-results");
    var meta = document.getElementById("search-count"),
      toggle = document.getElementById("__search");
    var bar = document.querySelector(".track-bar");
    var track = bar && bar.classList.contains("track-bar--clinicians") ? "c" : "p";
    var here = location.href.replace(root, "").split("/")[0],
      active = -1,
      turn = 0;

    function shut() {
      if (toggle && toggle.checked) {
        toggle.checked = false;
        toggle.dispatchEvent(new Event("change"));
      }
      input.blur();
    }

    function element(name, className, text) {
      var made = document.createElement(name);
      if (className) made.className = className;
      if (text) made.textContent = text;
      return made;
    }

    /* The topic that the reader is in, once the index says which there are. */
    function topicHere() {
      return engine.data.pages.some(function (page) {
        return page[3] === here;
      })
        ? here
        : "";
    }

    function show(query) {
      var mine = ++turn;
      return load()
        .then(function () {
          return ask(query, track, topicHere());
        })
        .then(
          function (hits) {
            if (mine !== turn) return;
            active = -1;
            list.textContent = "";
            input.removeAttribute("aria-activedescendant");
            if (engine.parts)
              engine.parts.offer(meta, query.trim(), function () {
                show(input.value);
              });
            if (!query.trim()) {
              meta.textContent = "Type your question in your own words";
              return;
            }
            if (!hits.length && engine.parts && engine.parts.more()) {
              meta.textContent = "Choose a condition to search all its pages";
              return;
            }
            if (!hits.length) {
              meta.textContent = "Nothing found. ";
              var near = nearestTerms(query);
              if (near.length)
                meta.appendChild(
                  document.createTextNode("Nearest words: " + near.join(", ") + ". "),
                );
              var glossary = element("a", "", "Look in the glossary");
              glossary.href = root + "about/glossary/" + end;
              meta.appendChild(glossary);
              meta.appendChild(document.createTextNode(", or ask your care team."));
              return;
            }
            meta.textContent =
              hits.length + (hits.length === 1 ? " section" : " sections") + " found";
            hits.forEach(function (hit, place) {
              var item = element("li", "md-search-result__item"),
                link = element("a", "md-search-result__link"),
                box = element("div", "md-search-result__article md-typeset");
              item.setAttribute("role", "none");
              link.id = "search-result-" + place;
              link.setAttribute("role", "option");
              link.setAttribute("aria-selected", "false");
              link.href = hit.url;
              link.tabIndex = -1;
              if (hit.flag)
                box.appendChild(
                  element(
                    "p",
                    "search-flag search-flag--" + hit.flag.replace(/ /g, "-"),
                    FLAGS[hit.flag],
                  ),
                );
              box.appendChild(element("p", "search-title", hit.title));
              box.appendChild(
                element(
                  "p",
                  "search-where search-where--" + hit.track,
                  TRACKS[hit.track] + " \u00b7 " + hit.page,
                ),
              );
              box.appendChild(element("p", "search-excerpt", hit.excerpt));
              link.appendChild(box);
              item.appendChild(link);
              list.appendChild(item);
              link.addEventListener("click", shut);
            });
          },
          function () {
            loading = null;
            meta.textContent =
              "The search needs a connection the first time it is used on this device.";
          },
        );
    }

    function move(step) {
      var items = list.querySelectorAll("a");
      if (!items.length) return;
      if (active >= 0) items[active].setAttribute("aria-selected", "false");
      active = (active + step + items.length) % items.length;
      items[active].setAttribute("aria-selected", "true");
      items[active].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", items[active].id);
    }

    input.addEventListener("focus", load);
    input.addEventListener("input", function () {
      show(input.value);
    });
    form.addEventListener("reset", function () {
      setTimeout(function () {
        show("");
        input.focus();
      });
    });
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      var link = list.querySelector(active >= 0 ? "#search-result-" + active : "a");
      if (link) link.click();
    });
    input.addEventListener("keydown", function (event) {
      if (event.key === "ArrowDown") {
        event.preventDefault();
        move(1);
      } else if (event.key === "ArrowUp") {
        event.preventDefault();
        move(-1);
      } else if (event.key === "Escape") {
        event.preventDefault();
        shut();
      }
    });
    document.addEventListener("keydown", function (event) {
      if (
        /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName) ||
        event.ctrlKey ||
        event.metaKey ||
        event.altKey
      )
        return;
      if (event.key === "/" || event.key === "s" || event.key === "f") {
        event.preventDefault();
        input.focus();
      }
    });
    if (toggle)
      toggle.addEventListener("change", function () {
        if (toggle.checked && document.activeElement !== input) input.focus();
      });
    window.guideSearch = function (query, reader, topic) {
      return load().then(function () {
        return ask(
          query,
          reader || track,
          topic === undefined && engine.parts ? topicHere() : topic || "",
        );
      });
    };
    window.guideSearch.tokens = tokens;
    /* This script comes when the box is touched: what was done before it came still counts. */
    if (toggle && toggle.checked) input.focus();
    if (document.activeElement === input) {
      load();
      if (input.value) show(input.value);
    }
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready);
  else ready();
})();
