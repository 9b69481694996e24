"use strict";
// Only on the page of the search: reads traditional characters, puts the pages that are about a
// term first, and shows excerpts without buttons. What it knows of terms and characters is in
// the index; book/_ext/search_ranking.py says how it came there.
{
  const { _parseQuery, _performSearch, htmlToText } = Search;

  // The query in simplified characters, at each place the longest word that is known.
  const simplify = (query) => {
    const simplified = Search._index.simplified ?? {};
    const longest = Math.max(...Object.keys(simplified).map((word) => word.length));
    let said = "";
    for (let start = 0; start < query.length; ) {
      let end = Math.min(query.length, start + longest);
      while (end > start + 1 && !Object.hasOwn(simplified, query.slice(start, end))) end -= 1;
      const word = query.slice(start, Math.max(end, start + 1));
      said += Object.hasOwn(simplified, word) ? simplified[word] : word;
      start += word.length;
    }
    return said;
  };

  // The terms in a query, without those that are part of a longer one.
  const termsIn = (query) => {
    const inside = (term, text) => {
      const place = text.indexOf(term);
      return place >= 0 && !/\w\w/.test(text.slice(Math.max(place - 1, 0), place + 1));
    };
    const found = Object.keys(Search._index.about).filter((term) => inside(term, query));
    return found.filter((term) => !found.some((other) => other !== term && inside(term, other)));
  };

  // What each page has to say on the terms in a query: all of them come before some of them.
  const weigh = (query) => {
    const weights = new Map();
    for (const term of termsIn(query.toLowerCase().replaceAll("’", "'"))) {
      for (const [page, weight] of Object.entries(Search._index.about[term])) {
        const name = Search._index.docnames[page];
        weights.set(name, (weights.get(name) ?? 0) + 1000 + weight);
      }
    }
    return weights;
  };

  Search._parseQuery = (query) => _parseQuery(simplify(query));

  // Sphinx gives the results in reverse; each is [page, title, anchor, description, score, file].
  Search._performSearch = (query, ...words) => {
    const weights = weigh(query);
    const rank = ([page, , , , score]) => (weights.get(page) ?? 0) + score;
    return _performSearch(query, ...words).sort((one, other) => rank(one) - rank(other));
  };

  Search.htmlToText = (html, anchor) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const unread =
      ".bd-header-article, #jb-print-docs-body, .run-chapter, .quiz :is(button, .done, .answers)";
    for (const part of page.querySelectorAll(unread)) part.remove();
    return htmlToText(page.documentElement.outerHTML, anchor);
  };
}
