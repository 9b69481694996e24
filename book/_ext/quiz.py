"""The quiz with which a reader checks what a chapter has taught.

``book/quizzes/CHAPTER.yml`` holds the questions of a chapter's quiz in both languages.
Here they are validated, become a section before the exercises of the chapter, and are
counted on the front page; ``quiz.js`` judges the answers in the browser.

The notebooks do not mention them, so that nobody sees a directive in JupyterLab: the
section is added to the source of a chapter when Sphinx reads it.
"""

import json
import re
from collections.abc import Callable, Iterator
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

BOOK = Path(__file__).resolve().parents[1]
LANGUAGES = ("en", "zh")
EXERCISES = re.compile(r"^## (?:Exercises|练习)$", re.MULTILINE)
LETTERS = "ABCDEF"

WORDS = {
    "title": {"en": "Check yourself", "zh": "自测"},
    "answer": {"en": "Answer", "zh": "答案"},
    "check": {"en": "Check", "zh": "核对"},
    "show": {"en": "Show the answer", "zh": "显示答案"},
    "answers": {"en": "Answers", "zh": "答案"},
    "up": {"en": "Move up", "zh": "上移"},
    "down": {"en": "Move down", "zh": "下移"},
    "right": {"en": "The answer: {}.", "zh": "答案：{}。"},
    "before": {"en": "{} before {}", "zh": "{}先于{}"},
    "other": {"en": "Another number", "zh": "其他数"},
    "done": {"en": "answered", "zh": "已答对"},
}
# What the script says, on the pages of chapters and on the front page.
WORDS_OF_A_CHAPTER = {
    "right": {"en": "Right.", "zh": "答对了。"},
    "wrong": {"en": "Not yet.", "zh": "还不对。"},
    "ordered": {"en": "This is the right order.", "zh": "正确的次序如上。"},
    "place": {"en": "Place {} of {}.", "zh": "第{}位，共{}位。"},
    "nothing": {"en": "Give an answer first.", "zh": "请先作答。"},
    "unreadable": {
        "en": "This cannot be read as a number. Expected is a number alone, such as "
        "12, 0.5 or −3: no unit, no percent sign, no formula.",
        "zh": "无法读成一个数。请只填一个数，如12、0.5或−3；"
        "不带单位，不带百分号，不写算式。",
    },
}
WORDS_OF_THE_FRONT_PAGE = {
    "chapter": {"en": "{} of {} answered", "zh": "答对{}/{}"},
    "total": {"en": "{} of {} questions answered", "zh": "自测题已答对{}/{}"},
    "forget": {"en": "Forget my answers", "zh": "清除答题记录"},
    "sure": {
        "en": "Forget which questions you have answered, in both editions?",
        "zh": "要清除两个版本的全部答题记录吗？",
    },
    "forgotten": {"en": "Your answers are forgotten.", "zh": "答题记录已清除。"},
}

Question = dict[str, Any]
Text = dict[str, str]


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_config_value("quizzes", {}, "")  # chapter -> the questions of its quiz
    app.connect("config-inited", load_quizzes)
    app.connect("env-get-outdated", pages_with_changed_quizzes)
    app.connect("source-read", add_section)
    app.add_directive("quiz", QuizDirective)
    app.connect("doctree-read", add_progress)
    app.connect("html-page-context", add_files_to_page)
    for node in (Box, Title, List, Item, Line):
        app.add_node(node, html=(visit_part, depart_part))
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def load_quizzes(app: Sphinx, config: Config) -> None:
    chapters = {page.stem for page in (BOOK / "en").glob("*.ipynb")} - {"index"}
    quizzes = read_quizzes(BOOK / "quizzes", chapters)
    if config.edition:  # the landing page has none
        config.quizzes = quizzes


