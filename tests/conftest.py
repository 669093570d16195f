"""Fixtures of the whole suite: a real database with the real network pack, the real application, makers of records.

The database is SQLite in a temporary folder, or, with MULTAQA_TEST_DATABASE_URL, a PostgreSQL server, where each test
process makes a database of its own. Tests leave no rows behind: what a test adds is deleted after it.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import sqlalchemy as sa
from flask import Flask, g
from flask.testing import FlaskClient
from jinja2 import BytecodeCache, FileSystemBytecodeCache
from sqlalchemy.orm import Session

from tests.accounts import Browser
from tests.visiting import Visit, Visited
from webapp.app import create_app
from webapp.config import ROOT, Settings
from webapp.extensions import db
from webapp.language import sort_key
from webapp.models import (
    Base,
    Network,
    Partner,
    PartnerKind,
    PublicationState,
    Region,
    ResidencyEventKind,
    Site,
    Startup,
    Term,
    TermKind,
    utc_now,
)
from webapp.permissions import SYSTEM
from webapp.services.network import load_pack
from webapp.services.network_pack import read_pack
from webapp.services.residency import EventDraft, record_residency
from webapp.web.translations import compile_catalogues

# How long an example takes says more of the machine than of the code.
hypothesis.settings.register_profile("multaqa", deadline=None)
hypothesis.settings.load_profile("multaqa")

PACK = ROOT / "networks" / "technopark"
PACK_TABLES = frozenset({Network.__tablename__, Region.__tablename__, Site.__tablename__, Term.__tablename__})

Maker = Callable[..., Any]


def pytest_configure(config: pytest.Config) -> None:
    """Compile the catalogues, as a start of the site does; once, before the processes of xdist begin."""
    if not hasattr(config, "workerinput"):
        compile_catalogues()


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """The address of this test process's own, empty database."""
    server = os.environ.get("MULTAQA_TEST_DATABASE_URL", "")
    if not server:
        yield f"sqlite:///{tmp_path_factory.mktemp('database') / 'test.db'}"
        return
    name = f"multaqa_test_{os.getpid()}_{worker_id}"
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    yield sa.make_url(server).set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    engine.dispose()


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """The name of the xdist worker, or ``main`` without xdist."""
    return getattr(request.config, "workerinput", {}).get("workerid", "main")


@pytest.fixture(scope="session")
def loaded_database_url(database_url: str) -> str:
    """The same database with all tables and the network pack in it."""
    engine = sa.create_engine(database_url)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        load_pack(session, read_pack(PACK))
        session.commit()
    engine.dispose()
    return database_url


@pytest.fixture
def settings(tmp_path: Path, loaded_database_url: str) -> Settings:
    """Settings of a test site whose files lie in the test's own folder."""
    return Settings(
        _env_file=None,
        environment="test",
        data_dir=tmp_path / "var",
        database_url=loaded_database_url,
        network=PACK,
        page_size=6,
        log_level="ERROR",
    )


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> BytecodeCache:
    """Templates as compiled by the first application that used them; every test has an application of its own."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(settings: Settings, compiled_templates: BytecodeCache) -> Iterator[Flask]:
    """The application, with an application context; its rows are deleted afterwards."""
    app = create_app(settings)
    app.jinja_env.bytecode_cache = compiled_templates
    with app.app_context():
        yield app
        db.session.rollback()
        for table in reversed(Base.metadata.sorted_tables):
            if table.name not in PACK_TABLES:
                db.session.execute(table.delete())
        db.session.commit()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Session:
    """The application's session."""
    return db.session()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript in which nobody is signed in."""
    return Browser(app, app.response_class)


@pytest.fixture
def visit(client: FlaskClient) -> Visit:
    """Opens an address, forgetting first what an earlier request left in the suite's application context."""

    def open_(path: str, **options: object) -> Visited:
        for name in list(g):
            g.pop(name)
        return Visited(client.get(path, **options))  # type: ignore[arg-type]

    return open_


