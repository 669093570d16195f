"""Whoever is erased leaves no trace of who they were, and the network keeps its counts."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.accounts import join, make_account, make_person
from webapp.errors import Conflict, Invalid, NotAllowed
from webapp.extensions import db
from webapp.models import (
    Account,
    Base,
    Claim,
    Consent,
    ConsentPurpose,
    DayFeedback,
    DayMeeting,
    DayParticipant,
    Introduction,
    IntroductionMove,
    IntroductionState,
    Invitation,
    MailPreference,
    MailState,
    MatchmakingDay,
    Meeting,
    Membership,
    MembershipRole,
    NetworkRole,
    OutgoingMail,
    Partner,
    Passkey,
    Person,
    PublicationState,
    Revision,
    RevisionState,
    SavedSearch,
    Shortlist,
    ShortlistEntry,
    Side,
    Site,
    Startup,
    utc_now,
)
from webapp.permissions import SYSTEM, Actor
from webapp.services.actors import actor_of
from webapp.services.erasure import FAREWELL, delete_unconfirmed, erase_person
from webapp.services.mail import make_link, order_mail, order_mail_to
from webapp.services.succession import KEEP, WITHDRAW, list_ownerless

Maker = Callable[..., Any]

TODAY = date(2026, 11, 28)
NAME, EMAIL, PHONE, TEXT = "Ghizlane Planted", "ghizlane@planted.example", "+212 600 999 888", "Zaytouna planted words"
PLANTED = ("Planted", "planted", "999 888")


@pytest.fixture
def account() -> Account:
    person = make_person(name=NAME, email=EMAIL, phone=PHONE, position="Planted officer")
    return make_account(person=person)


def actor(session: Session, account: Account) -> Actor:
    return actor_of(session, account)


def erase(session: Session, account: Account, **choices: Any) -> Person:
    person = account.person
    erase_person(session, actor_of(session, account), person, today=TODAY, **choices)
    return person


def introduce(startup: Startup, partner: Partner, state: IntroductionState, **values: Any) -> Introduction:
    number = startup.id * 1000 + partner.id
    columns = {
        "reference": f"ref{number}",
        "startup": startup,
        "partner": partner,
        "asked_by": Side.STARTUP,
        "language": "en",
        "state": state,
        "sent_at": utc_now(),
    }
    return Introduction(**columns | values)


def traces(session: Session) -> list[str]:
    """Where anything planted still stands, the farewell aside."""
    found = []
    for table in Base.metadata.sorted_tables:
        for row in session.execute(sa.select(table)).mappings():
            text = json.dumps({key: str(value) for key, value in row.items()}, ensure_ascii=False)
            is_farewell = table.name == "outgoing_mail" and row["kind"] == FAREWELL
            if any(planted in text for planted in PLANTED) and not is_farewell:
                found.append(f"{table.name}: {text}")
    return found


def day_with(person: Person, startup: Startup, partner: Partner) -> list[Any]:
    """A matchmaking day to which the person comes and of which they said something."""
    site_id = db.session.scalars(sa.select(Site.id)).first()
    day = MatchmakingDay(code="day", names={"en": "Day"}, site_id=site_id, on=TODAY, begins=["09:00"])
    one, other = DayParticipant(day=day, startup=startup, person=person), DayParticipant(day=day, partner=partner)
    meeting = DayMeeting(day=day, startup_participant=one, partner_participant=other, slot=0, score=0.5, uid="day-uid")
    meeting.feedback.append(DayFeedback(side="startup", person_id=person.id, rating=5, comment=TEXT))
    return [day]


def fill(session: Session, account: Account, startup: Startup, partner: Partner, mentor: Partner) -> Introduction:
    """Put the person into every table that knows people."""
    person = account.person
    other = make_person()
    join(account, startup)
    join(account, mentor)
    asked = introduce(
        startup,
        partner,
        IntroductionState.SCHEDULED,
        requester=person,
        reason=TEXT,
        message=TEXT,
        staff_note=TEXT,
        introduced_at=utc_now(),
        answerer=other,
    )
    answered = introduce(startup, mentor, IntroductionState.DECLINED, answerer=person, decline_note=TEXT)
    passkey = {"credential_id": b"1", "public_key": b"2", "backup_state": False, "device_type": "single"}
    in_a_week = utc_now() + timedelta(days=7)
    session.add_all(
        [
            asked,
            answered,
            Meeting(introduction=asked, proposed_by=Side.STARTUP, times=[], place=TEXT, uid="uid"),
            IntroductionMove(
                introduction=asked,
                move="submit",
                from_state=IntroductionState.DRAFT,
                to_state=IntroductionState.SUBMITTED,
                side=Side.STARTUP,
                person=person,
            ),
            *day_with(person, startup, partner),
            SavedSearch(person=person, name=TEXT, noun="startup", parameters={"q": TEXT}, seen=[], told=[]),
            Shortlist(person=person, name=TEXT, entries=[ShortlistEntry(partner=partner, note=TEXT)]),
            Consent(person=person, purpose=ConsentPurpose.TERMS, version="1"),
            MailPreference(person_id=person.id, kind="digest"),
            Passkey(account=account, name="Planted key", usage="first", **passkey),
            Claim(person=person, statement=TEXT, **Claim.columns_for(partner)),
            Claim(person=other, statement="mine", decided_by=person, **Claim.columns_for(partner)),
            Invitation(email="x@mail.example", role="editor", invited_by=person, expires_at=in_a_week,
                       **Invitation.columns_for(partner)),
            Invitation(email=EMAIL.upper(), role="editor", invited_by=other, expires_at=in_a_week,
                       **Invitation.columns_for(partner)),
            Revision(state=RevisionState.PUBLISHED, changes={"pitch": "p"}, before={}, author=person,
                     **Revision.columns_for(startup)),
            Revision(state=RevisionState.PUBLISHED, changes={"name_latin": NAME}, before={"name_latin": NAME},
                     author=person, **Revision.columns_for(mentor)),
        ]
    )  # fmt: skip
    order_mail(session, "digest", person, {"hint": TEXT})
    order_mail_to(session, "digest", EMAIL, "en")
    make_link(session, "invitation", 1, person=person, valid=timedelta(days=1))
    session.flush()
    return asked


def test_no_table_holds_a_trace_of_the_erased(
    session: Session, account: Account, make_startup: Maker, make_partner: Maker
) -> None:
    startup, partner = make_startup(), make_partner()
    mentor = make_partner(NAME, kind="mentor", summary={"en": TEXT}, slug="ghizlane-planted", sectors=["fintech"])
    fill(session, account, startup, partner, mentor)
    assert len(traces(session)) >= 10
    mentor_key, startup_key = ("partner", mentor.id), ("startup", startup.id)
    erase(session, account, choices={startup_key: KEEP, mentor_key: WITHDRAW})
    session.commit()
    assert traces(session) == []
    assert session.scalar(sa.select(sa.func.count(Account.id))) == 0
    assert session.scalar(sa.select(sa.func.count(Membership.id))) == 0


def test_every_row_that_referred_to_the_erased_is_gone_or_refers_to_nobody(
    session: Session, account: Account, make_startup: Maker, make_partner: Maker
) -> None:
    startup, mentor = make_startup(), make_partner(kind="mentor")
    fill(session, account, startup, make_partner(), mentor)
    person_id = account.person_id
    erase(session, account, choices={("startup", startup.id): KEEP, ("partner", mentor.id): WITHDRAW})
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column is Person.__table__.c.id:
                rows = session.execute(sa.select(sa.func.count()).where(key.parent == person_id)).scalar()
                assert rows == 0, key


def test_counts_stay_without_the_person(
    session: Session, account: Account, make_startup: Maker, make_partner: Maker
) -> None:
    startup, mentor = make_startup(), make_partner(kind="mentor")
    introduction = fill(session, account, startup, make_partner(), mentor)
    created_at, introduced_at = introduction.created_at, introduction.introduced_at
    person = erase(session, account, choices={("startup", startup.id): KEEP, ("partner", mentor.id): WITHDRAW})
    assert (person.name, person.email, person.phone) == ("", "", None)
    assert person.erased_at is not None
    assert (introduction.created_at, introduction.introduced_at) == (created_at, introduced_at)
    assert introduction.requester is None
    assert session.scalar(sa.select(sa.func.count(IntroductionMove.id))) >= 1
    assert session.scalar(sa.select(sa.func.count(Revision.id)).where(Revision.author_id.is_(None))) == 1
    assert startup.is_published
    assert not mentor.is_published


@pytest.mark.parametrize("state", ["draft", "submitted", "in-review", "returned", "sent", "not-now", "introduced"])
def test_what_they_asked_for_is_withdrawn(
    session: Session, account: Account, make_startup: Maker, make_partner: Maker, state: str
) -> None:
    startup, partner = make_startup(), make_partner()
    join(account, startup)
    answering = make_account()
    join(answering, partner)
    introduction = introduce(startup, partner, IntroductionState(state), requester=account.person)
    session.add(introduction)
    erase(session, account, choices={("startup", startup.id): KEEP})
    assert introduction.state == IntroductionState.WITHDRAWN
    told = session.scalars(sa.select(OutgoingMail).filter_by(kind="introduction-withdrawn")).all()
    assert {mail.person_id for mail in told} == {answering.person_id}
    assert NAME not in str([mail.values for mail in told])


def test_what_they_were_asked_is_declined_if_nobody_else_can_answer(
    session: Session, account: Account, make_startup: Maker, make_partner: Maker
) -> None:
    startup, partner, other = make_startup(), make_partner(), make_partner()
    asking = make_account()
    join(asking, startup)
    join(account, partner)
    join(account, other)
    join(make_account(), other)
    alone, together = (introduce(startup, each, IntroductionState.SENT, requester=asking.person)
                       for each in (partner, other))  # fmt: skip
    session.add_all([alone, together])
    erase(session, account, choices={("partner", partner.id): KEEP})
    assert alone.state == IntroductionState.DECLINED
    assert together.state == IntroductionState.SENT
    assert session.scalar(sa.select(OutgoingMail.person_id).filter_by(kind="introduction-declined")) == asking.person_id


def test_what_has_gone_further_is_closed(
    session: Session, account: Account, make_startup: Maker, make_partner: Maker
) -> None:
    startup, partner = make_startup(), make_partner()
    join(account, partner)
    introduction = introduce(startup, partner, IntroductionState.MET, answerer=account.person)
    session.add(introduction)
    erase(session, account, choices={("partner", partner.id): KEEP})
    assert introduction.state == IntroductionState.CLOSED


def test_waiting_mails_are_cancelled_and_a_farewell_goes_to_the_old_address(session: Session, account: Account) -> None:
    mail = order_mail(session, "digest", account.person, {"hint": TEXT})
    assert mail is not None
    erase(session, account)
    assert (mail.state, mail.address, mail.values, mail.person_id) == (MailState.CANCELLED, "", {}, None)
    farewell = session.scalars(sa.select(OutgoingMail).filter_by(kind=FAREWELL)).one()
    assert (farewell.address, farewell.state, farewell.person_id) == (EMAIL, MailState.WAITING, None)


def test_doing_it_twice_changes_nothing(session: Session, account: Account) -> None:
    person = erase(session, account)
    erased_at = person.erased_at
    erase_person(session, SYSTEM, person, today=TODAY)
    assert person.erased_at == erased_at
    assert session.scalar(sa.select(sa.func.count(OutgoingMail.id)).filter_by(kind=FAREWELL)) == 1


def test_nobody_erases_somebody_else(session: Session, account: Account) -> None:
    for other in (make_account(), make_account(NetworkRole.STAFF)):
        with pytest.raises(NotAllowed):
            erase_person(session, actor_of(session, other), account.person, today=TODAY)


def test_the_last_owner_says_what_becomes_of_the_profile(
    session: Session, account: Account, make_startup: Maker
) -> None:
    startup = make_startup()
    join(account, startup)
    with pytest.raises(Invalid, match="choice"):
        erase(session, account)
    with pytest.raises(Invalid, match="choice"):
        erase(session, account, choices={("startup", startup.id): "12345"})
    erase(session, account, choices={("startup", startup.id): WITHDRAW})
    assert startup.state == PublicationState.WITHDRAWN


def test_a_colleague_takes_over(session: Session, account: Account, make_startup: Maker) -> None:
    startup = make_startup()
    join(account, startup)
    first, second = (join(make_account(), startup, MembershipRole.EDITOR) for _ in range(2))
    assert list_ownerless(session, account.person)[0].choices == [str(first.id), str(second.id)]
    erase(session, account, choices={("startup", startup.id): str(second.id)})
    assert (first.role, second.role) == (MembershipRole.EDITOR, MembershipRole.OWNER)
    assert startup.is_published


def test_with_another_owner_there_is_nothing_to_choose(session: Session, account: Account, make_startup: Maker) -> None:
    startup = make_startup()
    join(account, startup)
    join(make_account(), startup)
    assert list_ownerless(session, account.person) == []
    erase(session, account)
    assert startup.is_published


def test_the_system_takes_the_first_choice(session: Session, account: Account, make_startup: Maker) -> None:
    startup, handed_over = make_startup(), make_startup()
    join(account, startup)
    join(account, handed_over)
    editor = join(make_account(), handed_over, MembershipRole.EDITOR)
    erase_person(session, SYSTEM, account.person, today=TODAY)
    assert startup.is_published
    assert editor.role == MembershipRole.OWNER


def test_the_last_administrator_stays(session: Session) -> None:
    administrator = make_account(NetworkRole.ADMINISTRATOR)
    with pytest.raises(Conflict, match="last-administrator"):
        erase(session, administrator)
    make_account(NetworkRole.ADMINISTRATOR)
    erase(session, administrator)


def test_a_sign_up_that_nobody_confirmed_vanishes_as_a_whole(session: Session) -> None:
    account = make_account(confirmed_at=None)
    session.add(Consent(person=account.person, purpose=ConsentPurpose.TERMS, version="1"))
    order_mail(session, "digest", account.person)
    assert delete_unconfirmed(session, account)
    for model in (Account, Person, Consent, OutgoingMail):
        assert session.scalar(sa.select(sa.func.count()).select_from(model)) == 0