def pages_with_changed_quizzes(
    app: Sphinx, env: BuildEnvironment, *_: object
) -> list[str]:
    """The chapters whose quiz differs from that of the last build, and what counts the answers."""
    before, now = getattr(env, "quizzes", {}), app.config.quizzes
    env.quizzes = now  # type: ignore[attr-defined]
    chapters = before.keys() | now.keys()
    changed = [name for name in chapters if before.get(name) != now.get(name)]
    return [*changed, "index"] if changed else []


# Reading and validating


def read_quizzes(folder: Path, chapters: set[str]) -> dict[str, list[Question]]:
    """The quizzes of the chapters; an error lists everything that is wrong."""
    quizzes, errors = {}, []
    for file in sorted(folder.glob("*.yml")):
        if file.stem not in chapters:
            errors.append(f"{file.name}: expected the name of a chapter")
        try:
            quizzes[file.stem] = yaml.safe_load(file.read_text("utf8"))
        except yaml.YAMLError as error:
            errors.append(f"{file.name}: this is not YAML: {error}")
            continue
        errors += [f"{file.name}: {e}" for e in problems(quizzes[file.stem])]
    if errors:
        raise ExtensionError(f"in {folder}:\n" + "\n".join(errors))
    return quizzes


def problems(content: object) -> Iterator[str]:
    """Say what is wrong with the content of one file, question by question."""
    if not isinstance(content, list) or not content:
        yield f"expected a list of questions, got {content!r}"
        return
    seen = set()
    for place, question in enumerate(content, 1):
        name = question.get("id") if isinstance(question, dict) else None
        if not isinstance(name, str) or not re.fullmatch("[a-z][a-z0-9-]*", name):
            yield (
                f"question {place}: expected an id of lower-case letters, digits "
                f"and hyphens, such as why-the-half; got {name!r}"
            )
            continue
        if name in seen:
            yield f"{name}: there are two of this id; expected a unique one"
        seen.add(name)
        yield from (f"{name}: {problem}" for problem in problems_of(question))


def problems_of(question: Question) -> Iterator[str]:
    kinds = [kind for kind in KINDS if kind in question]
    if len(kinds) != 1:
        found = " and ".join(kinds) or "none"
        yield f"expected exactly one of {', '.join(KINDS)}; got {found}"
        return
    (kind,) = kinds
    texts = {"ask", "why"} if kind == "order" else {"ask"}
    yield from problems_of_entry("question", question, texts, {"id", kind})
    yield from KINDS[kind](question[kind])


def problems_of_options(options: object) -> Iterator[str]:
    if not isinstance(options, list) or len(options) not in (3, 4):
        yield f"choose: expected a list of three or four options, got {options!r}"
        return
    for place, option in enumerate(options, 1):
        optional = {"right"}
        where = f"option {place}"
        yield from problems_of_entry(
            where, option, {"text", "why"}, set(), optional
        )
    right = [o["right"] for o in options if isinstance(o, dict) and "right" in o]
    if right != [True]:
        yield f"choose: expected right: true at exactly one option, got {right}"


def problems_of_number(number: object) -> Iterator[str]:
    others = {"value", "tolerance", "wrong"}
    yield from problems_of_entry("number", number, {"why", "otherwise"}, others)
    if not isinstance(number, dict):
        return
    mistakes = number.get("wrong")
    if not isinstance(mistakes, list):
        yield f"wrong: expected a list of numbers with reasons, got {mistakes!r}"
        return
    for place, mistake in enumerate(mistakes, 1):
        where = f"wrong number {place}"
        yield from problems_of_entry(where, mistake, {"why"}, {"value"})
    tolerance = number.get("tolerance")
    entries = [entry for entry in (number, *mistakes) if isinstance(entry, dict)]
    values = [entry.get("value") for entry in entries]
    if unusable := [v for v in (*values, tolerance) if not is_number(v)]:
        yield f"number: expected numbers without quotes, got {unusable[0]!r}"
    elif tolerance < 0:  # type: ignore[operator]
        yield f"tolerance: expected 0 or more, got {tolerance}"
    else:
        yield from problems_of_values(values, tolerance)  # type: ignore[arg-type]


