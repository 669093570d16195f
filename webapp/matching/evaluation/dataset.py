"""Data for evaluating the matcher: companies, partners and the pairs that are known to have come together.

A data set is a folder with three files of JSON lines (UTF-8, one object a line, blank lines ignored)::

    companies.jsonl  {"id": "c1", "texts": {"en": "..."}, "categories": ["fintech"]}
    partners.jsonl   {"id": "p1", "texts": {"en": "..."}, "categories": ["fintech"], "kind": "investor"}
    pairs.jsonl      {"company": "c1", "partner": "p1", "date": "2019-05"}

``id`` is text and unique in its file. ``texts`` (language code to text), ``categories``, ``kind`` and ``date`` (year,
year-month or year-month-day) may be absent; a partner without a text is known by its companies only. Other fields are
an error, so that a misspelt one is not silently ignored. A pair given twice counts once, with its earliest date.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Pair = tuple[str, str]
"""Ids of a company and of a partner."""

_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


class DatasetError(ValueError):
    """Something wrong in a file, with the file, the line (from 1; 0 for the whole file) and the field."""

    def __init__(self, path: Path, line: int, field_name: str, problem: str) -> None:
        place = ":".join([str(path), *([str(line)] if line else [])])
        super().__init__(f"{place}: {field_name}: {problem}" if field_name else f"{place}: {problem}")
        self.path, self.line, self.field = path, line, field_name


@dataclass(frozen=True)
class Profile:
    """A company or a partner as the evaluation knows it."""

    id: str
    texts: Mapping[str, str] = field(default_factory=dict)
    """Language -> text."""
    categories: tuple[str, ...] = ()
    kind: str = ""

    @property
    def text(self) -> str:
        """Its texts in all languages and its categories, for scorers that know nothing but words."""
        return " ".join([*self.texts.values(), *self.categories])


@dataclass(frozen=True)
class Dataset:
    """Companies, partners and the pairs known, each with its date, which is empty where unknown."""

    companies: tuple[Profile, ...]
    partners: tuple[Profile, ...]
    pairs: Mapping[Pair, str]


def read_dataset(folder: Path) -> Dataset:
    """Read a folder of the format above.

    Raises:
        DatasetError: a file is missing or a line is wrong; says where.
    """
    companies = _profiles(folder / "companies.jsonl", {"id", "texts", "categories"})
    partners = _profiles(folder / "partners.jsonl", {"id", "texts", "categories", "kind"})
    pairs = _pairs(folder / "pairs.jsonl", set(companies), set(partners))
    return Dataset(tuple(companies.values()), tuple(partners.values()), pairs)


def read_lines(path: Path, fields: set[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a file of JSON lines with their line numbers.

    Args:
        fields: the names that an object may have.

    Raises:
        DatasetError: the file is missing, or a line is no object or has another field.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise DatasetError(path, 0, "", "there is no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(path, 0, "", f"cannot be read: {error}") from None
    # Not ``splitlines``, which also parts lines at characters that JSON allows inside a text.
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, _object(path, number, line, fields)


def _object(path: Path, number: int, line: str, fields: set[str]) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        raise DatasetError(path, number, "", f"not JSON: {error}") from None
    if not isinstance(found, dict):
        raise DatasetError(path, number, "", "not an object")
    for name in sorted(found.keys() - fields):
        raise DatasetError(path, number, name, f"unknown field; known are {', '.join(sorted(fields))}")
    return found


def text_of(path: Path, number: int, row: Mapping[str, Any], name: str) -> str:
    """A field that must be a text with something in it.

    Raises:
        DatasetError: it is not.
    """
    value = row.get(name)
    if not isinstance(value, str) or not value.strip():
        raise DatasetError(path, number, name, "must be a text that is not empty")
    return value


def texts_of(path: Path, number: int, row: Mapping[str, Any], name: str = "texts") -> dict[str, str]:
    """A field that must map languages to texts; absent, it is empty.

    Raises:
        DatasetError: it does not.
    """
    value = row.get(name, {})
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise DatasetError(path, number, name, "must be an object of language codes to texts")
    return {language: text for language, text in value.items() if text.strip()}


def _profiles(path: Path, fields: set[str]) -> dict[str, Profile]:
    found: dict[str, Profile] = {}
    for number, row in read_lines(path, fields):
        profile_id = text_of(path, number, row, "id")
        if profile_id in found:
            raise DatasetError(path, number, "id", f"{profile_id} occurs twice")
        categories = row.get("categories", [])
        if not isinstance(categories, list) or not all(isinstance(name, str) for name in categories):
            raise DatasetError(path, number, "categories", "must be a list of texts")
        kind = text_of(path, number, row, "kind") if "kind" in row else ""
        found[profile_id] = Profile(profile_id, texts_of(path, number, row), tuple(categories), kind)
    if not found:
        raise DatasetError(path, 0, "", "holds nothing")
    return found


def _pairs(path: Path, companies: set[str], partners: set[str]) -> dict[Pair, str]:
    found: dict[Pair, str] = {}
    for number, row in read_lines(path, {"company", "partner", "date"}):
        company, partner = (text_of(path, number, row, name) for name in ("company", "partner"))
        for name, value, known in (("company", company, companies), ("partner", partner, partners)):
            if value not in known:
                raise DatasetError(path, number, name, f"there is no {name} {value}")
        date = row.get("date", "")
        if date != "" and not (isinstance(date, str) and _DATE.fullmatch(date)):
            raise DatasetError(path, number, "date", "must be a year, year-month or year-month-day")
        found[company, partner] = min(filter(None, (date, found.get((company, partner)))), default="")
    if not found:
        raise DatasetError(path, 0, "", "holds nothing")
    return found
