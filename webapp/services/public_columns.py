"""What public files tell of a row: one table of columns, from which files, their dictionary and its page follow.

A column holds what the public page of the row shows, never more: no contacts, no drafts, no notes of staff. What it
means is written in three languages in ``data_dictionary.yaml``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from webapp.i18n import LANGUAGES, in_language
from webapp.models import Localized
from webapp.services.vocabulary import Vocabulary

DICTIONARY_FILE = Path(__file__).with_name("data_dictionary.yaml")
NAMES = "_names"
"""Behind the name of a column of codes: the column with what the codes are called."""


@dataclass(frozen=True)
class Column:
    """Something that is told of the rows of a table."""

    name: str
    read: Callable[[Any], Any]
    """From a row: a value, a list of values, of texts a mapping of languages."""
    type: str = "string"
    """As Frictionless data packages name it."""
    format: str = ""
    codes: str = ""
    """The kind of the vocabulary that its codes are of, if it holds codes."""
    several: bool = False
    is_text: bool = False
    """Whether it is a text in several languages."""


@dataclass(frozen=True)
class FileColumn:
    """A column of a file, which is in one language or has a column a language for every text."""

    name: str
    meaning: Localized
    type: str
    read: Callable[[Any], Any]
    format: str = ""
    codes: str = ""
    several: bool = False


def plain(name: str, type_: str = "string", read: Callable[[Any], Any] | None = None, format_: str = "") -> Column:
    """A value as it is; without ``read`` the attribute of that name."""
    return Column(name, read or (lambda row: getattr(row, name)), type_, format_)


def text(name: str, read: Callable[[Any], Localized] | None = None) -> Column:
    """A text in several languages."""
    return Column(name, read or (lambda row: getattr(row, name)), is_text=True)


def codes(name: str, kind: str, read: Callable[[Any], Iterable[Any]], *, several: bool = True) -> Column:
    """Codes of the vocabulary; ``read`` gives what has them, such as terms."""
    return Column(name, lambda row: [each.code for each in read(row)], codes=kind, several=several)


@cache
def dictionary() -> Mapping[str, Mapping[str, Localized]]:
    """Table -> column -> what it means, by language; under ``tables`` what the tables are."""
    with DICTIONARY_FILE.open(encoding="utf-8") as file:
        content: Mapping[str, Mapping[str, Localized]] = yaml.safe_load(file)
    return content


def meaning(table: str, column: str) -> Localized:
    """What a column means; what profiles of both kinds share is written once."""
    found = dictionary()
    return found[table].get(column) or found["shared"][column]


def in_one_language(
    table: str, columns: Sequence[Column], language: str, order: Sequence[str], vocabulary: Vocabulary
) -> list[FileColumn]:
    """The columns of a file for readers of a language: codes, and beside them what they are called.

    Args:
        table: the name of the table in the dictionary.
        columns: of the table.
        language: of the readers.
        order: the languages of the network, of which the first one that has a text stands in for one that is missing.
        vocabulary: the names of codes.
    """
    found: list[FileColumn] = []
    for column in columns:
        told = meaning(table, column.name)
        if column.is_text:
            found.append(_file_column(column, column.name, told, _text_in(column, language, order)))
            continue
        found.append(_file_column(column, column.name, told, column.read))
        if column.codes:
            names = dictionary()["shared"][NAMES]
            told = {code: f"{each} {names[code]}" for code, each in told.items()}
            read = _names_in(column, language, vocabulary)
            found.append(FileColumn(column.name + NAMES, told, "string", read, several=column.several))
    return found


def in_all_languages(table: str, columns: Sequence[Column], languages: Sequence[str]) -> list[FileColumn]:
    """The columns of a file for everybody: a column a language for every text, and of codes only the codes."""
    found: list[FileColumn] = []
    for column in columns:
        told = meaning(table, column.name)
        if not column.is_text:
            found.append(_file_column(column, column.name, told, column.read))
            continue
        for language in languages:
            own = {code: f"{each} ({LANGUAGES[language].name})" for code, each in told.items()}
            found.append(_file_column(column, f"{column.name}_{language}", own, _text_as(column, language)))
    return found


def _file_column(column: Column, name: str, told: Localized, read: Callable[[Any], Any]) -> FileColumn:
    return FileColumn(name, told, column.type, read, column.format, column.codes, column.several)


def _text_in(column: Column, language: str, order: Sequence[str]) -> Callable[[Any], str]:
    return lambda row: in_language(column.read(row), language, order)[0]


def _text_as(column: Column, language: str) -> Callable[[Any], str]:
    return lambda row: (column.read(row) or {}).get(language, "")


def _names_in(column: Column, language: str, vocabulary: Vocabulary) -> Callable[[Any], list[str]]:
    return lambda row: [vocabulary.label(column.codes, code, language) for code in column.read(row)]


def record(columns: Sequence[FileColumn], row: Any) -> dict[str, Any]:
    """A row as a file tells it: dates and moments (UTC) as ISO 8601, lists where there may be several values."""
    found: dict[str, Any] = {}
    for column in columns:
        value = column.read(row)
        if isinstance(value, list) and not column.several:
            value = value[0] if value else None
        found[column.name] = _as_written(value)
    return found


def _as_written(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.isoformat() if isinstance(value, date) else value
