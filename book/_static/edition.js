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

// The excerpts of the search show text, without buttons and the marks around formulas.
if (typeof Search !== "undefined") {
  const { htmlToText } = Search;
  Search.htmlToText = (html, anchor) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const unread =
      ".bd-header-article, #jb-print-docs-body, .questions :is(button, .done, .answers)";
    for (const part of page.querySelectorAll(unread)) part.remove();
    return htmlToText(page.documentElement.outerHTML, anchor).replace(/\\[()[\]]/g, "");
  };
}
