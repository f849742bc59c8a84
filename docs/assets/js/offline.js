/* Readable without a connection: after a page is there, it and the few pages that matter most in its
   topic are kept by the service worker (sw.js). Nothing else is stored; "about/offline/" deletes it. */
(function () {
  "use strict";
  var root = document.currentScript.src.replace(/assets\/guide\.js.*$/, "");
  if (
    !("serviceWorker" in navigator) ||
    !/^https?:$/.test(location.protocol) ||
    !document.querySelector('meta[name="guide-date"]')
  )
    return;
  var later =
    window.requestIdleCallback ||
    function (call) {
      setTimeout(call, 200);
    };

  function send(message, hear) {
    return navigator.serviceWorker.ready.then(function (worker) {
      var channel = new MessageChannel();
      if (hear)
        channel.port1.onmessage = function (event) {
          hear(event.data);
        };
      worker.active.postMessage(message, hear ? [channel.port2] : []);
    });
  }

  function start() {
    navigator.serviceWorker.register(root + "sw.js", { scope: root }).then(
      function () {
        var here = performance
          .getEntriesByType("resource")
          .map(function (entry) {
            return entry.name;
          })
          .filter(function (name) {
            return name.indexOf(root) === 0 && !/\/sw\.js$|\.zip$|\.pdf$/.test(name);
          });
        send({ keep: [location.href].concat(here) });
        /* The rest well after the page, and not for somebody who pays for every byte. */
        if (!(navigator.connection && navigator.connection.saveData))
          setTimeout(function () {
            var topic = location.href.slice(root.length).split("/")[0],
              core = [root];
            if (topic && document.querySelector(".track-bar"))
              ["", "patients/", "patients/safety/", "clinicians/", "clinicians/safety/"].forEach(
                function (name) {
                  core.push(root + topic + "/" + name);
                },
              );
            send({ keep: core });
          }, 4000);
      },
      function () {
        /* a browser that keeps nothing shows the site as ever */
      },
    );
  }
  if (document.readyState === "complete") later(start);
  else
    window.addEventListener("load", function () {
      later(start);
    });

  function ready() {
    var box = document.querySelector(".keep");
    if (!box) return;
    var said = box.querySelector(".keep__said"),
      all = box.querySelector(".keep__all"),
      forget = box.querySelector(".keep__forget");
    box.hidden = false;
    /* A guide too large to be kept whole has no such button. */
    if (all)
      all.addEventListener("click", function () {
        all.disabled = true;
        said.textContent = "Fetching …";
        fetch(root + "assets/offline.json")
          .then(function (answer) {
            return answer.json();
          })
          .then(function (list) {
            return send(
              {
                keep: list.map(function (name) {
                  return root + name;
                }),
              },
              function (state) {
                if (state.done < state.of) {
                  said.textContent =
                    "Fetching: " + Math.round((100 * state.done) / state.of) + " %";
                  return;
                }
                said.textContent =
                  state.kept === state.of
                    ? "The whole guide is kept on this device."
                    : "Not everything could be fetched. Try again with a better connection.";
                all.disabled = false;
              },
            );
          })
          .catch(function () {
            said.textContent = "There is no connection now.";
            all.disabled = false;
          });
      });
    forget.addEventListener("click", function () {
      send({ forget: true }, function () {
        said.textContent =
          "Nothing of the guide is kept on this device any more. The next page you open is kept again.";
      });
    });
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready);
  else ready();
})();
