"""Pictures of profiles for other sites: 1200 by 630 pixels, as Open Graph wants them, in any script.

Pillow lays text out with Raqm, which joins Arabic letters and orders what runs right to left. A line may mix scripts:
its words are grouped by script and drawn in the font of each, in the order of the line's own direction.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

VERSION = 1
"""Of the drawing: another one makes other pictures, and other addresses of them."""
WIDTH, HEIGHT = 1200, 630
MARGIN = 72
SPACE = 0.28
"""Between words of two directions, in parts of the size of the letters."""
PAPER, INK, SOFT, ZELLIGE, TINT, ON_ZELLIGE = "#faf7f2", "#1e2a2b", "#55625f", "#0e5e52", "#e2efeb", "#ffffff"
REGULAR, BOLD = "400", "600"
STAR = (
    (12, 0.6), (15.34, 3.94), (20.06, 3.94), (20.06, 8.66), (23.4, 12), (20.06, 15.34), (20.06, 20.06), (15.34, 20.06),
    (12, 23.4), (8.66, 20.06), (3.94, 20.06), (3.94, 15.34), (0.6, 12), (3.94, 8.66), (3.94, 3.94), (8.66, 3.94),
)  # fmt: skip
"""The mark of the site, in a square of 24."""


@dataclass(frozen=True)
class Card:
    """What a picture says."""

    title: str
    text: str
    facts: str
    """Sector, park and the like, on one line."""
    site: str
    """Whose directory it is."""
    badge: str = ""
    """A mark in the corner: that it is a demonstration, for instance."""
    is_rtl: bool = False

    @property
    def digest(self) -> str:
        """What tells one picture from another."""
        return hashlib.sha256(repr((VERSION, astuple(self))).encode()).hexdigest()[:20]


def _script(letter: str) -> str:
    """Which of the fonts has a letter."""
    if "\u0600" <= letter <= "\u06ff" or "\ufb50" <= letter <= "\ufefc":
        return "arabic"
    return "latin-ext" if "\u0100" <= letter <= "\u024f" or "\u1e00" <= letter <= "\u1eff" else "latin"


def _is_rtl(word: str) -> bool:
    return any(_script(letter) == "arabic" for letter in word)


@lru_cache(maxsize=32)
def _font(folder: Path, script: str, weight: str, size: int) -> ImageFont.FreeTypeFont:
    family = "ibm-plex-sans-arabic-arabic" if script == "arabic" else f"ibm-plex-sans-{script}"
    path = folder / f"{family}-{weight}-normal.woff2"
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.RAQM)


class _Piece(NamedTuple):
    """Letters of one font."""

    text: str
    font: ImageFont.FreeTypeFont
    direction: str
    length: float


class _Group(NamedTuple):
    """Words of one direction."""

    pieces: Sequence[_Piece]
    direction: str

    @property
    def length(self) -> float:
        """How wide it is, in pixels."""
        return sum(piece.length for piece in self.pieces)


class _Pen:
    """Writes lines of mixed scripts on one picture."""

    def __init__(self, fonts: Path, draw: ImageDraw.ImageDraw, *, is_rtl: bool) -> None:
        self._fonts, self._draw, self._is_rtl = fonts, draw, is_rtl

    def _groups(self, line: str, weight: str, size: int) -> list[_Group]:
        """Neighbouring words of one direction, each group in pieces of one font, all in reading order."""
        groups = []
        for is_rtl, words in groupby(line.split(), key=_is_rtl):
            direction = "rtl" if is_rtl else "ltr"
            pieces = []
            for script, letters in groupby(" ".join(words), key=_script):
                text, font = "".join(letters), _font(self._fonts, script, weight, size)
                pieces.append(_Piece(text, font, direction, font.getlength(text, direction=direction)))
            groups.append(_Group(pieces, direction))
        return groups

    def length(self, line: str, weight: str, size: int) -> float:
        """How wide a line is, in pixels."""
        groups = self._groups(line, weight, size)
        return max(len(groups) - 1, 0) * size * SPACE + sum(group.length for group in groups)

    def wrap(self, text: str, weight: str, size: int, lines: int, width: int) -> list[str]:
        """A text cut into lines; what does not fit ends in an ellipsis."""
        found: list[str] = []
        line, words = "", text.split()
        for number, word in enumerate(words):
            longer = f"{line} {word}".strip()
            if not line or self.length(longer, weight, size) <= width:
                line = longer
                continue
            if len(found) == lines - 1:
                return [*found, self._cut(" ".join([line, *words[number:]]), weight, size, width)]
            found.append(line)
            line = word
        return [*found, self._cut(line, weight, size, width)] if line else found

    def _cut(self, line: str, weight: str, size: int, width: int) -> str:
        if self.length(line, weight, size) <= width:
            return line
        while line and self.length(f"{line}…", weight, size) > width:
            line = line[:-1].rstrip()
        return f"{line}…"

    def write(self, line: str, weight: str, size: int, top: float, colour: str, *, side: float = MARGIN) -> None:
        """Write a line at the side where it begins."""
        at = WIDTH - side if self._is_rtl else side
        for group in self._groups(line, weight, size):
            left = at - group.length if self._is_rtl else at
            self._write_group(group, left, top, colour)
            at = left - size * SPACE if self._is_rtl else left + group.length + size * SPACE

    def _write_group(self, group: _Group, left: float, top: float, colour: str) -> None:
        for piece in reversed(group.pieces) if group.direction == "rtl" else group.pieces:
            self._draw.text(
                (left, top), piece.text, font=piece.font, fill=colour, direction=piece.direction, anchor="la"
            )
            left += piece.length


def draw_card(card: Card, fonts: Path) -> bytes:
    """The picture as a PNG file.

    Args:
        fonts: the folder of the site's own fonts.
    """
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(picture)
    pen = _Pen(fonts, draw, is_rtl=card.is_rtl)
    draw.rectangle((0, HEIGHT - 96, WIDTH, HEIGHT), fill=ZELLIGE)
    size = next((size for size in (76, 64, 54) if len(pen.wrap(card.title, BOLD, size, 9, _inner())) <= 2), 54)
    top = 84.0
    for line in pen.wrap(card.title, BOLD, size, 2, _inner()):
        pen.write(line, BOLD, size, top, INK)
        top += size * 1.25
    top += 22
    for line in pen.wrap(card.text, REGULAR, 40, 3, _inner()):
        pen.write(line, REGULAR, 40, top, SOFT)
        top += 56
    _facts(pen, card)
    _foot(pen, draw, card)
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()


def _inner() -> int:
    return WIDTH - 2 * MARGIN


def _facts(pen: _Pen, card: Card) -> None:
    if card.facts:
        (line,) = pen.wrap(card.facts, BOLD, 32, 1, _inner())
        pen.write(line, BOLD, 32, HEIGHT - 168, ZELLIGE)


def _foot(pen: _Pen, draw: ImageDraw.ImageDraw, card: Card) -> None:
    """The star and the name of the site, and the badge at the other end."""
    star = MARGIN if not card.is_rtl else WIDTH - MARGIN - 48
    draw.polygon([(star + 2 * x, HEIGHT - 72 + 2 * y) for x, y in STAR], fill=ON_ZELLIGE)
    pen.write(card.site, BOLD, 30, HEIGHT - 66, ON_ZELLIGE, side=MARGIN + 68)
    if card.badge:
        length = pen.length(card.badge, REGULAR, 26)
        pen.write(card.badge, REGULAR, 26, HEIGHT - 64, TINT, side=WIDTH - MARGIN - length)
