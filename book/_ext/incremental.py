"""What a second build does anew: the pages that have changed, and those that show it.

Sphinx keeps what it has read, and reads and writes a page again when its file is newer.
The site must be the same, byte by byte, as one that is built from nothing. Therefore:

* An edition is built from nothing when its last build did not end well, and when anything
  has changed that is not a page: a setting, a template, an extension, a style sheet, the
  lock of the packages.
* A page has changed when its content has, whatever the time of its file says.
* When something has changed that pages show of one another, such as a title or a number,
  all pages are written again.
* Files that no page needs any longer are removed, and words that no page has.
"""

import filecmp
import re
import shutil
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

from chinese_search import emphasized
from docutils import nodes
from places import ROOT
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.search import js_index

ENDED = "ended"  # the file that says with which state an edition was built
# What counts for all pages. The glossary is the vocabulary of the Chinese search, with the
# words that the Chinese pages emphasize.
SHARED_FILES = (
    "_config.yml",
    "_toc.yml",
    "requirements/book.txt",
    "book/zh/glossary.md",
)
# What in the folder of the book counts for some pages only, besides the editions.
PAGES = {"index.md", "quizzes"}
# What does not say more of itself is made from references.bib, which counts for all pages.
ADDRESS = re.compile(r" at 0x[0-9a-f]+")
UNREAD = re.compile(r"/\.|\.pyc$|\.mo$")  # hidden files, and those made from others


def setup(app: Sphinx) -> dict[str, bool]:
    # When Sphinx has numbered the sections and the figures.
    app.connect("env-get-updated", pages_to_write_again, priority=900)
    app.connect("build-finished", remove_what_is_left_over)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


# What is not a page


def state(settings: Any, editions: Iterable[str], root: Path = ROOT) -> str:
    """A digest of everything that counts for all pages of an edition.

    Args:
        settings: Those with which the edition is built; they have a ``repr`` that tells all.
        editions: The names of all editions, whose folders hold pages.
        root: The folder of the course.
    """
    names = list(SHARED_FILES)
    for file in sorted((root / "book").rglob("*")):
        name = file.relative_to(root).as_posix()
        pages = name.split("/")[1] in PAGES | set(editions)
        if file.is_file() and not pages and not UNREAD.search(name):
            names.append(name)
    digest = sha256(repr(settings).encode())
    digest.update(repr(sorted(emphasized(root))).encode())
    for name in names:
        content = sha256((root / name).read_bytes()).hexdigest()
        digest.update(f"{name} {content}\n".encode())
    return digest.hexdigest()


def begin(
    state: str, outdir: Path, doctreedir: Path, *, fresh: bool = False
) -> None:
    """Remove what earlier builds have left, if it cannot be built upon or is not to be."""
    ended = doctreedir / ENDED
    if (
        fresh
        or not outdir.exists()
        or not ended.exists()
        or ended.read_text("utf8") != state
    ):
        for folder in (outdir, doctreedir):
            if folder.exists():
                shutil.rmtree(folder)
    ended.unlink(missing_ok=True)


def end(state: str, doctreedir: Path) -> None:
    """Let the next build build upon this one."""
    (doctreedir / ENDED).write_text(state, "utf8")


# The pages


def update_copies(files: dict[str, Path], folder: Path) -> None:
    """Let a folder hold copies of these files, by their names in it, and no others.

    Only what differs is copied, with the time of now: a copy that is newer than a page was
    read has another content.
    """
    for copy in [path for path in folder.rglob("*") if path.is_file()]:
        if copy.relative_to(folder).as_posix() not in files:
            copy.unlink()
    for name, file in files.items():
        copy = folder / name
        if not copy.exists() or not filecmp.cmp(file, copy, shallow=False):
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)


def pages_to_write_again(app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
    """The pages that have not changed themselves but show what has."""
    if not app.config.edition:
        return []
    before, now = getattr(env, "shared", None), shared(env)
    env.shared = now  # type: ignore[attr-defined]
    if now != before:
        return list(env.all_docs)
    # Sphinx forgets the entries in the index of pages that are not written.
    return [
        page
        for page, entries in env.get_domain("index").data["entries"].items()
        if entries
    ]


def shared(env: BuildEnvironment) -> str:
    """A digest of all that pages can show of one another.

    These are the sidebar, the neighbors, and what a reference names: titles, numbers,
    captions, equations, exercises, terms, sources.
    """
    exercises = getattr(env, "sphinx_exercise_registry", {})
    parts = (
        env.titles,
        env.tocs,
        env.toc_secnumbers,
        env.toc_fignumbers,
        env.domaindata,
        {
            label: (e["docname"], e["node"].get("title"))
            for label, e in exercises.items()
        },
        {
            page: metadata.get("myst_slugs")
            for page, metadata in env.metadata.items()
        },
    )
    return sha256(in_order(parts).encode()).hexdigest()


def in_order(value: object) -> str:
    """A text that does not depend on the order in which pages were read."""
    if isinstance(value, nodes.Node):
        return value.pformat()
    if isinstance(value, dict):
        items = sorted(
            f"{in_order(key)}: {in_order(item)}" for key, item in value.items()
        )
        return f"{{{', '.join(items)}}}"
    if isinstance(value, list | set | frozenset):
        return f"[{', '.join(sorted(map(in_order, value)))}]"
    if isinstance(value, tuple):
        return f"({', '.join(map(in_order, value))})"
    return ADDRESS.sub("", repr(value))


# What is left over


def remove_what_is_left_over(app: Sphinx, exception: Exception | None) -> None:
    if exception or not app.config.edition or app.builder.format != "html":
        return
    site = Path(app.outdir)
    keep_files(site / "_images", (name for _, name in app.env.images.values()))
    keep_files(site / "_downloads", (name for _, name in app.env.dlfiles.values()))
    drop_words(site / "searchindex.js")


def keep_files(folder: Path, names: Iterable[str]) -> None:
    """Remove the files of a folder that do not have one of these names."""
    kept = set(names)
    for file in [path for path in folder.rglob("*") if path.is_file()]:
        if file.relative_to(folder).as_posix() not in kept:
            file.unlink()
            if not any(file.parent.iterdir()):
                file.parent.rmdir()


def drop_words(index: Path) -> None:
    """Take the words out of the index of the search that no page has any longer."""
    with index.open(encoding="utf8") as file:
        content = js_index.load(file)
    for words in ("terms", "titleterms"):
        content[words] = {
            word: pages for word, pages in content[words].items() if pages != []
        }
    with index.open("w", encoding="utf8") as file:
        js_index.dump(content, file)
