from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.accounts import make_account, signed_in
from tests.pages import opened, said, sent
from webapp.models import NetworkRole, NotDuplicate, ProfileMerge, Revision, Startup

Maker = Callable[..., Any]


@pytest.fixture
def staff(app: Flask) -> FlaskClient:
    return signed_in(app, make_account(NetworkRole.STAFF))


def mark_on(page: Any) -> str:
    found = re.search(r'name="mark"[^>]*value="(\w+)"', page.text)
    assert found
    return found.group(1)


def test_pairs_are_listed_with_what_speaks_for_them(session: Session, staff: FlaskClient, make_startup: Maker) -> None:
    make_startup("Atlas Solar", website="https://atlas.example", slug="atlas-1")
    make_startup("أطلس سولار", website="https://atlas.example", slug="atlas-2")
    session.commit()
    text = said(opened(staff, "/en/staff/duplicates"))
    assert "same website, names that sound alike" in text
    assert "No two profiles look like one organisation." in said(opened(staff, "/en/staff/duplicates?of=partner"))


def test_two_organisations_are_not_proposed_again(session: Session, staff: FlaskClient, make_startup: Maker) -> None:
    one, two = make_startup("Atlas Solar"), make_startup("Atlas Solar")
    session.commit()
    path = f"/en/staff/duplicates/startup/{one.id}/{two.id}"
    assert sent(staff, f"{path}/apart", page=path).status_code == 303
    assert session.scalar(sa.select(sa.func.count(NotDuplicate.id))) == 1
    assert "No two profiles look like one organisation." in said(opened(staff, "/en/staff/duplicates"))


def test_staff_merge_two_profiles_field_by_field(session: Session, staff: FlaskClient, make_startup: Maker) -> None:
    kept = make_startup("Atlas", founded=2019, slug="kept")
    gone = make_startup("Atlas Solar", founded=2020, slug="gone")
    session.commit()
    path, gone_id = f"/en/staff/duplicates/startup/{kept.id}/{gone.id}", gone.id
    page = opened(staff, path)
    unconfirmed = sent(staff, path, mark=mark_on(page), **{"take-founded": "gone"})
    assert unconfirmed.status_code == 422
    assert "Please confirm that they are one organisation." in said(unconfirmed)
    assert re.search(r'checked[^>]*name="take-founded"[^>]*value="gone"', unconfirmed.text)
    done = sent(staff, path, mark=mark_on(page), confirmed="y", **{"take-founded": "gone"})
    assert done.status_code == 303
    session.expire_all()
    assert (session.get(Startup, kept.id).founded, session.get(Startup, gone_id)) == (2020, None)
    assert opened(staff, "/en/startups/gone").location == "/en/startups/kept"
    history = said(opened(staff, "/en/my/startup/kept/profile/history"))
    assert "Merged with Atlas Solar" in history
    assert opened(staff, path).status_code == 404


def test_who_saw_something_else_is_told_and_keeps_the_choices(
    session: Session, staff: FlaskClient, make_startup: Maker
) -> None:
    kept, gone = make_startup("Atlas", founded=2019), make_startup("Atlas", founded=2020)
    session.commit()
    path = f"/en/staff/duplicates/startup/{kept.id}/{gone.id}"
    answer = sent(staff, path, mark="another", confirmed="y", **{"take-founded": "gone"})
    assert answer.status_code == 409
    assert "One of them changed meanwhile" in said(answer)
    assert re.search(r'checked[^>]*name="take-founded"[^>]*value="gone"', answer.text)
    assert session.scalar(sa.select(ProfileMerge)) is None
    session.delete(gone)
    session.commit()
    late = sent(staff, path, "/en/staff/duplicates", mark="another", confirmed="y")
    assert late.status_code == 303
    assert "A colleague merged one of these two meanwhile." in said(opened(staff, late.location))


def test_what_stands_in_the_way_is_said_with_where_to_settle_it(
    session: Session, staff: FlaskClient, make_startup: Maker
) -> None:
    kept, gone = make_startup("Atlas"), make_startup("Atlas", slug="gone")
    session.add(Revision(startup_id=gone.id, changes={"founded": 2020}, before={}))
    session.commit()
    page = opened(staff, f"/en/staff/duplicates/startup/{kept.id}/{gone.id}")
    assert "changes that are not published" in said(page)
    assert 'href="/en/my/startup/gone/profile"' in page.text


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_pages_speak_the_languages_of_the_network(
    session: Session, staff: FlaskClient, make_startup: Maker, language: str
) -> None:
    kept, gone = make_startup("Atlas", founded=2019), make_startup("Atlas", founded=2020)
    session.commit()
    for path in ("", f"/startup/{kept.id}/{gone.id}"):
        page = opened(staff, f"/{language}/staff/duplicates{path}")
        assert page.status_code == 200
        assert not {"Duplicates", "The first, which stays"} & set(re.findall(r">([^<]+)<", page.text))
