"""What readers and monitoring see while a part of the running site is broken, and how it heals."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.visiting import Visit
from webapp.app import create_app
from webapp.cli.work import Worker
from webapp.config import ROOT, Settings
from webapp.models import Base
from webapp.services.network import load_pack
from webapp.services.network_pack import read_pack

Maker = Callable[..., Any]

NOTICES = {
    "ar": "فهرس البحث قيد الإعداد",
    "fr": "L’index de recherche est en préparation",
    "en": "The search index is being prepared",
}
UNAVAILABLE = {
    "ar": "الموقع غير متاح حاليا",
    "fr": "Le site est momentanément indisponible",
    "en": "The site is not available at the moment",
}


def truncate_terms(folder: Path) -> None:
    for path in folder.glob("startup-*/*.trm"):
        with path.open("rb+") as file:
            file.truncate(8)


def test_a_file_of_the_index_is_cut_while_the_site_runs(
    app: Flask, session: Session, settings: Settings, visit: Visit, make_startup: Maker
) -> None:
    for name in ("Tazrii", "Barid", "Souk"):
        make_startup(name, pitch={"en": "Solar pumps"})
    session.commit()
    run = app.test_cli_runner().invoke
    run(args=["work", "drain"])
    assert visit("/en/startups?q=tazrii").entries == 1

    truncate_terms(settings.index_dir)
    # Who has the index open goes on with the arrays that are mapped; who opens it now falls back on the database.
    assert NOTICES["en"] not in visit("/en/startups?q=solar").text
    del app.extensions["search"]
    for language, notice in NOTICES.items():
        page = visit(f"/{language}/startups?q=solar")
        assert (page.status, page.entries) == (200, 3)
        assert notice in page.text

    healed = run(args=["work", "drain"])
    assert "The index of startups could not be read and was built anew." in healed.output
    page = visit("/en/startups?q=solar")
    assert page.entries == 3
    assert NOTICES["en"] not in page.text


def test_readiness_tells_of_damage_that_an_open_index_hides(
    app: Flask, client: FlaskClient, session: Session, settings: Settings, visit: Visit, make_startup: Maker
) -> None:
    make_startup("Tazrii", pitch={"en": "Solar pumps"})
    session.commit()
    app.test_cli_runner().invoke(args=["work", "drain"])
    assert visit("/en/startups?q=solar").entries == 1
    assert client.get("/readyz").json["index"]
    truncate_terms(settings.index_dir)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "index" in answer.json["missing"]
    app.test_cli_runner().invoke(args=["work", "drain"])
    assert client.get("/readyz").json["index"]


def test_a_worker_that_had_the_index_open_notices_too(
    app: Flask, session: Session, settings: Settings, visit: Visit, make_startup: Maker
) -> None:
    make_startup("Tazrii", pitch={"en": "Solar pumps"})
    session.commit()
    worker = Worker(app)
    worker.drain()
    truncate_terms(settings.index_dir)
    assert NOTICES["en"] in visit("/en/startups?q=solar").text
    worker.drain()
    assert NOTICES["en"] not in visit("/en/startups?q=solar").text


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A SQLite file of its own, because it is going to be moved away."""
    file = tmp_path / "own" / "multaqa.db"
    file.parent.mkdir()
    engine = sa.create_engine(f"sqlite:///{file}")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        load_pack(session, read_pack(ROOT / "networks" / "technopark"))
        session.commit()
    engine.dispose()
    return file


@pytest.fixture
def own_client(settings: Settings, database: Path) -> FlaskClient:
    """A browser on a site with that file."""
    return create_app(settings.model_copy(update={"database_url": f"sqlite:///{database}"})).test_client()


def test_the_database_is_moved_away_while_the_site_runs_and_put_back(own_client: FlaskClient, database: Path) -> None:
    assert own_client.get("/fr/startups").status_code == 200
    aside = database.with_suffix(".aside")
    database.rename(aside)
    for language, words in UNAVAILABLE.items():
        for path in ("", "startups", "startups/somebody", "partners", "about"):
            response = own_client.get(f"/{language}/{path}")
            assert response.status_code == 503, path
            assert response.headers["Retry-After"]
            assert f'<html lang="{language}"' in response.text
            assert words in response.text
    assert own_client.get("/readyz").status_code == 503
    assert own_client.get("/healthz").status_code == 200
    aside.replace(database)
    assert own_client.get("/fr/startups").status_code == 200