@pytest.fixture
def count_queries(app: Flask) -> Iterator[Callable[[], int]]:
    """How many statements the database has received since the last call."""
    statements: list[str] = []

    def note(*args: Any) -> None:
        statements.append(args[2])

    def count() -> int:
        number = len(statements)
        statements.clear()
        return number

    sa.event.listen(db.engine, "before_cursor_execute", note)
    yield count
    sa.event.remove(db.engine, "before_cursor_execute", note)


@pytest.fixture
def terms(session: Session) -> Callable[..., list[Term]]:
    """Finds terms: ``terms("sectors", "fintech", "edtech")``."""

    def find(kind: str, *codes: str) -> list[Term]:
        rows = {term.code: term for term in session.scalars(sa.select(Term).where(Term.kind == TermKind(kind)))}
        return [rows[code] for code in codes]

    return find


_numbers = itertools.count(1)


@pytest.fixture
def make_startup(session: Session, terms: Callable[..., list[Term]]) -> Maker:
    """Makes a published startup: ``make_startup("Tazrii", sectors=["agritech"], site="agadir", pitch={"en": "…"})``.

    Any vocabulary kind is a keyword with a list of codes; ``site`` makes it a resident since ``entered``; other
    keywords are columns. The row is flushed, not committed.
    """

    def make(name: str = "", *, site: str | None = None, entered: date = date(2024, 1, 1), **values: Any) -> Startup:
        number = next(_numbers)
        name = name or f"Startup {number}"
        kinds = {kind: values.pop(kind) for kind in list(values) if kind in TermKind._value2member_map_}
        columns: dict[str, Any] = {
            "slug": f"startup-{number}",
            "name_latin": name,
            "sort_name": sort_key(values.get("name_latin") or name),
            "pitch": {"en": f"{name} does something useful."},
            "description": {},
            "state": PublicationState.PUBLISHED,
            "published_at": utc_now(),
            "export_markets": [],
            "sdgs": [],
            "city": {},
        }
        startup = Startup(**columns | values)
        for kind, codes in ({"sectors": ["software"]} | kinds).items():
            startup.set_terms(TermKind(kind), terms(kind, *codes))
        session.add(startup)
        session.flush()
        if site:
            place = session.scalars(sa.select(Site).where(Site.code == site)).one()
            entry = EventDraft(entered, ResidencyEventKind.ENTERED, place)
            record_residency(session, SYSTEM, startup, entry, today=date(2026, 11, 24))
        return startup

    return make


@pytest.fixture
def make_partner(session: Session, terms: Callable[..., list[Term]]) -> Maker:
    """Makes a published partner: ``make_partner("Sahel Fund", kind="investor", sectors=["agritech"])``.

    Any vocabulary kind is a keyword with a list of codes; other keywords are columns.
    """

    def make(
        name: str = "", *, kind: str = "investor", excluded_sectors: tuple[str, ...] = (), **values: Any
    ) -> Partner:
        number = next(_numbers)
        name = name or f"Partner {number}"
        kinds = {key: values.pop(key) for key in list(values) if key in TermKind._value2member_map_}
        columns: dict[str, Any] = {
            "slug": f"partner-{number}",
            "kind": PartnerKind(kind),
            "name_latin": name,
            "sort_name": sort_key(name),
            "summary": {"en": f"{name} looks for startups."},
            "description": {},
            "state": PublicationState.PUBLISHED,
            "published_at": utc_now(),
            "languages": ["fr"],
            "geography": [],
            "pilot_process": {},
            "city": {},
        }
        partner = Partner(**columns | values)
        for term_kind, codes in kinds.items():
            partner.set_terms(TermKind(term_kind), terms(term_kind, *codes))
        if excluded_sectors:
            partner.set_terms(TermKind.SECTOR, terms("sectors", *excluded_sectors), excluded=True)
        session.add(partner)
        session.flush()
        return partner

    return make
