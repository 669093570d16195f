"""The stylesheets keep their promises: tokens only in tokens.css, logical properties only, fonts kept for a year."""

from __future__ import annotations

import gzip
import hashlib
import re
from pathlib import Path

import pytest

from webapp.config import ROOT

CSS = ROOT / "static" / "css"
OTHERS = sorted(path.name for path in CSS.glob("*.css") if path.name != "tokens.css")


def _rules(path: Path) -> str:
    return re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("name", OTHERS)
def test_colours_are_tokens(name: str) -> None:
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[^{]*;)|\b(?:rgb|hsl|oklab|oklch)a?\(", _rules(CSS / name))


@pytest.mark.parametrize("name", OTHERS)
def test_properties_follow_the_reading_direction(name: str) -> None:
    sided = r"(?:margin|padding|border)-(?:left|right|top|bottom)|(?:min-|max-)?(?:width|height)|left|right"
    physical = rf"(?:^|[\s;{{])(?:{sided})\s*:"
    assert not re.findall(physical, _rules(CSS / name))
    assert not re.findall(r"text-align:\s*(?:left|right)|float:\s*(?:left|right)", _rules(CSS / name))


@pytest.mark.parametrize("name", OTHERS)
def test_every_token_that_is_used_exists(name: str) -> None:
    defined = set(re.findall(r"(--[\w-]+)\s*:", _rules(CSS / "tokens.css")))
    assert set(re.findall(r"var\((--[\w-]+)", _rules(CSS / name))) <= defined


def test_the_address_of_a_font_carries_the_digest_of_its_file() -> None:
    fonts = re.findall(r'url\("\.\./fonts/([\w.-]+)\?v=(\w+)"\)', (CSS / "tokens.css").read_text("utf-8"))
    assert {name for name, _ in fonts} == {path.name for path in (ROOT / "static" / "fonts").glob("*.woff2")}
    for name, digest in fonts:
        assert hashlib.sha256((ROOT / "static" / "fonts" / name).read_bytes()).hexdigest().startswith(digest)


def test_scripts_and_styles_are_light() -> None:
    assert sum(path.stat().st_size for path in (ROOT / "static" / "js").glob("*.js")) <= 20_000
    sizes = {path.stem: len(gzip.compress(path.read_bytes())) for path in CSS.glob("*.css")}
    everywhere = sum(sizes.pop(name) for name in ("tokens", "base", "components", "forms"))
    assert everywhere + max(sizes.values()) <= 15_000
