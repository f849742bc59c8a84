/* A guide about several conditions: the first file of the search knows the pages about the guide and a line for
   every topic, and each condition has a file of its own. Which files a question needs is decided here. */
window.guideSearchParts = function (data, tools) {
  "use strict";
  /* At most so many files for one question; a guide with no more than that is searched whole. */
  var MOST = 3;
  var own = Object.prototype.hasOwnProperty;
  var parts = data.parts.map(function (row) {
    return {
      id: row[0],
      name: row[1],
      topics: row[2],
      called: row[3],
      loading: null,
      failed: false,
    };
  });
  /* The part of each section by its place; -1: the first file. */
  var owner = data.sections.map(function () {
    return -1;
  });
  var leads = Object.keys(data.leads),
    chosen = -1,
    asked = { weight: {}, more: false, failed: false };

  function fetchPart(place) {
    var part = parts[place];
    part.loading =
      part.loading ||
      tools
        .read("search/" + part.id + ".json")
        .then(function (more) {
          var pages = data.pages.length,
            sections = data.sections.length;
          Object.keys(more.vocabulary).forEach(function (word) {
            if (!own.call(data.vocabulary, word)) data.vocabulary[word] = more.vocabulary[word];
          });
          Object.keys(more.medicines).forEach(function (name) {
            data.medicines[name] = (
              own.call(data.medicines, name) ? data.medicines[name] : []
            ).concat(more.medicines[name]);
          });
          data.background = data.background.concat(more.background);
          data.pages = data.pages.concat(more.pages);
          data.sections = data.sections.concat(
            more.sections.map(function (row) {
              owner.push(place);
              return [row[0] + pages].concat(row.slice(1));
            }),
          );
          tools.take(sections);
          part.failed = false;
        })
        .catch(function () {
          part.loading = null;
          part.failed = true;
        });
    return part.loading;
  }

  /* A function that says whether the words hold a name: as it is, or a long one with slips of the pen.
     What counts as a slip is the same as in slip_of_the_pen() of scripts/guide/search/tokens.py. */
  function holds(words) {
    var said = " " + words.join(" ") + " ",
      phrases = {};
    function ofLength(count) {
      if (!phrases[count])
        phrases[count] = words
          .slice(0, Math.max(0, words.length - count + 1))
          .map(function (_, at) {
            return words.slice(at, at + count).join(" ");
          });
      return phrases[count];
    }
    return function (name) {
      if (said.indexOf(" " + name + " ") >= 0) return true;
      return (
        name.length > 5 &&
        ofLength(name.split(" ").length).some(function (phrase) {
          return phrase[0] === name[0] && tools.close(phrase, name);
        })
      );
    };
  }

  /* How much each part concerns the question, by place: where the reader is or chose to look, then what is named. */
  function concerned(query, topic) {
    var named = holds(tools.tokens(query)),
      score = {};
    function add(place, points) {
      score[place] = (score[place] || 0) + points;
    }
    var here = -1;
    parts.forEach(function (part, place) {
      if (part.topics.indexOf(topic) >= 0) {
        here = place;
        add(place, 8);
      }
      if (part.called.some(named)) add(place, 4);
    });
    if (chosen >= 0) add(chosen, 16);
    leads.filter(named).forEach(function (name) {
      var places = data.leads[name];
      /* Who reads of one condition and names its medicine asks about it there. */
      if (places.indexOf(here) < 0)
        places.forEach(function (place) {
          add(place, 1);
        });
    });
    return score;
  }

  return {
    /* Fetches what the question needs. What cannot be fetched is left out, and `offer` says so. */
    prepare: function (query, topic) {
      var score = concerned(query, topic),
        places = Object.keys(score)
          .map(Number)
          .sort(function (one, other) {
            return score[other] - score[one] || one - other;
          });
      var named = places.length > 0;
      if (!named && parts.length <= MOST && tools.tokens(query).length)
        places = parts.map(function (_, place) {
          return place;
        });
      var wanted = places.slice(0, MOST),
        weight = {};
      wanted.forEach(function (place) {
        weight[place] = score[place] >= 4 ? 1.3 : 1;
      });
      return Promise.all(wanted.map(fetchPart)).then(function () {
        asked = {
          weight: weight,
          more: parts.length > MOST && (!named || places.length > MOST || chosen >= 0),
          failed: wanted.some(function (place) {
            return parts[place].failed;
          }),
        };
      });
    },

    /* What a section counts for in the question last prepared; 0: it belongs to a part that the question does not concern. */
    weight: function (id) {
      return owner[id] < 0 ? 1 : asked.weight[owner[id]] || 0;
    },

    /* Whether the answer may lie in parts that the question did not tell. */
    more: function () {
      return asked.more && chosen < 0;
    },

    /* Behind the count of results: what could not be fetched, and the conditions to choose from where the question told none. */
    offer: function (meta, query, again) {
      var box = document.getElementById("search-in");
      if (!box) {
        box = document.createElement("div");
        box.id = "search-in";
        box.innerHTML =
          '<p class="search-in__failed">Some pages could not be reached. These answers are from the others.</p><p class="search-in__choice"><label>Search in one condition: <select></select></label></p>';
        var select = box.querySelector("select");
        select.appendChild(new Option("Choose one", "-1"));
        parts
          .map(function (part, place) {
            return new Option(part.name, place);
          })
          .sort(function (one, other) {
            return one.text.localeCompare(other.text);
          })
          .forEach(function (option) {
            select.appendChild(option);
          });
        select.addEventListener("change", function () {
          chosen = Number(select.value);
          again();
        });
        meta.parentNode.insertBefore(box, meta.nextSibling);
      }
      box.querySelector(".search-in__failed").hidden = !query || !asked.failed;
      box.querySelector(".search-in__choice").hidden = !query || !asked.more;
    },
  };
};
