"""What the invented investor keeps has news in it, and notes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.accounts import join, make_account, make_person
from webapp.config import ROOT, Settings
from webapp.models import OutgoingMail, SavedSearch, Shortlist, utc_now
from webapp.search import Search
from webapp.services.alerts import alert_person, people_to_alert
from webapp.services.demonstration import make_demonstration_kept
from webapp.services.indexing import rebuild_index

Maker = Callable[..., Any]
FOLDER = ROOT / "networks" / "technopark" / "demo"
TODAY = date(2026, 11, 28)


def test_the_investor_has_two_searches_with_news_and_a_shortlist_with_notes(
    session: Session, settings: Settings, make_startup: Maker, make_partner: Maker
) -> None:
    for number in range(12):
        make_startup(f"Demo {number}", sectors=["fintech"], is_demo=True)
    account = make_account(person=make_person(language="ar"), is_demo=True, signed_in_at=utc_now())
    join(account, make_partner("Fund", sectors=["fintech"], is_demo=True))
    assert make_demonstration_kept(session, FOLDER, today=TODAY) == 7
    assert make_demonstration_kept(session, FOLDER, today=TODAY) == 0
    searches = session.scalars(sa.select(SavedSearch).order_by(SavedSearch.id)).all()
    assert [saved.noun for saved in searches] == ["startup", "match"]
    assert "قطاعاتنا" in searches[0].name
    entries = session.scalars(sa.select(Shortlist)).one().entries
    assert sum(bool(entry.note) for entry in entries) == 3
    search = Search(settings.index_dir, "pack")
    for index in (search.startups, search.partners):
        rebuild_index(session, index)
    assert list(people_to_alert(session, TODAY)) == [account.person_id]
    alert_person(session, search, account.person_id, TODAY)
    (mail,) = session.scalars(sa.select(OutgoingMail)).all()
    assert len(mail.values["searches"][0]["ids"]) == 4


def test_without_an_investor_or_without_words_there_is_nothing(session: Session, make_partner: Maker) -> None:
    assert make_demonstration_kept(session, FOLDER, today=TODAY) == 0
    join(make_account(is_demo=True), make_partner("Fund", is_demo=True))
    assert make_demonstration_kept(session, ROOT / "tests" / "packs" / "harbour", today=TODAY) == 0
