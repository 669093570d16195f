"""Mappings: the TOML file that says which column of a data set fills which field, checked before anything is read.

The reference of all keys is ``docs/data.md``.
"""

from __future__ import annotations

import difflib
import hashlib
import tomllib
from collections.abc import Mapping as Renaming
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from webapp.i18n import LANGUAGES
from webapp.services.imports.fields import DATE_FIELDS, FIELDS, FieldKind, Transform

DIGEST_VERSION = "1"
"""Changes whenever the same row and mapping give other values, so that the next import reads all rows anew."""

ColumnName = Annotated[str, Field(min_length=1)]


class MappingError(Exception):
    """A mapping that cannot be used; ``problems`` holds all that is wrong with it, each naming file and key."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class Section(BaseModel):
    """A table of a mapping; a key that the schema does not know is an error, since it is most likely misspelt."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(Section):
    """Where the data set comes from, and what makes one of its rows the same row when it comes again."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
    licence: Annotated[str, Field(min_length=1)]
    attribution: Annotated[str, Field(min_length=1)]
    url: str = ""
    key: Annotated[list[ColumnName], Field(min_length=1)]


class FileOptions(Section):
    """How to read the file, where that cannot be found out or is found out wrongly."""

    encoding: str | None = None
    delimiter: Literal[",", ";", "\t", "|"] | None = None
    sheet: str | None = None
    header: Annotated[int, Field(ge=1)] = 1
    """The line (of a workbook, the row) that holds the column names; lines before it are left out."""

    @field_validator("encoding")
    @classmethod
    def _encoding_exists(cls, encoding: str | None) -> str | None:
        try:
            "".encode(encoding or "utf-8")
        except LookupError:
            raise ValueError(f"there is no encoding {encoding}") from None
        return encoding


class Rule(Section):
    """How one or several columns fill a field."""

    column: ColumnName | None = None
    columns: Annotated[list[ColumnName], Field(min_length=1)] | None = None
    join: str = " "
    split: Annotated[str, Field(min_length=1)] | Annotated[list[str], Field(min_length=1)] | None = None
    language: str | None = None
    aliases: dict[str, str | list[str]] = {}
    default: str | None = None
    transform: Transform | None = None
    date_format: str | None = None

    @property
    def sources(self) -> tuple[str, ...]:
        """The columns that it reads, in the order in which they are joined."""
        return (self.column,) if self.column else tuple(self.columns or ())

    @property
    def separators(self) -> tuple[str, ...]:
        """What parts the values of a cell."""
        return (self.split,) if isinstance(self.split, str) else tuple(self.split or ())

    @model_validator(mode="after")
    def _has_one_source(self) -> Rule:
        if self.column and self.columns:
            raise ValueError("give either column or columns, not both")
        if not self.sources and self.default is None:
            raise ValueError("give column, columns or default")
        if "" in self.separators:
            raise ValueError("split cannot be empty")
        return self


class Mapping(Section):
    """A whole mapping."""

    source: Source
    file: FileOptions = FileOptions()
    columns: Annotated[dict[str, list[Rule]], Field(min_length=1)]

    @field_validator("columns", mode="before")
    @classmethod
    def _one_rule_is_a_list(cls, columns: Any) -> Any:
        """``[columns.pitch]`` and ``[[columns.pitch]]`` are both right; only the second can be repeated."""
        if not isinstance(columns, dict):
            return columns
        return {name: [rules] if isinstance(rules, dict) else rules for name, rules in columns.items()}

    @property
    def digest(self) -> str:
        """Changes whenever the mapping may give other values for the same row."""
        text = self.model_dump_json(include={"columns"})
        return hashlib.sha256(f"{DIGEST_VERSION}\n{text}".encode()).hexdigest()

    def renamed(self, names: Renaming[str, str]) -> Mapping:
        """The same mapping of columns that have other names."""

        def rename(rule: Rule) -> Rule:
            if not rule.sources:
                return rule
            return rule.model_copy(update={"column": None, "columns": [names[name.strip()] for name in rule.sources]})

        source = self.source.model_copy(update={"key": [names[name.strip()] for name in self.source.key]})
        columns = {name: [rename(rule) for rule in rules] for name, rules in self.columns.items()}
        return self.model_copy(update={"source": source, "columns": columns})

    def needed_columns(self) -> dict[str, str]:
        """The columns that the file must have, each with the key of the mapping that asks for it."""
        needed = dict.fromkeys(self.source.key, "source.key")
        for field_name, rules in self.columns.items():
            for rule in rules:
                for name in rule.sources:
                    needed.setdefault(name, f"columns.{field_name}")
        return needed


def read_mapping(path: Path) -> Mapping:
    """Read and check a mapping.

    Raises:
        MappingError: with every problem found.
        OSError: the file cannot be read.
    """
    return parse_mapping(path.read_bytes(), path.name)


def parse_mapping(content: bytes, name: str) -> Mapping:
    """Read and check what a mapping's file of this name holds.

    Raises:
        MappingError: with every problem found.
    """
    try:
        data = tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MappingError([f"{name}: not TOML: {error}"]) from None
    return check_mapping(data, name)


def check_mapping(data: dict[str, Any], name: str) -> Mapping:
    """Check a mapping, and give it.

    Raises:
        MappingError: with every problem found; ``name`` says of what.
    """
    try:
        mapping = Mapping.model_validate(data)
    except ValidationError as error:
        raise MappingError([f"{name}: {_key(item['loc'])}: {_message(item)}" for item in error.errors()]) from None
    problems = [f"{name}: {problem}" for problem in _field_problems(mapping)]
    if problems:
        raise MappingError(problems)
    return mapping


def _key(location: tuple[int | str, ...]) -> str:
    """The path of a key as its writer sees it: without the list that one table was put into."""
    parts = [str(part) for part in location if part != 0]
    return ".".join(parts) or "(file)"


def _message(item: Any) -> str:
    message: str = item["msg"]
    return "there is no such key" if item["type"] == "extra_forbidden" else message.removeprefix("Value error, ")


def _field_problems(mapping: Mapping) -> list[str]:
    problems = []
    if not {"name_latin", "name_arabic"} & mapping.columns.keys():
        problems.append("columns: name_latin or name_arabic must be mapped")
    for name, rules in mapping.columns.items():
        if name not in FIELDS:
            close = difflib.get_close_matches(name, FIELDS, 1)
            problems.append(f"columns.{name}: there is no such field" + (f"; is it {close[0]}?" if close else ""))
            continue
        for rule in rules:
            problems += [f"columns.{name}: {problem}" for problem in _rule_problems(name, rule)]
        if len(rules) > 1 and not FIELDS[name].multiple and FIELDS[name].kind != FieldKind.LOCALIZED:
            problems.append(f"columns.{name}: takes one value, so it cannot come several times")
    return problems


def _rule_problems(name: str, rule: Rule) -> list[str]:
    field = FIELDS[name]
    problems = []
    if field.kind == FieldKind.LOCALIZED and rule.language not in LANGUAGES:
        problems.append(f"language must say what the text is written in: {', '.join(LANGUAGES)}")
    if field.kind != FieldKind.LOCALIZED and rule.language:
        problems.append("language is for texts only (pitch, description, city)")
    if rule.split and not field.multiple:
        problems.append("split is for fields with several values only")
    if rule.date_format and name not in DATE_FIELDS:
        problems.append(f"date_format is for dates only: {', '.join(sorted(DATE_FIELDS))}")
    return problems
