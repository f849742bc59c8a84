/* Says that a page is past its review date. The pages were built before that day. */
(() => {
  "use strict";
  const today = new Date().toISOString().slice(0, 10);
  for (const notice of document.querySelectorAll("[data-next-review]")) {
    const overdue = notice.querySelector(".review__overdue");
    if (overdue && notice.dataset.nextReview < today) overdue.hidden = false;
  }
})();
