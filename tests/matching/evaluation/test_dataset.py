from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from webapp.matching.evaluation.dataset import DatasetError, read_dataset

COMPANIES: list[Any] = [{"id": "c1", "texts": {"en": "Drip irrigation"}, "categories": ["agritech"]}, {"id": "c2"}]
PARTNERS: list[Any] = [{"id": "p1", "texts": {"fr": "Fonds agricole"}, "kind": "investor"}]
PAIRS: list[Any] = [{"company": "c1", "partner": "p1", "date": "2019-05"}]


def write(folder: Path, companies: list[Any] = COMPANIES, partners: list[Any] = PARTNERS, pairs: Any = PAIRS) -> Path:
    for name, rows in (("companies", companies), ("partners", partners), ("pairs", pairs)):
        lines = (row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
        (folder / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


def test_a_folder_is_read_with_what_may_be_absent_absent(tmp_path: Path) -> None:
    found = read_dataset(write(tmp_path))
    assert [company.id for company in found.companies] == ["c1", "c2"]
    assert found.companies[0].text == "Drip irrigation agritech"
    assert found.companies[1].texts == {}
    assert found.partners[0].kind == "investor"
    assert found.pairs == {("c1", "p1"): "2019-05"}


def test_a_pair_given_twice_counts_once_with_its_earliest_date(tmp_path: Path) -> None:
    pairs = [{**PAIRS[0], "date": "2020"}, PAIRS[0], {"company": "c1", "partner": "p1"}]
    assert read_dataset(write(tmp_path, pairs=pairs)).pairs == {("c1", "p1"): "2019-05"}


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"companies": [*COMPANIES, COMPANIES[0]]}, "companies.jsonl:3: id: c1 occurs twice"),
        ({"companies": [{"id": ""}]}, "companies.jsonl:1: id: must be a text"),
        ({"companies": [{"id": "c1", "text": "x"}]}, "companies.jsonl:1: text: unknown field"),
        ({"companies": [{"id": "c1", "texts": "x"}]}, "companies.jsonl:1: texts: must be an object"),
        ({"companies": [{"id": "c1", "categories": "x"}]}, "companies.jsonl:1: categories: must be a list"),
        ({"partners": ["[1]"]}, "partners.jsonl:1: not an object"),
        ({"partners": ["{"]}, "partners.jsonl:1: not JSON"),
        ({"partners": []}, "partners.jsonl: holds nothing"),
        ({"pairs": [{"company": "c1", "partner": "p9"}]}, "pairs.jsonl:1: partner: there is no partner p9"),
        ({"pairs": ["", {"company": "c9", "partner": "p1"}]}, "pairs.jsonl:2: company: there is no company c9"),
        ({"pairs": [{**PAIRS[0], "date": "May"}]}, "pairs.jsonl:1: date: must be a year"),
        ({"pairs": [{**PAIRS[0], "date": "2019-13"}]}, "pairs.jsonl:1: date: must be a year"),
    ],
)
def test_an_error_names_file_line_and_field(tmp_path: Path, wrong: dict[str, Any], place: str) -> None:
    with pytest.raises(DatasetError) as caught:
        read_dataset(write(tmp_path, **wrong))
    assert place in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "pairs.jsonl").unlink()
    with pytest.raises(DatasetError, match=r"pairs\.jsonl: there is no such file"):
        read_dataset(tmp_path)


def test_a_file_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    (write(tmp_path) / "pairs.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DatasetError, match=r"pairs\.jsonl: cannot be read"):
        read_dataset(tmp_path)


def test_a_line_separator_inside_a_text_does_not_part_the_line(tmp_path: Path) -> None:
    found = read_dataset(write(tmp_path, companies=[{"id": "c1", "texts": {"en": "a\u2028b"}}]))
    assert found.companies[0].texts == {"en": "a\u2028b"}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.sampled_from(["id", "c1", "2019"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["id", "texts", "en"]), inner),
    max_leaves=5,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(json_values | st.text(max_size=8), max_size=3))
def test_whatever_a_file_holds_it_is_read_or_refused_by_name(tmp_path: Path, rows: list[Any]) -> None:
    write(tmp_path, companies=rows)
    refused = None
    try:
        found = {company.id for company in read_dataset(tmp_path).companies}
    except DatasetError as error:
        refused = error
    # The pairs name the company c1: the file is read only if it has it.
    assert refused.path.name in ("companies.jsonl", "pairs.jsonl") if refused else "c1" in found
