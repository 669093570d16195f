"""The worker does what time does to introductions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests.introductions import PLANTED, make_pair
from webapp.cli.work import Worker
from webapp.models import IntroductionState, Match, MatchingRun, OutgoingMail, Partner, Startup
from webapp.services.introduction_matches import alternatives_to
from webapp.web.marks import today

State = IntroductionState


def test_the_worker_lets_old_requests_expire_once(
    app: Flask, session: Session, make_startup: Callable[..., Startup], make_partner: Callable[..., Partner]
) -> None:
    pair = make_pair(session, make_startup, make_partner)
    old = pair.at(State.SENT, today=today() - timedelta(days=app.extensions["settings"].introduction_days))
    session.commit()
    for _ in range(2):
        Worker(app).advance()
        session.expire_all()
        assert old.state == State.EXPIRED
        told = session.scalars(sa.select(OutgoingMail.address).filter_by(kind="introduction-expired")).all()
        assert told == [PLANTED["founder"][0]]


def test_others_are_offered_whom_the_asking_side_has_never_asked(
    session: Session, make_startup: Callable[..., Startup], make_partner: Callable[..., Partner]
) -> None:
    pair = make_pair(session, make_startup, make_partner, kind="mentor")
    session.add(MatchingRun(stamp="s", startups=1, partners=6, matches=6))
    investors = [make_partner(kind="investor") for _ in range(3)]
    mentors = [pair.partner, *(make_partner(kind="mentor") for _ in range(2))]
    for partners in (investors, mentors):
        for rank, partner in enumerate(partners, start=1):
            match = Match(startup_id=pair.startup.id, partner_id=partner.id, score=0.5, explanation=[])
            match.startup_rank = match.partner_rank = rank
            session.add(match)
    expired = pair.at(State.EXPIRED)
    assert alternatives_to(session, expired, "en") == [*mentors[1:], investors[0]]
