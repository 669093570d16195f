"""The worker keeps the figures of regions and sectors in step with the database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from tests.populations import TOTAL, settle
from webapp.config import Settings
from webapp.extensions import db
from webapp.matching import Matcher
from webapp.models import ClusterRelease
from webapp.search import Search
from webapp.services.cluster_figures import Figures, from_json
from webapp.web.marks import today
from webapp.web.preparation import has_figures
from webapp.work import Workplace, drain, release_figures

Maker = Callable[..., Any]


@pytest.fixture
def place(settings: Settings, session: Session) -> Workplace:
    matcher = Matcher(per_profile=3, pack_digest="pack")
    return Workplace(sessionmaker(db.engine), Search(settings.index_dir, "pack"), matcher, settings.data_dir)


def released(session: Session) -> dict[date, Figures]:
    session.expire_all()
    rows = session.scalars(sa.select(ClusterRelease).order_by(ClusterRelease.as_of))
    return {row.as_of: from_json(row.content) for row in rows}


def test_a_drain_releases_the_figures_of_today_when_startups_changed(
    session: Session, place: Workplace, make_startup: Maker, make_partner: Maker
) -> None:
    make_partner()
    session.commit()
    drain(place)
    assert not has_figures()
    settle(make_startup)
    session.commit()
    drain(place)
    assert [figures.network.startups for figures in released(session).values()] == [TOTAL]
    make_startup(site="rabat")
    session.commit()
    drain(place)
    assert [figures.network.startups for figures in released(session).values()] == [TOTAL + 1]


def test_the_quarters_gone_by_are_released_each_once(session: Session, place: Workplace, make_startup: Maker) -> None:
    settle(make_startup, date(2026, 1, 5))
    session.commit()
    number = release_figures(place)
    days = list(released(session))
    assert days[0] == date(2026, 3, 31)
    assert days[-1] == today()
    assert number == len(days)
    assert release_figures(place) == 0


def test_the_command_releases_figures_and_says_of_how_many_days(
    app: Flask, session: Session, make_startup: Maker
) -> None:
    settle(make_startup)
    session.commit()
    run = app.test_cli_runner().invoke
    assert "Figures of 1 days released" in run(args=["work", "figures"]).output
    assert "Figures of 0 days released" in run(args=["work", "figures"]).output
