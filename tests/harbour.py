"""The site of a second network, in a country of its own, with two languages and rules of its own."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from webapp.app import create_app
from webapp.config import ROOT, Settings
from webapp.extensions import db
from webapp.models import Base, PublicationState, ResidencyEventKind, Site, Startup, Term, TermKind
from webapp.permissions import SYSTEM
from webapp.services.network import load_pack
from webapp.services.network_pack import read_pack
from webapp.services.residency import EventDraft, record_residency

HARBOUR = ROOT / "tests" / "packs" / "harbour"
COUNTS = {
    ("dublin-dock", "medtech"): 12,
    ("dublin-dock", "deeptech"): 9,
    ("dublin-dock", "agrifood"): 4,
    ("cork-quay", "ocean-energy"): 11,
    ("cork-quay", "medtech"): 6,
    ("cork-quay", "agrifood"): 7,
}
"""Site and sector -> how many startups settle there."""


@contextmanager
def harbour_site(folder: Path) -> Iterator[Flask]:
    """The site with its pack loaded and nobody in it yet, and its application context pushed."""
    settings = Settings(
        _env_file=None,
        environment="test",
        data_dir=folder / "var",
        database_url=f"sqlite:///{folder / 'harbour.db'}",
        network=HARBOUR,
        log_level="ERROR",
    )
    app = create_app(settings)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        load_pack(db.session(), read_pack(HARBOUR))
        db.session.commit()
        yield app
        db.session.remove()
        db.engine.dispose()


def settle() -> None:
    """Startups in the parks, published, with one line about each."""
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
