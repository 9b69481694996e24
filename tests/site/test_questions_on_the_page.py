"""The questions "Check yourself" of the chapters: their source, and the pages in a browser.

The pages need `make book`.
"""

import copy
import functools
import json
import operator
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser, Locator, Page, Request
from questions import (
    WORDS,
    WORDS_OF_A_CHAPTER,
    WORDS_OF_THE_FRONT_PAGE,
    add_section,
    kind_of,
    read_questions,
    shuffled,
)
from sphinx.errors import ExtensionError

from tests.book.test_parity import MISTAKES
from tests.course import BOOK, CHAPTERS, EDITIONS, SITE, notebook, prose

QUESTIONS = read_questions(BOOK / "questions", set(CHAPTERS))
every_chapter = pytest.mark.parametrize("chapter", CHAPTERS)


def texts(part: object, language: str) -> Iterator[str]:
    """All texts of a question in one language."""
    if isinstance(part, dict) and language in part:
        yield part[language]
    elif isinstance(part, dict | list):
        for inner in part.values() if isinstance(part, dict) else part:
            yield from texts(inner, language)


# The source. That both languages and all explanations are there, read_questions() has checked.


@every_chapter
def test_every_chapter_has_two_to_four_questions_of_more_than_one_kind(chapter: str) -> None:
    kinds = [kind_of(question) for question in QUESTIONS[chapter]]
    assert 2 <= len(kinds) <= 4
    assert len(set(kinds)) > 1


@every_chapter
def test_both_languages_name_the_same_code(chapter: str) -> None:
    for question in QUESTIONS[chapter]:
        english, chinese = (
            set(re.findall("`[^`]+`", " ".join(texts(question, language))))
            for language in ("en", "zh")
        )
        assert english == chinese, question["id"]


@every_chapter
def test_the_chinese_is_set_as_in_the_chapters(chapter: str) -> None:
    for text in texts(QUESTIONS[chapter], "zh"):
        assert not [name for name, mistake in MISTAKES.items() if re.search(mistake, text)], text


@pytest.mark.parametrize("count", [3, 4, 5, 6])
def test_an_order_is_never_shown_as_it_should_be(count: int) -> None:
    for name in range(200):
        places = shuffled({"id": f"question-{name}", "order": ["item"] * count})
        assert sorted(places) == list(range(count))
        assert places != sorted(places)


# What is wrong with a source is said


def both(text: str = "text") -> dict[str, str]:
    return {"en": text, "zh": text}


VALID = [
    {
        "id": "a-choice",
        "ask": both(),
        "choose": [
            {"text": both(), "why": both()},
            {"text": both(), "why": both(), "right": True},
            {"text": both(), "why": both()},
        ],
    },
    {
        "id": "a-number",
        "ask": both(),
        "number": {
            "value": 4.5,
            "tolerance": 0.1,
            "why": both(),
            "wrong": [{"value": 9, "why": both()}, {"value": 3, "why": both()}],
            "otherwise": both(),
        },
    },
    {
        "id": "an-order",
        "ask": both(),
        "order": [
            {"text": both(), "next": both()},
            {"text": both(), "next": both()},
            {"text": both()},
        ],
        "why": both(),
    },
]


def read(folder: Path, content: object) -> None:
    (folder / "sgd.yml").write_text(yaml.safe_dump(content), "utf8")
    read_questions(folder, {"sgd"})


def test_a_source_without_mistakes_is_read(tmp_path: Path) -> None:
    read(tmp_path, VALID)


