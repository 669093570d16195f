"""Nothing about people is kept that the register of processing does not know."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flask import Flask
from flask_wtf import FlaskForm

from webapp.blueprints.privacy.words import FIELD_NAMES, PERIOD_NAMES, SECTION_NAMES
from webapp.config import ROOT
from webapp.models import Account, Base, Introduction, Person
from webapp.services.personal_data_register import TOLD
from webapp.services.retention import PERIODS

REGISTER = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")

IDENTITY_NUMBERS = frozenset({"cin", "cnie", "nid", "ssn", "nin", "passport", "national", "birth", "born"})


def registered() -> dict[str, list[str]]:
    """Table -> its columns in the register, as often as they are there."""
    part = REGISTER.split("## The register", 1)[1].split("## Tables without", 1)[0]
    tables = re.split(r"^### ", part, flags=re.MULTILINE)[1:]
    return {
        text.split("\n", 1)[0].strip(): [
            column
            for line in text.splitlines()
            if line.startswith("| `")
            for column in re.findall(r"`(\w+)`", line.split("|")[1])
        ]
        for text in tables
    }


def without_people() -> list[str]:
    return re.findall(r"`(\w+)`", REGISTER.split("## Tables without", 1)[1].split("\n\n")[2])


def forms(base: type = FlaskForm) -> Iterator[type]:
    for form in base.__subclasses__():
        yield form
        yield from forms(form)


def test_every_table_is_in_the_register_or_known_to_be_about_nobody() -> None:
    assert sorted([*registered(), *without_people()]) == sorted(Base.metadata.tables)


def test_tables_that_refer_to_people_are_in_the_register() -> None:
    roots = {Person.__table__, Account.__table__, Introduction.__table__}
    for table in Base.metadata.sorted_tables:
        if any(key.column.table in roots for key in table.foreign_keys):
            assert table.name in registered(), table.name


def test_every_column_is_in_the_register_once() -> None:
    for table, columns in registered().items():
        assert sorted(columns) == sorted(Base.metadata.tables[table].columns.keys()), table


def test_no_identity_number_is_asked_for_or_kept(app: Flask) -> None:
    names = {column.name for table in Base.metadata.sorted_tables for column in table.columns}
    for form in forms():
        names |= {name for name in dir(form) if "Field" in type(getattr(form, name, None)).__name__}
        names |= {name for name in vars(form) if not name.startswith("_")}
    assert "email" in names
    found = {name for name in names if IDENTITY_NUMBERS & set(re.split(r"[_-]", name.lower()))}
    assert found == set()


def test_the_pages_have_words_for_all_that_is_told_and_for_every_period() -> None:
    assert set(SECTION_NAMES) == set(TOLD)
    told = {column for each in TOLD.values() for column in each.columns}
    assert set(FIELD_NAMES) == told | {
        "organisation",
        "startup",
        "partner",
        "roles",
        "region",
        "shortlist",
        "challenge",
    }
    assert set(PERIOD_NAMES) == set(PERIODS)
