"""The page and the files of a region for those who may read its unpublished figures, and for everybody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests.accounts import make_account, signed_in
from tests.populations import REGIONS, settle
from webapp.models import Account, NetworkRole, Region
from webapp.services.cluster_release import release_current
from webapp.web.marks import today

Maker = Callable[..., Any]

AGADIR, CASABLANCA = REGIONS["agadir"], REGIONS["casablanca"]
BANNER = "Unpublished figures, not to be passed on"
PAGE, CSV, JSON = (f"/en/regions/{AGADIR}{ending}" for ending in ("", ".csv", ".json"))


@pytest.fixture(autouse=True)
def released(session: Session, make_startup: Maker) -> None:
    settle(make_startup)
    release_current(session, today())
    session.commit()


def account_for(session: Session, who: str) -> Account:
    if who == "staff":
        return make_account(NetworkRole.STAFF)
    region = session.scalars(sa.select(Region).where(Region.code == AGADIR)).one()
    return make_account(NetworkRole.AUTHORITY, region_id=region.id)


@pytest.mark.parametrize("who", ["staff", "authority"])
def test_they_see_them_with_a_warning_that_no_cache_keeps(app: Flask, session: Session, who: str) -> None:
    browser = signed_in(app, account_for(session, who))
    for path in (PAGE, CSV, JSON):
        answer = browser.get(path)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "not to be passed on" in answer.text
    assert "edtech,shown,2," in browser.get(CSV).text
    assert "unpublished" in browser.get(CSV).headers["Content-Disposition"]
    assert BANNER in browser.get(PAGE).text


def test_an_authority_sees_other_regions_as_the_public_does(app: Flask, session: Session) -> None:
    browser = signed_in(app, account_for(session, "authority"))
    public = app.test_client()
    path = f"/en/regions/{CASABLANCA}.csv"
    assert browser.get(path).data == public.get(path).data
    assert BANNER not in browser.get(f"/en/regions/{CASABLANCA}").text


@pytest.mark.parametrize("who", ["visitor", "member", "staff without a second factor"])
def test_nobody_else_sees_them(app: Flask, who: str) -> None:
    browser = app.test_client()
    if who == "member":
        browser = signed_in(app, make_account())
    elif who != "visitor":
        browser = signed_in(app, make_account(NetworkRole.STAFF, second_factor=False))
    assert "withheld,," in browser.get(CSV).text
    assert "not to be passed on" not in browser.get(CSV).text + browser.get(JSON).text + browser.get(PAGE).text


def test_a_region_that_there_is_not_is_not_found_by_staff_either(app: Flask, session: Session) -> None:
    assert signed_in(app, account_for(session, "staff")).get("/en/regions/MA-99").status_code == 404
