"""Drafts end, applications that are over lose what says who wrote them, and so do those of erased people."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.accounts import make_account
from tests.applications import evaluate, make_draft, make_sent
from webapp.models import Application, ApplicationState, utc_now
from webapp.permissions import VISITOR
from webapp.services.actors import actor_of
from webapp.services.applications import withdraw
from webapp.services.erasure import erase_person
from webapp.services.retention import enforce_retention

NOW = utc_now()
TODAY = NOW.date()
MONTHS = 36


def age(session: Session, application: Application, days: int) -> None:
    """Let it be so many days old."""
    moment = NOW - timedelta(days=days)
    values = {"updated_at": moment, "decided_at": moment if application.decided_at else None}
    session.execute(sa.update(Application).where(Application.id == application.id).values(values))
    session.expire_all()


def told(application: Application) -> list[object]:
    return [application.contact_name, application.email, application.phone or "", application.values, application.note]


@pytest.mark.parametrize(("days", "left"), [(59, True), (62, False)])
def test_a_draft_goes_after_the_packs_days_without_a_change(session: Session, days: int, left: bool) -> None:
    draft, demo = make_draft(session), make_draft(session)
    demo.is_demo = True
    session.flush()
    age(session, draft, days)
    age(session, demo, 400)
    done = enforce_retention(session, TODAY, MONTHS)
    assert done["application-draft"] == (not left)
    assert session.scalar(sa.select(sa.func.count()).select_from(Application)) == 1 + left


def test_what_is_over_is_blanked_after_the_sites_months_and_stays_counted(session: Session) -> None:
    old, young, waiting, asked = (make_sent(session, phone="+212 600") for _ in range(4))
    evaluate(session, old)
    for one in (old, young):
        withdraw(session, VISITOR, one, version=one.version)
    asked.state = ApplicationState.RETURNED
    session.flush()
    for one, days in ((old, 1200), (young, 900), (waiting, 1200), (asked, 1200)):
        age(session, one, days)
    assert enforce_retention(session, TODAY, MONTHS)["application"] == 2
    session.expire_all()
    assert told(old) == told(asked) == ["", "", "", {}, ""]
    assert old.evaluations[0].comment == ""
    assert old.evaluations[0].scores
    assert (old.state, asked.state, waiting.state) == ("withdrawn", "withdrawn", "submitted")
    assert old.site is not None
    assert young.email
    assert waiting.email
    assert enforce_retention(session, TODAY, MONTHS)["application"] == 0


def test_who_is_erased_leaves_no_application(session: Session) -> None:
    account = make_account()
    draft, sent = (make(session, email=account.email) for make in (make_draft, make_sent))
    other = make_sent(session)
    draft_id = draft.id
    erase_person(session, actor_of(session, account), account.person, today=TODAY)
    assert session.get(Application, draft_id) is None
    assert told(sent) == ["", "", "", {}, ""]
    assert sent.state == ApplicationState.WITHDRAWN
    assert other.email
