"""Judged sets: documents, queries, and which documents answer each query.

A set is a folder with two files of JSON lines (one object a line, UTF-8), plain or gzip-compressed (``.gz``):

    docs.jsonl      {"id": "d0", "title": "...", "text": "..."}
    queries.jsonl   {"qid": "q0", "q": "...", "doc": "d0"}            one document answers
                    {"qid": "q0", "q": "...", "docs": {"d0": 2}}      or several, with grades of 1 and more

A query may carry ``language`` and ``kind``. What follows the last hyphen of the folder's name is the language of its
texts (``xquad-ar``); engines with an analyzer of that language may use it.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from webapp.language.concepts import ConceptVocabulary, concept_vocabulary
from webapp.search.documents import FACETS, NEVER, Document

LANGUAGES = ("ar", "fr", "en")
"""Languages that a set can be in, beside all of them at once."""


class JudgementError(Exception):
    """A judged set cannot be used; the message says which file and line, and why."""


@dataclass(frozen=True)
class JudgedQuery:
    """A query with what answers it."""

    id: str
    text: str
    relevant: Mapping[int, int]
    """Document id -> grade, 1 and more; at least one."""
    language: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Part:
    """Documents, and queries that are asked of exactly these."""

    documents: Sequence[Document]
    queries: Sequence[JudgedQuery]


@dataclass(frozen=True)
class JudgedSet:
    """A set by name. Most have one part."""

    name: str
    language: str
    """One of ``LANGUAGES``, or empty if documents and queries are in several."""
    parts: Sequence[Part]
    vocabulary: ConceptVocabulary = field(default_factory=concept_vocabulary)
    """The concepts that our own engine recognises, as the site would that holds these documents."""


def read_lines(folder: Path, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of ``<name>.jsonl`` or ``<name>.jsonl.gz`` in a folder, each with its place (file and line).

    Raises:
        JudgementError: there is no such file, or a line is not a JSON object.
    """
    path = next((path for path in (folder / f"{name}.jsonl", folder / f"{name}.jsonl.gz") if path.is_file()), None)
    if path is None:
        raise JudgementError(f"{folder}: there is neither {name}.jsonl nor {name}.jsonl.gz")
    try:
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        lines = content.decode("utf-8").split("\n")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise JudgementError(f"{path}: cannot be read: {error}") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield f"{path}:{number}", _object(line, f"{path}:{number}")


def _object(line: str, where: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError as error:
        raise JudgementError(f"{where}: not JSON: {error}") from error
    if not isinstance(found, dict):
        raise JudgementError(f"{where}: not an object")
    return found


def text_of(entry: Mapping[str, Any], key: str, where: str) -> str:
    """A value that must be a text with something in it.

    Raises:
        JudgementError: it is not.
    """
    value = entry.get(key)
    if not isinstance(value, str) or not value.strip():
        raise JudgementError(f"{where}: “{key}” must be a text")
    return value


def set_names(folder: Path) -> list[str]:
    """The names of the sets in a folder, in alphabetical order; none if the folder does not exist."""
    if not folder.is_dir():
        return []
    return sorted(path.name for path in folder.iterdir() if any(path.glob("queries.jsonl*")))


def read_judged_set(folder: Path) -> JudgedSet:
    """Read a set; its documents are numbered from 1 in the order of the file.

    Raises:
        JudgementError: a file is missing or damaged, an id occurs twice, or a query names an unknown document.
    """
    numbers: dict[str, int] = {}
    documents = []
    for where, entry in read_lines(folder, "docs"):
        key = text_of(entry, "id", where)
        if key in numbers:
            raise JudgementError(f"{where}: the document “{key}” occurs twice")
        numbers[key] = len(numbers) + 1
        documents.append(passage(numbers[key], text_of(entry, "title", where), text_of(entry, "text", where)))
    queries = _queries(folder, numbers)
    ending = folder.name.rpartition("-")[2]
    return JudgedSet(folder.name, ending if ending in LANGUAGES else "", (Part(documents, queries),))


def passage(document_id: int, title: str, text: str) -> Document:
    """A passage as the index takes it: its title as the name, its text as the description."""
    texts = {"name": (title,), "description": (text,)}
    facets: dict[str, tuple[str, ...]] = dict.fromkeys(FACETS["startup"], ())
    return Document(document_id, texts, facets, title.casefold(), NEVER, NEVER, 0, 0)


def _queries(folder: Path, numbers: Mapping[str, int]) -> list[JudgedQuery]:
    queries: dict[str, JudgedQuery] = {}
    for where, entry in read_lines(folder, "queries"):
        key = text_of(entry, "qid", where)
        if key in queries:
            raise JudgementError(f"{where}: the query “{key}” occurs twice")
        relevant = _relevant(entry, numbers, where)
        labels = {label: str(entry.get(label, "")) for label in ("language", "kind")}
        queries[key] = JudgedQuery(key, text_of(entry, "q", where), relevant, **labels)
    if not queries:
        raise JudgementError(f"{folder}: there are no queries")
    return list(queries.values())


def _relevant(entry: Mapping[str, Any], numbers: Mapping[str, int], where: str) -> dict[int, int]:
    grades = entry["docs"] if "docs" in entry else {text_of(entry, "doc", where): 1}
    if not isinstance(grades, dict) or not grades:
        raise JudgementError(f"{where}: “docs” must map documents to grades")
    for key, grade in grades.items():
        if key not in numbers:
            raise JudgementError(f"{where}: there is no document “{key}”")
        if type(grade) is not int or grade < 1:
            raise JudgementError(f"{where}: the grade of “{key}” must be a whole number of at least 1")
    return {numbers[key]: grade for key, grade in grades.items()}
