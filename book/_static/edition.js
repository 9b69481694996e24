// A click on a link to an edition is a choice: the landing page remembers it. The link leads to
// the section that is being read, which has the same address in the other edition.
for (const link of document.querySelectorAll("a[data-edition]")) {
  link.addEventListener("click", () => {
    link.hash = location.hash;
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
