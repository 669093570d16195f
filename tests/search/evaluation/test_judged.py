from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from webapp.config import ROOT
from webapp.search.evaluation import JudgementError, read_judged_set, set_names

DOCS = [{"id": "d0", "title": "Olives", "text": "Pressed in autumn."}, {"id": "d1", "title": "Honey", "text": "Sweet."}]
QUERIES = [{"qid": "q0", "q": "When are they pressed?", "doc": "d0"}]


def write_set(folder: Path, docs: Sequence[Any] = DOCS, queries: Sequence[Any] = QUERIES) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, entries in (("docs", docs), ("queries", queries)):
        lines = [entry if isinstance(entry, str) else json.dumps(entry) for entry in entries]
        (folder / f"{name}.jsonl").write_text("\n".join(lines), "utf-8")
    return folder


def test_a_set_is_read_with_numbered_documents_and_their_judgements(tmp_path: Path) -> None:
    judged = read_judged_set(write_set(tmp_path / "press-en"))
    (part,) = judged.parts
    assert (judged.name, judged.language) == ("press-en", "en")
    assert [document.texts["name"] for document in part.documents] == [("Olives",), ("Honey",)]
    assert [(query.text, query.relevant) for query in part.queries] == [("When are they pressed?", {1: 1})]


def test_grades_are_read(tmp_path: Path) -> None:
    queries = [{"qid": "q0", "q": "Food", "docs": {"d0": 1, "d1": 2}, "kind": "topic"}]
    (part,) = read_judged_set(write_set(tmp_path / "food", queries=queries)).parts
    assert (part.queries[0].relevant, part.queries[0].kind) == ({1: 1, 2: 2}, "topic")


def test_a_name_without_a_language_is_a_set_in_several(tmp_path: Path) -> None:
    assert read_judged_set(write_set(tmp_path / "press-old")).language == ""


def test_compressed_files_are_read_as_plain_ones(tmp_path: Path) -> None:
    plain = write_set(tmp_path / "plain" / "press-en")
    packed = tmp_path / "packed" / "press-en"
    packed.mkdir(parents=True)
    for path in plain.iterdir():
        (packed / f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
    assert read_judged_set(packed) == read_judged_set(plain)


@pytest.mark.parametrize(
    ("docs", "queries", "message"),
    [
        (["{"], QUERIES, r"docs\.jsonl:1: not JSON"),
        (["[]"], QUERIES, r"docs\.jsonl:1: not an object"),
        ([*DOCS, DOCS[0]], QUERIES, r"docs\.jsonl:3: the document “d0” occurs twice"),
        ([{"id": "d0", "title": " ", "text": "x"}], QUERIES, r"docs\.jsonl:1: “title” must be a text"),
        (DOCS, QUERIES * 2, r"queries\.jsonl:2: the query “q0” occurs twice"),
        (DOCS, [{"qid": "q0", "q": "x", "doc": "d9"}], r"queries\.jsonl:1: there is no document “d9”"),
        (DOCS, [{"qid": "q0", "q": "x"}], r"queries\.jsonl:1: “doc” must be a text"),
        (DOCS, [{"qid": "q0", "q": "x", "docs": {}}], r"queries\.jsonl:1: “docs” must map"),
        (DOCS, [{"qid": "q0", "q": "x", "docs": {"d0": 0}}], r"queries\.jsonl:1: the grade of “d0”"),
        (DOCS, [{"qid": "q0", "q": "x", "docs": {"d0": True}}], r"queries\.jsonl:1: the grade of “d0”"),
        (DOCS, [], r"there are no queries"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, docs: Any, queries: Any, message: str) -> None:
    with pytest.raises(JudgementError, match=message):
        read_judged_set(write_set(tmp_path / "broken", docs, queries))


def test_a_missing_file_and_a_torn_one_are_named(tmp_path: Path) -> None:
    with pytest.raises(JudgementError, match=r"neither docs\.jsonl nor docs\.jsonl\.gz"):
        read_judged_set(tmp_path)
    (tmp_path / "docs.jsonl.gz").write_bytes(gzip.compress(b"{}" * 50)[:20])
    with pytest.raises(JudgementError, match=r"docs\.jsonl\.gz: cannot be read"):
        read_judged_set(tmp_path)


@pytest.mark.parametrize(
    ("name", "documents", "queries"),
    [("arcd-ar", 465, 723), ("piaf-fr", 761, 1862), ("xquad-ar", 240, 603), ("xquad-en", 240, 603)],
)
def test_the_sets_that_come_with_the_code_are_whole(name: str, documents: int, queries: int) -> None:
    (part,) = read_judged_set(ROOT / "bench" / "data" / "search" / name).parts
    assert (len(part.documents), len(part.queries)) == (documents, queries)


def test_sets_are_found_by_their_queries(tmp_path: Path) -> None:
    write_set(tmp_path / "b-fr")
    write_set(tmp_path / "a-en")
    (tmp_path / "notes").mkdir()
    assert set_names(tmp_path) == ["a-en", "b-fr"]
    assert set_names(tmp_path / "nowhere") == []
