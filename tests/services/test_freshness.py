"""Needs and offers expire, and once a year somebody is asked whether a profile is still right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts import join, make_account
from webapp.errors import Conflict, NotAllowed
from webapp.models import Change, OneTimeLink, OutgoingMail, Startup, utc_now
from webapp.permissions import Actor
from webapp.services.actors import actor_of
from webapp.services.freshness import (
    Freshened,
    confirm_profile,
    expiring_terms,
    nightly_freshness,
    profile_of_link,
    renew_needs,
)
from webapp.services.one_time_links import actor_of_link, get_link
from webapp.web.link_purposes import LINK_PURPOSES
from webapp.web.mail import render_mail
from webapp.web.marks import today

Maker = Callable[..., Any]
TODAY = date(2026, 11, 28)


def _startup(session: Session, make_startup: Maker, expires: date | None, **values: Any) -> tuple[Startup, Actor]:
    startup: Startup = make_startup("Nour", needs=["equity"], offers=[], **values)
    for link in startup.term_links:
        if link.term.kind == "needs":
            link.expires_on = expires
    account = make_account()
    join(account, startup)
    session.flush()
    return startup, actor_of(session, account)


def _codes(startup: Startup) -> list[str]:
    return [term.code for term in startup.terms("needs")]  # type: ignore[arg-type]


def test_what_has_expired_goes_and_index_and_matches_learn_of_it(session: Session, make_startup: Maker) -> None:
    gone, _ = _startup(session, make_startup, TODAY, confirmed_on=TODAY)
    kept, _ = _startup(session, make_startup, TODAY + timedelta(days=100), confirmed_on=TODAY)
    undated, _ = _startup(session, make_startup, None, confirmed_on=TODAY)
    session.query(Change).delete()
    assert nightly_freshness(session, TODAY) == Freshened(expired=1)
    assert (_codes(gone), _codes(kept), _codes(undated)) == ([], ["equity"], ["equity"])
    assert session.scalars(select(Change.object_id).distinct()).all() == [gone.id]


def test_members_are_told_once_two_weeks_before(session: Session, make_startup: Maker) -> None:
    startup, _ = _startup(session, make_startup, TODAY + timedelta(days=14), confirmed_on=TODAY)
    assert nightly_freshness(session, TODAY - timedelta(days=1)) == Freshened()
    assert nightly_freshness(session, TODAY) == Freshened(warned=1)
    assert nightly_freshness(session, TODAY) == Freshened()
    mail = session.scalars(select(OutgoingMail)).one()
    assert (mail.kind, mail.values["organisation_id"]) == ("needs-expiring", startup.id)


def test_nobody_to_tell_is_no_warning(session: Session, make_startup: Maker) -> None:
    startup = make_startup(needs=["equity"], confirmed_on=TODAY)
    startup.term_links[-1].expires_on = TODAY + timedelta(days=3)
    assert nightly_freshness(session, TODAY) == Freshened()


def test_renewing_holds_for_six_months_and_only_members_do_it(session: Session, make_startup: Maker) -> None:
    startup, actor = _startup(session, make_startup, TODAY + timedelta(days=3))
    assert [term.code for term in expiring_terms(startup, TODAY)] == ["equity"]
    assert renew_needs(session, actor, startup, today=TODAY) == 1
    assert expiring_terms(startup, TODAY) == []
    other = actor_of(session, make_account())
    with pytest.raises(NotAllowed):
        renew_needs(session, other, startup, today=TODAY)
    with pytest.raises(NotAllowed):
        confirm_profile(session, other, startup, today=TODAY)


def test_once_a_year_members_are_asked_whether_it_is_still_right(session: Session, make_startup: Maker) -> None:
    published = utc_now() - timedelta(days=800)
    asked, actor = _startup(session, make_startup, None, published_at=published, confirmed_on=date(2025, 11, 1))
    _startup(session, make_startup, None, published_at=published, confirmed_on=date(2026, 1, 1))
    _startup(session, make_startup, None, published_at=published, verified_on=date(2026, 1, 1))
    _startup(session, make_startup, None)  # published just now
    make_startup(published_at=published)  # nobody acts for it
    assert nightly_freshness(session, TODAY) == Freshened(asked=1)
    assert nightly_freshness(session, TODAY + timedelta(days=1)) == Freshened()
    assert asked.confirmation_asked_on == TODAY
    confirm_profile(session, actor, asked, today=TODAY)
    assert (asked.confirmed_on, asked.confirmation_asked_on) == (TODAY, None)
    assert nightly_freshness(session, TODAY + timedelta(days=30)) == Freshened()


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_mails_say_what_they_ask_and_their_links_do_it(
    app: Flask, session: Session, make_startup: Maker, language: str
) -> None:
    now = today()
    published = utc_now() - timedelta(days=800)
    startup, actor = _startup(session, make_startup, now + timedelta(days=7), published_at=published)
    assert nightly_freshness(session, now) == Freshened(warned=1, asked=1)
    mails = {mail.kind: mail for mail in session.scalars(select(OutgoingMail))}
    for mail in mails.values():
        mail.language = language
        message = render_mail(session, mail)
        assert message is not None
        assert "Nour" in message["Subject"]
        assert "/link" in str(message) or "http" in str(message)
    for kind, purpose in (("needs-expiring", "needs-renew:startup"), ("profile-confirm", "profile-confirm:startup")):
        link = get_link(session, mails[kind].values["link_id"])
        assert link.purpose == purpose
        with app.test_request_context(f"/{language}/link"):
            assert LINK_PURPOSES[purpose].describe(session, link).title
            assert LINK_PURPOSES[purpose].act(session, actor_of_link(session, link), link, {}).url
    assert startup.confirmed_on == now
    assert expiring_terms(startup, now) == []
    assert render_mail(session, mails["profile-confirm"]) is None
    assert render_mail(session, mails["needs-expiring"]) is None
    assert actor.person_id == mails["profile-confirm"].person_id


def test_a_link_of_somebody_who_left_does_nothing(session: Session, make_startup: Maker) -> None:
    startup, _ = _startup(session, make_startup, None)
    link = OneTimeLink(purpose="profile-confirm:startup", subject_id=startup.id, person_id=make_account().person_id)
    link.expires_at = utc_now() + timedelta(days=1)
    session.add(link)
    session.flush()
    with pytest.raises(Conflict, match="no-longer-member"):
        profile_of_link(session, link)
