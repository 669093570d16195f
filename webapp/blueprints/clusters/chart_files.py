"""A chart as a file of its own: the SVG of the page, with title, day, key and source, and with its colours written out.

A file has no stylesheet beside it, and the policy of this site forbids styles within it, so what the stylesheet says of
classes stands here as attributes. Fonts are asked for by name: whoever opens the file shapes the text.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from pathlib import Path
from xml.etree import ElementTree

from webapp.web.locale import current_language

SVG = "http://www.w3.org/2000/svg"
WIDTH, MARGIN = 640, 24
"""Of the file, in pixels."""
LINE = 19
"""Height of a line of text."""
COLUMNS = 2
LETTERS = 88
"""Letters that fit in a line of small text."""
FONTS = "'IBM Plex Sans', 'IBM Plex Sans Arabic', 'Segoe UI', 'Noto Sans', 'Noto Sans Arabic', sans-serif"

Attributes = Mapping[str, str]
Around = tuple[str, ...]

_DOTS = {"dot": "zellige", "mature": "majorelle", "emerging": "saffron", "transforming": "terracotta"}
_RULES: Sequence[tuple[str, str, Attributes]] = (
    ("", "text", {"fill": "--ink-soft", "font-size": "13"}),
    ("", ".middle", {"text-anchor": "middle"}),
    ("", ".end", {"text-anchor": "end"}),
    ("grid", "line", {"stroke": "--rule"}),
    ("", ".line", {"fill": "none", "stroke": "--zellige", "stroke-width": "2.5", "stroke-linejoin": "round"}),
    ("whisker", "line", {"stroke": "--zellige", "stroke-width": "6", "opacity": "0.25"}),
    *((name, "circle", {"fill": f"--{token}", "stroke": f"--{token}", "stroke-width": "2"})
      for name, token in _DOTS.items()),
    ("unsure", "circle", {"fill": "--surface"}),
    ("", ".entered", {"fill": "--map-2"}),
    ("", ".key-line", {"fill": "--zellige"}),
    ("", ".left", {"fill": "--saffron"}),
    ("", "path", {"stroke": "--surface", "stroke-width": "1.5", "stroke-linejoin": "round"}),
    *(("", f".q{rank}", {"fill": f"--map-{rank}"}) for rank in range(4)),
    ("", ".unknown", {"fill": "--surface", "stroke": "--control", "stroke-dasharray": "3 3"}),
    ("chosen", "path", {"stroke": "--ink", "stroke-width": "3"}),
)  # fmt: skip
"""What the stylesheet says, later rules over earlier ones: class of a group around, tag or class, attributes."""


@dataclass(frozen=True)
class ChartFile:
    """What stands in the file of a chart."""

    title: str
    subtitle: str
    svg: str
    """The chart as on the page."""
    keys: Sequence[tuple[str, str]] = ()
    """Class of a swatch and what it stands for."""
    notes: Sequence[str] = ()
    listing: Sequence[str] = ()
    """Short texts, set in two columns."""
    sources: Sequence[str] = ()
    address: str = ""
    """Of the page that the chart is from."""


def draw(chart: ChartFile) -> str:
    """The file, as text.

    Raises:
        xml.etree.ElementTree.ParseError: the chart is not well-formed.
    """
    turned = current_language().direction == "rtl"
    start = WIDTH - MARGIN if turned else MARGIN
    root = ElementTree.Element("svg", {"xmlns": SVG, "width": str(WIDTH), "xml:lang": current_language().code})
    root.attrib |= {"direction": "rtl" if turned else "ltr", "font-family": FONTS, "role": "img"}
    ElementTree.SubElement(root, "title").text = f"{chart.title} – {chart.subtitle}"
    paper = ElementTree.SubElement(root, "rect", {"width": "100%", "height": "100%", "fill": token("--surface")})
    at = MARGIN + LINE
    at = _write(root, start, at, textwrap.wrap(chart.title, 58), {"font-size": "20", "font-weight": "600"}, 26)
    at = _write(root, start, at, [chart.subtitle], {"font-size": "14"}, LINE)
    at = _place(root, _standing_alone(chart.svg), at)
    at = _write_keys(root, chart.keys, at, turned)
    notes = [line for note in chart.notes for line in textwrap.wrap(note, LETTERS)]
    at = _write(root, start, at + 4, notes, {"font-size": "13"}, LINE)
    at = _write_listing(root, chart.listing, at, turned)
    soft = {"font-size": "12", "fill": token("--ink-soft")}
    at = _write(root, start, at + 6, [line for text in chart.sources for line in textwrap.wrap(text, 96)], soft, LINE)
    address = soft | {"direction": "ltr", "text-anchor": "end" if turned else "start"}
    at = _write(root, start, at, [chart.address] if chart.address else [], address, LINE)
    root.attrib |= {"height": str(at), "viewBox": f"0 0 {WIDTH} {at}"}
    paper.set("height", str(at))
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=False) + "\n"


def _write(root: ElementTree.Element, x: int, y: int, lines: Sequence[str], look: Attributes, step: int) -> int:
    """Lines of text from a baseline on; where the next one stands."""
    for line in lines:
        place = {"x": f"{x:g}", "y": f"{y:g}", "fill": token("--ink")}
        ElementTree.SubElement(root, "text", place | dict(look)).text = line
        y += step
    return y


def _write_keys(root: ElementTree.Element, keys: Sequence[tuple[str, str]], at: int, turned: bool) -> int:
    for name, text in keys:
        x = WIDTH - MARGIN - 18 if turned else MARGIN
        shape = {"x": f"{x:g}", "y": f"{at - 10:g}", "width": "18", "height": "12", "class": name}
        swatch = ElementTree.SubElement(root, "rect", shape)
        _look(swatch, ())
        beside = WIDTH - MARGIN - 28 if turned else MARGIN + 28
        at = _write(root, beside, at, [text], {"font-size": "13"}, LINE)
    return at


def _write_listing(root: ElementTree.Element, texts: Sequence[str], at: int, turned: bool) -> int:
    rows = ceil(len(texts) / COLUMNS)
    for column in range(COLUMNS):
        beside = MARGIN + column * (WIDTH - 2 * MARGIN) // COLUMNS
        part = texts[column * rows : (column + 1) * rows]
        _write(root, WIDTH - beside if turned else beside, at, part, {"font-size": "12"}, LINE)
    return at + rows * LINE


def _place(root: ElementTree.Element, chart: ElementTree.Element, at: int) -> int:
    """Put the chart into the file; where the text below it begins."""
    _, _, width, height = (float(part) for part in chart.attrib["viewBox"].split())
    wide = WIDTH - 2 * MARGIN
    high = wide * height / width
    chart.attrib |= {"x": str(MARGIN), "y": f"{at:g}", "width": str(wide), "height": f"{high:.0f}"}
    root.append(chart)
    return at + round(high) + LINE


def _standing_alone(svg: str) -> ElementTree.Element:
    """The chart without links and classes, its looks as attributes."""
    root = ElementTree.fromstring(svg.strip())  # noqa: S314 - our own templates wrote it
    view = root.attrib["viewBox"]
    root.attrib.clear()
    root.set("viewBox", view)
    for element, around in [*_walk(root, ())]:
        _look(element, around)
    return root


def _walk(element: ElementTree.Element, around: Around) -> Iterator[tuple[ElementTree.Element, Around]]:
    """All elements within one, each with the classes of the groups around it."""
    for child in element:
        classes = tuple(child.get("class", "").split())
        if child.tag == "a":
            classes = ("chosen",) if child.get("aria-current") else ()
            child.tag = "g"
            child.attrib.clear()
        yield child, around
        yield from _walk(child, (*around, *classes))


def _look(element: ElementTree.Element, around: Around) -> None:
    """Write the looks of an element's classes out."""
    names = {element.tag, *(f".{name}" for name in element.get("class", "").split())}
    for name in ("class", "id", "role", "aria-labelledby", "aria-label", "tabindex"):
        element.attrib.pop(name, None)
    for group, name, look in _RULES:
        if name in names and (not group or group in around):
            written = {key: token(value) if value.startswith("--") else value for key, value in look.items()}
            element.attrib |= written


def token(name: str) -> str:
    """A colour of the stylesheet's tokens on white paper."""
    return _tokens()[name]


@lru_cache(maxsize=1)
def _tokens() -> Mapping[str, str]:
    text = (Path(__file__).parents[3] / "static" / "css" / "tokens.css").read_text("utf-8")
    light = text.split(":root {", 1)[1].split("}", 1)[0]
    return dict(re.findall(r"(--[\w-]+):\s*(#[0-9a-f]{6});", light))
