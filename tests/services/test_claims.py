"""Claims: of a published profile without members, decided once, by staff."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts import join, make_account
from tests.races import together
from webapp.errors import Conflict, NotAllowed, NotFound
from webapp.models import (
    Account,
    Claim,
    ClaimState,
    Membership,
    MembershipRole,
    NetworkRole,
    OutgoingMail,
    PublicationState,
    utc_now,
)
from webapp.permissions import VISITOR, Actor
from webapp.services.actors import actor_of
from webapp.services.claims import (
    MOST_WAITING,
    approve_claim,
    can_be_claimed,
    count_waiting_claims,
    get_claim,
    is_at_company,
    list_waiting_claims,
    make_claim,
    other_claims,
    own_claims,
    refuse_claim,
    unclaimed,
    withdraw_claim,
)

Maker = Callable[..., Any]
WORDS = {"position": "Co-founder", "statement": "My name is on the website."}


def _person(session: Session, *roles: NetworkRole, **values: Any) -> Actor:
    return actor_of(session, make_account(*roles, **values))


def _kinds(session: Session) -> list[str]:
    return list(session.scalars(select(OutgoingMail.kind).order_by(OutgoingMail.id)))


@pytest.mark.parametrize("noun", ["startup", "partner"])
def test_an_approved_claim_makes_an_owner_and_both_steps_are_told(
    session: Session, make_startup: Maker, make_partner: Maker, noun: str
) -> None:
    organisation = make_startup() if noun == "startup" else make_partner()
    claimant, staff = _person(session), _person(session, NetworkRole.STAFF)
    assert can_be_claimed(session, organisation)
    claim = make_claim(session, claimant, organisation, **WORDS)
    assert list_waiting_claims(session, staff) == [claim]
    approve_claim(session, staff, claim)
    membership = session.scalars(select(Membership)).one()
    assert (membership.person_id, membership.role) == (claimant.person_id, MembershipRole.OWNER)
    assert (claim.state, claim.decided_by_id) == (ClaimState.APPROVED, staff.person_id)
    assert _kinds(session) == ["claim-received", "claim-approved"]
    assert count_waiting_claims(session) == 0
    assert not can_be_claimed(session, organisation)


def test_a_refused_claim_is_told_with_its_reason_and_may_be_made_again(session: Session, make_startup: Maker) -> None:
    startup, claimant, staff = make_startup(), _person(session), _person(session, NetworkRole.STAFF)
    claim = make_claim(session, claimant, startup, **WORDS)
    refuse_claim(session, staff, claim, note="The website names somebody else.")
    assert _kinds(session) == ["claim-received", "claim-refused"]
    assert own_claims(session, claimant, since=utc_now() - timedelta(days=1)) == [claim]
    again = make_claim(session, claimant, startup, **WORDS)
    assert list(other_claims(session, again)) == [claim]


def test_what_the_public_does_not_see_cannot_be_claimed(session: Session, make_startup: Maker) -> None:
    claimant = _person(session)
    for state in (PublicationState.DRAFT, PublicationState.WITHDRAWN):
        with pytest.raises(NotFound):
            make_claim(session, claimant, make_startup(state=state), **WORDS)


def test_a_profile_with_a_member_cannot_be_claimed(session: Session, make_startup: Maker) -> None:
    startup = make_startup()
    join(make_account(), startup)
    with pytest.raises(Conflict, match="has-members"):
        make_claim(session, _person(session), startup, **WORDS)


def test_a_person_has_one_waiting_claim_of_a_profile_and_others_may_claim_it_too(
    session: Session, make_startup: Maker
) -> None:
    startup, claimant = make_startup(), _person(session)
    claim = make_claim(session, claimant, startup, **WORDS)
    assert make_claim(session, claimant, startup, **WORDS) is claim, "a double click is one claim"
    with pytest.raises(Conflict, match="claim-waiting"):
        make_claim(session, claimant, startup, position="Director", statement="Ask me.")
    other = make_claim(session, _person(session), startup, **WORDS)
    staff = _person(session, NetworkRole.STAFF)
    approve_claim(session, staff, claim)
    approve_claim(session, staff, other, role=MembershipRole.EDITOR)
    roles = sorted(session.scalars(select(Membership.role)))
    assert roles == [MembershipRole.EDITOR, MembershipRole.OWNER]


def test_nobody_claims_without_end(session: Session, make_startup: Maker) -> None:
    claimant = _person(session)
    for _ in range(MOST_WAITING):
        make_claim(session, claimant, make_startup(), **WORDS)
    with pytest.raises(Conflict, match="too-many-claims"):
        make_claim(session, claimant, make_startup(), **WORDS)


def test_a_claim_is_decided_once(session: Session, make_startup: Maker) -> None:
    startup, claimant, staff = make_startup(), _person(session), _person(session, NetworkRole.STAFF)
    claim = make_claim(session, claimant, startup, **WORDS)
    refuse_claim(session, staff, claim, note="No.")
    with pytest.raises(Conflict, match="claim-decided"):
        approve_claim(session, staff, claim)
    withdraw_claim(session, claimant, claim.id)
    assert claim.state == ClaimState.REFUSED, "what is decided cannot be withdrawn"
    assert session.scalars(select(Membership)).all() == []


def test_a_claim_can_be_withdrawn_by_its_claimant_alone(session: Session, make_startup: Maker) -> None:
    startup, claimant, staff = make_startup(), _person(session), _person(session, NetworkRole.STAFF)
    claim = make_claim(session, claimant, startup, **WORDS)
    with pytest.raises(NotFound):
        withdraw_claim(session, _person(session), claim.id)
    withdraw_claim(session, claimant, claim.id)
    withdraw_claim(session, claimant, claim.id)
    assert claim.state == ClaimState.WITHDRAWN
    with pytest.raises(Conflict, match="claim-decided"):
        approve_claim(session, staff, claim)


def test_only_staff_see_and_decide_claims(session: Session, make_startup: Maker) -> None:
    claim = make_claim(session, _person(session), make_startup(), **WORDS)
    for actor in (VISITOR, _person(session), _person(session, NetworkRole.STAFF, second_factor=False)):
        for verb in (
            lambda who: list_waiting_claims(session, who),
            lambda who: get_claim(session, who, claim.id),
            lambda who: approve_claim(session, who, claim),
            lambda who: refuse_claim(session, who, claim, note="No."),
        ):
            with pytest.raises(NotAllowed):
                verb(actor)


@pytest.mark.parametrize(
    ("address", "website", "is_at"),
    [
        ("ada@tazrii.ma", "https://www.tazrii.ma/about", True),
        ("ada@mail.tazrii.ma", "https://tazrii.ma", True),
        ("ada@tazrii.ma", "https://app.tazrii.ma", True),
        ("Ada@TAZRII.MA", "https://tazrii.ma", True),
        ("ada@tazrii.ma", None, False),
        ("ada@nottazrii.ma", "https://tazrii.ma", False),
        ("ada@tazrii.ma.example", "https://tazrii.ma", False),
        ("ada@gmail.com", "https://gmail.com", False),
        ("ada@facebook.com", "https://facebook.com/tazrii", False),
        ("ada@ma", "https://tazrii.ma", False),
    ],
)
def test_an_address_at_the_domain_of_the_website_is_recognised(address: str, website: str | None, is_at: bool) -> None:
    assert is_at_company(Account(email=address, confirmed_at=utc_now()), website) == is_at
    assert not is_at_company(Account(email=address, confirmed_at=None), website)


def test_which_profiles_nobody_acts_for_costs_one_query(
    session: Session, make_startup: Maker, make_partner: Maker, count_queries: Callable[[], int]
) -> None:
    taken, free, partner = make_startup(), make_startup(), make_partner()
    join(make_account(), taken)
    count_queries()
    assert unclaimed(session, type(taken), [taken.id, free.id]) == {free.id}
    assert count_queries() == 1
    assert unclaimed(session, type(partner), [partner.id]) == {partner.id}


def test_of_two_staff_who_decide_in_the_same_second_one_decides(session: Session, make_startup: Maker) -> None:
    claim_id = make_claim(session, _person(session), make_startup(), **WORDS).id
    one, two = (actor_of(session, make_account(NetworkRole.STAFF)) for _ in range(2))

    def read(own: Session) -> Claim:
        found = own.get_one(Claim, claim_id)
        assert found.organisation.is_published
        return found

    results = together(
        session,
        read,
        lambda own, found: approve_claim(own, one, found),
        lambda own, found: refuse_claim(own, two, found, note="No."),
    )
    assert sorted(results) == ["claim-decided", "done"]
    decided = session.get_one(Claim, claim_id)
    members = session.scalars(select(Membership)).all()
    assert len(members) == (decided.state == ClaimState.APPROVED)
    assert len(_kinds(session)) == 2
