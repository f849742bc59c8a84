/* A click on the # beside a place opens a small window with its address, a line to cite and a QR
   code. What draws it is fetched at the first click; without script the # is a plain link. */
(function () {
  "use strict";
  var root = document.currentScript.src.replace(/assets\/guide\.js.*$/, ""),
    loading = null;

  document.addEventListener("click", function (event) {
    if (
      event.defaultPrevented ||
      event.button ||
      event.ctrlKey ||
      event.metaKey ||
      event.shiftKey ||
      event.altKey ||
      !window.HTMLDialogElement
    )
      return;
    var link = event.target.closest && event.target.closest("a.permalink, a.headerlink");
    if (!link) return;
    event.preventDefault();
    loading =
      loading ||
      new Promise(function (done, failed) {
        var tag = document.createElement("script");
        tag.src = root + "assets/share.js";
        tag.onload = done;
        tag.onerror = failed;
        document.head.appendChild(tag);
      });
    loading.then(
      function () {
        window.guideShare(link, root);
      },
      function () {
        loading = null;
        location.href = link.href;
      },
    );
  });
})();
