from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.config import ROOT
from webapp.models import Startup
from webapp.permissions import SYSTEM
from webapp.services.imports.files import read_table
from webapp.services.imports.importer import import_startups
from webapp.services.imports.mapping import read_mapping
from webapp.services.imports.remarks import ImportReport

TODAY = date(2026, 11, 24)
EXCERPT = ROOT / "tests" / "data" / "yc-2014-excerpt.csv"
EXAMPLES = ROOT / "examples" / "mappings"

SOURCE = """
[source]
name = "list"
licence = "CC0"
attribution = "nobody"
key = ["Name"]

[columns.name_latin]
column = "Name"
"""

SECTORS = '\n[columns.sectors]\ncolumn = "Tags"\nsplit = ","\n'
TECHNOLOGIES = '\n[columns.technologies]\ncolumn = "Tags"\nsplit = ","\n'
WEBSITE = '\n[columns.website]\ncolumn = "Web"\n'
STAY = "".join(
    f'\n[columns.{name}]\ncolumn = "{name}"\n' for name in ("site", "entered_on", "left_on", "leaving_reason")
)

Importer = Callable[..., ImportReport]
Find = Callable[[str], Startup]


@pytest.fixture
def write_mapping(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a mapping that has a name and, after it, the given TOML."""

    def write(columns: str = "", *, whole: str = "") -> Path:
        path = tmp_path / "mapping.toml"
        path.write_text(whole or SOURCE + columns, "utf-8")
        return path

    return write


@pytest.fixture
def import_text(session: Session, tmp_path: Path, write_mapping: Callable[..., Path]) -> Importer:
    """Imports the text of a CSV file: ``import_text("Name,Sector\\nTazrii,agritech\\n", '[columns.sectors] …')``."""

    def run(text: str | bytes, columns: str = "", *, publish: bool = False, name: str = "list.csv") -> ImportReport:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        mapping = read_mapping(write_mapping(columns))
        table = read_table(path, mapping.file)
        return import_startups(session, SYSTEM, table, mapping, publish=publish, today=TODAY)

    return run


@pytest.fixture
def startup(session: Session) -> Callable[[str], Startup]:
    """Finds a startup by its slug."""

    def find(slug: str) -> Startup:
        return session.scalars(sa.select(Startup).where(Startup.slug == slug)).one()

    return find


def codes(remarks: Any) -> list[str]:
    """The codes of remarks."""
    return [remark.code for remark in remarks]