def problems_of_values(values: list[float], tolerance: float) -> Iterator[str]:
    for place, value in enumerate(values):
        for earlier in values[:place]:
            if abs(value - earlier) <= tolerance:
                yield (
                    f"wrong: {value} is within the tolerance of {earlier}; "
                    "expected numbers that can be told apart"
                )


def problems_of_items(items: object) -> Iterator[str]:
    # Two items are shown the wrong way round, which gives the answer away.
    if not isinstance(items, list) or not 3 <= len(items) <= len(LETTERS):
        yield f"order: expected a list of 3 to {len(LETTERS)} items, got {items!r}"
        return
    for place, item in enumerate(items, 1):
        texts = {"text"} if place == len(items) else {"text", "next"}
        yield from problems_of_entry(f"item {place}", item, texts)


def problems_of_entry(
    where: str,
    entry: object,
    texts: set[str],
    others: set[str] = frozenset(),  # type: ignore[assignment]
    optional: set[str] = frozenset(),  # type: ignore[assignment]
) -> Iterator[str]:
    """Compare the keys of a mapping with those expected, and look at its texts."""
    required = texts | others
    if not isinstance(entry, dict):
        yield f"{where}: expected {', '.join(sorted(required))}; got {entry!r}"
        return
    for key in sorted(required - entry.keys()):
        yield f"{where}: {key} is missing"
    for key in sorted(map(str, entry.keys() - required - optional)):
        expected = ", ".join(sorted(required | optional))
        yield f"{where}: unknown key {key!r}; expected {expected}"
    for key in sorted(texts & entry.keys()):
        yield from problems_of_text(f"{where}, {key}", entry[key])


def problems_of_text(where: str, text: object) -> Iterator[str]:
    yield from problems_of_entry(where, text, set(), set(LANGUAGES))
    if not isinstance(text, dict):
        return
    for language in sorted(text.keys() & set(LANGUAGES)):
        said = text[language]
        if not isinstance(said, str) or not said.strip():
            yield f"{where}, {language}: expected text (in quotes?), got {said!r}"
        elif found := re.search(r"\]\(|\{[\w:-]+\}`|\n\s*\n", said):
            yield (
                f"{where}, {language}: expected one paragraph without links and "
                f"references, got {found.group()!r}"
            )


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


KINDS: dict[str, Callable[[object], Iterator[str]]] = {
    "choose": problems_of_options,
    "number": problems_of_number,
    "order": problems_of_items,
}


# The section of a chapter


def add_section(app: Sphinx, docname: str, source: list[str]) -> None:
    """Put the section with the quiz before the exercises of a chapter."""
    if docname not in app.config.quizzes:
        return
    title = WORDS["title"][app.config.edition]
    section = f"## {title}\n\n```{{quiz}}\n```\n\n"
    notebook, places = json.loads(source[0]), 0
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            text = "".join(cell["source"])
            cell["source"], found = EXERCISES.subn(rf"{section}\g<0>", text)
            places += found
    if places != 1:
        raise ExtensionError(
            f"{docname}: its quiz stands before its section of exercises; "
            f"expected one such section, found {places}"
        )
    source[0] = json.dumps(notebook)


# The parts of a question carry the HTML before and behind their content. To the builders
# of other formats they are what they are called.


class Box(nodes.container): ...


class Title(nodes.rubric): ...


class List(nodes.enumerated_list): ...


class Item(nodes.list_item): ...


class Line(nodes.paragraph): ...


def visit_part(translator: Any, node: Any) -> None:
    translator.body.append(node["html"][0])


def depart_part(translator: Any, node: Any) -> None:
    translator.body.append(node["html"][1])


