"""Two languages, one course: the editions differ in nothing but the language."""

import ast
import re

import pytest
import yaml

from tests.course import (
    BOOK,
    ROOT,
    files,
    notebook,
    notebook_names,
    numbers,
    prose,
    statements,
    without_code,
)

HAN = "[\u4e00-\u9fff]"
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
def test_cells_are_the_same_but_for_language(name: str) -> None:
    english, chinese = (notebook(edition, name).cells for edition in ("en", "zh"))
    assert [(c.cell_type, c.id) for c in english] == [(c.cell_type, c.id) for c in chinese]
    for en, zh in zip(english, chinese, strict=True):
        if en.cell_type != "code":
            continue
        assert ast.dump(statements(en.source)) == ast.dump(statements(zh.source)), en.id
        assert en.metadata.get("tags") == zh.metadata.get("tags"), en.id
        if not en.metadata.get("tags"):  # times are never the same
            assert en.outputs == zh.outputs, f"{en.id}: outputs differ; run: make notebooks"
        names = [c.metadata.get("mystnb", {}).get("figure", {}).get("name") for c in (en, zh)]
        assert names[0] == names[1], en.id


# What a page consists of, beside its sentences. The order of references may change
# with the order of words; the order of the parts of a page may not.
PARTS = {
    "headings": (r"^#+(?= )", True),
    "display equations": (r"^\$\$\n[\s\S]*?\n\$\$(?: \(.*?\))?$", True),
    "labels": (r"^:label: .*|^\([a-z-]+\)=$", True),
    "directives": (r"^(?:```|:::)\{[a-z-]+\}", True),
    "rows of tables": (r"^\|(?= )", True),
    "citations": (r"\{cite[a-z:]*\}`[^`]*`", False),
    "references to equations": (r"\{eq\}`[^`]*`", False),
    "references to figures": (r"\{numref\}`[^`]*`", False),
    "links": (r"\]\(([^)]*)\)", False),
}


RELATION = re.compile(r"[=<>]|\\(approx|in|frac|le|ge)\b")


@every_page
@pytest.mark.parametrize("part", PARTS)
def test_pages_have_the_same_parts(name: str, part: str) -> None:
    pattern, ordered = PARTS[part]
    english, chinese = (
        re.findall(pattern, prose(edition, name), re.MULTILINE) for edition in ("en", "zh")
    )
    if part == "display equations":  # words in a formula are in the language of the page
        english, chinese = (
            [re.sub(r"\\text\{[^}]*\}", r"\\text{}", equation) for equation in equations]
            for equations in (english, chinese)
        )
    if not ordered:
        english, chinese = sorted(english), sorted(chinese)
    assert english == chinese


@every_page
def test_pages_state_the_same_numbers_paragraphs_and_formulas(name: str) -> None:
    english, chinese = (prose(edition, name) for edition in ("en", "zh"))
    assert numbers(without_code(english)) == numbers(without_code(chinese))
    assert len(re.split(r"\n\n+", english.strip())) == len(re.split(r"\n\n+", chinese.strip()))
    # A formula that says something is said in both; single letters come and go with the words.
    formulas = [
        sorted(f for f in re.findall(r"(?<!\$)\$([^$]+)\$(?!\$)", text) if RELATION.search(f))
        for text in (english, chinese)
    ]
    assert formulas[0] == formulas[1]


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
