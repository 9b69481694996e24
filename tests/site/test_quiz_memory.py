"""What a browser remembers of the quizzes: both editions, and the front page, which counts.

The pages need `make book`.
"""

import json

import pytest
from playwright.sync_api import Browser, Page
from quiz.words import WORDS, WORDS_OF_THE_FRONT_PAGE

from tests.book.test_quiz_source import QUIZZES
from tests.course import EDITIONS, SITE
from tests.site.test_quiz import CHAPTER, NUMBER, ORDER, answer, form_of, is_right


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
    assert page.locator("a.answered").all_inner_texts() == [f"答对1/{len(QUIZZES[CHAPTER])}"]
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.locator(".quiz-progress button").click()
    assert page.locator("a.answered").count() == 1
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator(".quiz-progress button").click()
    assert page.locator("a.answered").count() == 0
    forgotten = page.locator(".quiz-progress p")
    assert forgotten.inner_text() == WORDS_OF_THE_FRONT_PAGE["forgotten"]["zh"]
    assert forgotten.evaluate("(said) => said === document.activeElement")
    page.reload()
    assert page.locator(".quiz-progress").is_hidden()
    page.goto(f"{site}/en/{CHAPTER}.html")
    assert form_of(page, NUMBER).locator(".done").is_hidden()


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_front_page_counts_what_is_answered(page: Page, site: str, edition: str) -> None:
    page.goto(f"{site}/{edition}/index.html")
    assert page.locator("a.answered").count() == 0
    assert page.locator(".quiz-progress").is_hidden()
    # All of the first chapter, one of each other, and some that are no longer asked.
    first, *others = QUIZZES
    names = [f"{first}/{question['id']}" for question in QUIZZES[first]]
    names += [f"{chapter}/{QUIZZES[chapter][-1]['id']}" for chapter in others]
    kept = json.dumps([*names, f"{first}/gone", "gone/gone"])
    page.evaluate("(names) => localStorage.setItem('answered', names)", kept)
    page.reload()
    for chapter, questions in QUIZZES.items():
        item = page.locator(f"#index-what-the-course-is li:has(a[href='{chapter}.html'])")
        done = len(questions) if chapter == first else 1
        words = WORDS_OF_THE_FRONT_PAGE["chapter"][edition].format(done, len(questions))
        assert item.locator("a.answered").inner_text() == words
        assert item.locator("a.answered.all").count() == (done == len(questions))
    total = WORDS_OF_THE_FRONT_PAGE["total"][edition]
    all_questions = sum(map(len, QUIZZES.values()))
    assert page.locator(".quiz-progress p").inner_text() == total.format(len(names), all_questions)
    page.locator("a.answered").first.click()
    page.wait_for_url(f"{site}/{edition}/*.html#questions")


STORAGE = {
    "forbidden": "Object.defineProperty(window, 'localStorage', { get() { throw Error(); } })",
    "no JSON": "localStorage.setItem('answered', '{')",
    "another thing": "localStorage.setItem('answered', '7')",
}


@pytest.mark.slow
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
    assert page.locator(".quiz-progress").is_hidden()
    assert not [error for error in errors if "quiz.js" in error]
    page.close()


def test_the_quiz_works_in_a_page_opened_from_a_folder(page: Page) -> None:
    page.goto((SITE / "en" / f"{CHAPTER}.html").as_uri())
    answer(page, NUMBER)
    assert is_right(page, NUMBER)
    page.goto((SITE / "en" / "index.html").as_uri())
    assert page.locator("a.answered").count() == 1
