// Cuts a query into words, in the place of Sphinx's function of this name: see chinese_search.py.
function splitQuery(query) {
  const index = Search._index;
  const known = new Set([...Object.keys(index.terms), ...Object.keys(index.titleterms)]);
  const cut = (han) => {
    const words = [];
    for (let start = 0; start < han.length; ) {
      let end = han.length;
      while (end > start + 1 && !known.has(han.slice(start, end))) end -= 1;
      if (end > start + 1) words.push(han.slice(start, end));
      start = end;
    }
    return words.length ? words : [han];
  };
  const runs = query.toLowerCase().match(/[\p{Script=Han}]+|[^\p{Script=Han}]+/gu) || [];
  return runs.flatMap((run) =>
    /\p{Script=Han}/u.test(run) ? cut(run) : run.split(/[^\p{Letter}\p{Number}_]+/u)
  ).filter((word) => word);
}