class QuizDirective(SphinxDirective):
    """The quiz of the chapter, and below it all answers with their reasons.

    The script hides the answers and takes from them what it says. A reader without
    scripts unfolds them; on paper, which cannot say anything, they stand in small print.
    """

    def run(self) -> list[nodes.Node]:
        questions = self.config.quizzes[self.env.docname]
        words = data(words_of(WORDS_OF_A_CHAPTER, self.config.edition))
        # The id is a part of addresses that readers may have kept.
        before = (
            '<div class="quiz" id="questions" '
            f'data-chapter="{self.env.docname}" data-words="{words}">'
        )
        forms = [self.form(*numbered) for numbered in enumerate(questions, 1)]
        asked = List("", *forms, html=("", ""))
        return [Box("", asked, self.answers(questions), html=(before, "</div>"))]

    def word(self, name: str) -> str:
        return WORDS[name][self.config.edition]

    def inline(self, text: Text) -> list[nodes.Node]:
        return self.parse_inline(text[self.config.edition])[0]

    # What is asked

    def form(self, place: int, question: Question) -> Item:
        name, kind = question["id"], kind_of(question)
        # As in a dialog: without the script, the Enter key sends nothing anywhere.
        before = (
            f'<form class="question" id="question-{name}" method="dialog" '
            f'autocomplete="off" data-id="{name}" data-kind="{kind}"><fieldset>'
        )
        after = (
            f'<p class="controls" hidden><button class="check">{self.word("check")}</button>'
            f'<button class="show" type="button" hidden>{self.word("show")}</button></p>'
            '<div class="feedback" role="status" aria-live="polite"></div>'
            "</fieldset></form>"
        )
        legend = (
            f'<legend><span class="place">{place}</span> ',
            f' <span class="done" hidden>{self.word("done")}</span></legend>',
        )
        ask = Line("", "", *self.inline(question["ask"]), html=legend)
        widget = {"choose": self.choose, "number": self.number, "order": self.order}
        return Item("", ask, widget[kind](question), html=(before, after))

    def choose(self, question: Question) -> List:
        options = []
        for place, option in enumerate(question["choose"]):
            before = (
                f'<label><input type="radio" name="{question["id"]}" value="{place}">'
                f'<span class="letter">{LETTERS[place]}</span><span class="text">'
            )
            html = (before, "</span></label>")
            text = Line("", "", *self.inline(option["text"]), html=html)
            options.append(Item("", text, html=("", "")))
        return List("", *options, enumtype="upperalpha", html=("", ""))

    def number(self, question: Question) -> Line:
        number = question["number"]
        values = [entry["value"] for entry in (number, *number["wrong"])]
        # The keys for decimals have no minus on some phones.
        keys = "decimal" if min(values) >= 0 else "text"
        before = (
            f'<label class="blank">{self.word("answer")} <input type="text" '
            f'inputmode="{keys}" data-tolerance="{number["tolerance"]}">'
        )
        return Line("", "", html=(before, "</label>"))

    def order(self, question: Question) -> List:
        items = []
        for letter, place in zip(LETTERS, shuffled(question), strict=False):
            name = f"{question['id']}-{letter.lower()}"
            before = (
                f'<li data-place="{place}"><span class="letter">{letter}</span>'
                f'<span class="text" id="{name}">'
            )
            moves = "".join(
                f'<button class="move" type="button" data-by="{by}" hidden '
                f'id="{name}-{way}" aria-label="{self.word(way)}" '
                f'aria-labelledby="{name}-{way} {name}">{arrow}</button>'
                for way, by, arrow in (("up", -1, "↑"), ("down", 1, "↓"))
            )
            text = self.inline(question["order"][place]["text"])
            html = (before, f"</span>{moves}</li>")
            items.append(Item("", Line("", "", *text, html=("", "")), html=html))
        after = '</ol><p class="moved visually-hidden" role="status"></p>'
        html = ('<ol class="items">', after)
        return List("", *items, enumtype="upperalpha", html=html)

    # What is answered

    def answers(self, questions: list[Question]) -> Box:
        explained = [
            Item(
                "",
                nodes.bullet_list("", *self.explanations(question)),
                html=(f'<li data-answers="{question["id"]}">', "</li>"),
            )
            for question in questions
        ]
        title = Title("", self.word("answers"), html=("<summary>", "</summary>"))
        return Box(
            "",
            title,
            nodes.enumerated_list("", *explained),
            html=('<details class="answers">', "</details>"),
        )

    def explanations(self, question: Question) -> Iterator[Item]:
        """One for each answer that is foreseen, the right one first."""
        kind = kind_of(question)
        if kind == "choose":
            options = enumerate(question["choose"])
            for place, option in sorted(options, key=lambda o: "right" not in o[1]):
                verdict = "right" if "right" in option else "wrong"
                yield self.explain(verdict, place, LETTERS[place], option["why"])
        elif kind == "number":
            number = question["number"]
            for verdict, entries in ("right", [number]), ("wrong", number["wrong"]):
                for entry in entries:
                    said = f"{entry['value']:.10g}".replace("-", "−")
                    yield self.explain(verdict, entry["value"], said, entry["why"])
            yield self.explain(
                "otherwise", "", self.word("other"), number["otherwise"]
            )
        else:
            letters = dict(zip(shuffled(question), LETTERS, strict=False))
            in_order = [letters[place] for place in sorted(letters)]
            yield self.explain("right", "", ", ".join(in_order), question["why"])
            for place, item in enumerate(question["order"][:-1]):
                said = self.word("before").format(*in_order[place : place + 2])
                yield self.explain("wrong", place, said, item["next"])

    def explain(self, verdict: str, value: object, said: str, why: Text) -> Item:
        if verdict == "right":
            said = self.word("right").format(said)
        reason = nodes.inline("", "", *self.inline(why), classes=["why"])
        content = (nodes.strong("", said), nodes.Text(" "), reason)
        before = f'<li data-verdict="{verdict}" data-value="{value}">'
        line = Line("", "", *content, html=("", ""))
        return Item("", line, html=(before, "</li>"))