GONE = object()
BROKEN = [
    ([0, "hint"], both(), "a-choice: question: unknown key 'hint'; expected ask, choose, id"),
    ([0, "ask"], GONE, "a-choice: question: ask is missing"),
    ([0, "ask", "zh"], GONE, "a-choice: question, ask: zh is missing"),
    ([0, "ask", "fr"], "texte", "a-choice: question, ask: unknown key 'fr'; expected en, zh"),
    ([0, "ask", "en"], 8, "a-choice: question, ask, en: expected text (in quotes?), got 8"),
    (
        [0, "ask", "zh"],
        "[优化器](sgd.ipynb)",
        "a-choice: question, ask, zh: expected one paragraph",
    ),
    ([0, "choose"], GONE, "a-choice: expected exactly one of choose, number, order; got none"),
    ([0, "number"], {}, "choose, number, order; got choose and number"),
    ([0, "id"], "A choice", "question 1: expected an id of lower-case letters"),
    ([1, "id"], "a-choice", "a-choice: there are two of this id"),
    ([0, "choose", 1, "right"], GONE, "a-choice: choose: expected right: true at exactly one"),
    ([0, "choose", 0, "right"], True, "at exactly one option, got [True, True]"),
    ([0, "choose", 2], GONE, "a-choice: choose: expected a list of three or four options"),
    ([0, "choose", 2, "why"], GONE, "a-choice: option 3: why is missing"),
    ([1, "number", "otherwise"], GONE, "a-number: number: otherwise is missing"),
    ([1, "number", "value"], "4.5", "a-number: number: expected numbers without quotes, got '4.5'"),
    ([1, "number", "tolerance"], -1, "a-number: tolerance: expected 0 or more, got -1"),
    ([1, "number", "wrong"], {}, "a-number: wrong: expected a list of numbers with reasons"),
    ([1, "number", "wrong", 1, "why"], GONE, "a-number: wrong number 2: why is missing"),
    ([1, "number", "wrong", 1, "value"], 4.4, "wrong: 4.4 is within the tolerance of 4.5"),
    ([1, "number", "wrong", 1, "value"], 9.1, "wrong: 9.1 is within the tolerance of 9"),
    ([2, "order"], [{"text": both()}], "an-order: order: expected a list of 3 to 6 items"),
    ([2, "order", 0, "next"], GONE, "an-order: item 1: next is missing"),
    ([2, "order", 2, "next"], both(), "an-order: item 3: unknown key 'next'; expected text"),
    ([2, "why"], GONE, "an-order: question: why is missing"),
]


@pytest.mark.parametrize(("path", "value", "message"), BROKEN, ids=[case[-1] for case in BROKEN])
def test_an_error_names_the_file_the_question_and_what_was_expected(
    tmp_path: Path, path: list[Any], value: object, message: str
) -> None:
    content: Any = copy.deepcopy(VALID)
    *way, last = path
    part = functools.reduce(operator.getitem, way, content)
    if value is GONE:
        del part[last]
    else:
        part[last] = value
    with pytest.raises(ExtensionError, match=rf"sgd\.yml: .*{re.escape(message)}"):
        read(tmp_path, content)


def test_all_errors_are_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "adam.yml").write_text("- id: [", "utf8")
    with pytest.raises(ExtensionError) as error:
        read(tmp_path, {})
    said = str(error.value)
    assert "adam.yml: expected the name of a chapter" in said
    assert "adam.yml: this is not YAML" in said
    assert "sgd.yml: expected a list of questions, got {}" in said


def add_to(source: str) -> str:
    """The source of a chapter of one cell, with its questions."""
    cells = [{"cell_type": "markdown", "source": source.splitlines(keepends=True)}]
    content = [json.dumps({"cells": cells})]
    config = SimpleNamespace(questions={"sgd": VALID}, edition="zh")
    add_section(SimpleNamespace(config=config), "sgd", content)  # type: ignore[arg-type]
    return str(json.loads(content[0])["cells"][0]["source"])


def test_the_questions_stand_before_the_exercises() -> None:
    added = add_to("text\n\n## 练习\n\nmore")
    assert added == "text\n\n## 自测\n\n```{questions}\n```\n\n## 练习\n\nmore"
    with pytest.raises(ExtensionError, match=r"sgd: .*expected one such section, found 0"):
        add_to("## 练习题\n")


def test_the_notebooks_themselves_do_not_mention_the_questions() -> None:
    for edition in EDITIONS:
        for chapter in CHAPTERS:
            for cell in notebook(edition, chapter).cells:
                assert "{questions}" not in cell.source
                assert f"## {WORDS['title'][edition]}" not in cell.source


# The pages


def test_both_editions_show_the_items_of_an_order_alike() -> None:
    def shown(edition: str) -> list[str]:
        pages = [(SITE / edition / f"{chapter}.html").read_text("utf8") for chapter in CHAPTERS]
        return re.findall(r'<li data-place="(\d)">', "".join(pages))

    assert shown("en") == shown("zh")
    assert shown("en")


# A visit to each page, for its structure and for every answer of every question


