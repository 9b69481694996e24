// A click on a link to an edition is a choice: the landing page remembers it.
for (const link of document.querySelectorAll("a[data-edition]")) {
  link.addEventListener("click", () => {
    try {
      localStorage.setItem("edition", link.dataset.edition);
    } catch {
      // Storage may be forbidden; the link works all the same.
    }
  });
}

// What scrolls sideways can be reached and scrolled by keyboard.
const boxes = document.querySelectorAll(
  ".bd-article :is(pre, div.math, .output, .pst-scrollable-table-container)");
const watcher = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
for (const box of boxes) watcher.observe(box);

// The excerpts of the search show text, without buttons.
if (typeof Search !== "undefined") {
  const { htmlToText } = Search;
  Search.htmlToText = (html, anchor) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const unread =
      ".bd-header-article, #jb-print-docs-body, .run-chapter, .quiz :is(button, .done, .answers)";
    for (const part of page.querySelectorAll(unread)) part.remove();
    return htmlToText(page.documentElement.outerHTML, anchor);
  };
}
