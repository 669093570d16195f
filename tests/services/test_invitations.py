"""Invitations: offered by mail, accepted by whoever follows the link, and no sign of who has an account."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.accounts import join, make_account, make_person
from webapp.errors import Conflict, NotAllowed, NotFound
from webapp.models import (
    Invitation,
    MailState,
    Membership,
    MembershipRole,
    NetworkRole,
    OneTimeLink,
    OutgoingMail,
    utc_now,
)
from webapp.permissions import VISITOR, Actor
from webapp.services.actors import actor_of
from webapp.services.invitations import (
    A_DAY,
    accept_invitation,
    get_invitation,
    invite,
    list_invitations,
    resend,
    revoke_invitation,
)

Maker = Callable[..., Any]
OWNER, EDITOR = MembershipRole.OWNER, MembershipRole.EDITOR
ADDRESS = "colleague@mail.example"


@pytest.fixture
def startup(make_startup: Maker) -> Any:
    return make_startup("Tazrii")


@pytest.fixture
def owner(session: Session, startup: Any) -> Actor:
    account = make_account()
    join(account, startup)
    return actor_of(session, account)


def _visitor(session: Session) -> Actor:
    return actor_of(session, make_account())


def _mails(session: Session, kind: str = "invitation") -> list[OutgoingMail]:
    return list(session.scalars(select(OutgoingMail).filter_by(kind=kind).order_by(OutgoingMail.id)))


def test_an_invitation_is_one_mail_in_the_language_chosen_with_a_link_for_14_days(
    session: Session, startup: Any, owner: Actor
) -> None:
    invitation = invite(session, owner, startup, f"  {ADDRESS.upper()} ", EDITOR, language="ar")
    (mail,) = _mails(session)
    assert (mail.address, mail.language, mail.person) == (ADDRESS, "ar", None)
    link = session.get(OneTimeLink, mail.values["link_id"])
    assert link is not None
    assert (link.purpose, link.subject_id) == ("invitation", invitation.id)
    assert timedelta(days=13, hours=23) < link.expires_at - utc_now() <= timedelta(days=14)


def test_inviting_twice_sends_one_mail(session: Session, startup: Any, owner: Actor) -> None:
    first = invite(session, owner, startup, ADDRESS, EDITOR, language="en")
    assert invite(session, owner, startup, ADDRESS, EDITOR, language="en") is first
    assert len(_mails(session)) == 1
    with pytest.raises(Conflict, match="already-invited"):
        invite(session, owner, startup, ADDRESS, OWNER, language="en")


def test_inviting_says_nothing_of_whether_an_address_has_an_account(
    session: Session, startup: Any, owner: Actor
) -> None:
    known, unknown = make_account().email, "nobody@mail.example"
    results = [invite(session, owner, startup, each, EDITOR, language="en") for each in (known, unknown)]
    assert {(each.role, each.invited_by_id) for each in results} == {(EDITOR, owner.person_id)}
    assert len(_mails(session)) == 2


def test_a_member_is_not_invited_again(session: Session, startup: Any, owner: Actor) -> None:
    person = make_person(email="contact@tazrii.example")
    member = make_account(person=person, email="signs.in@mail.example")
    join(member, startup, EDITOR)
    for address in ("contact@tazrii.example", "signs.in@mail.example"):
        with pytest.raises(Conflict, match="already-member"):
            invite(session, owner, startup, address, EDITOR, language="en")


def test_only_owners_and_staff_invite_and_see_invitations(session: Session, startup: Any, owner: Actor) -> None:
    editor = make_account()
    join(editor, startup, EDITOR)
    for actor in (VISITOR, _visitor(session), actor_of(session, editor)):
        with pytest.raises(NotAllowed):
            invite(session, actor, startup, ADDRESS, EDITOR, language="en")
        with pytest.raises(NotAllowed):
            list_invitations(session, actor, startup)
    staff = actor_of(session, make_account(NetworkRole.STAFF))
    invitation = invite(session, staff, startup, ADDRESS, EDITOR, language="en")
    assert list_invitations(session, owner, startup) == [invitation]


def test_a_day_has_so_many_invitations_and_no_more(session: Session, startup: Any, owner: Actor) -> None:
    for number in range(A_DAY):
        revoke_invitation(
            session,
            owner,
            startup,
            invite(session, owner, startup, f"n{number}@mail.example", EDITOR, language="en").id,
        )
    with pytest.raises(Conflict, match="too-many-invitations"):
        invite(session, owner, startup, ADDRESS, EDITOR, language="en")
    for row in session.scalars(select(Invitation)):
        row.created_at -= timedelta(days=1, minutes=1)
    session.flush()
    assert invite(session, owner, startup, ADDRESS, EDITOR, language="en")


def test_somebody_with_many_organisations_has_no_more_invitations_for_that(
    session: Session, make_startup: Maker
) -> None:
    account, startups = make_account(), [make_startup() for _ in range(A_DAY + 1)]
    for startup in startups:
        join(account, startup)
    actor = actor_of(session, account)
    for startup in startups[:-1]:
        invite(session, actor, startup, ADDRESS, EDITOR, language="en")
    with pytest.raises(Conflict, match="too-many-invitations"):
        invite(session, actor, startups[-1], ADDRESS, EDITOR, language="en")


def test_accepting_makes_whoever_signed_in_a_member_and_tells_the_owners(
    session: Session, startup: Any, owner: Actor
) -> None:
    invitation = invite(session, owner, startup, ADDRESS, EDITOR, language="en")
    somebody = _visitor(session)
    membership = accept_invitation(session, somebody, invitation.id)
    assert (membership.person_id, membership.role) == (somebody.person_id, EDITOR)
    assert [mail.person_id for mail in _mails(session, "membership-joined")] == [owner.person_id]
    assert accept_invitation(session, somebody, invitation.id) is membership, "a replay changes nothing"
    assert len(_mails(session, "membership-joined")) == 1
    with pytest.raises(NotFound):
        accept_invitation(session, _visitor(session), invitation.id)


def test_an_editor_who_is_invited_as_an_owner_becomes_one_and_never_the_other_way(
    session: Session, startup: Any, owner: Actor
) -> None:
    editor = make_account()
    join(editor, startup, EDITOR)
    as_owner = invite(session, owner, startup, "other@mail.example", OWNER, language="en")
    assert accept_invitation(session, actor_of(session, editor), as_owner.id).role == OWNER
    as_editor = invite(session, owner, startup, "third@mail.example", EDITOR, language="en")
    assert accept_invitation(session, actor_of(session, editor), as_editor.id).role == OWNER
    assert session.scalar(select(func.count()).select_from(Membership)) == 2


def test_what_is_taken_back_or_expired_cannot_be_accepted(session: Session, startup: Any, owner: Actor) -> None:
    revoked = invite(session, owner, startup, ADDRESS, EDITOR, language="en")
    revoke_invitation(session, owner, startup, revoked.id)
    assert _mails(session)[0].state == MailState.CANCELLED, "not sent if it was not yet"
    expired = invite(session, owner, startup, "late@mail.example", EDITOR, language="en")
    expired.expires_at = utc_now()
    session.flush()
    for invitation in (revoked, expired):
        with pytest.raises(NotFound):
            get_invitation(session, invitation.id)
        with pytest.raises(NotFound):
            accept_invitation(session, _visitor(session), invitation.id)
    with pytest.raises(NotFound):
        revoke_invitation(session, owner, startup, revoked.id)
    assert invite(session, owner, startup, "late@mail.example", EDITOR, language="en") is not expired


def test_sending_again_makes_the_earlier_link_useless(session: Session, startup: Any, owner: Actor) -> None:
    first = invite(session, owner, startup, ADDRESS, OWNER, language="en")
    second = resend(session, owner, startup, first.id, language="fr")
    assert (second.email, second.role) == (first.email, first.role)
    assert list_invitations(session, owner, startup) == [second]
    with pytest.raises(NotFound):
        accept_invitation(session, _visitor(session), first.id)
    with pytest.raises(NotFound):
        resend(session, owner, startup, first.id, language="fr")


def test_visitors_cannot_accept(session: Session, startup: Any, owner: Actor) -> None:
    invitation = invite(session, owner, startup, ADDRESS, EDITOR, language="en")
    with pytest.raises(NotAllowed):
        accept_invitation(session, VISITOR, invitation.id)


def test_an_invitation_of_another_organisation_cannot_be_touched(
    session: Session, startup: Any, owner: Actor, make_startup: Maker
) -> None:
    other, account = make_startup(), make_account()
    join(account, other)
    theirs = invite(session, actor_of(session, account), other, ADDRESS, EDITOR, language="en")
    for verb in (revoke_invitation, lambda *values: resend(*values, language="en")):
        with pytest.raises(NotFound):
            verb(session, owner, startup, theirs.id)