@pytest.fixture(
    scope="module",
    params=[(edition, chapter) for chapter in CHAPTERS for edition in EDITIONS],
    ids="-".join,
)
def visited(request: pytest.FixtureRequest, tab: Page, site: str) -> Iterator[tuple[str, str]]:
    """The edition and the chapter of the page that is open in the tab."""
    edition, chapter = request.param
    tab.goto(f"{site}/{edition}/{chapter}.html")
    yield edition, chapter
    tab.evaluate("localStorage.clear()")


STRUCTURE = """() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  return {
    titles: all("article h2").map((title) => title.textContent),
    forms: all("article form.question").map((form) => form.dataset.id),
    names: all(".questions :is([id], [name])").map((part) => part.id || part.name),
    exercises: all(".exercise").length,
    text: document.querySelector(".questions").textContent,
  };
}"""


def test_the_page_has_the_questions_before_the_exercises(
    tab: Page, visited: tuple[str, str]
) -> None:
    edition, chapter = visited
    page = tab.evaluate(STRUCTURE)
    (place,) = [i for i, title in enumerate(page["titles"]) if WORDS["title"][edition] in title]
    assert re.search("Exercises|练习", page["titles"][place + 1])
    assert page["forms"] == [question["id"] for question in QUESTIONS[chapter]]
    assert "".join(page["names"]).isascii()
    assert page["exercises"] == len(re.findall("```{exercise}", prose("en", chapter)))
    assert not re.search("[`$]", page["text"])


GIVE_ALL_ANSWERS = """(questions) => questions.map(({ id, answers }) => {
  const form = document.querySelector(`form[data-id="${id}"]`);
  const give = {
    choose: (value) => { form.querySelector(`[value="${value}"]`).checked = true; },
    number: (value) => { form.querySelector("input").value = value; },
    order: (places) => places.forEach((place, target) => {
      const item = form.querySelector(`[data-place="${place}"]`);
      while ([...item.parentNode.children].indexOf(item) > target)
        item.querySelector(".move").click();
    }),
  };
  return answers.map((answer) => {
    if (answer !== null) give[form.dataset.kind](answer);
    form.querySelector(".check").click();
    const feedback = form.querySelector(".feedback");
    const said = feedback.cloneNode(true);
    for (const formula of said.querySelectorAll(".math")) formula.remove();
    return {
      verdict: feedback.dataset.verdict,
      said: said.textContent,
      mark: getComputedStyle(feedback.querySelector("strong"), "::before").content,
      offered: !form.querySelector(".show").hidden,
      done: !form.querySelector(".done").hidden,
    };
  });
})"""

Expected = list[tuple[object, str, dict[str, str]]]  # answer, verdict, what is said to it


def expected_of(question: dict[str, Any]) -> Expected:
    """Answers, wrong ones first, and what to expect; the answer None is to leave all as it is."""
    nothing = ("problem", WORDS_OF_A_CHAPTER["nothing"])
    if options := question.get("choose"):
        answers: Expected = [
            (place, "right" if "right" in option else "wrong", option["why"])
            for place, option in enumerate(options)
        ]
        answers.sort(key=lambda answer: answer[1] == "right")
        return [(None, *nothing), *answers]
    if number := question.get("number"):
        wrong = [(str(w["value"]), "wrong", w["why"]) for w in number["wrong"]]
        return [
            (None, *nothing),
            ("5 %", "problem", WORDS_OF_A_CHAPTER["unreadable"]),
            *wrong,
            ("987654.321", "wrong", number["otherwise"]),
            (str(number["value"]), "right", number["why"]),
            (str(number["value"] + number["tolerance"]), "right", number["why"]),
        ]
    places = list(range(len(question["order"])))
    swaps = [[*places[:k], k + 1, k, *places[k + 2 :]] for k in places[:-1]]
    nexts = [item["next"] for item in question["order"][:-1]]
    return [
        *((swap, "wrong", why) for swap, why in zip(swaps, nexts, strict=True)),
        (places, "right", question["why"]),
    ]


def letters(text: str) -> str:
    """What a text and its appearance on the page have in common: no markup, no formulas."""
    return re.sub(r"\$[^$]*\$|[\W_]", "", text)


