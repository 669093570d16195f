from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.services.network_pack.conftest import HARBOUR, Edit, problems
from webapp.config import ROOT
from webapp.models import TermKind
from webapp.services import network_schema

DOCUMENT = (ROOT / "docs" / "network-pack.md").read_text(encoding="utf-8")


def section(heading: str) -> str:
    return DOCUMENT.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]


@pytest.mark.parametrize(
    ("heading", "entry"),
    [
        ("network.yaml", network_schema.NetworkEntry),
        ("network.yaml", network_schema.CompanyNumber),
        ("network.yaml", network_schema.SearchSuggestion),
        ("network.yaml", network_schema.Figure),
        ("network.yaml", network_schema.Attribution),
        ("regions.yaml", network_schema.RegionEntry),
        ("sites.yaml", network_schema.SiteEntry),
    ],
)
def test_every_key_is_documented(heading: str, entry: type[network_schema.Entry]) -> None:
    named = set(re.findall(r"`([a-z_]+)`", section(heading)))
    assert set(entry.model_fields) <= named


@pytest.mark.parametrize(
    ("heading", "keys"),
    [
        ("sector_groups.yaml and sectors.yaml", {"code", "names", "group", "description", "aliases"}),
        ("The simple lists", {"code", "names", "description", "aliases"}),
        ("The lists that answer needs", {"answers"}),
    ],
)
def test_every_key_of_a_term_is_documented(heading: str, keys: set[str]) -> None:
    assert keys <= set(network_schema.TermEntry.model_fields)
    assert keys <= set(re.findall(r"`([a-z_]+)`", section(heading)))


def test_the_documented_keys_of_terms_are_all_there_are() -> None:
    assert set(network_schema.TermEntry.model_fields) == {"code", "names", "description", "aliases", "group", "answers"}


@pytest.mark.parametrize(
    ("heading", "entry"),
    [
        ("network.yaml", network_schema.NetworkEntry),
        ("regions.yaml", network_schema.RegionEntry),
        ("sites.yaml", network_schema.SiteEntry),
        ("The simple lists", network_schema.TermEntry),
    ],
)
def test_what_is_said_to_be_required_is_required(heading: str, entry: type[network_schema.Entry]) -> None:
    rows = re.findall(r"^\| (`.+?`) \|.*\| (\w+)[^|]*\|$", section(heading), re.MULTILINE)
    written = {key: answer == "yes" for keys, answer in rows for key in re.findall(r"`(\w+)`", keys)}
    assert written == {key: entry.model_fields[key].is_required() for key in written}


def test_every_file_is_documented() -> None:
    files = {path.name for path in HARBOUR.iterdir()} | {"map.geojson"}
    assert files == set(re.findall(r"`([a-z_]+\.(?:yaml|geojson))`", section("Files")))


def test_every_kind_of_term_has_its_file() -> None:
    assert {f"{kind.value}.yaml" for kind in TermKind} <= {path.name for path in HARBOUR.iterdir()}


def test_the_errors_shown_in_the_documentation_are_real(pack: Path, edit: Edit) -> None:
    edit("sectors.yaml", "group: sea", "group: see")
    edit("needs.yaml", ', fr: "Prêt"', "")
    edit("technologies.yaml", 'aliases: ["ROV"', 'aliases: ["sonar"')
    edit("technologies.yaml", 'aliases: ["sensors"', 'aliases: ["Sonar"')
    shown = re.findall(r"^    (\S.*)$", section("Errors"), re.MULTILINE)
    assert shown == [str(problem) for problem in problems(pack)]
