from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.services.network_pack.conftest import HARBOUR
from webapp.services.network_pack import PackError, PackProblem, read_pack

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.dates() | st.text(max_size=8)
KEYS = st.sampled_from(["code", "names", "en", "fr", "answers", "languages", "region"]) | SCALARS
DOCUMENTS = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4))


@pytest.fixture(scope="module")
def shared_pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One copy for the tests that spoil a file many times and put it back each time."""
    return shutil.copytree(HARBOUR, tmp_path_factory.mktemp("packs") / "harbour")


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([path.name for path in sorted(HARBOUR.iterdir())]), DOCUMENTS.map(yaml.safe_dump))
@example("sites.yaml", "&a [*a]")
@example("network.yaml", "{? [1, 2] : 3, ? {a: b} : c}")
@example("needs.yaml", "!!int x")
@example("needs.yaml", "!!bool maybe")
@example("needs.yaml", "!!timestamp x")
@example("needs.yaml", "!!python/object:os.system x")
@example("needs.yaml", "- <<: [1]")
@example("needs.yaml", "- code: =")
@example("skills.yaml", "[" * 990 + "]" * 990)
@example("skills.yaml", "[" * 100_000)
@example("skills.yaml", "- {code: x, answers: " + "9" * 5000 + "}")
@example("sites.yaml", "--- a\n--- b")
@example("map.geojson", '{"type": "FeatureCollection", "features": [{"id": [1], "geometry": {"fr": 1e999}}]}')
def test_whatever_a_file_holds_it_is_read_or_reported(shared_pack: Path, file: str, content: str) -> None:
    read_or_reported(shared_pack, file, content.encode("utf-8", "surrogatepass"))


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(["network.yaml", "sectors.yaml", "map.geojson"]), st.binary(max_size=60))
def test_whatever_bytes_a_file_holds_it_is_read_or_reported(shared_pack: Path, file: str, content: bytes) -> None:
    read_or_reported(shared_pack, file, content)


def read_or_reported(pack: Path, file: str, content: bytes) -> None:
    path = pack / file
    before = path.read_bytes() if path.exists() else None
    path.write_bytes(content)
    found: list[PackProblem] | None = None
    try:
        read_pack(pack)
    except PackError as error:
        found = error.problems
    finally:
        path.unlink() if before is None else path.write_bytes(before)
    assert found is None or found
    assert all(problem.line >= 1 and problem.message for problem in found or ())
