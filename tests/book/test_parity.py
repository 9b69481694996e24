"""Two languages, one course: the editions differ in nothing but the language."""

import re

import pytest
import yaml

from tests.course import (
    BOOK,
    EDITIONS,
    ROOT,
    code_by_section,
    code_cells,
    files,
    notebook_names,
    numbers,
    output_text,
    prose,
    sections,
    without_code,
    wordless,
)

HAN = "[\u4e00-\u9fff]"
CHINESE = "[\u3001-\u303f\u4e00-\u9fff\uff01-\uff5e]"  # with punctuation
PAGES = [path.stem for path in files(BOOK / "en", "*.*")]
every_page = pytest.mark.parametrize("name", PAGES)
every_notebook = pytest.mark.parametrize("name", notebook_names())


def test_every_page_exists_in_both_editions() -> None:
    english, chinese = (
        [path.relative_to(BOOK / edition).as_posix() for path in files(BOOK / edition)]
        for edition in ("en", "zh")
    )
    assert english == chinese


def test_the_table_of_contents_names_each_page_once_below_captions_in_both_languages() -> None:
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf8"))
    pages = [chapter["file"] for part in toc["parts"] for chapter in part["chapters"]]
    solutions = [f"solutions/{path.stem}" for path in files(ROOT / "solutions/en", "*/*.ipynb")]
    assert sorted([toc["root"], *pages]) == sorted([*PAGES, *solutions])
    for part in toc["parts"]:
        assert part["captions"].keys() == {"en", "zh"}
        assert re.search(HAN, part["captions"]["zh"])
        assert not re.search(HAN, part["captions"]["en"])


@every_notebook
def test_code_is_the_same_but_for_words(name: str) -> None:
    english, chinese = (code_cells(edition, name) for edition in EDITIONS)
    assert [cell.id for cell in english] == [cell.id for cell in chinese]
    for en, zh in zip(english, chinese, strict=True):
        codes, words = zip(*(wordless(cell.source) for cell in (en, zh)), strict=True)
        assert codes[0] == codes[1], en.id
        for ours, theirs in zip(*words, strict=True):
            assert ours == theirs or re.search(CHINESE, theirs), f"{en.id}: {ours!r}, {theirs!r}"
        assert en.metadata.get("tags") == zh.metadata.get("tags"), en.id
        names = [c.metadata.get("mystnb", {}).get("figure", {}).get("name") for c in (en, zh)]
        assert names[0] == names[1], en.id


@every_notebook
def test_outputs_are_the_same_but_for_words(name: str) -> None:
    for en, zh in zip(*(code_cells(edition, name) for edition in EDITIONS), strict=True):
        if en.metadata.get("tags"):  # times are never the same
            continue
        if not re.search(HAN, output_text(zh)):
            assert en.outputs == zh.outputs, f"{en.id}: outputs differ; run: make notebooks"
        figures = [[o.data for o in c.outputs if o.output_type == "display_data"] for c in (en, zh)]
        assert figures[0] == figures[1], f"{en.id}: figures differ; run: make notebooks"
        found = [sorted(re.findall(r"\d+(?:\.\d+)?", output_text(cell))) for cell in (en, zh)]
        assert found[0] == found[1], f"{en.id}: the numbers differ; run: make notebooks"


# What a section consists of, beside its sentences. Sections are found by their labels. Inside of
# one, sentences and paragraphs may merge, split and move: each edition is written by itself.
PARTS = {
    "display equations": r"^\$\$\n[\s\S]*?\n\$\$(?: \(.*?\))?$",
    "labels": r"^:label: .*|^\([a-z0-9-]+\)=$",
    "directives": r"^(?:```|:::)\{[a-z-]+\}",
    "drawings": r"^```\{figure\} .*|^:(?:name|class): .*",
    "rows of tables": r"^\|(?= )",
    "citations": r"\{cite[a-z:]*\}`[^`]*`",
    "references to equations": r"\{eq\}`[^`]*`",
    "references to figures": r"\{numref\}`[^`]*`",
    "links": r"\]\(([^)]*)\)",
}
REPEATABLE = ("citations", "references to equations", "references to figures", "links")


