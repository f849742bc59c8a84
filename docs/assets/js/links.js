/* A click on the # of a place opens a small window with its address, a line to cite and a QR code. What
   draws it is fetched at the first click; without script the # is a plain link. */
(() => {
  "use strict";
  let loading = null;

  /* Whether the browser is asked for something of its own, such as a new tab. */
  function isForBrowser(event) {
    const keys = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    return event.defaultPrevented || event.button || keys;
  }

  document.addEventListener("click", async (event) => {
    if (isForBrowser(event) || !window.HTMLDialogElement) return;
    const link = event.target.closest?.("a.permalink, a.headerlink");
    if (!link) return;
    event.preventDefault();
    loading ??= window.guide.loadScript("share.js");
    try {
      await loading;
    } catch {
      loading = null;
      location.href = link.href;
      return;
    }
    window.guideShare(link);
  });
})();
