"""The notebooks that pages offer for download, in Markdown that every program shows.

Colab and others show MyST's directives, roles and labels as they are written. In these copies
each is replaced by what it says on the page: a term by its word, a reference by its number, a
figure by its image. Code and outputs stay as they are.
"""

import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from typing import Any

from discovery import address
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin
from places import BOOK
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

DIRECTIVE = re.compile(r"\{([\w:-]+)\} *(.*)")
OPTION = re.compile(r":([\w-]+): *(.*)")
# A role or code in a sentence, or a link to a page of the book.
INLINE = re.compile(
    r"(?:\{(?P<role>[\w:-]+)\})?(?P<ticks>`+)(?P<text>.+?)(?<!`)(?P=ticks)(?!`)"
    r"|(?P<untitled>\[)?\]\((?P<page>[\w-]+)\.(?:ipynb|md)(?P<section>#[\w-]+)?\)",
    re.DOTALL,
)
TARGET = re.compile(r"(.*?)\s*<([^<>]+)>", re.DOTALL)  # text and target of a role
TYPES = {".svg": "image/svg+xml", ".png": "image/png"}
ONLINE = {"en": "Interactive on the page", "zh": "在网页上可以互动"}
AND_OTHERS = {"en": " et al.", "zh": "等"}
NAMED = (
    "et al.",
    "and others",
    "colleagues",
    "等人",
)  # before a source: its authors are named


def plain_notebook(app: Sphinx, page: str) -> str:
    """The notebook of a page, without directives, roles and labels.

    Raises:
        ExtensionError: It has a directive or a role of which there is no plain form.
    """
    notebook = json.loads(
        (BOOK / app.config.edition / f"{page}.ipynb").read_text("utf8")
    )
    writer = Plain(app, page)
    cells = []
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            text = writer.blocks("".join(cell["source"]))
            cell["source"] = text.splitlines(keepends=True)
        cells += [cell, *writer.caption_below(cell)]
    notebook["cells"] = cells
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


