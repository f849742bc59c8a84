/* On a page that stands for an old address: takes the place named in the address along. Without script the links do. */
(function () {
  "use strict";
  var anchor = decodeURIComponent(location.hash.slice(1)),
    entry = anchor && document.getElementById(anchor);
  var link = entry ? entry.querySelector("a") : document.getElementById("target");
  if (!link) return;
  location.replace(entry || link.hash ? link.href : link.href + location.hash);
})();