def test_every_answer_is_heard(tab: Page, visited: tuple[str, str]) -> None:
    edition, chapter = visited
    address = tab.url
    asked: list[str] = []

    def watch(request: Request) -> None:
        asked.append(request.url.rsplit("/")[-1])

    tab.on("request", watch)
    expected = {question["id"]: expected_of(question) for question in QUESTIONS[chapter]}
    given = [
        {"id": name, "answers": [answer for answer, *_ in answers]}
        for name, answers in expected.items()
    ]
    heard = tab.evaluate(GIVE_ALL_ANSWERS, given)
    tab.remove_listener("request", watch)
    for (name, answers), all_said in zip(expected.items(), heard, strict=True):
        done = False
        for (answer, verdict, why), said in zip(answers, all_said, strict=True):
            done = done or verdict == "right"
            assert said["verdict"] == verdict, (name, answer)
            assert letters(said["said"]).endswith(letters(why[edition])), (name, answer)
            if verdict != "problem":
                assert said["said"].startswith(WORDS_OF_A_CHAPTER[verdict][edition])
                assert {"right": "✓", "wrong": "✗"}[verdict] in said["mark"]
                assert said["offered"] == (verdict == "wrong"), (name, answer)
            assert said["done"] == done, (name, answer)
    kept = tab.evaluate("JSON.parse(localStorage.getItem('answered'))")
    assert kept == [f"{chapter}/{name}" for name in expected]
    assert set(asked) <= {"favicon.svg"}, "answers are not sent"
    assert tab.url == address


# One question of each kind, as a reader meets it

CHAPTER = "data-iter"
NUMBER, ORDER, CHOICE = (
    next(question for question in QUESTIONS[CHAPTER] if kind_of(question) == kind)
    for kind in ("number", "order", "choose")
)


def form_of(page: Page, question: dict[str, Any]) -> Locator:
    return page.locator(f"form[data-id={question['id']}]")


def is_right(page: Page, question: dict[str, Any]) -> bool:
    return form_of(page, question).locator(".feedback").get_attribute("data-verdict") == "right"


def tab_to(page: Page, selector: str) -> None:
    """Press the Tab key until the focus is there."""
    for _ in range(50):
        if page.evaluate("(to) => document.activeElement.matches(to)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key does not lead to {selector}")


def position(item: Locator) -> int:
    return int(item.evaluate("(item) => [...item.parentNode.children].indexOf(item)"))


def test_the_keyboard_alone_answers_each_kind(page: Page, site: str) -> None:
    page.goto(f"{site}/en/{CHAPTER}.html")
    page.locator("#check-yourself").evaluate("(title) => { title.tabIndex = -1; title.focus(); }")

    tab_to(page, f"[data-id={NUMBER['id']}] input")
    page.keyboard.type(str(NUMBER["number"]["value"]))
    page.keyboard.press("Enter")
    assert is_right(page, NUMBER)

    for place in range(len(ORDER["order"])):
        item = form_of(page, ORDER).locator(f"[data-place='{place}']")
        tab_to(page, f"[data-id={ORDER['id']}] [data-place='{place}'] .move[data-by='-1']")
        while position(item) > place:
            before = position(item)
            page.keyboard.press("Space")  # and the focus stays on the button
            assert position(item) == before - 1
            moved = form_of(page, ORDER).locator(".moved").inner_text()
            assert moved == f"Place {before} of {len(ORDER['order'])}."
    tab_to(page, f"[data-id={ORDER['id']}] .check")
    page.keyboard.press("Enter")
    assert is_right(page, ORDER)

    tab_to(page, f"[data-id={CHOICE['id']}] [type=radio]")
    right = next(i for i, option in enumerate(CHOICE["choose"]) if "right" in option)
    page.keyboard.press("Space")
    for _ in range(right):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert is_right(page, CHOICE)


def test_the_buttons_that_move_an_item_say_which(page: Page, site: str) -> None:
    page.goto(f"{site}/zh/{CHAPTER}.html")
    form = form_of(page, ORDER)
    for item in ORDER["order"]:
        text = item["text"]["zh"].replace("`", "")
        for way in ("up", "down"):
            name = f"{WORDS[way]['zh']} {text}"
            assert form.get_by_role("button", name=name, exact=True).count() == 1
    ends = form.locator("[aria-disabled=true]").evaluate_all("all => all.map((b) => b.id)")
    last = "abcdef"[len(ORDER["order"]) - 1]
    assert ends == [f"{ORDER['id']}-a-up", f"{ORDER['id']}-{last}-down"]


