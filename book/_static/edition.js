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
