"""The night's work on profiles: what expired goes, members are asked, logos that nobody uses are deleted."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from tests.accounts import join, make_account
from tests.services.test_logos import picture
from webapp.config import Settings
from webapp.extensions import db
from webapp.matching import Matcher
from webapp.models import OutgoingMail, utc_now
from webapp.search import Search
from webapp.services.freshness import Freshened
from webapp.services.logos import logo_path, store_logo
from webapp.web.marks import today
from webapp.work import Workplace, freshen

Maker = Callable[..., Any]


@pytest.fixture
def place(settings: Settings, session: Session) -> Workplace:
    """Where the work is done."""
    matcher = Matcher(per_profile=3, pack_digest="pack")
    return Workplace(sessionmaker(db.engine), Search(settings.index_dir, "pack"), matcher, settings.data_dir)


def test_a_night_freshens_profiles_and_doing_it_again_does_nothing(
    session: Session, place: Workplace, make_startup: Maker
) -> None:
    startup = make_startup(needs=["equity", "loan"], confirmed_on=today())
    for link, days in zip(startup.term_links[1:], (-1, 7), strict=True):
        link.expires_on = today() + timedelta(days=days)
    join(make_account(), startup)
    session.commit()
    logo = logo_path(place.data_dir, store_logo(place.data_dir, picture()))
    old = utc_now().timestamp() - 200_000
    os.utime(logo, (old, old))
    assert freshen(place) == Freshened(expired=1, warned=1)
    assert freshen(place) == Freshened()
    assert not logo.exists()
    session.expire_all()
    assert [term.code for term in startup.terms("needs")] == ["loan"]
    assert session.scalars(sa.select(OutgoingMail.kind)).all() == ["needs-expiring"]