WRITTEN = {
    "４００": 400,
    " 400. ": 400,
    "4e2": 400,
    "1,600": 1600,
    "1,234,567.5": 1234567.5,
    "0,25": 0.25,
    "2,125": 2.125,
    "０．２５": 0.25,
    "0。25": 0.25,
    ".25": 0.25,
    "−2": -2,
    "－２": -2,
}
UNREADABLE = ("x", "1/2", "5%", "五", "1,23,4", "0x10", "Infinity", "1.2.3", "--1", "10²")


def test_a_number_may_be_written_in_many_ways(page: Page, site: str) -> None:
    page.goto(f"{site}/en/{CHAPTER}.html")
    form = form_of(page, NUMBER)
    right = page.locator(f"[data-answers={NUMBER['id']}] [data-verdict=right]")

    def verdict(written: str) -> str | None:
        form.locator("input").fill(written)
        form.locator("input").press("Enter")
        return form.locator(".feedback").get_attribute("data-verdict")

    for written, value in WRITTEN.items():
        right.evaluate("(right, value) => { right.dataset.value = value; }", value)
        assert verdict(written) == "right", written
        assert verdict("12345") == "wrong"
    for written in UNREADABLE:
        assert verdict(written) == "problem", written


def test_the_answer_is_shown_after_a_wrong_one(page: Page, site: str) -> None:
    page.goto(f"{site}/en/{CHAPTER}.html")
    wrong = next(i for i, option in enumerate(CHOICE["choose"]) if "right" not in option)
    form_of(page, CHOICE).locator("[type=radio]").nth(wrong).check()
    form_of(page, NUMBER).locator("input").fill("12345")
    answers = {
        "choose": (CHOICE, "The answer: D."),
        "number": (NUMBER, f"The answer: {NUMBER['number']['value']}."),
        "order": (ORDER, "This is the right order."),
    }
    for question, answer in answers.values():
        form = form_of(page, question)
        assert form.locator(".show").is_hidden()
        form.locator(".check").click()
        form.locator(".show").click()
        assert form.locator(".feedback").inner_text().startswith(answer)
        assert form.locator(".done").is_hidden()
    form_of(page, ORDER).locator(".check").click()
    assert is_right(page, ORDER)


def test_formulas_in_an_explanation_are_as_large_as_in_the_text(page: Page, site: str) -> None:
    page.goto(f"{site}/en/{CHAPTER}.html", wait_until="networkidle")
    answer(page, NUMBER)
    said, other = (
        page.locator(f"{place} .math > *").first
        for place in (f"[data-id={NUMBER['id']}] .feedback", "article section > p")
    )
    size = "(formula) => parseFloat(getComputedStyle(formula).fontSize)"
    assert said.is_visible()
    assert said.evaluate(size) == pytest.approx(other.evaluate(size), rel=0.02)


# What is remembered


def answer(page: Page, question: dict[str, Any]) -> None:
    form_of(page, question).locator("input").fill(str(question["number"]["value"]))
    form_of(page, question).locator(".check").click()


