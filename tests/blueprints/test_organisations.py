"""The pages of organisations: overview, finding, claiming, creating, members; and that outsiders get nowhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from tests.accounts import join, make_account, make_person, signed_in
from tests.pages import opened, said, sent
from webapp.extensions import db
from webapp.models import (
    Claim,
    ClaimState,
    Invitation,
    Membership,
    MembershipRole,
    NetworkRole,
    OutgoingMail,
    Partner,
    PublicationState,
    Revision,
    RevisionState,
    Startup,
    utc_now,
)
from webapp.services.actors import actor_of
from webapp.services.claims import make_claim
from webapp.services.invitations import invite
from webapp.web.mail import render_mail
from webapp.web.signed_links import link_token

Maker = Callable[..., Any]
NEW = {
    "kind": "startup",
    "name_latin": "Tazrii",
    "name_arabic": "",
    "language": "en",
    "text": "Sensors for orchards.",
    "sector": "agritech",
    "region": "MA-06",
    "city": "Casablanca",
    "website": "tazrii.ma",
    "company_number": "001512572000078",
}


def test_somebody_without_an_organisation_is_led_to_one(app: Flask) -> None:
    page = said(opened(signed_in(app, make_account()), "/en/my"))
    assert "look for it first" in page
    assert "Create a new profile" in page


def test_the_overview_shows_how_each_profile_stands(
    app: Flask, session: Session, make_startup: Maker, make_partner: Maker
) -> None:
    account = make_account()
    returned = make_startup("Tazrii", state=PublicationState.DRAFT)
    for organisation in (returned, make_startup("Nour"), make_partner("Sahel Fund")):
        join(account, organisation)
    session.add(
        Revision(
            startup=returned,
            state=RevisionState.RETURNED,
            changes={},
            before={},
            note="Please say who buys it.",
            submitted_at=utc_now(),
        )
    )
    page = said(opened(signed_in(app, account), "/en/my"))
    for text in ("Tazrii", "Returned", "Please say who buys it.", "Nour", "Published", "Sahel Fund", "Investor"):
        assert text in page
    assert page.count("1 member") == 3


def test_a_profile_is_found_by_its_name_and_offered_where_nobody_acts_for_it(
    app: Flask, make_startup: Maker, make_partner: Maker
) -> None:
    free, taken, hidden = make_startup("Nour Agri"), make_partner("Nour Fund"), make_startup("Nour Hidden")
    hidden.state = PublicationState.DRAFT
    join(make_account(), taken)
    page = opened(signed_in(app, make_account()), "/en/my/find?q=nour")
    assert f"/en/my/claim/startup/{free.slug}" in page.text
    assert f"/en/my/claim/partner/{taken.slug}" not in page.text
    assert "Nour Fund" in page.text
    assert "Hidden" not in page.text


def test_a_new_profile_begins_as_a_draft_of_its_creator(app: Flask, session: Session) -> None:
    account = make_account()
    answer = sent(signed_in(app, account), "/en/my/new", **NEW)
    assert answer.status_code == 303
    startup = session.scalars(select(Startup)).one()
    assert (startup.state, startup.website, startup.city) == (
        PublicationState.DRAFT,
        "https://tazrii.ma",
        {"en": "Casablanca"},
    )
    assert session.scalars(select(Membership)).one().person_id == account.person_id


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"name_latin": ""}, "one of the two scripts"),
        ({"text": ""}, "one sentence"),
        ({"text": "x" * 141}, "at most 140 characters"),
        ({"kind": ""}, "choose what it is"),
        ({"website": "not a site"}, "web address"),
        ({"company_number": "123"}, "not complete"),
        ({"sector": "alchemy"}, "Not a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    app: Flask, session: Session, values: dict[str, str], message: str
) -> None:
    answer = sent(signed_in(app, make_account()), "/en/my/new", **NEW | values)
    assert answer.status_code == 422
    assert message in said(answer)
    for kept in ("Casablanca", *(value for value in values.values() if value and value != "alchemy")):
        assert kept in answer.text
    assert session.scalars(select(Startup)).all() == []


def test_a_name_in_the_field_of_the_other_script_is_put_in_its_own(app: Flask, session: Session) -> None:
    sent(signed_in(app, make_account()), "/en/my/new", **NEW | {"name_latin": "دار الفكر"})
    startup = session.scalars(select(Startup)).one()
    assert (startup.name_latin, startup.name_arabic) == (None, "دار الفكر")


def test_what_looks_like_it_is_shown_first(app: Flask, session: Session, make_startup: Maker) -> None:
    like = make_startup("Tazry", slug="tazry")
    client = signed_in(app, make_account())
    answer = sent(client, "/en/my/new", **NEW | {"name_latin": "Tazry"})
    assert answer.status_code == 422
    assert f"/en/my/claim/startup/{like.slug}" in answer.text
    assert sent(client, "/en/my/new", **NEW | {"name_latin": "Tazry"}, not_a_duplicate="y").status_code == 303
    assert len(session.scalars(select(Startup)).all()) == 2


def test_staff_create_a_partner_and_invite_its_owner(app: Flask, session: Session) -> None:
    client = signed_in(app, make_account(NetworkRole.STAFF))
    sent(client, "/en/my/new", **NEW | {"kind": "mentor", "owner_email": "owner@mail.example"})
    partner = session.scalars(select(Partner)).one()
    assert session.scalars(select(Membership)).all() == []
    invitation = session.scalars(select(Invitation)).one()
    assert (invitation.organisation, invitation.role) == (partner, MembershipRole.OWNER)


def test_visitors_may_claim_what_nobody_acts_for(
    app: Flask, make_startup: Maker, make_partner: Maker, client: Any
) -> None:
    free, taken, mentor = make_startup("Nour"), make_startup("Tazrii"), make_partner("Ada", kind="mentor")
    join(make_account(), taken)
    db.session.commit()
    assert "This is my startup" in opened(client, f"/en/startups/{free.slug}").text
    assert "This is my startup" not in opened(client, f"/en/startups/{taken.slug}").text
    assert "This is me" in opened(client, f"/en/partners/{mentor.slug}").text


def test_who_claims_what_has_members_reads_whom_to_ask(app: Flask, make_startup: Maker) -> None:
    startup = make_startup("Nour")
    join(make_account(), startup)
    page = opened(signed_in(app, make_account()), f"/en/my/claim/startup/{startup.slug}")
    assert "ask them to invite you" in said(page)
    assert "<textarea" not in page.text


def test_drafts_and_withdrawn_profiles_cannot_be_claimed(app: Flask, make_startup: Maker) -> None:
    client = signed_in(app, make_account())
    for state in (PublicationState.DRAFT, PublicationState.WITHDRAWN):
        assert opened(client, f"/en/my/claim/startup/{make_startup(state=state).slug}").status_code == 404
    assert opened(client, "/en/my/claim/castle/nour").status_code == 404


def test_the_way_to_claim_costs_visitors_one_query(app: Flask, make_startup: Maker, client: Any) -> None:
    startup = make_startup("Nour")
    db.session.commit()
    found: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *values: found.append(values[2]))
    opened(client, f"/en/startups/{startup.slug}")
    assert sum("FROM membership" in statement for statement in found) == 1
    assert not any("FROM account" in statement for statement in found)


def test_members_go_on_from_the_public_page_to_their_own(app: Flask, make_startup: Maker) -> None:
    startup, account = make_startup("Nour"), make_account()
    join(account, startup)
    assert (
        f"/en/my/startup/{startup.slug}/members" in opened(signed_in(app, account), f"/en/startups/{startup.slug}").text
    )


def test_a_claim_is_made_seen_and_withdrawn(app: Flask, session: Session, make_startup: Maker) -> None:
    startup, account = make_startup("Nour"), make_account()
    client, path = signed_in(app, account), f"/en/my/claim/startup/{startup.slug}"
    assert sent(client, path, position="", statement="See the website.").status_code == 422
    answer = sent(client, path, position="Co-founder", statement="See the website.")
    assert answer.status_code == 303
    assert sent(client, path, position="Co-founder", statement="See the website.").status_code == 303
    claim = session.scalars(select(Claim)).one()
    assert (claim.position, claim.statement) == ("Co-founder", "See the website.")
    again = sent(client, path, position="Director", statement="Ask me.")
    assert again.status_code == 422
    assert "with the park already" in said(again)
    assert "Ask me." in again.text
    assert "With the park since" in said(opened(client, "/en/my"))
    assert sent(client, f"/en/my/claims/{claim.id}/withdraw", page="/en/my").status_code == 303
    session.expire_all()
    assert session.get(Claim, claim.id).state == ClaimState.WITHDRAWN  # type: ignore[union-attr]


def test_colleagues_see_names_and_roles_but_no_addresses(app: Flask, make_startup: Maker) -> None:
    startup, owner = make_startup(), make_account()
    editor = make_account(person=make_person(name="Salma Idrissi", email="salma@hidden.example"))
    join(owner, startup)
    join(editor, startup, MembershipRole.EDITOR)
    path = f"/en/my/startup/{startup.slug}/members"
    page = opened(signed_in(app, owner), path)
    assert "Salma Idrissi" in page.text
    assert "hidden.example" not in page.text
    assert "Invite somebody" in page.text
    assert "Invite somebody" not in opened(signed_in(app, editor), path).text
    assert "hidden.example" in opened(signed_in(app, make_account(NetworkRole.STAFF)), path).text


def test_an_owner_invites_sends_again_and_takes_back(app: Flask, session: Session, make_startup: Maker) -> None:
    startup, owner = make_startup(), make_account()
    join(owner, startup)
    client, base = signed_in(app, owner), f"/en/my/startup/{startup.slug}"
    wrong = sent(client, f"{base}/members/invite", email="nobody", role="editor", language="fr")
    assert wrong.status_code == 422
    assert 'value="nobody"' in wrong.text
    values = {"email": "colleague@mail.example", "role": "editor", "language": "fr"}
    for _ in range(2):
        assert sent(client, f"{base}/members/invite", **values).status_code == 303
    (invitation,) = session.scalars(select(Invitation))
    members = f"{base}/members"
    assert "colleague@mail.example" in opened(client, members).text
    for _ in range(2):
        assert sent(client, f"{base}/invitations/{invitation.id}/resend", page=members).status_code == 303
    session.expire_all()
    (latest,) = session.scalars(select(Invitation).where(Invitation.revoked_at.is_(None)))
    assert len(session.scalars(select(Invitation)).all()) == 2, "a second click sends no third mail"
    for _ in range(2):
        assert sent(client, f"{base}/invitations/{latest.id}/revoke", page=f"{members}/invite").status_code == 303
    assert "colleague@mail.example" not in opened(client, members).text


def test_the_last_owner_reads_why_they_cannot_leave(app: Flask, session: Session, make_startup: Maker) -> None:
    startup, owner = make_startup(), make_account()
    own = join(owner, startup)
    client, base = signed_in(app, owner), f"/en/my/startup/{startup.slug}/members"
    for path, values in ((f"{base}/{own.id}/remove", {}), (f"{base}/{own.id}/role", {"role": "editor"})):
        assert sent(client, path, page=f"{base}/{own.id}/remove", **values).status_code == 303
        assert "needs an owner" in said(opened(client, base))
    assert len(session.scalars(select(Membership)).all()) == 1


def test_leaving_twice_is_leaving(app: Flask, session: Session, make_startup: Maker) -> None:
    startup, editor = make_startup(), make_account()
    join(make_account(), startup)
    own = join(editor, startup, MembershipRole.EDITOR)
    client, path = signed_in(app, editor), f"/en/my/startup/{startup.slug}/members/{own.id}/remove"
    assert "You will no longer see" in said(opened(client, path))
    for _ in range(2):
        answer = sent(client, path, page=path if _ == 0 else "/en/my/new")
        assert (answer.status_code, answer.location) == (303, "/en/my")
    assert opened(client, path).status_code == 404


def test_an_owner_changes_roles_and_removes(app: Flask, session: Session, make_startup: Maker) -> None:
    startup, owner, editor = make_startup(), make_account(), make_account()
    join(owner, startup)
    theirs = join(editor, startup, MembershipRole.EDITOR)
    client, base = signed_in(app, owner), f"/en/my/startup/{startup.slug}/members"
    assert sent(client, f"{base}/{theirs.id}/role", page=base, role="owner").status_code == 303
    assert sent(client, f"{base}/{theirs.id}/role", page=base, role="king").status_code == 404
    session.expire_all()
    assert session.get(Membership, theirs.id).role == MembershipRole.OWNER  # type: ignore[union-attr]
    for _ in range(2):
        answer = sent(client, f"{base}/{theirs.id}/remove", page=f"{base}/invite")
        assert (answer.status_code, answer.location) == (303, base)
    session.expire_all()
    assert session.get(Membership, theirs.id) is None


def test_staff_add_people_who_have_an_account(app: Flask, session: Session, make_startup: Maker) -> None:
    startup, new = make_startup(), make_account()
    client, path = signed_in(app, make_account(NetworkRole.STAFF)), f"/en/my/startup/{startup.slug}/members/add"
    wrong = sent(client, path, email="nobody@mail.example", role="editor")
    assert "Nobody signs in with this address" in said(wrong)
    assert sent(client, path, email=new.email, role="editor").status_code == 303
    assert session.scalars(select(Membership)).one().person_id == new.person_id


def test_a_draft_is_deleted_after_a_question(app: Flask, session: Session, make_startup: Maker) -> None:
    startup, owner = make_startup(state=PublicationState.DRAFT, published_at=None), make_account()
    join(owner, startup)
    client, path = signed_in(app, owner), f"/en/my/startup/{startup.slug}/discard"
    assert "for good" in said(opened(client, path))
    assert sent(client, path).status_code == 303
    assert session.scalars(select(Startup)).all() == []


OBJECT_PATHS = (
    "members",
    "members/invite",
    "members/add",
    "members/{membership}/remove",
    "members/{membership}/role",
    "invitations/{invitation}/revoke",
    "invitations/{invitation}/resend",
    "discard",
)


@pytest.mark.parametrize("path", OBJECT_PATHS)
@pytest.mark.parametrize("state", [PublicationState.DRAFT, PublicationState.PUBLISHED])
def test_the_founder_of_another_startup_gets_nowhere(
    app: Flask, session: Session, make_startup: Maker, path: str, state: PublicationState
) -> None:
    startup, owner, founder = make_startup(state=state), make_account(), make_account()
    own = join(owner, startup)
    join(founder, make_startup())
    invitation = invite(
        session, actor_of(session, owner), startup, "new@mail.example", MembershipRole.EDITOR, language="en"
    )
    filled = path.format(membership=own.id, invitation=invitation.id)
    for who, statuses in ((founder, {403, 404}), (None, {302, 303, 401, 403})):
        client = signed_in(app, who) if who else app.test_client()
        address = f"/en/my/startup/{startup.slug}/{filled}"
        if path.split("/")[-1] not in ("role", "revoke", "resend"):
            assert opened(client, address).status_code in statuses
        if path != "members":
            answer = sent(client, address, page="/en/my/new", email="x@mail.example", role="owner", language="en")
            left = path.endswith("remove") and answer.location == "/en/my"
            assert answer.status_code in statuses | {400} or left
    session.expire_all()
    assert session.scalars(select(Membership.person_id).filter_by(startup_id=startup.id)).all() == [owner.person_id]
    assert [each.email for each in session.scalars(select(Invitation))] == ["new@mail.example"]
    assert session.get(Invitation, invitation.id).revoked_at is None  # type: ignore[union-attr]


def test_an_invitation_is_accepted_from_its_mail(app: Flask, session: Session, make_startup: Maker) -> None:
    startup, owner, guest = make_startup("Nour"), make_account(), make_account()
    join(owner, startup)
    invite(session, actor_of(session, owner), startup, "work@mail.example", MembershipRole.EDITOR, language="en")
    session.commit()
    mail = session.scalars(select(OutgoingMail)).one()
    message = render_mail(session, mail)
    assert message is not None
    path = f"/en/links/{link_token(mail.values['link_id'])}"
    assert path in message.as_string().replace("=\n", "").replace("=3D", "=")
    assert opened(app.test_client(), path).status_code == 302, "first sign in"
    client = signed_in(app, guest)
    page = said(opened(client, path))
    assert "work@mail.example" in page
    assert guest.email in page, "both addresses are shown before"
    answer = sent(client, path)
    assert "You act for Nour now" in said(answer)
    members = session.scalars(select(Membership.person_id).filter_by(startup_id=startup.id)).all()
    assert members == [owner.person_id, guest.person_id]
    assert opened(client, path).status_code == 409


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_every_mail_of_this_area_can_be_put_into_words(
    app: Flask, session: Session, make_startup: Maker, language: str
) -> None:
    startup, staff = make_startup("Nour", name_arabic="نور"), make_account(NetworkRole.STAFF)
    claimant = make_account(person=make_person(language=language))
    claim = make_claim(session, actor_of(session, claimant), startup, position="Founder", statement="See there.")
    values = {"noun": "startup", "organisation_id": startup.id}
    membership = join(claimant, startup)
    invitation = invite(
        session, actor_of(session, staff), startup, "new@mail.example", MembershipRole.OWNER, language=language
    )
    session.commit()
    (ordered,) = session.scalars(select(OutgoingMail).filter_by(kind="invitation"))
    kinds: dict[str, dict[str, Any]] = {
        "claim-received": {"claim_id": claim.id},
        "claim-approved": {"claim_id": claim.id},
        "claim-refused": {"claim_id": claim.id},
        "membership-joined": {"membership_id": membership.id},
        "membership-added": values,
        "membership-removed": values,
        "invitation": ordered.values | {"invitation_id": invitation.id},
    }
    for kind, told in kinds.items():
        mail = OutgoingMail(
            message_id="<x@multaqa>", kind=kind, address="a@mail.example", language=language, values=told
        )
        message = render_mail(session, mail)
        assert message is not None, kind
        assert ("نور" if language == "ar" else "Nour") in str(message["Subject"])
    membership_id, claim_id = membership.id, claim.id
    session.delete(membership)
    session.delete(claim)
    session.commit()
    for kind, told in (
        ("membership-joined", {"membership_id": membership_id}),
        ("claim-refused", {"claim_id": claim_id}),
    ):
        gone = OutgoingMail(message_id="<y@multaqa>", kind=kind, address="a@x.example", language=language, values=told)
        assert render_mail(session, gone) is None, "no longer true, so not sent"
