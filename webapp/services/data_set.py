"""The whole public data set as one file: a zip of CSV tables with a data package that describes them.

It is written to a folder when something in it has changed, and only the newest is kept, so that what was withdrawn does
not live on in it. Tables are read while they are written: memory does not grow with the directory.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

import sqlalchemy as sa
import yaml

from webapp.i18n import in_language
from webapp.models import DbSession, Network, Partner, PublicationState, Startup
from webapp.services.public_columns import FileColumn, dictionary
from webapp.services.public_tables import PUBLIC_TABLES, PublicTable
from webapp.services.tables import complete_file, safe_text

FOLDER = "data"
"""Below the site's data folder."""
TEXTS_FILE = Path(__file__).with_name("data_set_texts.yaml")


@dataclass(frozen=True)
class Extent:
    """How much is published, and since when it is as it is."""

    startups: int
    partners: int
    changed_at: datetime | None
    """Of the last change of a published profile; nothing if there is none."""


@dataclass(frozen=True)
class DataFile:
    """The data set as it lies in its folder."""

    path: Path
    size: int
    """Bytes."""

    @property
    def name(self) -> str:
        """Of the file: the network and the day."""
        return self.path.name


@cache
def _texts() -> Mapping[str, Mapping[str, str]]:
    with TEXTS_FILE.open(encoding="utf-8") as file:
        content: Mapping[str, Mapping[str, str]] = yaml.safe_load(file)
    return content


def extent_of(session: DbSession) -> Extent:
    """How much is published (two queries)."""
    (startups, first), (partners, second) = (
        session.execute(
            sa.select(sa.func.count(), sa.func.max(model.updated_at)).where(model.state == PublicationState.PUBLISHED)
        ).one()
        for model in (Startup, Partner)
    )
    return Extent(startups, partners, max(filter(None, (first, second)), default=None))


def data_file(folder: Path) -> DataFile | None:
    """The data set, if it was written already."""
    found = sorted(folder.glob("*.zip"))
    return DataFile(found[-1], found[-1].stat().st_size) if found else None


def publish_data_set(session: DbSession, folder: Path, network: Network, day: date) -> Path | None:
    """Write the data set and take the one before away; nothing happens where the one that is there holds the same."""
    state = _state(session, network)
    present = data_file(folder)
    if present and _state_of(present.path) == state:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{network.code}-{day.isoformat()}.zip"
    with complete_file(path) as part:
        write_data_set(session, part, network, day, state)
    for other in folder.glob("*.zip"):
        if other != path:
            other.unlink(missing_ok=True)
    return path


def _state(session: DbSession, network: Network) -> str:
    """What a data set holds, as a digest: it changes with every profile, with who is published, and with the pack."""
    digest = hashlib.sha256(network.digest.encode())
    for model in (Startup, Partner):
        statement = sa.select(model.id, model.updated_at).where(model.state == PublicationState.PUBLISHED)
        for row in session.execute(statement.order_by(model.id).execution_options(yield_per=1000)):
            digest.update(f"{model.noun} {row.id} {row.updated_at.isoformat()}\n".encode())
    return digest.hexdigest()


def _state_of(path: Path) -> str:
    try:
        with ZipFile(path) as archive:
            return archive.comment.decode("ascii", "replace")
    except (BadZipFile, OSError):
        return ""


def write_data_set(session: DbSession, path: Path, network: Network, day: date, state: str = "") -> None:
    """Write all tables, their description, the licence, and what to know of them in each language of the network."""
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        counts = {table.name: _write_table(session, archive, table, network.languages) for table in PUBLIC_TABLES}
        package = describe(network, day, counts)
        archive.writestr("datapackage.json", json.dumps(package, ensure_ascii=False, indent=2) + "\n")
        archive.writestr("LICENSE.txt", "\n".join(licence_text(network, code) for code in network.languages) + "\n")
        for code in network.languages:
            archive.writestr(f"README.{code}.md", _readme(network, day, counts, code))
        archive.comment = state.encode("ascii")


def _write_table(session: DbSession, archive: ZipFile, table: PublicTable, languages: Sequence[str]) -> int:
    columns = table.file_columns(languages)
    names = [column.name for column in columns]
    count = 0
    with (
        archive.open(f"{table.name}.csv", "w", force_zip64=True) as raw,
        io.TextIOWrapper(raw, "utf-8", newline="") as file,
    ):
        writer = csv.writer(file)
        writer.writerow(names)
        for row in table.read(session, columns):
            writer.writerow([safe_text(row[name]) for name in names])
            count += 1
    return count


def describe(network: Network, day: date, counts: Mapping[str, int]) -> dict[str, Any]:
    """The data set as a Frictionless data package: the dictionary of all its tables."""
    licence = network.data_licence
    package: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": f"{network.code}-directory",
        "title": in_language(network.names, "en", network.languages)[0],
        "version": day.isoformat(),
        "created": f"{day.isoformat()}T00:00:00Z",
    }
    if network.website:
        package["homepage"] = network.website
    if licence:
        name = in_language(licence["names"], "en", network.languages)[0]
        package["licenses"] = [{"name": licence["code"], "path": licence["url"], "title": name}]
    package["resources"] = [_resource(table, network.languages, counts[table.name]) for table in PUBLIC_TABLES]
    return package


def _resource(table: PublicTable, languages: Sequence[str], rows: int) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(column, languages) for column in table.file_columns(languages)],
        "missingValues": [""],
    }
    if table.key:
        schema["primaryKey"] = list(table.key)
    if table.references:
        schema["foreignKeys"] = [
            {"fields": column, "reference": {"resource": other, "fields": target}}
            for column, (other, target) in table.references.items()
        ]
    told = dictionary()["tables"][table.name]
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": f"{table.name}.csv",
        "title": told["en"],
        "titles": {code: told[code] for code in languages},
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "rows": rows,
        "schema": schema,
    }


def _field(column: FileColumn, languages: Sequence[str]) -> dict[str, Any]:
    told: dict[str, Any] = {"name": column.name, "type": "string" if column.several else column.type}
    if column.format:
        told["format"] = column.format
    if column.several:
        told["separator"] = "; "
    if column.codes:
        told["codes"] = column.codes
    return told | {
        "description": column.meaning["en"],
        "descriptions": {code: column.meaning[code] for code in languages},
    }


def licence_text(network: Network, language: str) -> str:
    """Under which licence the data may be used, in a sentence."""
    name = in_language(network.names, language, network.languages)[0]
    licence = network.data_licence
    if not licence:
        return _texts()["unlicensed"][language].format(network=name)
    title = in_language(licence["names"], language, network.languages)[0]
    return _texts()["licensed"][language].format(network=name, name=title, url=licence["url"])


def _readme(network: Network, day: date, counts: Mapping[str, int], language: str) -> str:
    tables = "".join(
        f"\n- `{name}.csv`: {dictionary()['tables'][name][language]} ({count})" for name, count in counts.items()
    )
    return _texts()["readme"][language].format(
        network=in_language(network.names, language, network.languages)[0],
        day=day.isoformat(),
        tables="\n" + tables,
        licence=licence_text(network, language),
    )
