"""A profile asks the database as often with many matches as with few."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from webapp.models import Match, Milestone, Partner, Startup
from webapp.models.base import utc_now

PART = {"code": "same-sector", "weight": 0.5, "values": {"codes": ["software"]}}


def _pair(session: Session, startup: Startup, partner: Partner, rank: int) -> None:
    match = Match(startup_id=startup.id, partner_id=partner.id, score=0.7, explanation=[PART])
    match.startup_rank = match.partner_rank = rank
    session.add(match)


def _statements(client: FlaskClient, count_queries: Callable[[], int], path: str) -> int:
    assert client.get(path).status_code == 200  # the first visit reads the vocabulary too
    count_queries()
    assert client.get(path).status_code == 200
    return count_queries()


@pytest.fixture
def make_matches(
    session: Session, make_startup: Callable[..., Any], make_partner: Callable[..., Any]
) -> Callable[[Startup | None, Partner | None, int, int], None]:
    """Gives a startup more partners, or a partner more startups, from a rank on."""

    def make(startup: Startup | None, partner: Partner | None, first: int, last: int) -> None:
        for rank in range(first, last):
            other_partner = partner or make_partner(sectors=["software"], languages=["fr", "ar"])
            other_startup = startup or make_startup(site="rabat", technologies=["ai"], needs=["equity"])
            _pair(session, other_startup, other_partner, rank)
        session.commit()

    return make


def test_a_startups_profile_takes_as_many_queries_with_three_partners_as_with_twenty(
    client: FlaskClient, session: Session, count_queries: Callable[[], int], make_startup: Any, make_matches: Any
) -> None:
    startup = make_startup(site="rabat", needs=["equity"])
    startup.milestones = [Milestone(on=utc_now().date(), text={"en": "First sale"})]
    make_matches(startup, None, 1, 4)
    few = _statements(client, count_queries, f"/en/startups/{startup.slug}")
    make_matches(startup, None, 4, 21)
    assert _statements(client, count_queries, f"/en/startups/{startup.slug}") == few


def test_a_partners_profile_takes_as_many_queries_with_three_startups_as_with_twenty(
    client: FlaskClient, session: Session, count_queries: Callable[[], int], make_partner: Any, make_matches: Any
) -> None:
    partner = make_partner(sectors=["software"])
    make_matches(None, partner, 1, 4)
    few = _statements(client, count_queries, f"/en/partners/{partner.slug}")
    make_matches(None, partner, 4, 21)
    assert _statements(client, count_queries, f"/en/partners/{partner.slug}") == few
