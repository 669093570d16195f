from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.accounts import make_account, signed_in
from tests.pages import opened, said, sent
from webapp.models import NetworkRole, PublicationState
from webapp.permissions import SYSTEM
from webapp.services.redirects import rename, short_code

Maker = Callable[..., Any]


@pytest.mark.parametrize(("accepted", "language"), [("ar-MA, fr;q=0.5", "ar"), ("fr", "fr"), ("de", "fr")])
def test_a_short_address_leads_to_the_profile_in_the_readers_language(
    session: Session, client: FlaskClient, make_startup: Maker, accepted: str, language: str
) -> None:
    code = short_code(make_startup(slug="tazrii").id)
    session.commit()
    answer = client.get(f"/s/{code.upper()}", headers={"Accept-Language": accepted})
    assert (answer.status_code, answer.location) == (302, f"/{language}/startups/tazrii")
    assert "Accept-Language" in answer.headers["Vary"]


def test_a_short_address_of_nobody_is_not_found(session: Session, client: FlaskClient, make_partner: Maker) -> None:
    partner = make_partner(slug="fund")
    hidden = make_partner(state=PublicationState.WITHDRAWN)
    session.commit()
    assert client.get(f"/p/{short_code(partner.id)}").location.endswith("/partners/fund")
    for path in (f"/p/{short_code(hidden.id)}", f"/s/{short_code(partner.id + 999)}", "/s/!", "/p/zzzzzzzzzzzzzz"):
        assert opened(client, path).status_code == 404, path


def test_public_pages_tell_their_short_address(session: Session, client: FlaskClient, make_startup: Maker) -> None:
    startup = make_startup(slug="tazrii")
    session.commit()
    assert f"localhost/s/{short_code(startup.id)}" in said(opened(client, "/en/startups/tazrii"))


def test_former_addresses_lead_on_for_ever_in_the_same_language(
    session: Session, client: FlaskClient, make_startup: Maker, make_partner: Maker
) -> None:
    rename(session, SYSTEM, make_startup(slug="old"), "new")
    rename(session, SYSTEM, make_partner(slug="old"), "other")
    session.commit()
    for path, location in (("/ar/startups/old", "/ar/startups/new"), ("/fr/partners/old", "/fr/partners/other")):
        answer = opened(client, path)
        assert (answer.status_code, answer.location) == (301, location)
    assert opened(client, "/en/startups/never").status_code == 404


def test_staff_change_the_address_of_a_profile(session: Session, app: Any, make_startup: Maker) -> None:
    startup = make_startup(slug="old")
    make_startup(slug="taken")
    staff = signed_in(app, make_account(NetworkRole.STAFF))
    path = "/en/my/startup/old/profile/address"
    taken = sent(staff, path, slug="taken", seen="old")
    assert taken.status_code == 422
    assert "Another profile has this address" in said(taken)
    assert 'value="taken"' in taken.text
    wrong = sent(staff, path, slug="A b", seen="old")
    assert "An address looks like this: a-b." in said(wrong)
    stale = sent(staff, path, slug="new", seen="older")
    assert stale.status_code == 409
    assert 'value="new"' in stale.text
    assert sent(staff, path, slug="New", seen="old").status_code == 303
    session.refresh(startup)
    assert startup.slug == "new"
    assert "old" in said(opened(staff, "/en/my/startup/new/profile/address"))
