"""The directive ``quiz``: what a chapter asks, and below it the answers."""

from collections.abc import Iterator
from hashlib import sha256

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from .parts import Box, Item, Line, List, Title, html
from .reading import Question, kind_of
from .words import WORDS, WORDS_OF_A_CHAPTER, Text, in_json, words_of

LETTERS = "ABCDEF"


class QuizDirective(SphinxDirective):
    """The quiz of the chapter, and below it all answers with their reasons.

    The script hides the answers and takes from them what it says. A reader without
    scripts unfolds them; on paper, which cannot say anything, they stand in small print.
    """

    def run(self) -> list[nodes.Node]:
        questions = self.config.quizzes[self.env.docname]
        asked = List(
            "", *(self.form(*numbered) for numbered in enumerate(questions, 1))
        )
        said = in_json(words_of(WORDS_OF_A_CHAPTER, self.config.edition))
        whole = html("quiz", chapter=self.env.docname, said=said)
        return [Box("", asked, self.answers(questions), **whole)]

    def word(self, name: str) -> str:
        return WORDS[name][self.config.edition]

    def inline(self, text: Text) -> list[nodes.Node]:
        return self.parse_inline(text[self.config.edition])[0]

    # What is asked

    def form(self, place: int, question: Question) -> Item:
        kind = kind_of(question)
        widget = {"choose": self.choose, "number": self.number, "order": self.order}
        text = self.inline(question["ask"])
        ask = Line("", "", *text, **html("ask", place=place))
        whole = html("question", name=question["id"], kind=kind)
        return Item("", ask, widget[kind](question), **whole)

    def choose(self, question: Question) -> List:
        options = []
        for place, option in enumerate(question["choose"]):
            text = Line("", "", *self.inline(option["text"]))
            whole = html(
                "option", name=question["id"], value=place, letter=LETTERS[place]
            )
            options.append(Item("", text, **whole))
        return List("", *options, enumtype="upperalpha")

    def number(self, question: Question) -> Line:
        number = question["number"]
        values = [entry["value"] for entry in (number, *number["wrong"])]
        # The keys for decimals have no minus on some phones.
        keys = "decimal" if min(values) >= 0 else "text"
        return Line(
            "", "", **html("blank", keys=keys, tolerance=number["tolerance"])
        )

    def order(self, question: Question) -> List:
        items = []
        for letter, place in zip(LETTERS, shuffled(question), strict=False):
            text = Line("", "", *self.inline(question["order"][place]["text"]))
            name = f"{question['id']}-{letter.lower()}"
            whole = html("item", name=name, place=place, letter=letter)
            items.append(Item("", text, **whole))
        return List("", *items, enumtype="upperalpha", **html("items"))

    # What is answered

    def answers(self, questions: list[Question]) -> Box:
        explained = [
            Item(
                "",
                nodes.bullet_list("", *self.explanations(question)),
                **html("explanations", name=question["id"]),
            )
            for question in questions
        ]
        title = Title("", self.word("answers"), **html("title"))
        listed = nodes.enumerated_list("", *explained)
        return Box("", title, listed, **html("answers"))

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
        whole = html("explanation", verdict=verdict, value=value)
        return Item("", Line("", "", *content), **whole)


def shuffled(question: Question) -> list[int]:
    """The same disorder on every day and in both editions, and never the right order."""

    def disorder(place: int) -> bytes:
        return sha256(f"{question['id']} {place}".encode()).digest()

    places = list(range(len(question["order"])))
    mixed = sorted(places, key=disorder)
    return mixed if mixed != places else mixed[::-1]