class Plain:
    """Writes the Markdown of one page in plain Markdown."""

    def __init__(self, app: Sphinx, page: str) -> None:
        self.app, self.env, self.page = app, app.env, page
        self.edition = app.config.edition
        self.parser = MarkdownIt().use(colon_fence_plugin).use(myst_block_plugin)
        self.parser.use(dollarmath_plugin, allow_labels=True)
        self.directives: dict[str, Callable[[str, dict[str, str], str], str]] = {
            "exercise": self.exercise,
            "figure": self.figure,
            "div": lambda argument, options, body: self.blocks(body),
            "tab-set": lambda argument, options, body: self.blocks(body),
            "tab-item": lambda argument, options, body: (
                f"**{argument}**\n\n{self.blocks(body)}"
            ),
            **dict.fromkeys(
                ("note", "tip", "warning", "important"), self.quotation
            ),
        }
        # What a role says, by its text, its target and what stands before it.
        self.roles: dict[str, Callable[[str, str, str], str]] = {
            "term": lambda text, target, before: text,
            "download": lambda text, target, before: text,
            "numref": lambda text, target, before: self.number("figure", target),
            "eq": lambda text, target, before: f"({self.equation(target)})",
            "cite": lambda text, target, before: self.citation(target, before),
        }

    # Blocks

    def blocks(self, text: str) -> str:
        """Replace the labels and directives, and in all between them the roles."""
        lines = text.split("\n")
        written, done = [], 0
        for token in self.parser.parse(text):
            if token.map is None or token.map[0] < done:
                continue
            begin, end = token.map
            replaced = self.block(token, lines[begin:end])
            if replaced is not None:
                written += [self.inline("\n".join(lines[done:begin])), *replaced]
                done = end
        written.append(self.inline("\n".join(lines[done:])))
        return "\n".join(written).strip("\n")

    def block(self, token: Token, lines: list[str]) -> list[str] | None:
        """The lines that replace those of a block; nothing if they are sentences."""
        if token.type == "myst_target":
            return []
        if token.type == "math_block_label":
            return [f"$${token.content}\\tag{{{self.equation(token.info)}}}\n$$"]
        if token.type in ("fence", "colon_fence"):
            found = DIRECTIVE.fullmatch(token.info.strip())
            return (
                [self.directive(found[1], found[2], token.content)]
                if found
                else lines
            )
        return lines if token.type in ("math_block", "code_block") else None

    def directive(self, name: str, argument: str, content: str) -> str:
        if name not in self.directives:
            raise self.unknown(f"directive {name!r}", self.directives)
        lines = content.split("\n")
        options = {}
        while lines and (found := OPTION.fullmatch(lines[0])):
            options[found[1]] = found[2]
            lines.pop(0)
        return self.directives[name](argument, options, "\n".join(lines).strip())

    def unknown(self, what: str, known: dict[str, Any]) -> ExtensionError:
        return ExtensionError(
            f"{self.edition}/{self.page}: the notebook for download has no plain form "
            f"of the {what}; "
            f"expected one of {', '.join(known)}, or add one to book/_ext/plain_notebooks.py"
        )

    def exercise(self, argument: str, options: dict[str, str], body: str) -> str:
        title = f" ({self.inline(argument)})" if argument else ""
        return f"**{self.number('exercise', options['label'])}**{title}\n\n{self.blocks(body)}"

    def figure(self, argument: str, options: dict[str, str], body: str) -> str:
        path, name = BOOK / self.edition / argument, options["name"]
        data = b64encode(path.read_bytes()).decode()
        image = f"![{options['alt']}](data:{TYPES[path.suffix]};base64,{data})"
        caption = self.caption(name, body)
        if "explore" in options.get("class", "").split():
            page = address(self.app.config, self.edition, self.page)
            caption += f" [{ONLINE[self.edition]}]({page}#{name})"
        return f"{image}\n\n{caption}"

    def caption(self, name: str, text: str) -> str:
        return f"**{self.number('figure', name)}** {self.inline(text)}"

    def quotation(self, argument: str, options: dict[str, str], body: str) -> str:
        return "\n".join(
            f"> {line}".rstrip() for line in self.blocks(body).split("\n")
        )

    def caption_below(self, cell: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """A cell with the caption of the figure that a cell of code draws."""
        figure = cell["metadata"].get("mystnb", {}).get("figure")
        if figure:
            source = self.caption(figure["name"], figure["caption"]).splitlines(
                keepends=True
            )
            name = f"{cell['id']}-caption"
            yield {
                "cell_type": "markdown",
                "id": name,
                "metadata": {},
                "source": source,
            }

    # In sentences

    def inline(self, text: str) -> str:
        return INLINE.sub(self.replaced, text)

    def replaced(self, found: re.Match[str]) -> str:
        if found["page"]:
            page = address(self.app.config, self.edition, found["page"])
            title = (
                f"[{self.env.titles[found['page']].astext()}"
                if found["untitled"]
                else ""
            )
            return f"{title}]({page}{found['section'] or ''})"
        if not found["role"]:
            return found[0]  # code
        if found["role"] not in self.roles:
            raise self.unknown(f"role {found['role']!r}", self.roles)
        named = TARGET.fullmatch(found["text"])
        text, target = named.groups() if named else [found["text"]] * 2
        before = found.string[: found.start()].rstrip()
        return self.roles[found["role"]](text, target, before)

    def number(self, kind: str, label: str) -> str:
        """What the page calls a figure or an exercise, such as ``Fig. 5.1``."""
        page, name, *_ = self.env.get_domain("std").anonlabels[label]  # type: ignore[attr-defined]
        number = ".".join(map(str, self.env.toc_fignumbers[page][kind][name]))
        return str(self.app.config.numfig_format[kind] % number)

    def equation(self, label: str) -> str:
        page, _ = self.env.get_domain("math").equations[label]  # type: ignore[attr-defined]
        numbers = self.env.toc_fignumbers[page]["displaymath"]
        return ".".join(map(str, numbers[f"equation-{label}"]))

    def citation(self, keys: str, before: str) -> str:
        """The authors and the year of sources, or the year alone behind the authors' names."""
        sources = self.env.get_domain("cite").bibdata.data.entries  # type: ignore[attr-defined]
        said = [
            self.source(sources[key.strip()], before) for key in keys.split(",")
        ]
        return (
            f"({'; '.join(said)})"
            if self.edition == "en"
            else f"（{'；'.join(said)}）"
        )

    def source(self, entry: Any, before: str) -> str:
        people = entry.persons.get("author") or entry.persons["editor"]
        names = [" ".join(map(str, person.rich_last_names)) for person in people]
        year = str(entry.fields["year"])
        if before.endswith((names[-1], *NAMED)):
            return year
        if len(names) > 2:
            names = [names[0] + AND_OTHERS[self.edition]]
        comma, both = (", ", " and ") if self.edition == "en" else ("，", "与")
        return f"{both.join(names)}{comma}{year}"
