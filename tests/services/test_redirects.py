from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.errors import Invalid, NotAllowed
from webapp.models import NetworkRole, ProfileMerge, PublicationState, SlugRedirect, Startup
from webapp.permissions import SYSTEM, VISITOR, Actor
from webapp.services.organisations import get_organisation
from webapp.services.redirects import (
    former_slugs,
    read_short_code,
    rename,
    resolve_short_code,
    resolve_slug,
    short_code,
)
from webapp.services.slugs import Slugs

Maker = Callable[..., Any]
STAFF = Actor("person", account_id=1, network_roles=frozenset({NetworkRole.STAFF}))


@given(st.integers(min_value=0, max_value=2**40))
def test_a_short_code_is_read_as_the_id_it_was_made_from(row_id: int) -> None:
    assert read_short_code(short_code(row_id)) == row_id


@given(st.text(max_size=20))
def test_whatever_is_typed_as_a_short_code_is_an_id_or_nothing(text: str) -> None:
    found = read_short_code(text)
    assert found is None or found >= 0


def test_capitals_and_letters_that_look_like_digits_are_understood() -> None:
    assert read_short_code("IO") == read_short_code("10") == 32
    assert read_short_code("u") is None


def test_a_renamed_profile_is_found_at_every_address_it_had(session: Session, make_startup: Maker) -> None:
    startup = make_startup(slug="first")
    for slug in ("second", "third"):
        assert rename(session, STAFF, startup, slug)
    assert [resolve_slug(session, "startup", slug) for slug in ("first", "second")] == ["third", "third"]
    assert former_slugs(session, STAFF, startup) == ["second", "first"]
    assert get_organisation(session, SYSTEM, "startup", "first") is startup


def test_a_profile_may_take_its_own_former_address_back(session: Session, make_startup: Maker) -> None:
    startup = make_startup(slug="first")
    rename(session, STAFF, startup, "second")
    rename(session, STAFF, startup, "first")
    assert startup.slug == "first"
    assert resolve_slug(session, "startup", "second") == "first"
    assert list(session.scalars(select(SlugRedirect.slug))) == ["second"]


def test_an_address_is_never_given_to_somebody_else(session: Session, make_startup: Maker) -> None:
    one, two = make_startup(slug="one"), make_startup(slug="two")
    rename(session, STAFF, one, "other")
    for slug in ("one", "other"):
        with pytest.raises(Invalid) as error:
            rename(session, STAFF, two, slug)
        assert error.value.code == "slug-taken"
    assert Slugs(session, Startup).make("One") == "one-2"


def test_partners_and_startups_have_addresses_of_their_own(
    session: Session, make_startup: Maker, make_partner: Maker
) -> None:
    rename(session, STAFF, make_startup(slug="atlas"), "atlas-labs")
    partner = make_partner(slug="fund")
    assert rename(session, STAFF, partner, "atlas")
    assert resolve_slug(session, "partner", "fund") == "atlas"
    assert resolve_slug(session, "startup", "fund") is None


@pytest.mark.parametrize("slug", ["", "Dar Al Fikr", "a_b", "دار", "x" * 81])
def test_an_address_has_one_form(session: Session, make_startup: Maker, slug: str) -> None:
    with pytest.raises(Invalid) as error:
        rename(session, STAFF, make_startup(), slug)
    assert error.value.code == "slug-form"


def test_only_staff_rename(session: Session, make_startup: Maker) -> None:
    with pytest.raises(NotAllowed):
        rename(session, VISITOR, make_startup(), "new")


def test_what_the_public_does_not_see_has_no_short_and_no_former_address(session: Session, make_startup: Maker) -> None:
    startup = make_startup(slug="first")
    rename(session, STAFF, startup, "second")
    code = short_code(startup.id)
    assert resolve_short_code(session, "startup", code.upper()) == "second"
    startup.state = PublicationState.WITHDRAWN
    session.flush()
    assert resolve_short_code(session, "startup", code) is None
    assert resolve_slug(session, "startup", "first") is None


def test_the_short_address_of_a_merged_profile_leads_on(session: Session, make_startup: Maker) -> None:
    startup = make_startup(slug="kept")
    gone_id = startup.id + 1000
    session.add(
        ProfileMerge(
            noun="startup", kept_id=startup.id, gone_id=gone_id, gone_slug="x", gone_name="X", said={}, history=[]
        )
    )
    session.flush()
    assert resolve_short_code(session, "startup", short_code(gone_id)) == "kept"
    assert resolve_short_code(session, "startup", short_code(gone_id + 1)) is None
    assert resolve_short_code(session, "startup", "zzzzzzzzzzzz") is None
