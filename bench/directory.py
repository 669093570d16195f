"""The same directory twice: in a database of the product, and in one for Datasette. Corpus codes become the pack's."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bench import corpus
from bench.corpus import CACHE, VERSION, Row
from bench.documents import texts
from webapp import config
from webapp.language import sort_key
from webapp.models import PublicationState, Region, Residency, Site, Startup, StartupSite, StartupTerm, Term, TermKind

DATASETTE_FACETS = ("sector", "region", "stage", "site")

_BATCH = 1000
_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
_RESIDENTS = 0.6
"""Share of the startups that sit in a park; they count in its region."""


@dataclass(frozen=True)
class Pack:
    """What a network offers to choose from, as the database holds it."""

    sectors: tuple[Term, ...]
    stages: tuple[Term, ...]
    regions: dict[str, Region]
    sites: tuple[Site, ...]

    @classmethod
    def read(cls, session: Session) -> Pack:
        """The network in a database."""

        def terms(kind: TermKind) -> tuple[Term, ...]:
            return tuple(session.scalars(sa.select(Term).where(Term.kind == kind).order_by(Term.position)))

        sites = session.scalars(sa.select(Site).order_by(Site.position))
        regions = {region.code: region for region in session.scalars(sa.select(Region))}
        return cls(terms(TermKind.SECTOR), terms(TermKind.MATURITY), regions, tuple(sites))

    def sector_code(self, code: str) -> str:
        """The sector that stands for one of the corpus."""
        return self._sector(code).code

    def _sector(self, code: str) -> Term:
        known = [sector.code for sector in corpus.sectors()]
        return self.sectors[known.index(code) % len(self.sectors)]

    def placed(self, row: Row) -> Placed:
        """A row among the network's sectors, stages, regions and parks."""
        stage = self.stages[corpus.STAGES.index(row.stage) % len(self.stages)]
        number = int(row.park.removeprefix("park-")) - 1
        is_resident = number < _RESIDENTS * corpus.MANY_SITES
        site = self.sites[number % len(self.sites)] if is_resident else None
        region = site.region if site else self.regions[row.region]
        return Placed(row, self._sector(row.sector), stage, region, site)


@dataclass(frozen=True)
class Placed:
    """A row of the corpus with what it becomes in this network."""

    row: Row
    sector: Term
    stage: Term
    region: Region
    site: Site | None

    def startup(self) -> dict[str, object]:
        """Its columns in the product's database."""
        row, at = self.row, _MOMENT + timedelta(minutes=self.row.id)
        return {
            "id": row.id,
            "slug": f"startup-{row.id}",
            "name_latin": row.name,
            "sort_name": sort_key(row.name),
            "state": PublicationState.PUBLISHED,
            "published_at": at,
            "created_at": at,
            "updated_at": at,
            "is_demo": False,
            "city": {},
            "pitch": {language: text[:140] for language, text in row.pitch.items()},
            "description": row.description,
            "founded": row.founded,
            "export_markets": [],
            "sdgs": [],
            "region_id": self.region.id,
            "residency": Residency.RESIDENT if self.site else Residency.SUPPORTED,
            "entered_on": date(row.founded, 6, 1) if self.site else None,
        }

    def links(self) -> list[dict[str, int]]:
        """Its terms."""
        return [{"startup_id": self.row.id, "term_id": term.id, "position": 0} for term in (self.sector, self.stage)]

    def datasette(self) -> tuple[object, ...]:
        """Its columns in Datasette's database."""
        values = texts(self.row)
        found = [self.sector.code, self.region.code, self.stage.code, self.site.code if self.site else None]
        return self.row.id, *(" | ".join(values[field]) for field in ("name", "pitch", "description")), *found


def environment(folder: Path, **more: str) -> dict[str, str]:
    """The environment of a process of the product that works in this folder."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "MULTAQA_DATABASE_URL")}
    settings = {
        "MULTAQA_ENVIRONMENT": "production",
        "MULTAQA_SECRET_KEY": "only-for-a-benchmark-on-this-machine",
        "MULTAQA_DATA_DIR": str(folder),
        "MULTAQA_LOG_LEVEL": "WARNING",
        "FLASK_APP": "wsgi",
    }
    return kept | settings | more


def _flask(folder: Path, *command: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "flask", *command],
        check=True,
        cwd=config.ROOT,
        env=environment(folder),
        stdout=sys.stderr,
    )


def _batches(rows: Iterable[Placed]) -> Iterator[list[Placed]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, _BATCH)):
        yield batch


def _fill(session: Session, documents: int) -> None:
    """Write all rows as published startups, past the change log: the index is built from nothing afterwards."""
    pack = Pack.read(session)
    for batch in _batches(map(pack.placed, corpus.rows(documents))):
        session.execute(sa.insert(Startup), [placed.startup() for placed in batch])
        session.execute(sa.insert(StartupTerm), [link for placed in batch for link in placed.links()])
        stays = [{"startup_id": placed.row.id, "site_id": placed.site.id} for placed in batch if placed.site]
        session.execute(sa.insert(StartupSite), stays)
    session.commit()


def product_folder(documents: int, *, anew: bool = False) -> Path:
    """The data folder of a site with so many startups; the database is made if it is not there, the index always."""
    folder = CACHE / "pages" / f"{VERSION}-{documents}"
    done = folder / "filled"
    if anew or not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        _flask(folder, "db", "upgrade")
        _flask(folder, "network", "load")
        with session_of(folder) as session:
            _fill(session, documents)
        done.touch()
    _flask(folder, "index", "rebuild")
    return folder


def session_of(folder: Path) -> Session:
    """A session on the database in a data folder."""
    return Session(sa.create_engine(f"sqlite:///{folder / 'multaqa.db'}"))


def datasette_file(folder: Path, pack: Pack, documents: int) -> Path:
    """The same rows for Datasette: one table with FTS over its texts and an index a facet; made if it is not there."""
    file = folder / "directory.db"
    if file.exists():
        return file
    temporary = folder / "directory.tmp"
    temporary.unlink(missing_ok=True)
    with closing(sqlite3.connect(temporary)) as connection:
        with connection:
            columns = ", ".join(DATASETTE_FACETS)
            connection.execute(f"CREATE TABLE startup (id INTEGER PRIMARY KEY, name, pitch, description, {columns})")
            marks = ", ".join("?" * (4 + len(DATASETTE_FACETS)))
            values = (pack.placed(row).datasette() for row in corpus.rows(documents))
            connection.executemany(f"INSERT INTO startup VALUES ({marks})", values)  # noqa: S608 - marks only
            for column in ("name", *DATASETTE_FACETS):
                connection.execute(f"CREATE INDEX by_{column} ON startup ({column})")
            connection.execute(
                "CREATE VIRTUAL TABLE startup_fts USING fts5 (name, pitch, description, content='startup',"
                " content_rowid='id', tokenize='unicode61 remove_diacritics 2')"
            )
            connection.execute("INSERT INTO startup_fts (startup_fts) VALUES ('rebuild')")
            connection.execute("INSERT INTO startup_fts (startup_fts) VALUES ('optimize')")
        connection.execute("ANALYZE")
        connection.execute("VACUUM")
    temporary.replace(file)
    return file
