"""Formulas as MathML: what the renderer makes of LaTeX, and whether the font has it all."""

import re
from html import unescape
from xml.etree import ElementTree

import pytest
from fontTools.ttLib import TTFont
from formulas import mathml

from tests.course import BOOK, SITE

FONT = BOOK / "_static" / "fonts" / "formulas.woff2"
MATH = re.compile(r"<math.*?</math>", re.DOTALL)


def test_a_formula_is_an_element_that_html_and_xhtml_know() -> None:
    fraction = ElementTree.fromstring(mathml(r"\frac{\partial L}{\partial w}", block=True))
    assert fraction.tag == "{http://www.w3.org/1998/Math/MathML}math"
    assert fraction.get("display") == "block"
    assert "".join(fraction.itertext()).split() == ["∂L∂w"]
    (mfrac,) = fraction.iter("{http://www.w3.org/1998/Math/MathML}mfrac")
    assert len(mfrac) == 2


def test_bold_letters_are_letters_not_styles() -> None:
    # A screen reader hears that a vector is bold, and a browser needs no second font.
    assert "𝐰" in mathml(r"\mathbf{w}")
    assert "𝜽" in mathml(r"\boldsymbol{\theta}")


@pytest.mark.parametrize("latex", [r"\frac{1}{2", r"\nosuchcommand x", r"\begin{cases} 1"])
def test_a_wrong_formula_is_an_error_that_shows_it(latex: str) -> None:
    with pytest.raises(ValueError, match="cannot be typeset") as error:
        mathml(latex)
    assert repr(latex) in str(error.value)


@pytest.mark.usefixtures("built_site")
def test_the_font_has_every_character_of_every_formula() -> None:
    known = set(TTFont(FONT).getBestCmap())
    formulas = [
        formula for page in SITE.rglob("*.html") for formula in MATH.findall(page.read_text("utf8"))
    ]
    assert len(formulas) > 1000
    needed = set(unescape(re.sub(r"<[^>]*>", "", "".join(formulas))))
    # Words in a formula are set in the font of the text.
    missing = {letter for letter in needed if ord(letter) not in known and letter < "\u3000"}
    assert not missing


@pytest.mark.usefixtures("built_site")
def test_every_formula_of_the_sources_is_on_the_pages() -> None:
    for page in SITE.rglob("*.html"):
        html = page.read_text("utf8")
        places = len(re.findall(r'class="math notranslate', html))
        assert len(MATH.findall(html)) == places, page
