from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from tests.services.network_pack.conftest import HARBOUR, Edit, square, write_map
from webapp.config import ROOT
from webapp.models import TermKind
from webapp.services.network_pack import pack_digest, read_pack

SHIPPED = [ROOT / "networks" / "technopark", HARBOUR]


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_a_pack_that_comes_with_the_product_is_valid(folder: Path) -> None:
    pack = read_pack(folder)
    assert pack.network.code == folder.name
    assert all(pack.terms[kind] for kind in TermKind)


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_its_suggested_searches_use_codes_that_it_has(folder: Path) -> None:
    pack = read_pack(folder)
    codes = {region.code for region in pack.regions} | {site.code for site in pack.sites}
    codes |= {entry.code for entries in pack.terms.values() for entry in entries}
    searched = [code for search in pack.network.searches for _, code in parse_qsl(search.query)]
    assert searched
    assert set(searched) <= codes


def test_reading_twice_gives_the_same_digest_and_any_edit_another(pack: Path, edit: Edit) -> None:
    digest = read_pack(pack).digest
    assert read_pack(HARBOUR).digest == digest
    edit("sectors.yaml", "Ocean energy", "Power from the ocean")
    assert read_pack(pack).digest != digest


def test_the_digest_is_known_without_reading_the_pack(pack: Path) -> None:
    digest = read_pack(pack).digest
    assert pack_digest(pack) == digest
    write_map(pack, nowhere=square(0, 0))
    assert pack_digest(pack) != digest
    (pack / "map.geojson").unlink()
    (pack / "notes.txt").write_text("not part of it", encoding="utf-8")
    assert pack_digest(pack) == digest
