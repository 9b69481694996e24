"""What Chromium leaves to be mended: title and author, bookmarks, and the tree of tags."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject

from tools.pdf.settings import CONFIG, EDITIONS


def finish(printed: Path, path: Path, edition: str) -> int:
    """Say who wrote the book, open it with its bookmarks, and leave out the time of day."""
    writer = PdfWriter(clone_from=printed)
    writer.metadata = {
        "/Title": EDITIONS[edition]["html_title"],
        "/Author": EDITIONS[edition].get("author", CONFIG["author"]),
    }
    writer.page_mode = "/UseOutlines"
    fold_bookmarks(writer.root_object["/Outlines"])
    drop_spans(writer.root_object["/StructTreeRoot"])
    writer.compress_identical_objects(remove_duplicates=False)
    writer.write(path)
    return len(writer.pages)


def drop_spans(root: Any) -> None:
    """Take the elements without a meaning out of the tree that screen readers read.

    Chromium makes one for each run of letters and each token of code, sixty thousand in
    all, two thirds of the file. What they hold goes to the elements around them.
    """
    heirs: dict[int, Any] = {}
    adopt(root, heirs)
    for entry in root["/ParentTree"]["/Nums"][1::2]:
        elements = entry.get_object()
        if isinstance(elements, ArrayObject):  # those of a page, by the number of the piece
            for number, element in enumerate(elements):
                elements[number] = heirs.get(getattr(element, "idnum", 0), element)


def adopt(element: Any, heirs: dict[int, Any]) -> None:
    """Let an element hold what the spans below it hold, and theirs."""
    own = element.indirect_reference
    held = list(pieces(element, own, heirs))
    page = next((page for _, page in held if page is not None), None)
    if page is not None:
        element[NameObject("/Pg")] = page
    element[NameObject("/K")] = ArrayObject(
        piece if there in (None, page) else piece_of(there, piece) for piece, there in held
    )
    for piece, _ in held:
        child = piece.get_object()
        if isinstance(child, DictionaryObject) and "/S" in child:
            child[NameObject("/P")] = own
            adopt(child, heirs)


def pieces(element: Any, heir: Any, heirs: dict[int, Any]) -> Iterator[tuple[Any, Any]]:
    """What an element holds but for spans, and the page of each numbered piece of text."""
    held: Any = element.raw_get("/K") if "/K" in element else ArrayObject()
    for child in held.get_object() if isinstance(held.get_object(), ArrayObject) else [held]:
        target: Any = child.get_object()
        if isinstance(target, int):
            yield child, element.raw_get("/Pg")
        elif target.get("/S") == "/NonStruct":
            heirs[child.idnum] = heir
            yield from pieces(target, heir, heirs)
            target.clear()
        else:
            yield child, None


def piece_of(page: Any, number: Any) -> DictionaryObject:
    """A piece of text on another page than the first of its element."""
    names = {"/Type": NameObject("/MCR"), "/Pg": page, "/MCID": number}
    return DictionaryObject({NameObject(name): value for name, value in names.items()})


def fold_bookmarks(item: Any, depth: int = 0) -> None:
    """Show the chapters of each part, and their sections when a reader asks for them."""
    if depth == 2 and "/Count" in item:
        item[NameObject("/Count")] = NumberObject(-abs(item["/Count"]))
    child = item.get("/First")
    while child is not None:
        fold_bookmarks(child.get_object(), depth + 1)
        child = child.get_object().get("/Next")
