"""Every list and table goes out as CSV, XLSX and JSON lines: as many rows as the page says, in each of them."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts import join, make_account, make_person, signed_in
from tests.applications import make_sent
from tests.challenges import make_answered
from tests.days import make_day
from tests.introductions import PLANTED, Pair, make_pair
from tests.pages import opened
from tests.visiting import Visited
from webapp.models import (
    Challenge,
    ChallengeState,
    Claim,
    Cohort,
    DayState,
    ImportRun,
    IntroductionState,
    MailState,
    Match,
    MatchmakingDay,
    NetworkRole,
    Nonconformity,
    OutgoingMail,
    Pulse,
    PulseAnswer,
    Residency,
    ResidencyEventKind,
    Revision,
    RevisionState,
    SavedSearch,
    Site,
    UnknownTerm,
    utc_now,
)
from webapp.permissions import SYSTEM
from webapp.services.cluster_release import release_current
from webapp.services.indexing import rebuild_index
from webapp.services.residency import EventDraft, record_residency
from webapp.web.marks import today
from webapp.web.site import current_search

Maker = Callable[..., Any]
Count = Callable[[Visited], int | None]

FORMS = ("csv", "xlsx", "jsonl")


def entries(page: Visited) -> int:
    return page.entries


def marked(pattern: str) -> Count:
    """How often something stands in a page's markup."""
    return lambda page: len(re.findall(pattern, page.html))


def anything(page: Visited) -> None:
    """A page of figures says more than one table; its formats have to agree."""


LISTS: Mapping[str, tuple[str, Count]] = {
    "/en/startups": ("nobody", entries),
    "/en/startups?sector=agritech": ("nobody", entries),
    "/en/partners": ("nobody", entries),
    "/en/challenges": ("nobody", marked(r"<h3\b")),
    "/en/compare?startup=tazrii&startup=baraka": ("nobody", anything),
    "/en/regions": ("nobody", anything),
    "/en/regions/MA-09": ("nobody", anything),
    "/en/sectors/agritech": ("nobody", anything),
    "/en/network": ("nobody", anything),
    "/en/my/startup/{startup}/matches": ("founder", marked(r"data-match")),
    "/en/introductions": ("founder", marked(r"/en/introductions/(?!list)[^\"/?]+\"")),
    "/en/introductions?box=out&standing=waiting-for-answer": (
        "founder",
        marked(r"/en/introductions/(?!list)[^\"/?]+\""),
    ),
    "/en/my/searches": ("founder", marked(r"<article")),
    "/en/my/days/{day}": ("founder", marked(r"<tr>\s*<th scope=\"row\"")),
    "/en/my/challenges/atlas-farms/less-water": ("investor", marked(r"person-name")),
    "/en/administration/accounts": ("administrator", marked(r"/en/administration/accounts/\d+\"")),
    "/en/administration/accounts?q=zahra": ("administrator", marked(r"/en/administration/accounts/\d+\"")),
    "/en/staff/imports/unknown": ("staff", marked(r"/en/staff/imports/unknown/\d+\"")),
    "/en/staff/imports/unknown?ignored=yes": ("staff", marked(r"/en/staff/imports/unknown/\d+/ignore")),
    "/en/staff/duplicates": ("staff", marked(r"class=\"twin-pair\"")),
    "/en/staff/duplicates?of=partner": ("staff", marked(r"class=\"twin-pair\"")),
    "/en/staff/days/{day}": ("staff", marked(r"<th scope=\"row\"")),
    "/en/staff/days/{day}/timetable": ("staff", marked(r"/meetings/\d+\"")),
    "/en/staff/days/{day}/timetable?side=startups": ("staff", marked(r"/meetings/\d+\"")),
    "/en/staff/introductions/all": ("staff", marked(r"/en/staff/introductions/(?!all|figures|propose)[^\"/.]+\"")),
    "/en/staff/introductions/figures": ("staff", anything),
    "/en/staff/residency": ("staff", marked(r"/en/staff/residency/startups?/")),
    "/en/staff/residency/renewals": ("staff", marked(r"kind=renewed")),
    "/en/staff/residency/occupancy": ("staff", anything),
    "/en/staff/residency/pulse": ("staff", marked(r"/en/staff/residency/startups/[^\"/?]+\"")),
    "/en/staff/applications": ("staff", marked(r"person-name")),
    "/en/staff/applications?state=all&site=casablanca": ("staff", marked(r"person-name")),
    "/en/staff/cohorts": ("staff", marked(r"person-name")),
    "/en/staff/mail": ("staff", marked(r"<li>\s*<div>\s*<h2")),
    "/en/staff/claims": ("staff", marked(r"person-name")),
    "/en/staff/reviews": ("staff", marked(r"person-name")),
    "/en/staff/challenges": ("staff", marked(r"person-name")),
    "/en/staff/imports": ("staff", marked(r"person-name")),
    "/en/staff/audit": ("staff", anything),
    "/en/staff/quality": ("staff", anything),
    "/en/staff/quality/nonconformities": ("staff", marked(r"/en/staff/quality/nonconformities/(?!new)[^\"/]+\"")),
    "/en/staff/stale": ("staff", marked(r"/en/staff/stale/partner/[^/]+/vouch")),
}
"""Address of a page -> who reads it, and how many rows it says to have."""


