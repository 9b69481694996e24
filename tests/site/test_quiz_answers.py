"""The quizzes on the pages: where they are, and that every answer is heard.

The pages need `make book`.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Request
from quiz.words import WORDS, WORDS_OF_A_CHAPTER

from tests.book.test_quiz_source import QUIZZES
from tests.course import CHAPTERS, SITE, in_turn, prose


def test_both_editions_show_the_items_of_an_order_alike() -> None:
    def shown(edition: str) -> list[str]:
        pages = [(SITE / edition / f"{chapter}.html").read_text("utf8") for chapter in CHAPTERS]
        return re.findall(r'<li data-place="(\d)">', "".join(pages))

    assert shown("en") == shown("zh")
    assert shown("en")


# A visit to each page, for its structure and for every answer of every question


@pytest.fixture(
    scope="module",
    params=[pytest.param(p.values, id=p.id, marks=p.marks) for p in in_turn(CHAPTERS)],
)
def visited(request: pytest.FixtureRequest, tab: Page, site: str) -> Iterator[tuple[str, str]]:
    """The chapter and the edition of the page that is open in the tab."""
    chapter, edition = request.param
    tab.goto(f"{site}/{edition}/{chapter}.html")
    yield chapter, edition
    tab.evaluate("localStorage.clear()")


STRUCTURE = """() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  return {
    titles: all("article h2").map((title) => title.textContent),
    forms: all("article form.question").map((form) => form.dataset.id),
    names: all(".quiz :is([id], [name])").map((part) => part.id || part.name),
    exercises: all(".exercise").length,
    text: document.querySelector(".quiz").textContent,
  };
}"""


def test_the_page_has_the_quiz_before_the_exercises(tab: Page, visited: tuple[str, str]) -> None:
    chapter, edition = visited
    page = tab.evaluate(STRUCTURE)
    (place,) = [i for i, title in enumerate(page["titles"]) if WORDS["title"][edition] in title]
    assert re.search("Exercises|练习", page["titles"][place + 1])
    assert page["forms"] == [question["id"] for question in QUIZZES[chapter]]
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
    chapter, edition = visited
    address = tab.url
    asked: list[str] = []

    def watch(request: Request) -> None:
        asked.append(request.url.rsplit("/")[-1])

    tab.on("request", watch)
    expected = {question["id"]: expected_of(question) for question in QUIZZES[chapter]}
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
