"""The pages of regions against a plain aggregate: ``python -m bench.clusters``. See ``bench/README.md``.

Prints a table for each number of startups, and one JSON object as its last line.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from bench.corpus import CACHE
from bench.timing import machine, ratios, summary, table
from webapp.app import create_app
from webapp.config import Settings
from webapp.extensions import db
from webapp.models import (
    PublicationState,
    Residency,
    ResidencyEvent,
    ResidencyEventKind,
    Site,
    Startup,
    StartupSite,
    StartupTerm,
    Term,
    TermKind,
)
from webapp.services.cluster_release import release_current
from webapp.web.marks import today

EDITION = 1
"""Of the invented stays; a folder of another edition is made anew."""
TARGETS = {2_000: 150.0, 20_000: 400.0}
"""Milliseconds of server time that a region's page may take, by number of startups."""
PATHS = ("/fr/regions/MA-06", "/ar/regions/MA-06", "/fr/regions/MA-06.csv", "/fr/regions", "/fr/network")
FIRST = date(2006, 1, 2)
STAY = 1_100
"""Days that stays last on average, beyond the first ninety."""
BATCH = 1_000
AGGREGATE = """
    SELECT region.code, term.code, count(DISTINCT startup.id)
    FROM startup
    JOIN startup_site ON startup_site.startup_id = startup.id
    JOIN site ON site.id = startup_site.site_id
    JOIN region ON region.id = site.region_id
    JOIN startup_term ON startup_term.startup_id = startup.id AND startup_term.position = 0
    JOIN term ON term.id = startup_term.term_id
    WHERE startup.state = 'published' AND startup.residency = 'resident' AND term.kind = 'sectors'
    GROUP BY region.code, term.code
"""
"""The least that a page without prepared figures would ask: today's residents by region and sector, nothing past."""


def site_of(startups: int) -> Flask:
    """The site with so many startups that came and went, and its figures of today; made if it is not there."""
    folder = CACHE / "clusters" / f"{EDITION}-{startups}"
    folder.mkdir(parents=True, exist_ok=True)
    app = create_app(_settings(folder))
    if not (folder / "filled").exists():
        (folder / "multaqa.db").unlink(missing_ok=True)
        _run(app, "db", "upgrade")
        _run(app, "network", "load")
        with app.app_context():
            fill(db.session(), startups)
        # Without an index, each page looks anew whether the site shows invented profiles.
        _run(app, "index", "rebuild")
        (folder / "filled").touch()
    return app


def _run(app: Flask, *command: str) -> None:
    found = app.test_cli_runner().invoke(args=command)
    if found.exit_code:
        raise RuntimeError(f"{' '.join(command)}: {found.output}")


def _settings(folder: Path) -> Settings:
    key = "only-for-a-benchmark-on-this-machine"
    return Settings(environment="production", secret_key=key, data_dir=folder, log_level="ERROR")


def fill(session: Session, startups: int) -> None:
    """Write startups, past the change log: each has been in a park once, and some are there still."""
    terms = {kind: session.scalars(sa.select(Term).where(Term.kind == kind)).all() for kind in TermKind}
    sites = session.scalars(sa.select(Site).order_by(Site.position)).all()
    rows = list(_startups(random.Random(startups), startups, terms[TermKind.SECTOR], terms[TermKind.HEADCOUNT], sites))
    for begin in range(0, startups, BATCH):
        batch = rows[begin : begin + BATCH]
        session.execute(sa.insert(Startup), [row for row, _, _ in batch])
        session.execute(sa.insert(StartupTerm), [link for _, links, _ in batch for link in links])
        events = [event for _, _, events in batch for event in events]
        session.execute(sa.insert(ResidencyEvent), events)
        session.execute(
            sa.insert(StartupSite),
            [{"startup_id": row["id"], "site_id": found[0]["site_id"]} for row, _, found in batch],
        )
    session.commit()


Row = dict[str, object]