@pytest.fixture
def pair(app: Flask, session: Session, make_startup: Maker, make_partner: Maker) -> Pair:
    """A small network with something on every list."""
    pair = make_pair(session, make_startup, make_partner)
    pair.at(IntroductionState.SENT)
    for name in ("Tazrii", "Baraka"):
        make_startup(name, slug=name.lower(), sectors=["agritech"], site="agadir")
    company = make_partner("Water Works", slug="water-works", kind="corporate")
    terms = {"title": {"en": "=Leaks"}, "problem": {"en": "Water is lost."}, "deadline": today() + timedelta(days=5)}
    session.add(Challenge(partner=company, slug="leaks", state=ChallengeState.OPEN, **terms))
    explanation = [{"code": "same-sector", "weight": 0.1, "values": {"codes": ["agritech"]}}]
    ids = {"startup_id": pair.startup.id, "partner_id": pair.partner.id, "startup_rank": 1, "partner_rank": 1}
    session.add(Match(score=0.5, explanation=explanation, **ids))
    fill(session, pair, make_partner)
    keep_staff_busy(session, make_startup)
    session.commit()
    rebuild_index(session, current_search().startups)
    rebuild_index(session, current_search().partners)
    release_current(session, today())
    session.commit()
    return pair


def fill(session: Session, pair: Pair, make_partner: Maker) -> None:
    """What members keep and are told, and what staff and administrators have to decide on."""
    founder = pair.accounts["founder"].person
    pair.accounts["administrator"] = make_account(NetworkRole.ADMINISTRATOR, person=make_person(name="=Zahra"))
    session.add(
        SavedSearch(person=founder, name="@Farms", noun="startup", parameters={"q": "olives"}, seen=[], told=[])
    )
    for text, ignored_at in (("=plumbing", None), ("masonry", None), ("joinery", utc_now())):
        session.add(UnknownTerm(kind="sector", text=text, source="list", ignored_at=ignored_at))
    twin = make_partner("Sahel Fund", slug="sahel-again")
    twin.verified_on = today() - timedelta(days=800)
    text = "Told to wait."
    session.add(Nonconformity(reference="nc-1", subject="=Late", description=text, found_on=today()))
    company = make_partner("Atlas Farms", slug="atlas-farms", kind="corporate")
    join(pair.accounts["investor"], company)
    (answer,) = make_answered(session, pair.startup, company).answers
    answer.person, answer.text = founder, "=We would measure it."
    make_day(session, pair.startup, company).participants[0].person = founder


def keep_staff_busy(session: Session, make_startup: Maker) -> None:
    """A lease that ends, alumni that were asked, applications, a cohort, and a mail that came back."""
    site = session.scalars(select(Site).where(Site.code == "rabat")).one()
    begun, ends = today() - timedelta(days=700), today() + timedelta(days=9)
    entry = EventDraft(begun, ResidencyEventKind.ENTERED, site, until=ends)
    record_residency(session, SYSTEM, make_startup("=Leased"), entry, today=today())
    gone = make_startup("@Gone", residency=Residency.ALUMNI)
    session.add(Pulse(startup=gone, year=today().year, answer=PulseAnswer.ACTIVE, answered_at=utc_now()))
    make_sent(session, pages={"project": {"name_latin": "=Sail"}})
    make_sent(session, site="rabat")
    days = {"opens_on": begun, "closes_on": ends}
    session.add(Cohort(code="spring", names={"en": "=Spring", "fr": "Printemps", "ar": "الربيع"}, **days))
    session.add(Claim(startup=gone, person=make_person(), position="=CEO", statement="Ask me."))
    changes = {"website": "https://new.example"}
    session.add(
        Revision(startup=gone, state=RevisionState.SUBMITTED, changes=changes, before={}, submitted_at=utc_now())
    )
    session.add(ImportRun(reference="run-1", filename="=list.csv", mapping={}, report={"rows": 3}))
    mail: dict[str, Any] = {"kind": "claim-approved", "language": "en", "values": {}, "error": "=mailbox full"}
    session.add(OutgoingMail(message_id="<1@x>", address="@full@mail.example", state=MailState.FAILED, **mail))


def reader(app: Flask, pair: Pair, who: str) -> FlaskClient:
    return app.test_client() if who == "nobody" else signed_in(app, pair.accounts[who])


