"""Beginning organisations, and seeing them before the public does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.accounts import join, make_account
from webapp.errors import Conflict, Invalid, NotAllowed, NotFound
from webapp.models import (
    Invitation,
    Membership,
    MembershipRole,
    NetworkRole,
    Partner,
    PublicationState,
    Startup,
    TermKind,
)
from webapp.permissions import VISITOR, Actor, Permission
from webapp.services.actors import actor_of
from webapp.services.duplicates import find_duplicates
from webapp.services.invitations import invite
from webapp.services.organisations import (
    MOST_DRAFTS,
    NewOrganisation,
    create_organisation,
    discard_draft,
    get_organisation,
    get_published,
    read_company_number,
)
from webapp.services.overview import Standing, list_own

Maker = Callable[..., Any]
TODAY = date(2026, 11, 28)
NEW = NewOrganisation("startup", "fr", "Des capteurs pour les vergers.", name_latin="Tazrii", sector="agritech")


def _person(session: Session, *roles: NetworkRole) -> Actor:
    return actor_of(session, make_account(*roles))


def test_who_creates_an_organisation_owns_a_draft_that_nobody_else_sees(session: Session) -> None:
    account = make_account()
    new = replace(NEW, name_arabic="تزري", region="MA-06", city="Casablanca", website="https://tazrii.ma")
    startup = create_organisation(session, actor_of(session, account), new, today=TODAY)
    assert isinstance(startup, Startup)
    assert (startup.slug, startup.state, startup.published_at) == ("tazrii", PublicationState.DRAFT, None)
    assert startup.pitch == {"fr": "Des capteurs pour les vergers."}
    assert startup.text_dates == {"pitch": {"fr": "2026-11-28"}}
    assert [term.code for term in startup.terms(TermKind.SECTOR)] == ["agritech"]
    assert startup.region is not None
    owner = actor_of(session, account)
    assert owner.role_in(startup) == MembershipRole.OWNER
    assert get_organisation(session, owner, "startup", "tazrii") is startup
    with pytest.raises(NotFound):
        get_published(session, "startup", "tazrii")


@pytest.mark.parametrize("kind", ["investor", "mentor", "corporate"])
def test_partners_of_each_kind_can_be_created(session: Session, kind: str) -> None:
    new = replace(NEW, noun="partner", kind=kind)
    partner = create_organisation(session, _person(session), new, today=TODAY)
    assert isinstance(partner, Partner)
    assert (partner.kind, partner.summary) == (kind, {"fr": NEW.text})


def test_an_arabic_name_alone_gives_a_readable_address(session: Session) -> None:
    new = replace(NEW, name_latin=None, name_arabic="دار الفكر")
    assert create_organisation(session, _person(session), new, today=TODAY).slug.startswith("dar-al")


def test_outsiders_learn_nothing_of_a_draft(session: Session, make_startup: Maker) -> None:
    startup, owner, editor = make_startup(state=PublicationState.DRAFT), make_account(), make_account()
    join(owner, startup)
    join(editor, startup, MembershipRole.EDITOR)
    stranger = make_account()
    join(stranger, make_startup())
    for actor in (VISITOR, actor_of(session, stranger)):
        with pytest.raises(NotFound):
            get_organisation(session, actor, "startup", startup.slug)
    with pytest.raises(NotAllowed):
        get_organisation(session, actor_of(session, editor), "startup", startup.slug, Permission.MANAGE_MEMBERS)
    for noun, slug in (("partner", startup.slug), ("castle", startup.slug), ("startup", "no-such")):
        with pytest.raises(NotFound):
            get_organisation(session, actor_of(session, owner), noun, slug)
    assert get_organisation(session, _person(session, NetworkRole.STAFF), "startup", startup.slug) is startup


def test_creating_twice_creates_once(session: Session) -> None:
    actor = _person(session)
    first = create_organisation(session, actor, NEW, today=TODAY)
    assert create_organisation(session, actor, NEW, today=TODAY) is first
    assert create_organisation(session, _person(session), NEW, today=TODAY).slug == "tazrii-2"


def test_nobody_has_drafts_without_end(session: Session) -> None:
    account = make_account()
    for number in range(MOST_DRAFTS):
        create_organisation(session, actor_of(session, account), replace(NEW, name_latin=f"No {number}"), today=TODAY)
    with pytest.raises(Conflict, match="too-many-drafts"):
        create_organisation(session, actor_of(session, account), NEW, today=TODAY)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"name_latin": None}, "name-missing"),
        ({"sector": "alchemy"}, "sector"),
        ({"region": "XX-1"}, "region"),
        ({"noun": "partner", "kind": "friend"}, "kind"),
        ({"company_number": "001512572000078"}, "company-number-taken"),
    ],
)
def test_what_does_not_fit_is_refused(session: Session, make_startup: Maker, values: dict[str, Any], code: str) -> None:
    make_startup(company_number="001512572000078", state=PublicationState.WITHDRAWN)
    with pytest.raises(Invalid, match=code):
        create_organisation(session, _person(session), replace(NEW, **values), today=TODAY)


def test_staff_create_for_others_without_becoming_a_member(session: Session) -> None:
    staff = _person(session, NetworkRole.STAFF)
    startup = create_organisation(session, staff, NEW, today=TODAY, as_owner=False)
    assert session.scalar(select(func.count()).select_from(Membership)) == 0
    assert get_organisation(session, staff, "startup", startup.slug) is startup
    with pytest.raises(NotAllowed):
        create_organisation(session, _person(session), NEW, today=TODAY, as_owner=False)
    with pytest.raises(NotAllowed):
        create_organisation(session, VISITOR, NEW, today=TODAY)


def test_a_draft_can_be_given_up_with_all_that_belongs_to_it(session: Session) -> None:
    account = make_account()
    startup = create_organisation(session, actor_of(session, account), NEW, today=TODAY)
    owner = actor_of(session, account)
    invite(session, owner, startup, "colleague@mail.example", MembershipRole.EDITOR, language="en")
    with pytest.raises(NotAllowed):
        discard_draft(session, _person(session), startup)
    discard_draft(session, owner, startup)
    session.expire_all()
    for model in (Startup, Membership, Invitation):
        assert session.scalars(select(model)).all() == []


def test_what_the_public_has_seen_cannot_be_given_up(session: Session, make_startup: Maker) -> None:
    startup, account = make_startup(), make_account()
    join(account, startup)
    with pytest.raises(Conflict, match="was-published"):
        discard_draft(session, actor_of(session, account), startup)


def test_a_company_number_is_checked_and_kept_without_spaces(session: Session) -> None:
    assert read_company_number(session, "001 512 572 000 078") == "001512572000078"
    for wrong in ("001512572000079", "12", "abc"):
        with pytest.raises(Invalid, match="company-number"):
            read_company_number(session, wrong)


@pytest.mark.parametrize(
    ("name", "website", "number", "how"),
    [
        ("Anything", None, "001512572000078", "same-number"),
        ("Anything", "http://nour-agri.ma/fr", None, "same-website"),
        ("NOUR AGRI sarl", None, None, "same-name"),
        ("Agri Nour", None, None, "same-name"),
        ("Nour Agry", None, None, "close-name"),
        ("نور أكري", None, None, "close-name"),
        ("Sahel Fund", None, None, None),
    ],
)
def test_profiles_that_look_like_a_new_one_are_found(
    session: Session, make_startup: Maker, name: str, website: str | None, number: str | None, how: str | None
) -> None:
    make_startup("Nour Agri", website="https://www.nour-agri.ma", company_number="001512572000078")
    found = find_duplicates(session, VISITOR, Startup, (name, None), website=website, company_number=number)
    assert [each.how for each in found] == ([how] if how else [])


def test_drafts_of_others_are_not_shown_as_duplicates(session: Session, make_startup: Maker) -> None:
    startup, account = make_startup("Nour Agri", state=PublicationState.DRAFT), make_account()
    join(account, startup)
    assert find_duplicates(session, _person(session), Startup, ("Nour Agri", None)) == []
    assert len(find_duplicates(session, actor_of(session, account), Startup, ("Nour Agri", None))) == 1


def test_numbers_in_names_are_no_slips(session: Session, make_startup: Maker) -> None:
    make_startup("Studio Atlas 1")
    assert find_duplicates(session, VISITOR, Startup, ("Studio Atlas 2", None)) == []


def test_the_overview_says_how_each_profile_stands(session: Session, make_startup: Maker, make_partner: Maker) -> None:
    account = make_account()
    organisations = [make_startup(), make_startup(state=PublicationState.DRAFT), make_partner()]
    for organisation in organisations:
        join(account, organisation)
    actor = actor_of(session, account)
    own = list_own(session, actor, ["ar", "fr", "en"])
    assert [each.organisation for each in own] == organisations
    assert [each.standing for each in own] == [Standing.PUBLISHED, Standing.DRAFT, Standing.PUBLISHED]
    assert all(0 < each.percent < 100 for each in own)
