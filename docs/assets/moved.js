/* On a page that stands for an old address: goes to the new address of the place named in this one.
   Without script the links on the page do. */
(() => {
  "use strict";
  const anchor = decodeURIComponent(location.hash.slice(1));
  const entry = anchor && document.getElementById(anchor);
  const link = entry ? entry.querySelector("a") : document.getElementById("target");
  if (!link) return;
  location.replace(entry || link.hash ? link.href : link.href + location.hash);
})();