def test_what_is_answered_is_remembered_in_both_editions_and_forgotten_on_demand(
    page: Page, site: str
) -> None:
    page.goto(f"{site}/en/{CHAPTER}.html")
    answer(page, NUMBER)
    page.reload()
    assert form_of(page, NUMBER).locator(".done").is_visible()
    assert form_of(page, ORDER).locator(".done").is_hidden()
    page.locator("a.language-switch").click()
    page.wait_for_url(f"{site}/zh/{CHAPTER}.html")
    assert form_of(page, NUMBER).locator(".done").inner_text() == WORDS["done"]["zh"]

    page.goto(f"{site}/zh/index.html")
    assert page.locator("a.answered").all_inner_texts() == [f"答对1/{len(QUESTIONS[CHAPTER])}"]
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.locator(".progress-of-questions button").click()
    assert page.locator("a.answered").count() == 1
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator(".progress-of-questions button").click()
    assert page.locator("a.answered").count() == 0
    forgotten = page.locator(".progress-of-questions p")
    assert forgotten.inner_text() == WORDS_OF_THE_FRONT_PAGE["forgotten"]["zh"]
    assert forgotten.evaluate("(said) => said === document.activeElement")
    page.reload()
    assert page.locator(".progress-of-questions").is_hidden()
    page.goto(f"{site}/en/{CHAPTER}.html")
    assert form_of(page, NUMBER).locator(".done").is_hidden()


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_front_page_counts_what_is_answered(page: Page, site: str, edition: str) -> None:
    page.goto(f"{site}/{edition}/index.html")
    assert page.locator("a.answered").count() == 0
    assert page.locator(".progress-of-questions").is_hidden()
    # All of the first chapter, one of each other, and some that are no longer asked.
    first, *others = QUESTIONS
    names = [f"{first}/{question['id']}" for question in QUESTIONS[first]]
    names += [f"{chapter}/{QUESTIONS[chapter][-1]['id']}" for chapter in others]
    kept = json.dumps([*names, f"{first}/gone", "gone/gone"])
    page.evaluate("(names) => localStorage.setItem('answered', names)", kept)
    page.reload()
    for chapter, questions in QUESTIONS.items():
        item = page.locator(f"article li:has(a[href='{chapter}.html'])")
        done = len(questions) if chapter == first else 1
        words = WORDS_OF_THE_FRONT_PAGE["chapter"][edition].format(done, len(questions))
        assert item.locator("a.answered").inner_text() == words
        assert item.locator("a.answered.all").count() == (done == len(questions))
    total = WORDS_OF_THE_FRONT_PAGE["total"][edition]
    all_questions = sum(map(len, QUESTIONS.values()))
    assert page.locator(".progress-of-questions p").inner_text() == total.format(
        len(names), all_questions
    )
    page.locator("a.answered").first.click()
    page.wait_for_url(f"{site}/{edition}/*.html#questions")


STORAGE = {
    "forbidden": "Object.defineProperty(window, 'localStorage', { get() { throw Error(); } })",
    "no JSON": "localStorage.setItem('answered', '{')",
    "another thing": "localStorage.setItem('answered', '7')",
}


@pytest.mark.parametrize("storage", STORAGE)
def test_a_storage_that_is_forbidden_or_broken_does_no_harm(
    browser: Browser, site: str, storage: str
) -> None:
    page = browser.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error.stack)))
    page.add_init_script(STORAGE[storage])
    page.goto(f"{site}/en/{CHAPTER}.html")
    answer(page, NUMBER)
    assert is_right(page, NUMBER)
    assert form_of(page, NUMBER).locator(".done").is_visible()
    page.goto(f"{site}/en/index.html")
    assert page.locator(".progress-of-questions").is_hidden()
    assert not [error for error in errors if "questions.js" in error]
    page.close()


def test_the_questions_work_in_a_page_opened_from_a_folder(page: Page) -> None:
    page.goto((SITE / "en" / f"{CHAPTER}.html").as_uri())
    answer(page, NUMBER)
    assert is_right(page, NUMBER)
    page.goto((SITE / "en" / "index.html").as_uri())
    assert page.locator("a.answered").count() == 1


# Without scripts, and on paper


def test_without_scripts_the_answers_can_be_unfolded(browser: Browser, site: str) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{site}/en/{CHAPTER}.html")
    form = form_of(page, NUMBER)
    assert form.locator("legend").is_visible()
    assert page.locator(".questions button:visible").count() == 0
    form.locator("input").fill("1")
    form.locator("input").press("Enter")
    assert page.url == f"{site}/en/{CHAPTER}.html"
    assert not page.get_by_text("The answer:").first.is_visible()
    page.locator(".answers summary").click()
    assert page.get_by_text("The answer:").first.is_visible()
    page.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_on_paper_there_are_boxes_and_the_answers_in_small_print(
    browser: Browser, site: str, scripts: bool
) -> None:
    page = browser.new_page(java_script_enabled=scripts)
    page.goto(f"{site}/en/{CHAPTER}.html")
    page.emulate_media(media="print")
    questions = page.locator(".questions")
    assert questions.locator("button:visible, [type=radio]:visible").count() == 0
    assert questions.locator(".feedback:visible, .done:visible").count() == 0
    assert questions.locator(".letter:visible").count() == len(ORDER["order"]) + len(
        CHOICE["choose"]
    )
    for item in questions.locator("label:not(.blank), .items li").all():
        box = item.evaluate("(item) => getComputedStyle(item, '::before').content")
        assert box == '"☐"'
    answers = questions.locator(".answers .why")
    assert answers.first.is_visible()
    size = "(text) => parseFloat(getComputedStyle(text).fontSize)"
    assert answers.first.evaluate(size) < questions.locator("legend").first.evaluate(size)
    page.close()
