from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.errors import Invalid, NotAllowed, NotFound
from webapp.models import Change, Match, MatchChoice, MembershipRole, Partner, PublicationState, Startup
from webapp.permissions import VISITOR, Actor
from webapp.services.match_choices import PUT_OFF, find_other, hidden_from, put_off, set_aside, take_back
from webapp.services.matches import own_matches
from webapp.services.matching_feedback import read_feedback

Maker = Callable[..., Any]
TODAY = date(2026, 11, 28)


def member_of(organisation: Startup | Partner) -> Actor:
    key = (organisation.noun, organisation.id)
    return Actor("person", account_id=1, memberships={key: MembershipRole.EDITOR})


def hidden_ids(session: Session, own: Startup | Partner, day: date = TODAY) -> list[int]:
    return [
        getattr(choice, "partner_id" if own.noun == "startup" else "startup_id")
        for choice in hidden_from(session, own, day)
    ]


def test_a_match_set_aside_stays_away_and_comes_back_when_that_is_taken_back(
    session: Session, make_startup: Maker, make_partner: Maker
) -> None:
    startup, partner = make_startup("One"), make_partner("Fund")
    set_aside(session, member_of(startup), startup, partner, "stage")
    assert hidden_ids(session, startup) == [partner.id]
    assert hidden_ids(session, startup, TODAY + timedelta(days=5000)) == [partner.id]
    take_back(session, member_of(startup), startup, partner)
    assert hidden_ids(session, startup) == []
    take_back(session, member_of(startup), startup, partner)


def test_a_match_put_off_comes_back_by_itself(session: Session, make_startup: Maker, make_partner: Maker) -> None:
    startup, partner = make_startup("One"), make_partner("Fund")
    put_off(session, member_of(startup), startup, partner, TODAY)
    assert hidden_ids(session, startup, TODAY + PUT_OFF - timedelta(days=1)) == [partner.id]
    assert hidden_ids(session, startup, TODAY + PUT_OFF) == []


def test_each_side_chooses_for_itself(session: Session, make_startup: Maker, make_partner: Maker) -> None:
    startup, partner = make_startup("One"), make_partner("Fund")
    set_aside(session, member_of(partner), partner, startup, "sector")
    assert hidden_ids(session, partner) == [startup.id]
    assert hidden_ids(session, startup) == []


def test_choosing_again_changes_the_choice(session: Session, make_startup: Maker, make_partner: Maker) -> None:
    startup, partner = make_startup("One"), make_partner("Fund")
    put_off(session, member_of(startup), startup, partner, TODAY)
    set_aside(session, member_of(startup), startup, partner, "known")
    (choice,) = session.scalars(select(MatchChoice)).all()
    assert (choice.reason, choice.until) == ("known", None)


def test_an_unknown_reason_is_refused(session: Session, make_startup: Maker, make_partner: Maker) -> None:
    startup, partner = make_startup("One"), make_partner("Fund")
    with pytest.raises(Invalid, match="match-reason"):
        set_aside(session, member_of(startup), startup, partner, "ugly")


@pytest.mark.parametrize(
    "stranger", [VISITOR, Actor("person", account_id=9, memberships={("startup", -1): MembershipRole.OWNER})]
)
def test_nobody_chooses_for_others(session: Session, make_startup: Maker, make_partner: Maker, stranger: Actor) -> None:
    startup, partner = make_startup("One"), make_partner("Fund")
    for act in (
        lambda: set_aside(session, stranger, startup, partner, "stage"),
        lambda: put_off(session, stranger, startup, partner, TODAY),
        lambda: take_back(session, stranger, startup, partner),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_what_a_partner_sets_aside_has_it_matched_anew(
    session: Session, make_startup: Maker, make_partner: Maker
) -> None:
    startup, partner = make_startup("One"), make_partner("Fund")
    session.execute(Change.__table__.delete())
    set_aside(session, member_of(partner), partner, startup, "stage")
    assert session.execute(select(Change.noun, Change.object_id)).all() == [("partner", partner.id)]


def test_only_published_profiles_are_found_on_the_other_side(
    session: Session, make_startup: Maker, make_partner: Maker
) -> None:
    startup = make_startup("One")
    partner = make_partner("Fund", slug="fund")
    assert find_other(session, startup, "fund") is partner
    partner.state = PublicationState.WITHDRAWN
    session.flush()
    with pytest.raises(NotFound):
        find_other(session, startup, "fund")


def test_own_matches_leave_out_what_is_hidden_and_what_is_not_public(
    session: Session, make_startup: Maker, make_partner: Maker
) -> None:
    startup = make_startup("One")
    partners = [make_partner(name) for name in ("Fund", "Second", "Third")]
    session.add_all(
        Match(
            startup_id=startup.id, partner_id=partner.id, score=0.5, startup_rank=rank, partner_rank=1, explanation=[]
        )
        for rank, partner in enumerate(partners, start=1)
    )
    partners[2].state = PublicationState.WITHDRAWN
    session.flush()
    shown = own_matches(session, startup, "en", hidden=[partners[0].id])
    assert [match.partner for match in shown] == [partners[1]]
    assert [match.startup for match in own_matches(session, partners[0], "en")] == [startup]
    startup.state = PublicationState.DRAFT
    session.flush()
    assert own_matches(session, startup, "en") == []


def test_what_a_partner_set_aside_is_feedback_of_the_matcher_and_what_it_put_off_is_not(
    session: Session, make_startup: Maker, make_partner: Maker
) -> None:
    startup, other, partner = make_startup("One"), make_startup("Two"), make_partner("Fund")
    assert read_feedback(session, [partner.id]) == {}
    set_aside(session, member_of(partner), partner, startup, "sector")
    put_off(session, member_of(partner), partner, other, TODAY)
    set_aside(session, member_of(other), other, partner, "sector")
    assert read_feedback(session, [partner.id])[partner.id]["declined"] == (startup.id,)
