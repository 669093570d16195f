"""The pages of regions on a second network: other regions, other languages, no map, another threshold."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.visiting import Visited
from webapp.app import create_app
from webapp.config import ROOT, Settings
from webapp.extensions import db
from webapp.models import Base, PublicationState, ResidencyEventKind, Site, Startup, Term, TermKind
from webapp.permissions import SYSTEM
from webapp.services.cluster_release import release_current
from webapp.services.network import load_pack
from webapp.services.network_pack import read_pack
from webapp.services.residency import EventDraft, record_residency
from webapp.web.marks import today

HARBOUR = ROOT / "tests" / "packs" / "harbour"
COUNTS = {
    ("dublin-dock", "medtech"): 12,
    ("dublin-dock", "deeptech"): 9,
    ("dublin-dock", "agrifood"): 4,
    ("cork-quay", "ocean-energy"): 11,
    ("cork-quay", "medtech"): 6,
    ("cork-quay", "agrifood"): 7,
}


@pytest.fixture
def harbour(tmp_path: Path) -> Iterator[Flask]:
    """The site of the second network, with residents and released figures."""
    settings = Settings(
        _env_file=None,
        environment="test",
        data_dir=tmp_path / "var",
        database_url=f"sqlite:///{tmp_path / 'harbour.db'}",
        network=HARBOUR,
        log_level="ERROR",
    )
    app = create_app(settings)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        load_pack(db.session(), read_pack(HARBOUR))
        settle()
        release_current(db.session, today())
        db.session.commit()
    yield app
    with app.app_context():
        db.engine.dispose()


def settle() -> None:
    terms = {term.code: term for term in db.session.scalars(sa.select(Term).where(Term.kind == TermKind.SECTOR))}
    sites = {site.code: site for site in db.session.scalars(sa.select(Site))}
    numbers = itertools.count(1)
    for (site, sector), count in COUNTS.items():
        for number in itertools.islice(numbers, count):
            startup = Startup(
                slug=f"tenant-{number}",
                name_latin=f"Tenant {number}",
                sort_name=f"tenant {number}",
                pitch={"en": "Works by the sea."},
                description={},
                city={},
                state=PublicationState.PUBLISHED,
                export_markets=[],
                sdgs=[],
            )
            startup.set_terms(TermKind.SECTOR, [terms[sector]])
            db.session.add(startup)
            db.session.flush()
            entry = EventDraft(date(2024, 1, 1), ResidencyEventKind.ENTERED, sites[site])
            record_residency(db.session, SYSTEM, startup, entry, today=date(2026, 1, 1))


def test_the_second_network_has_figures_of_its_own(harbour: Flask) -> None:
    client = harbour.test_client()
    for language in ("en", "fr"):
        for path in ("", "regions", "regions/IE-M", "sectors/medtech", "regions/compare?r=IE-L&r=IE-M", "network"):
            page = Visited(client.get(f"/{language}/{path}"))
            assert page.status == 200, path
            assert not page.has_placeholders, path
            assert 'class="map"' not in page.html
    munster = Visited(client.get("/en/regions/IE-M"))
    assert "Munster hosts 24 resident startups, 49% of the network’s." in munster.text
    assert "Ocean energy" in munster.text
    assert "Occupancy 69% of 35 places" in munster.text
    assert Visited(client.get("/en/regions/MA-09")).status == 404


def test_its_own_threshold_withholds_more(harbour: Flask) -> None:
    client = harbour.test_client()
    rows = Visited(client.get("/en/regions/IE-L.csv")).html.splitlines()
    agrifood = next(row for row in rows if ",agrifood," in row)
    assert ",withheld,," in agrifood
    assert "A number of startups below 5" in Visited(client.get("/en/regions")).text
