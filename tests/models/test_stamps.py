"""``updated_at`` moves with every change of a listed thing or of its parts, and with nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.models import Challenge, Listed, Milestone, Partner, PortfolioCompany, Startup, Term, TermKind

Maker = Callable[..., Any]
Terms = Callable[..., list[Term]]
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def settled(session: Session, row: Any) -> Any:
    """The row, last changed long ago."""
    row.updated_at = LONG_AGO
    session.commit()
    return row


@pytest.fixture
def startup(session: Session, make_startup: Maker) -> Startup:
    made: Startup = make_startup("Tazrii", sectors=["agritech", "software"], site="agadir")
    made.milestones.append(Milestone(on=date(2025, 3, 1), text={"en": "First sale."}))
    session.flush()
    return settled(session, made)


@pytest.fixture
def partner(session: Session, make_partner: Maker) -> Partner:
    return settled(session, make_partner("Sahel Fund", sectors=["agritech"]))


def stamp(session: Session, row: Listed) -> datetime:
    """As the database has it after a flush."""
    session.flush()
    model = type(row)
    found: datetime = session.execute(sa.select(model.__table__.c.updated_at).where(model.id == row.id)).scalar_one()  # type: ignore[attr-defined]
    return found


CHANGES_OF_A_STARTUP: dict[str, Callable[[Startup, Terms], object]] = {
    "a column": lambda startup, _: setattr(startup, "pitch", {"en": "Water from fog."}),
    "other terms": lambda startup, terms: startup.set_terms(TermKind.SECTOR, terms("sectors", "fintech")),
    "another order": lambda startup, terms: startup.set_terms(
        TermKind.SECTOR, terms("sectors", "software", "agritech")
    ),
    "no terms": lambda startup, _: startup.set_terms(TermKind.SECTOR, []),
    "no site": lambda startup, _: startup.site_links.clear(),
    "a milestone more": lambda startup, _: startup.milestones.append(Milestone(on=date(2025, 4, 1), text={})),
    "a milestone changed": lambda startup, _: setattr(startup.milestones[0], "text", {"en": "First sale abroad."}),
    "a milestone less": lambda startup, _: startup.milestones.pop(),
}


@pytest.mark.parametrize("change", CHANGES_OF_A_STARTUP.values(), ids=CHANGES_OF_A_STARTUP)
def test_a_change_of_a_startup_or_its_parts_moves_its_stamp(
    session: Session, startup: Startup, terms: Terms, change: Callable[[Startup, Terms], object]
) -> None:
    change(startup, terms)
    assert stamp(session, startup) > LONG_AGO


CHANGES_OF_A_PARTNER: dict[str, Callable[[Partner], object]] = {
    "no terms": lambda partner: partner.set_terms(TermKind.SECTOR, []),
    "a challenge": lambda partner: partner.challenges.append(
        Challenge(slug="less-water", title={"en": "Less water"}, problem={}, deadline=date(2027, 1, 1))
    ),
    "a portfolio": lambda partner: partner.portfolio.append(PortfolioCompany(name="Somebody Else", year=2024)),
}


@pytest.mark.parametrize("change", CHANGES_OF_A_PARTNER.values(), ids=CHANGES_OF_A_PARTNER)
def test_a_change_of_a_partners_parts_moves_its_stamp(
    session: Session, partner: Partner, change: Callable[[Partner], object]
) -> None:
    change(partner)
    assert stamp(session, partner) > LONG_AGO


def test_a_part_that_was_added_without_its_owner_moves_the_stamp_too(session: Session, startup: Startup) -> None:
    session.add(Milestone(startup_id=startup.id, on=date(2025, 4, 1), text={}))
    assert stamp(session, startup) > LONG_AGO


def test_others_keep_their_stamps(session: Session, startup: Startup, make_startup: Maker) -> None:
    other = settled(session, make_startup("Naqla"))
    startup.milestones.clear()
    assert stamp(session, startup) > LONG_AGO
    assert stamp(session, other) == LONG_AGO


def test_a_row_in_the_session_has_the_stamp_of_the_database(session: Session, startup: Startup) -> None:
    assert startup.updated_at == LONG_AGO
    startup.milestones.clear()
    moved = stamp(session, startup)
    assert startup.updated_at == moved
    session.commit()
    assert startup.updated_at == moved


def test_every_change_gives_another_stamp(session: Session, startup: Startup, terms: Terms) -> None:
    seen = {stamp(session, startup)}
    for codes in (["fintech"], ["edtech", "fintech"], []):
        startup.set_terms(TermKind.SECTOR, terms("sectors", *codes))
        seen.add(stamp(session, startup))
    assert len(seen) == 4


def test_a_date_set_by_hand_stays(session: Session, startup: Startup) -> None:
    chosen = datetime(2021, 5, 6, tzinfo=UTC)
    startup.milestones.clear()
    startup.updated_at = chosen
    assert stamp(session, startup) == chosen


def test_a_flush_without_changes_and_a_rollback_move_nothing(session: Session, startup: Startup) -> None:
    startup.slug = str(startup.slug)
    assert stamp(session, startup) == LONG_AGO
    startup.milestones.clear()
    assert stamp(session, startup) > LONG_AGO
    session.rollback()
    assert stamp(session, startup) == LONG_AGO
    assert startup.updated_at == LONG_AGO


def test_many_owners_at_once_all_move(session: Session, make_startup: Maker) -> None:
    made = [settled(session, make_startup()) for _ in range(30)]
    for startup in made:
        startup.set_terms(TermKind.SECTOR, [])
    session.flush()
    assert set(session.scalars(sa.select(Startup.updated_at > LONG_AGO))) == {True}


def test_a_deleted_owner_is_no_error(session: Session, startup: Startup) -> None:
    session.delete(startup)
    session.flush()
    assert session.get(Startup, startup.id) is None
