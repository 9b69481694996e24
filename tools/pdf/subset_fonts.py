"""The fonts of the book: what it uses of Noto CJK, with outlines as PDF wants them.

Noto's Chinese fonts have PostScript outlines, which Chromium can only print as drawings
without a name (fonts of type 3). So their characters that an edition needs are
taken out, and their outlines converted to those of TrueType.
"""

import shutil
import subprocess
from pathlib import Path

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont, newTable

# In the style sheet: the family that is asked for; each in two weights.
FAMILIES = {
    "Book Serif": "Noto Serif CJK SC",
    "Book Sans": "Noto Sans CJK SC",
    "Book Code": "Noto Sans Mono CJK SC",
}
WEIGHTS = {"regular": 400, "bold": 700}
# Punctuation that makes room when it meets other punctuation, quotation marks as wide as
# Latin ones, and usual forms of letters.
FEATURES = ["ccmp", "chws", "halt", "kern", "liga", "locl", "pwid"]
# What TrueType's programs would need, if the fonts had any.
UNUSED_LIMITS = (
    "maxZones", "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs",
    "maxStackElements", "maxSizeOfInstructions", "maxComponentElements",
)  # fmt: skip
ERROR = 1  # of an outline, in thousandths of the size


def make_fonts(text: str, folder: Path) -> str:
    """Write the fonts with the characters of the text; returns the rules that load them."""
    folder.mkdir(parents=True, exist_ok=True)
    rules = []
    for family, origin in FAMILIES.items():
        for style, weight in WEIGHTS.items():
            path = folder / f"{family.replace(' ', '-').lower()}-{style}.ttf"
            font = cut(*find(origin, style), text)
            convert_outlines(font)
            font.save(path)
            rules.append(
                f'@font-face {{ font-family: "{family}"; font-weight: {weight}; '
                f'src: url("{path.relative_to(folder.parent).as_posix()}"); }}'
            )
    return "\n".join(rules)


def find(family: str, style: str) -> tuple[str, int]:
    """The file of an installed font, and its place in that file."""
    if shutil.which("fc-match") is None:
        raise SystemExit("No fc-match, which finds the fonts of the book: install fontconfig.")
    command = ["fc-match", "-f", "%{family[0]}|%{file}|%{index}", f"{family}:style={style}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found, file, index = done.stdout.split("|")
    if found != family:
        raise SystemExit(
            f"The font {family} is not installed. Debian and Ubuntu have it in the package "
            "fonts-noto-cjk, other systems in packages of a like name."
        )
    return file, int(index)


def cut(file: str, index: int, text: str) -> TTFont:
    """The font with the characters of a text alone."""
    font = TTFont(file, fontNumber=index, recalcTimestamp=False)
    options = Options(layout_features=FEATURES, hinting=False, desubroutinize=True)
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE"]
    subsetter = Subsetter(options)
    subsetter.populate(text=text)
    subsetter.subset(font)
    return font


def convert_outlines(font: TTFont) -> None:
    """Replace PostScript outlines (cubic) by TrueType's (quadratic)."""
    glyphs = font.getGlyphSet()
    outlines = {}
    for name in font.getGlyphOrder():
        pen = TTGlyphPen(glyphs)
        glyphs[name].draw(Cu2QuPen(pen, ERROR, reverse_direction=True))
        outlines[name] = pen.glyph()
    font["loca"] = newTable("loca")
    font["glyf"] = table = newTable("glyf")
    table.glyphOrder = font.getGlyphOrder()
    table.glyphs = outlines
    for name, outline in outlines.items():
        outline.recalcBounds(table)
        advance, _ = font["hmtx"][name]
        font["hmtx"][name] = (advance, getattr(outline, "xMin", 0))
    del font["CFF "]
    font["maxp"].tableVersion = 0x00010000
    for limit in UNUSED_LIMITS:
        setattr(font["maxp"], limit, 0)
    font["post"].formatType = 3.0
    font.sfntVersion = "\x00\x01\x00\x00"
