"""Whose object it is decides: a founder of another startup, an investor who was not asked, an authority, a visitor.

Every route with an argument is tried by everybody, with all its methods; a blueprint that is not classified here fails.
The permission that a route asks for at all is in ``tests/test_access_matrix.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from tests.accounts import join, make_account, make_person, signed_in
from tests.challenges import make_answered
from tests.days import make_day
from tests.introductions import Pair, make_pair
from webapp.models import (
    Claim,
    EvidenceFile,
    IntroductionState,
    Membership,
    MembershipRole,
    NetworkRole,
    Revision,
    RevisionState,
    SavedSearch,
    Shortlist,
    ShortlistEntry,
    utc_now,
)
from webapp.services.actors import actor_of
from webapp.services.api_tokens import Scope, make_token

Maker = Callable[..., Any]

PUBLIC = {
    "static",
    "security",
    "pages",
    "directory",
    "partners",
    "clusters",
    "comparison",
    "open_data",
    "matchmaking_days",
    "suggestions",
    "api",
    "system",
    "privacy",
    "development",
    "mail_links",
    "applications",
    "short_links",
    "sharing",
}
"""Blueprints whose pages belong to nobody in particular, or whose addresses carry a signature."""
OF_ORGANISATIONS = {"profiles", "organisations", "matches"}
OF_INTRODUCTIONS = {"introductions"}
OF_STAFF = {
    "matchmaking",
    "admissions",
    "cohorts",
    "challenge_reviews",
    "triage",
    "claims",
    "reviews",
    "mailroom",
    "desk",
    "audit",
    "quality",
    "stale_profiles",
    "residents",
    "duplicates",
    "bulk_edits",
    "imports",
    "pack",
}
OF_CHALLENGES = {"own_challenges", "challenges"}
"""Of a company and its challenge, and of the startup that answered it; the list and the challenge itself are public."""
OF_DAYS = {"timetables"}
"""Of a matchmaking day, for those who act for somebody who comes to it; staff have pages of their own."""
OF_ADMINISTRATORS = {"administration"}
OF_ONE_PERSON = {"saved_searches", "shortlists", "api_tokens"}
"""What somebody keeps for themselves, with the number of it in the address."""
OF_SENDERS = {"evidence"}
"""Of whoever attached a file; staff receive it, and leave it where it is."""
OF_EACH = {"account"}
"""What each has for themselves; nothing in the address says whose it is."""

FOR_EVERYBODY = {
    "profiles.logo_file",
    "organisations.claim",
    "organisations.withdraw_claim",
    "introductions.introductions_file",
    "saved_searches.save",
    "saved_searches.searches_file",
    "shortlists.add",
    "challenges.challenge",
    "challenges.challenges_file",
    "challenges.choose",
}
"""Routes that whoever is signed in may use: a logo is public, anybody may claim, keep and search for a profile, and
each gets a file of their own introductions and searches."""

LEADS_AWAY = {("POST", "organisations.remove")}
"""Whoever just left presses the button a second time: they are led to their own pages, and nothing is done."""

OUTSIDERS = ("visitor", "stranger", "authority")
REFUSED = {403, 404}
TO_SIGN_IN = 303


@dataclass
class World:
    """A startup and a partner with a request between them, and everybody who might come by."""

    app: Flask
    pair: Pair
    arguments: dict[str, Any]

    def browser(self, who: str) -> FlaskClient:
        """The browser of somebody."""
        return self.app.test_client() if who == "visitor" else signed_in(self.app, self.pair.accounts[who])

    def address(self, rule: Rule, noun: str = "startup") -> str | None:
        """An address of a rule; nothing if it has no argument that could belong to somebody."""
        if not rule.arguments - {"lang"}:
            return None
        organisation = self.pair.startup if noun == "startup" else self.pair.partner
        slug = self.arguments["challenge"] if group_of(rule) in OF_CHALLENGES else organisation.slug
        values = {**self.arguments, "noun": noun, "slug": slug, "lang": "en"}
        with self.app.test_request_context():
            return self.app.url_map.bind("localhost").build(
                rule.endpoint,
                {name: values[name] for name in rule.arguments},
                method=next(iter(rule.methods or ()), None),
            )


@pytest.fixture
def world(app: Flask, session: Session, make_startup: Maker, make_partner: Maker) -> World:
    app.config["WTF_CSRF_ENABLED"] = False
    pair = make_pair(session, make_startup, make_partner)
    introduction = pair.at(IntroductionState.SUBMITTED)
    pair.accounts["editor"] = make_account()
    pair.accounts["authority"] = make_account(NetworkRole.AUTHORITY)
    membership = join(pair.accounts["editor"], pair.startup, MembershipRole.EDITOR)
    claim = Claim(
        startup_id=make_startup("Unclaimed").id, person_id=make_person().id, statement="Mine", position="Boss"
    )
    revision = Revision(startup_id=pair.startup.id, state=RevisionState.SUBMITTED, changes={}, before={})
    founder = pair.accounts["founder"].person_id
    saved = SavedSearch(person_id=founder, name="Water", noun="startup", parameters={}, seen=[], told=[])
    shortlist = Shortlist(person_id=founder, name="Water")
    shortlist.entries = [ShortlistEntry(partner_id=pair.partner.id)]
    token, _ = make_token(
        session, actor_of(session, pair.accounts["founder"]), name="Mine", scopes=list(Scope), days=30, now=utc_now()
    )
    session.add_all([claim, revision, saved, shortlist])
    session.flush()
    file = EvidenceFile(name="proof.pdf", kind="pdf", size=4, content=b"%PDF", revision_id=revision.id)
    file.person_id = founder
    session.add(file)
    session.flush()
    day = make_day(session, pair.startup, pair.partner)
    challenge = make_answered(session, pair.startup, make_partner("Atlas Farms", kind="corporate"))
    arguments = {
        "challenge": challenge.slug,
        "partner": challenge.partner.slug,
        "startup": pair.startup.slug,
        "code": day.code,
        "participant_id": day.participants[0].id,
        "meeting_id": day.meetings[0].id,
        "slot": 0,
        "action": "plan",
        "cohort": "spring",
        "reference": introduction.reference,
        "move": "withdraw",
        "day": 14,
        "section": "texts",
        "other": pair.partner.slug,
        "name": "0123456789abcdef.webp",
        "membership_id": membership.id,
        "invitation_id": 1,
        "event_id": 1,
        "claim_id": claim.id,
        "revision_id": revision.id,
        "mail_id": 1,
        "row_id": 1,
        "term_id": 1,
        "search_id": saved.id,
        "token_id": token.id,
        "shortlist_id": shortlist.id,
        "entry_id": shortlist.entries[0].id,
        "form": "csv",
        "kept_id": pair.startup.id,
        "gone_id": claim.startup_id,
        "file": file.reference,
        "account_id": pair.accounts["founder"].id,
    }
    session.commit()
    return World(app, pair, arguments)


def group_of(rule: Rule) -> str:
    return rule.endpoint.partition(".")[0]


def rules(app: Flask, groups: set[str]) -> list[Rule]:
    found = [
        rule for rule in app.url_map.iter_rules() if group_of(rule) in groups and rule.endpoint not in FOR_EVERYBODY
    ]
    return [rule for rule in found if rule.arguments - {"lang"}]


def tried(world: World, who: str, groups: set[str], noun: str = "startup") -> dict[tuple[str, str], int]:
    """What somebody gets of every route of some blueprints: (method, endpoint) -> status."""
    browser = world.browser(who)
    statuses = {}
    for rule in rules(world.app, groups):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            answer = browser.open(world.address(rule, noun), method=method)
            statuses[method, rule.endpoint] = answer.status_code
    return statuses


def is_refused(what: tuple[str, str], status: int, who: str) -> bool:
    """Whether somebody got nothing of what they asked for."""
    return status in REFUSED or (status == TO_SIGN_IN and (who == "visitor" or what in LEADS_AWAY))


def count_memberships(world: World) -> int:
    world.pair.session.expire_all()
    return len(world.pair.session.scalars(select(Membership)).all())


def test_every_blueprint_is_classified(app: Flask) -> None:
    known = (
        PUBLIC
        | OF_ORGANISATIONS
        | OF_INTRODUCTIONS
        | OF_STAFF
        | OF_CHALLENGES
        | OF_DAYS
        | OF_ADMINISTRATORS
        | OF_ONE_PERSON
        | OF_SENDERS
        | OF_EACH
        | {"development_entrance"}
    )
    assert {group_of(rule) for rule in app.url_map.iter_rules()} <= known


@pytest.mark.parametrize("noun", ["startup", "partner"])
@pytest.mark.parametrize("who", OUTSIDERS)
def test_outsiders_reach_nothing_of_an_organisation(world: World, who: str, noun: str) -> None:
    before = count_memberships(world)
    for what, status in tried(world, who, OF_ORGANISATIONS, noun).items():
        assert is_refused(what, status, who), (what, status)
    assert count_memberships(world) == before


def test_a_founder_reaches_nothing_of_the_other_side(world: World) -> None:
    for what, status in tried(world, "founder", OF_ORGANISATIONS, "partner").items():
        assert is_refused(what, status, "founder"), (what, status)


@pytest.mark.parametrize("who", [*OUTSIDERS, "investor"])
def test_an_introduction_is_seen_by_its_sides_alone_and_by_the_asked_one_not_before_it_was_asked(
    world: World, who: str
) -> None:
    for what, status in tried(world, who, OF_INTRODUCTIONS).items():
        assert is_refused(what, status, who), (what, status)


@pytest.mark.parametrize("who", [*OUTSIDERS, "founder", "investor"])
def test_challenges_and_answers_are_worked_on_by_their_own_sides_alone(world: World, who: str) -> None:
    statuses = tried(world, who, OF_CHALLENGES)
    assert len(statuses) > 10
    for what, status in statuses.items():
        own = who == "founder" and what[1].startswith("challenges.")
        assert own or is_refused(what, status, who), (what, status)


@pytest.mark.parametrize("who", [*OUTSIDERS, "staff"])
def test_timetables_are_for_those_who_come(world: World, who: str) -> None:
    statuses = tried(world, who, OF_DAYS)
    assert len(statuses) == 5
    for what, status in statuses.items():
        assert is_refused(what, status, who), (what, status)


@pytest.mark.parametrize("who", [*OUTSIDERS, "editor", "staff"])
def test_what_somebody_keeps_is_theirs_alone(world: World, who: str) -> None:
    statuses = tried(world, who, OF_ONE_PERSON)
    assert len(statuses) > 10
    for what, status in statuses.items():
        own = what[1] == "saved_searches.save_matches" and who in ("editor", "staff")
        assert own or is_refused(what, status, who), (what, status)
    assert world.pair.session.scalars(select(SavedSearch)).all()
    assert world.pair.session.scalars(select(ShortlistEntry)).all()


@pytest.mark.parametrize("who", [*OUTSIDERS, "editor", "investor", "staff"])
def test_attached_files_are_received_by_their_sender_and_staff_and_taken_away_by_their_sender_alone(
    world: World, who: str
) -> None:
    statuses = tried(world, who, OF_SENDERS)
    assert len(statuses) == 4
    for what, status in statuses.items():
        received = who == "staff" and what == ("GET", "evidence.file") and status == 200
        assert received or is_refused(what, status, who), (what, status)
    assert world.pair.session.scalars(select(EvidenceFile)).all()


@pytest.mark.parametrize("who", [*OUTSIDERS, "founder", "investor"])
def test_only_staff_do_the_work_of_staff(world: World, who: str) -> None:
    for what, status in tried(world, who, OF_STAFF | OF_ADMINISTRATORS).items():
        assert status == 403 or (who == "visitor" and status == TO_SIGN_IN), (what, status)


def test_staff_do_not_decide_who_works_for_the_network(world: World) -> None:
    for what, status in tried(world, "staff", OF_ADMINISTRATORS).items():
        assert status == 403, (what, status)


def test_editors_do_not_decide_about_members(world: World) -> None:
    statuses = tried(world, "editor", {"organisations"})
    changing = {what: status for what, status in statuses.items() if what[0] == "POST"}
    assert len(changing) > 3
    for what, status in changing.items():
        # Of their own membership they decide themselves; here it is asked whether they mean it.
        assert status in REFUSED or what[1] in ("organisations.discard", "organisations.remove"), (what, status)
    assert count_memberships(world) == 3
