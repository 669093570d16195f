"""Editing a profile as somebody does it in a browser without JavaScript, and what autosave is answered."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts import join, make_account, make_person, signed_in
from tests.pages import forget_request, opened, said, sent
from tests.services.test_logos import picture
from webapp.models import NetworkRole, PublicationState, Revision, RevisionState, Startup, utc_now
from webapp.services.profile_fields import sections_of

Maker = Callable[..., Any]


@pytest.fixture
def startup(make_startup: Maker) -> Startup:
    """A published startup."""
    made: Startup = make_startup("Nour", pitch={"en": "Solar lamps.", "fr": "Des lampes solaires."})
    return made


@pytest.fixture
def path(startup: Startup) -> str:
    """Where its profile is edited."""
    return f"/en/my/startup/{startup.slug}/profile"


@pytest.fixture
def member(app: Flask, startup: Startup) -> FlaskClient:
    """The browser of somebody who acts for it."""
    account = make_account(person=make_person(name="Salma Idrissi"))
    join(account, startup)
    return signed_in(app, account)


@pytest.fixture
def staff(app: Flask) -> FlaskClient:
    """The browser of somebody who works for the park."""
    return signed_in(app, make_account(NetworkRole.STAFF))


def _mark(client: FlaskClient, path: str) -> str:
    return opened(client, path).text.split('name="mark"')[1].split('value="')[1].split('"')[0]


def _texts(client: FlaskClient, path: str, mark: str = "", **more: str) -> Any:
    values = {"pitch.en": "Solar lamps for farms.", "pitch.fr": "Des lampes solaires.", "mark": mark}
    page = f"{path}/sections/texts"
    return sent(client, page, **(values | {"mark": mark or _mark(client, page)} | more))


def test_every_page_of_every_kind_opens_and_saves_what_it_shows(
    app: Flask, session: Session, make_startup: Maker, make_partner: Maker
) -> None:
    account = make_account()
    profiles = [
        make_startup(
            needs=["equity"], export_markets=["SN"], sdgs=[7], women_founders=True, raising_max=5, currency="MAD"
        ),
        make_partner(
            kind="investor", excluded_sectors=("agritech",), geography=["MA", "MA-09"], ticket_min=1, currency="MAD"
        ),
        make_partner(kind="mentor", capacity=3),
        make_partner(kind="corporate"),
    ]
    for profile in profiles:
        join(account, profile)
    client = signed_in(app, account)
    for profile in profiles:
        base = f"/en/my/{profile.noun}/{profile.slug}/profile"
        assert opened(client, base).status_code == 200
        for section in sections_of(profile):
            if section == "logo":
                continue
            page = opened(client, f"{base}/sections/{section}")
            assert page.status_code == 200
            forget_request()
            assert client.post(f"{base}/sections/{section}", data=_fields(page.text)).status_code == 303
    assert session.scalars(select(Revision)).all() == []


def _fields(html: str) -> dict[str, list[str]]:
    """What a browser would send of the last form of a page."""
    from html.parser import HTMLParser

    found: dict[str, list[str]] = {}

    class Reader(HTMLParser):
        """Collects the values of inputs."""

        area = select = ""
        text = ""

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            given = dict(attrs)
            name = given.get("name") or ""
            if tag == "input" and name and (given.get("type") != "checkbox" or "checked" in given):
                found.setdefault(name, []).append(given.get("value") or "")
            elif tag == "textarea":
                self.area, self.text = name, ""
            elif tag == "select":
                self.select = name
            elif tag == "option" and "selected" in given:
                found.setdefault(self.select, []).append(given.get("value") or "")

        def handle_data(self, data: str) -> None:
            if self.area:
                self.text += data

        def handle_endtag(self, tag: str) -> None:
            if tag == "textarea":
                found.setdefault(self.area, []).append(self.text.removeprefix("\r\n").removeprefix("\n"))
                self.area = ""

    Reader().feed(html)
    return found


def test_changes_are_saved_shown_sent_and_not_yet_public(
    session: Session, member: FlaskClient, path: str, startup: Startup
) -> None:
    assert _texts(member, path).status_code == 303
    overview = said(opened(member, path))
    assert "Changes not yet sent" in overview
    assert "Last saved by Salma Idrissi" in overview
    changes = opened(member, f"{path}/changes")
    assert "<ins>" in changes.text
    assert "Solar lamps for farms." in said(opened(member, f"{path}/preview"))
    assert "for farms" not in said(opened(member, f"/en/startups/{startup.slug}"))
    assert sent(member, f"{path}/submit", page=path).status_code == 303
    assert sent(member, f"{path}/submit", page=path).status_code == 303
    assert "With the park" not in said(opened(member, path))
    assert "Changes are with the park" in said(opened(member, path))
    session.expire_all()
    assert session.scalars(select(Revision)).one().state == RevisionState.SUBMITTED


def test_the_preview_keeps_nothing(session: Session, member: FlaskClient, path: str, startup: Startup) -> None:
    _texts(member, path)
    updated = startup.updated_at
    opened(member, f"{path}/preview")
    session.expire_all()
    assert startup.pitch["en"] == "Solar lamps."
    assert startup.updated_at == updated


def test_what_cannot_be_read_is_said_and_kept(member: FlaskClient, path: str) -> None:
    page = f"{path}/sections/money"
    answer = sent(member, page, mark=_mark(member, page), raising_min="a lot", raising_max="2 M", currency="MAD")
    assert answer.status_code == 422
    assert "Please write an amount" in said(answer)
    assert 'value="a lot"' in answer.text
    answer = sent(member, page, mark=_mark(member, page), raising_min="3 M", raising_max="2 M", currency="MAD")
    assert answer.status_code == 422
    assert "must not be smaller" in said(answer)
    page = f"{path}/sections/identity"
    answer = sent(member, page, mark=_mark(member, page), company_number="123", website="no address", founded="3000")
    for text in ("not complete, or a digit", "Please write a web address", "Please write a year"):
        assert text in said(answer)
    page = f"{path}/sections/team"
    answer = sent(member, page, mark=_mark(member, page), export_markets="France, Atlantis", sdgs=["1", "2", "3", "4"])
    for text in ("Nobody knows this place: Atlantis", "Please choose at most 3", "France, Atlantis"):
        assert text in said(answer)
    page = f"{path}/sections/milestones"
    answer = sent(
        member, page, mark=_mark(member, page), **{"milestones-0-on": "2026-02-30", "milestones-0-text_en": "X"}
    )
    assert "Please write a day" in said(answer)
    answer = sent(member, page, mark=_mark(member, page), **{"milestones-0-text_en": "Without a day"})
    assert "Please fill this in" in said(answer)
    assert "Without a day" in answer.text


def test_rows_are_added_changed_and_removed(session: Session, member: FlaskClient, path: str) -> None:
    page = f"{path}/sections/milestones"
    rows = {"milestones-0-on": "2026-02-03", "milestones-0-text_fr": "Première vente.", "milestones-1-source": ""}
    assert sent(member, page, mark=_mark(member, page), **rows).status_code == 303
    assert session.scalars(select(Revision)).one().changes["milestones"] == [
        {"on": "2026-02-03", "text": {"fr": "Première vente."}}
    ]
    assert "Première vente." in opened(member, page).text
    emptied = {"milestones-0-on": "", "milestones-0-text_fr": "", "milestones-0-text_ar": "", "milestones-0-source": ""}
    sent(member, page, mark=_mark(member, page), **emptied)
    session.expire_all()
    assert session.scalars(select(Revision)).one().changes == {}


def test_of_two_editors_the_second_sees_the_difference_and_may_go_on(
    app: Flask, session: Session, member: FlaskClient, path: str, startup: Startup
) -> None:
    other = make_account(person=make_person(name="Ada Berrada"))
    join(other, startup)
    mark = _mark(member, f"{path}/sections/texts")
    _texts(signed_in(app, other), path, **{"pitch.en": "Wind mills."})
    answer = _texts(member, path, mark)
    assert answer.status_code == 409
    assert "Ada Berrada saved this page" in said(answer)
    assert "Solar lamps for farms." in said(answer)
    assert "Wind" in said(answer)
    again = answer.text.split('name="mark"')[1].split('value="')[1].split('"')[0]
    assert _texts(member, path, again).status_code == 303
    session.expire_all()
    assert session.scalars(select(Revision)).one().changes["pitch"]["en"] == "Solar lamps for farms."


def test_autosave_answers_with_the_new_mark_and_saves_what_can_be_read(
    session: Session, member: FlaskClient, path: str
) -> None:
    page = f"{path}/sections/money"
    first = _mark(member, page)
    answer = sent(member, f"{page}/autosave", page=page, mark=first, raising_min="x", raising_max="2 M")
    assert answer.status_code == 200
    assert "but for what cannot be read" in answer.json["text"]
    assert session.scalars(select(Revision)).one().changes == {"raising_max": 2_000_000, "currency": "MAD"}
    values = {"raising_min": "1 M", "raising_max": "2 M"}
    late = sent(member, f"{page}/autosave", page=page, mark=first, **values)
    assert late.status_code == 409
    assert sent(member, f"{page}/autosave", page=page, mark=answer.json["mark"], **values).status_code == 200
    forget_request()
    assert member.post(f"{page}/autosave", data=values).status_code == 400


def test_outsiders_learn_nothing(
    app: Flask, session: Session, make_startup: Maker, path: str, member: FlaskClient, startup: Startup
) -> None:
    _texts(member, path)
    account = make_account()
    own = make_startup()
    join(account, own)
    outsider = signed_in(app, account)
    for page in ("", "/sections/texts", "/logo", "/preview", "/changes", "/history", "/discard"):
        assert opened(outsider, path + page).status_code == 404
        assert opened(app.test_client(), path + page).status_code == 303
    form = f"/en/my/startup/{own.slug}/profile"
    for act in (
        "submit",
        "take-back",
        "discard",
        "confirm",
        "logo/remove",
        "sections/texts",
        "sections/texts/autosave",
    ):
        assert sent(outsider, f"{path}/{act}", page=form).status_code == 404
    for act in ("publish", "verify"):
        assert sent(outsider, f"{path}/{act}", page=form).status_code == 403
        assert sent(member, f"{path}/{act}", page=path).status_code == 403
    session.expire_all()
    assert session.scalars(select(Revision)).one().state == RevisionState.DRAFT
    assert startup.verified_on is None


def test_a_page_that_the_profile_does_not_have_is_not_found(member: FlaskClient, path: str) -> None:
    for section in ("seeks", "portfolio", "logo", "nothing"):
        assert opened(member, f"{path}/sections/{section}").status_code == 404


def test_a_draft_says_what_is_missing(session: Session, member: FlaskClient, path: str, startup: Startup) -> None:
    startup.state, startup.published_at, startup.pitch = PublicationState.DRAFT, None, {}
    startup.set_terms("sectors", [])  # type: ignore[arg-type]
    session.commit()
    assert "this is missing: In one sentence, Sectors" in said(opened(member, path))
    sent(member, f"{path}/submit", page=path)
    assert "this is missing: In one sentence, Sectors." in said(opened(member, path))


def test_a_logo_goes_with_the_changes_and_is_served_for_a_year(
    session: Session, member: FlaskClient, path: str, startup: Startup
) -> None:
    answer = sent(member, f"{path}/logo", picture=(io.BytesIO(picture()), "logo.png"))
    assert answer.status_code == 303
    name = session.scalars(select(Revision)).one().changes["logo"]
    file = opened(member, f"/logos/{name}")
    assert (file.status_code, file.mimetype) == (200, "image/webp")
    assert "immutable" in file.headers["Cache-Control"]
    file.close()
    assert name in opened(member, f"{path}/preview").text
    assert startup.logo is None
    hostile = sent(member, f"{path}/logo", picture=(io.BytesIO(b"<svg onload=alert(1)>"), "logo.png"))
    assert hostile.status_code == 422
    assert "not a picture that we can read" in said(hostile)
    assert sent(member, f"{path}/logo").status_code == 422
    assert sent(member, f"{path}/logo/remove", page=path).status_code == 303
    session.expire_all()
    assert session.scalars(select(Revision)).one().changes == {}
    assert opened(member, "/logos/none.webp").status_code == 404


def test_staff_publish_verify_and_go_back(session: Session, staff: FlaskClient, path: str, startup: Startup) -> None:
    _texts(staff, path)
    assert sent(staff, f"{path}/publish", page=path).status_code == 303
    session.expire_all()
    assert startup.pitch["en"] == "Solar lamps for farms."
    assert sent(staff, f"{path}/verify").status_code == 422
    evidence = "Register of commerce\nhttps://register.example/42"
    assert sent(staff, f"{path}/verify", evidence=evidence).status_code == 303
    revision = session.scalars(select(Revision).order_by(Revision.id)).first()
    assert revision is not None
    history = said(opened(staff, f"{path}/history"))
    assert "1 field changed" in history
    assert "Verified by the park. Verified against Register of commerce https://register.example/42" in history
    assert sent(staff, f"{path}/history/{revision.id}/go-back", page=path).status_code == 303
    session.expire_all()
    assert startup.pitch["en"] == "Solar lamps."
    assert startup.verified_on is not None


def test_members_go_back_through_review_and_do_not_learn_which_of_the_staff_published(
    app: Flask, session: Session, member: FlaskClient, path: str, startup: Startup
) -> None:
    _texts(signed_in(app, make_account(NetworkRole.STAFF, person=make_person(name="Youssef Park"))), path)
    _texts(member, path, **{"pitch.en": "Lamps."})
    staff = signed_in(app, make_account(NetworkRole.STAFF, person=make_person(name="Hidden Name")))
    sent(staff, f"{path}/publish", page=path)
    history = said(opened(member, f"{path}/history"))
    assert "published by the park" in history
    assert "Hidden Name" not in history
    revision = session.scalars(select(Revision).order_by(Revision.id)).first()
    assert revision is not None
    sent(member, f"{path}/history/{revision.id}/go-back", page=path)
    session.expire_all()
    assert startup.pitch["en"] == "Lamps."
    assert "Changes not yet sent" in said(opened(member, path))
    assert sent(member, f"{path}/discard").status_code == 303
    assert "Changes not yet sent" not in said(opened(member, path))


def test_confirming_dates_the_profile(session: Session, member: FlaskClient, path: str, startup: Startup) -> None:
    assert sent(member, f"{path}/confirm", page=path).status_code == 303
    session.expire_all()
    assert startup.confirmed_on is not None
    assert abs((utc_now().date() - startup.confirmed_on).days) <= 1


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_pages_speak_the_language_of_their_address(member: FlaskClient, path: str, language: str) -> None:
    _texts(member, path)
    there = path.replace("/en/", f"/{language}/")
    for page in ("", "/sections/texts", "/sections/identity", "/changes", "/history", "/preview", "/logo", "/discard"):
        assert opened(member, there + page).status_code == 200