def _startups(
    chance: random.Random, number: int, sectors: list[Term], bands: list[Term], sites: list[Site]
) -> Iterator[tuple[Row, list[Row], list[Row]]]:
    """A startup, its terms, its events; a few sectors and sites have most of them."""
    for startup in range(1, number + 1):
        site = sites[min(int(chance.expovariate(0.5)), len(sites) - 1)]
        chosen = dict.fromkeys(
            min(int(chance.expovariate(0.12)), len(sectors) - 1) for _ in range(chance.choice((1, 2)))
        )
        links = [_link(startup, sectors[index], position) for position, index in enumerate(chosen)]
        entered = FIRST + timedelta(days=chance.randrange((today() - FIRST).days))
        left = entered + timedelta(days=90 + int(chance.expovariate(1 / STAY)))
        events = [_event(startup, ResidencyEventKind.ENTERED, entered, site)]
        if left <= today():
            events.append(_event(startup, ResidencyEventKind.LEFT, left, site))
        yield _row(chance, startup, entered, left), [*links, _link(startup, chance.choice(bands), 0)], events


def _row(chance: random.Random, startup: int, entered: date, left: date) -> Row:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return {
        "id": startup,
        "slug": f"startup-{startup}",
        "name_latin": f"Startup {startup}",
        "sort_name": f"startup {startup:06}",
        "state": PublicationState.PUBLISHED,
        "published_at": at,
        "created_at": at,
        "updated_at": at,
        "is_demo": False,
        "city": {},
        "pitch": {"fr": "Fait quelque chose d’utile."},
        "description": {},
        "women_founders": chance.choice((True, False, False, None)),
        "export_markets": chance.choice((["FR"], [], [])),
        "sdgs": [],
        "residency": Residency.RESIDENT if left > today() else Residency.ALUMNI,
        "entered_on": entered,
    }


def _link(startup: int, term: Term, position: int) -> Row:
    return {"startup_id": startup, "term_id": term.id, "position": position}


def _event(startup: int, kind: ResidencyEventKind, on: date, site: Site) -> Row:
    return {"startup_id": startup, "kind": kind, "on": on, "site_id": site.id}


def measure(app: Flask, rounds: int) -> dict[str, dict[str, float]]:
    """Milliseconds of the aggregate and of each page, within the server's process; they take turns."""
    client = app.test_client()
    seconds: dict[str, list[float]] = {"SQL aggregate": [], **{path: [] for path in PATHS}}
    for number in range(rounds + 2):
        with app.app_context():
            spent = _timed(_aggregate)
        found = {"SQL aggregate": spent} | {path: _timed(lambda path=path: _get(client, path)) for path in PATHS}
        # The first two rounds warm up templates, catalogues and the page cache.
        for name in seconds if number > 1 else ():
            seconds[name].append(found[name])
    return {name: summary(values) for name, values in seconds.items()}


def _aggregate() -> None:
    if not db.session.execute(sa.text(AGGREGATE)).all():
        raise RuntimeError("the aggregate finds nobody")


def _get(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{answer.status_code} for {path}")


def _timed(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def main(arguments: argparse.Namespace) -> None:
    """Make the sites, release their figures, measure, print."""
    busy, results = machine(), {}
    for startups in arguments.startups:
        print(f"{startups} startups ...", file=sys.stderr, flush=True)
        app = site_of(startups)
        with app.app_context():
            db.session.execute(sa.text("DELETE FROM cluster_release"))
            released = _timed(lambda: release_current(db.session(), today()))
            db.session.commit()
        found = measure(app, arguments.rounds)
        plain = found["SQL aggregate"]
        rows = [
            [name, f"{each['p50_ms']:.1f}", f"{each['p95_ms']:.1f}", ratios(plain, each)]
            for name, each in found.items()
        ]
        print(f"\n{startups} startups, {arguments.rounds} rounds; the worker's release took {released:.1f} s\n")
        print(table(["", "p50 ms", "p95 ms", "times the aggregate"], rows))
        target, worst = TARGETS.get(startups), found[PATHS[0]]["p95_ms"]
        if target:
            print(f"target: {target:.0f} ms; the region's page at p95: {worst:.1f} ms")
        results[startups] = {"release_s": round(released, 2), "pages": found, "target_ms": target}
    print(json.dumps({"sizes": results, "machine": busy | {"load_after": machine()["load"]}}))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--startups", type=int, nargs="+", default=list(TARGETS))
    parser.add_argument("--rounds", type=int, default=30)
    main(parser.parse_args())