def number_of_rows(client: FlaskClient, address: str) -> int:
    """How many rows a file holds beside its heading, and that it gives away no contact details."""
    with opened(client, address) as response:
        assert response.status_code == 200, address
        assert "attachment" in response.headers["Content-Disposition"]
        content = response.data
    form = address.partition("?")[0].rpartition(".")[2]
    if form == "xlsx":
        sheet = load_workbook(io.BytesIO(content)).active
        assert sheet is not None
        return sheet.max_row - 1
    text = content.decode("utf-8-sig")
    assert not any(detail in text for details in PLANTED.values() for detail in details), address
    if form == "csv":
        cells = list(csv.reader(io.StringIO(text)))
        assert not any(re.match(r"[=@]", cell) for row in cells for cell in row), address
        return len(cells) - 1
    return len([json.loads(line) for line in text.splitlines()])


@pytest.mark.parametrize("path", LISTS)
def test_a_list_is_offered_in_three_formats_with_the_rows_that_its_page_says(app: Flask, pair: Pair, path: str) -> None:
    who, count = LISTS[path]
    client = reader(app, pair, who)
    day = pair.session.scalars(select(MatchmakingDay)).one()
    page = Visited(opened(client, path.format(startup=pair.startup.slug, day=day.code)))
    assert page.status == 200
    files = {form: [link for link in page.links if re.search(rf"\.{form}(\?|$)", link)] for form in FORMS}
    assert all(files.values()), (path, files)
    numbers = {form: number_of_rows(client, links[0]) for form, links in files.items()}
    assert len(set(numbers.values())) == 1, numbers
    said = count(page)
    assert said is None or numbers["csv"] == said > 0


def test_vacancies_are_worked_out_with_the_chance_that_the_page_was_asked_for(app: Flask, pair: Pair) -> None:
    staff = reader(app, pair, "staff")
    page = Visited(opened(staff, "/en/staff/residency/occupancy?renewal=0"))
    (link,) = [each for each in page.links if "vacancies.jsonl" in each]
    rows = {row["site"]: row for row in records_of(staff, link)}
    assert (rows["rabat"]["renewal_percent"], rows["rabat"]["vacant_3_months"]) == (0, 1)
    assert records_of(staff, link.replace("renewal=0", "renewal=100"))[0]["vacant_12_months"] == 0


def test_the_file_of_applications_names_no_applicant(app: Flask, pair: Pair) -> None:
    rows = records_of(reader(app, pair, "staff"), "/en/staff/applications/list.jsonl")
    assert {row["name"] for row in rows} == {"=Sail", "Tarqim"}
    assert "Rim" not in str(rows)
    assert "@" not in str(rows)


@pytest.mark.parametrize("who", ["founder", "investor", "stranger", "staff"])
def test_the_file_of_own_introductions_says_of_a_decline_what_each_side_may_read(
    app: Flask, session: Session, make_startup: Maker, make_partner: Maker, who: str
) -> None:
    pair = make_pair(session, make_startup, make_partner)
    pair.at(IntroductionState.DECLINED)
    session.commit()
    text = records_of(reader(app, pair, who), "/en/introductions/list.jsonl")
    assert [row["standing"] for row in text] == {"founder": ["not-this-time"], "investor": ["declined"]}.get(who, [])
    assert "Secret reason" not in str(text)


@pytest.mark.parametrize("who", ["investor", "stranger"])
def test_the_file_of_own_introductions_has_none_that_is_not_passed_on(
    app: Flask, session: Session, make_startup: Maker, make_partner: Maker, who: str
) -> None:
    pair = make_pair(session, make_startup, make_partner)
    pair.at(IntroductionState.SUBMITTED)
    session.commit()
    assert records_of(reader(app, pair, who), "/en/introductions/list.jsonl") == []


def test_the_file_of_saved_searches_has_ones_own_alone(app: Flask, pair: Pair) -> None:
    assert [row["name"] for row in records_of(reader(app, pair, "founder"), "/en/my/searches/list.jsonl")] == ["@Farms"]
    assert records_of(reader(app, pair, "investor"), "/en/my/searches/list.jsonl") == []


def test_a_day_that_was_called_off_has_no_timetable_as_file(app: Flask, pair: Pair) -> None:
    day = pair.session.scalars(select(MatchmakingDay)).one()
    client = reader(app, pair, "founder")
    assert len(records_of(client, f"/en/my/days/{day.code}/timetable.jsonl")) == 1
    day.state = DayState.CANCELLED
    pair.session.commit()
    assert records_of(client, f"/en/my/days/{day.code}/timetable.jsonl") == []
    assert "timetable.jsonl" not in Visited(opened(client, f"/en/my/days/{day.code}")).html


def records_of(client: FlaskClient, address: str) -> list[dict[str, Any]]:
    with opened(client, address) as response:
        assert response.status_code == 200
        return [json.loads(line) for line in response.get_data(as_text=True).splitlines()]
