from __future__ import annotations

from sqlalchemy.orm import Session

from webapp.config import ROOT
from webapp.services.exports import export_startups
from webapp.services.imports.fields import FIELDS, Transform
from webapp.services.imports.mapping import FileOptions, Rule, Source, read_mapping

DOCUMENT = (ROOT / "docs" / "data.md").read_text("utf-8")


def test_every_field_key_and_transform_is_documented() -> None:
    keys = [*FIELDS, *Transform, *Source.model_fields, *FileOptions.model_fields, *Rule.model_fields]
    assert [key for key in keys if f"`{key}`" not in DOCUMENT] == []


def test_every_exported_column_is_documented_and_imported(session: Session) -> None:
    columns = export_startups(session, imported=False).columns
    listed = DOCUMENT[DOCUMENT.index("**The directory's own columns**") :]
    assert [column for column in columns if f"`{column}`" not in listed] == []
    mapping = read_mapping(ROOT / "examples" / "mappings" / "multaqa.toml")
    assert set(columns) - mapping.needed_columns().keys() == {"state", "residency"}
