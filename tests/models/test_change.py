from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.models import (
    Challenge,
    Change,
    Milestone,
    Partner,
    PortfolioCompany,
    PublicationState,
    Startup,
    Term,
    TermKind,
    touch,
    utc_now,
)

Maker = Callable[..., Any]
Terms = Callable[..., list[Term]]


@pytest.fixture
def startup(session: Session, make_startup: Maker) -> Startup:
    """A startup in the database, of which the change log says nothing any more."""
    startup: Startup = make_startup("Tazrii", sectors=["agritech", "software"], site="agadir")
    return settled(session, startup)


@pytest.fixture
def partner(session: Session, make_partner: Maker) -> Partner:
    """A partner in the database, of which the change log says nothing any more."""
    partner: Partner = make_partner("Sahel Fund", sectors=["agritech"])
    return settled(session, partner)


def settled(session: Session, row: Any) -> Any:
    session.commit()
    session.execute(sa.delete(Change))
    session.commit()
    return row


def changes(session: Session) -> list[tuple[str, int]]:
    session.flush()
    return [(noun, id_) for noun, id_ in session.execute(sa.select(Change.noun, Change.object_id).order_by(Change.id))]


def test_a_new_startup_is_noted(session: Session, make_startup: Maker) -> None:
    startup = make_startup("Tazrii")
    assert set(changes(session)) == {("startup", startup.id)}


def test_a_new_partner_is_noted(session: Session, make_partner: Maker) -> None:
    partner = make_partner("Sahel Fund")
    assert set(changes(session)) == {("partner", partner.id)}


def test_a_changed_column_is_noted_once_and_with_its_time(session: Session, startup: Startup) -> None:
    before = utc_now()
    startup.pitch = {"en": "Water from fog."}
    startup.founded = 2021
    assert changes(session) == [("startup", startup.id)]
    assert before <= session.scalars(sa.select(Change.at)).one() <= utc_now()


def test_a_withdrawal_is_noted(session: Session, startup: Startup) -> None:
    startup.state = PublicationState.WITHDRAWN
    assert changes(session) == [("startup", startup.id)]


def test_a_deletion_is_noted_under_the_id_that_is_gone(session: Session, startup: Startup) -> None:
    id_ = startup.id
    session.delete(startup)
    assert changes(session) == [("startup", id_)]
    assert session.get(Startup, id_) is None


def test_a_milestone_changed_or_deleted_is_a_change_of_its_startup(session: Session, startup: Startup) -> None:
    expected = [("startup", startup.id)]
    milestone = Milestone(on=date(2025, 3, 1), text={"en": "First sale."})
    startup.milestones.append(milestone)
    settled(session, milestone)

    milestone.text = {"en": "First sale abroad."}
    assert changes(session) == expected
    settled(session, milestone)

    startup.milestones.remove(milestone)
    assert changes(session) == expected


def test_a_new_milestone_is_noted(session: Session, startup: Startup) -> None:
    startup.milestones.append(Milestone(on=date(2025, 3, 1), text={"en": "First sale."}))
    assert changes(session) == [("startup", startup.id)]


@pytest.mark.parametrize(
    "codes", [["agritech"], ["software", "agritech"], ["agritech", "software", "fintech"], []], ids="-".join
)
def test_other_terms_or_another_order_is_a_change(
    session: Session, startup: Startup, terms: Terms, codes: list[str]
) -> None:
    startup.set_terms(TermKind.SECTOR, terms("sectors", *codes))
    assert changes(session) == [("startup", startup.id)]


def test_a_new_residency_event_is_a_change(session: Session, make_startup: Maker) -> None:
    startup = make_startup("Tazrii")
    settled(session, startup)
    resident = make_startup("Tazrii Deux", site="agadir")
    assert {id_ for _, id_ in changes(session)} == {resident.id}


def test_parts_of_a_partner_are_changes_of_it(session: Session, partner: Partner, terms: Terms) -> None:
    expected = [("partner", partner.id)]
    partner.challenges.append(
        Challenge(slug="less-water", title={"en": "Less water"}, problem={}, deadline=date(2027, 1, 1))
    )
    assert changes(session) == expected
    settled(session, partner)

    partner.portfolio.append(PortfolioCompany(name="Somebody Else", year=2024))
    assert changes(session) == expected
    settled(session, partner)

    partner.set_terms(TermKind.SECTOR, [])
    assert changes(session) == expected


def test_a_rollback_leaves_nothing(session: Session, startup: Startup) -> None:
    startup.founded = 2021
    assert changes(session)
    session.rollback()
    assert changes(session) == []


def test_a_rolled_back_savepoint_leaves_nothing(session: Session, startup: Startup) -> None:
    savepoint = session.begin_nested()
    startup.founded = 2021
    session.flush()
    savepoint.rollback()
    session.commit()
    assert changes(session) == []


def test_a_flush_without_a_change_writes_nothing(session: Session, startup: Startup, terms: Terms) -> None:
    session.refresh(startup)  # what was never read counts as changed when it is set
    startup.name_latin = "Tazrii"
    startup.pitch = dict(startup.pitch)
    startup.set_terms(TermKind.SECTOR, terms("sectors", "agritech", "software"))
    assert changes(session) == []


def test_reading_writes_nothing(session: Session, startup: Startup) -> None:
    assert startup.terms(TermKind.SECTOR)
    assert startup.sites
    assert changes(session) == []


def test_a_change_of_the_vocabulary_is_not_a_change_of_a_listed_thing(session: Session, terms: Terms) -> None:
    (term,) = terms("sectors", "agritech")
    term.aliases = [*term.aliases, "ag tech"]
    assert changes(session) == []
    session.rollback()


def test_touching_orders_the_same_as_a_change(session: Session, startup: Startup) -> None:
    touch(startup)
    assert changes(session) == [("startup", startup.id)]


def test_only_what_is_in_a_session_can_be_touched() -> None:
    with pytest.raises(ValueError, match="not in a session"):
        touch(Startup())