def kind_of(question: Question) -> str:
    return next(kind for kind in KINDS if kind in question)


def shuffled(question: Question) -> list[int]:
    """The same disorder on every day and in both editions, and never the right order."""

    def disorder(place: int) -> bytes:
        return sha256(f"{question['id']} {place}".encode()).digest()

    places = list(range(len(question["order"])))
    mixed = sorted(places, key=disorder)
    return mixed if mixed != places else mixed[::-1]


def words_of(words: dict[str, Text], language: str) -> Text:
    return {name: text[language] for name, text in words.items()}


def data(value: object) -> str:
    """A value as an attribute, for the script to read."""
    return escape(json.dumps(value, ensure_ascii=False))


# The pages


def add_progress(app: Sphinx, doctree: nodes.document) -> None:
    """Put the place for what has been answered below the chapters on the front page."""
    if app.env.docname != "index" or not app.config.quizzes:
        return
    chapters = {
        chapter: [question["id"] for question in questions]
        for chapter, questions in app.config.quizzes.items()
    }
    words = words_of(WORDS_OF_THE_FRONT_PAGE, app.config.edition)
    section = next(doctree.findall(nodes.bullet_list)).parent
    lists = [place for place, part in enumerate(section) if is_list(part)]
    before = (
        '<div class="quiz-progress" hidden '
        f'data-chapters="{data(chapters)}" data-words="{data(words)}">'
        '<p role="status" tabindex="-1">'
    )
    after = f'</p><button type="button">{words["forget"]}</button></div>'
    section.insert(lists[-1] + 1, Box("", html=(before, after)))


def is_list(node: nodes.Node) -> bool:
    return isinstance(node, nodes.bullet_list)


def add_files_to_page(
    app: Sphinx, pagename: str, template: str, context: Any, doctree: nodes.document
) -> None:
    if pagename in {"index", *app.config.quizzes} and app.config.quizzes:
        app.add_js_file("quiz.js", loading_method="defer")