@every_page
def test_pages_have_the_same_sections(name: str) -> None:
    english, chinese = (sections(edition, name) for edition in EDITIONS)
    assert list(english) == list(chinese)
    for label in english:
        levels = [re.findall(r"^#+(?= )", text[label], re.MULTILINE) for text in (english, chinese)]
        assert levels[0] == levels[1], label
        assert len(levels[0]) <= 1, f"{label}: a heading without a label follows"


@every_page
@pytest.mark.parametrize("part", PARTS)
def test_sections_have_the_same_parts(name: str, part: str) -> None:
    english, chinese = (sections(edition, name) for edition in EDITIONS)
    for label in english:
        found = [
            [without_words(match) for match in re.findall(PARTS[part], text[label], re.MULTILINE)]
            for text in (english, chinese)
        ]
        if part in REPEATABLE:  # what is named once in one edition may be named twice in the other
            found = [sorted(set(matches)) for matches in found]
        assert found[0] == found[1], label


@every_page
def test_sections_state_the_same_numbers(name: str) -> None:
    english, chinese = (sections(edition, name) for edition in EDITIONS)
    for label in english:
        found = [numbers(without_code(text[label])) for text in (english, chinese)]
        assert found[0] == found[1], f"{label}: only in one: {found[0] ^ found[1]}"


@every_notebook
def test_code_is_in_the_same_sections(name: str) -> None:
    assert code_by_section("en", name) == code_by_section("zh", name)


def test_a_change_of_code_is_not_taken_for_words() -> None:
    assert wordless("x = 1") != wordless("x = 2")
    assert wordless('print(f"{x:.2f} a")')[0] != wordless('print(f"{x:.3f} a")')[0]
    assert wordless('print(f"a {x} b")')[0] == wordless('print(f"甲{x}")')[0]
    assert wordless('print("a")')[1] == ["a"]


def without_words(match: str) -> str:
    """A formula without the words in it, which are in the language of the page."""
    return re.sub(r"\\text\{[^}]*\}", r"\\text{}", match)


def test_the_glossaries_have_the_same_terms() -> None:
    english = re.findall(r"^(\S.*)\n:", prose("en", "glossary"), re.MULTILINE)
    named = re.findall(r"^\S.*\n: （([^）]+)）", prose("zh", "glossary"), re.MULTILINE)
    assert sorted(english) == sorted(named)
    assert len(english) == len(set(english)) >= 60


# The Chinese


def chinese_prose(name: str) -> str:
    text = prose("zh", name)
    text = re.sub(r"^\$\$\n.*?\n\$\$.*?$", "", text, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"^```(text|sh)\n.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"^:label:.*$|^```.*$|^\|[-| ]+\|$", "", text, flags=re.MULTILINE)


MISTAKES = {
    "a space between Chinese and other text": rf"{HAN} +[\w$`{{\[(*]|[\w$`}})*] +{HAN}",
    "half-width punctuation after Chinese": rf"{HAN}[,;:?!]|{HAN}\.(?!\d)|{HAN}\(",
    "emphasis that Markdown does not close": rf"[。，；：！？”）]\*\*{HAN}|{HAN}\*\*[“（]",
}


@pytest.mark.parametrize("mistake", MISTAKES)
@every_page
def test_the_chinese_is_set_one_way_throughout(name: str, mistake: str) -> None:
    # A cell of a table is bounded by spaces; they are not in a sentence.
    text = re.sub(r" *\| *", "|", chinese_prose(name))
    found = [
        text[max(0, m.start() - 10) : m.end() + 10] for m in re.finditer(MISTAKES[mistake], text)
    ]
    assert not found


@every_page
def test_the_chinese_page_is_in_chinese(name: str) -> None:
    titles = re.findall(r"^#+ (.*)", prose("zh", name), re.MULTILINE)
    assert titles
    assert all(re.search(HAN, title) for title in titles)
