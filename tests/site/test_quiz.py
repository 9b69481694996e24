"""A quiz as a reader meets it: by keyboard, without scripts, on paper.

The pages need `make book`.
"""

from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page
from quiz.reading import kind_of
from quiz.words import WORDS

from tests.book.test_quiz_source import QUIZZES

# One question of each kind, as a reader meets it

CHAPTER = "data-iter"
NUMBER, ORDER, CHOICE = (
    next(question for question in QUIZZES[CHAPTER] if kind_of(question) == kind)
    for kind in ("number", "order", "choose")
)


def form_of(page: Page, question: dict[str, Any]) -> Locator:
    return page.locator(f"form[data-id={question['id']}]")


def is_right(page: Page, question: dict[str, Any]) -> bool:
    return form_of(page, question).locator(".feedback").get_attribute("data-verdict") == "right"


def answer(page: Page, question: dict[str, Any]) -> None:
    form_of(page, question).locator("input").fill(str(question["number"]["value"]))
    form_of(page, question).locator(".check").click()


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


# Without scripts, and on paper


def test_without_scripts_the_answers_can_be_unfolded(browser: Browser, site: str) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{site}/en/{CHAPTER}.html")
    form = form_of(page, NUMBER)
    assert form.locator("legend").is_visible()
    assert page.locator(".quiz button:visible").count() == 0
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
    quiz = page.locator(".quiz")
    assert quiz.locator("button:visible, [type=radio]:visible").count() == 0
    assert quiz.locator(".feedback:visible, .done:visible").count() == 0
    lettered = [len(q.get("order") or q.get("choose") or []) for q in QUIZZES[CHAPTER]]
    assert quiz.locator(".letter:visible").count() == sum(lettered)
    for item in quiz.locator("label:not(.blank), .items li").all():
        box = item.evaluate("(item) => getComputedStyle(item, '::before').content")
        assert box == '"☐"'
    answers = quiz.locator(".answers .why")
    assert answers.first.is_visible()
    size = "(text) => parseFloat(getComputedStyle(text).fontSize)"
    assert answers.first.evaluate(size) < quiz.locator("legend").first.evaluate(size)
    page.close()
