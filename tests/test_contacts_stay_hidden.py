"""Nobody reads how to reach somebody before both sides of an introduction agreed.

People with names, addresses and numbers of their own are planted on both sides of a request; then every address of the
site is opened in every role, every mail is put into words, and the log is read. What somebody planted is in may only
be where ``ALLOWED`` says. A new route is walked by itself; one with a parameter that ``World.parameters`` does not
know fails until somebody says what to open.
"""

from __future__ import annotations

import io
import logging
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from itertools import product
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import BuildError, Rule

from tests.accounts import join, make_account, make_person, signed_in
from tests.challenges import make_answered
from tests.days import make_day
from tests.evidence import PDF
from tests.introductions import times
from webapp.config import Settings
from webapp.logs import configure_logging
from webapp.models import (
    Account,
    Application,
    ApplicationState,
    BulkEdit,
    ChallengeAnswer,
    Claim,
    Cohort,
    EvidenceFile,
    Introduction,
    Invitation,
    MailState,
    MatchmakingDay,
    MembershipRole,
    NetworkRole,
    OutgoingMail,
    Partner,
    Region,
    ResidencyEvent,
    Revision,
    RevisionState,
    SavedSearch,
    Shortlist,
    ShortlistEntry,
    Site,
    Startup,
    UnknownTerm,
    utc_now,
)
from webapp.services.actors import actor_of
from webapp.services.api_tokens import Scope, make_token
from webapp.services.application_fields import Step
from webapp.services.applications import address_proof
from webapp.services.challenge_answers import move_answer
from webapp.services.challenge_moves import AnswerMove
from webapp.services.cluster_release import release_current
from webapp.services.import_running import check_run, import_run
from webapp.services.import_runs import choose_mapping, make_mapping, upload
from webapp.services.imports.mapping import FileOptions
from webapp.services.imports.proposing import columns_of
from webapp.services.introductions import Move, draft_introduction, move, save_draft
from webapp.services.mail import make_link, order_mail
from webapp.services.nonconformities import NonconformityDraft, open_nonconformity
from webapp.services.profile_fields import Section
from webapp.services.redirects import short_code
from webapp.web.mail import render_mail
from webapp.web.marks import today
from webapp.web.signed_links import application_token, calendar_token, link_token, unsubscribe_token

# Forms of Flask-Security are older than WTForms wants them.
pytestmark = pytest.mark.filterwarnings("ignore:Passing SelectField choices:DeprecationWarning")

Maker = Callable[..., Any]

LANGUAGE = "en"
NAME, MAIL, PHONE = "name", "mail", "phone"
WHO = ("founder", "colleague", "investor", "claimant", "stranger")
"""Those who are planted."""
ROLES = ("visitor", "stranger", "founder", "colleague", "investor", "claimant", "authority", "staff", "administrator")

NOT_WALKED: Mapping[str, str] = {
    "static": "files of the program",
    "security.static": "files of Flask-Security",
    "development": "exists outside production only, where developers read the mails; see test_development",
}
"""Endpoints and blueprints that are left out, and why."""

NOWHERE: Mapping[str, str] = {
    "security": "takes tokens that only its own mails hold",
    "introductions.calendar": "there is a meeting only once both sides agreed; walked afterwards",
    "profiles.logo_file": "nobody has uploaded a logo",
    "open_data.data_set": "the worker has not written it",
    "short_links": "lead on to the profile",
    "own_challenges.edit": "an open challenge is not edited any more",
    "bulk_edits.preview": "shows what a form asked for; without one it leads back",
    "clusters.regions_chart": "too few startups reside here for a chart",
    "clusters.region_chart": "the same",
    "clusters.sector_chart": "the same",
}
"""Endpoints and blueprints with parameters whose samples lead nowhere in this small world, and why."""

Planted = tuple[str, str]
"""Who, and what of them."""


def _both(who: str) -> set[Planted]:
    return {(who, NAME), (who, MAIL)}


def _all(who: str) -> set[Planted]:
    return {(who, NAME), (who, MAIL), (who, PHONE)}


ALLOWED: Mapping[str, set[Planted]] = {
    "visitor": set(),
    "authority": set(),
    "stranger": _all("stranger"),
    "founder": _all("founder") | _both("colleague"),
    "colleague": _all("colleague") | _both("founder"),
    "investor": _all("investor"),
    "claimant": _all("claimant"),
    # They check who belongs to whom; for calling people they have no reason.
    "staff": {planted for who in WHO for planted in _both(who)},
    "administrator": {planted for who in WHO for planted in _both(who)},
}
"""What each role may read anywhere: one's own, that of one's colleagues, and, of those who work for the network, names
and addresses."""

AFTER: Mapping[str, set[Planted]] = {
    "founder": _all("investor"),
    "colleague": _all("investor"),
    "investor": _all("founder"),
}
"""What each role reads more once both sides agreed: on the page of the introduction and in its calendar only."""
AFTER_WHERE = ("introductions.", "own_challenges.answer", "challenges.answer")
IN_LINKS = {("founder", NAME)}
"""An invitation says who sent it, to whoever holds the link of its mail."""
IN_APPLICATIONS: Mapping[str, set[Planted]] = {
    "applications.": _all("stranger"),
    "admissions.application": {("claimant", PHONE)},
}
"""What stands in applications for a place: all that the holder of its link wrote, for the holder; for staff, who decide
about it and are the only ones to come there, also the number that the applicant gave them."""
MAILS_AFTER = ("introduction-made", "meeting-")
"""Kinds of mail that may tell it to the other side then."""


@dataclass
class World:
    """Everybody and everything that the walk needs."""

    app: Flask
    session: Session
    accounts: dict[str, Account] = field(default_factory=dict)
    startup: Startup = field(init=False)
    partner: Partner = field(init=False)
    introduction: Introduction = field(init=False)
    day: MatchmakingDay = field(init=False)
    answer: ChallengeAnswer = field(init=False)
    application: Application = field(init=False)
    rows: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    references: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    """Of imports."""

    def needles(self) -> Iterator[tuple[Planted, str]]:
        """What to look for."""
        for number, who in enumerate(WHO):
            yield (who, NAME), f"Zz{who}qx"
            yield (who, MAIL), f"zz-{who}@planted"
            yield (who, PHONE), f"98765{number}"

    def parameters(self) -> dict[str, list[Any]]:
        """Argument of a route -> what to put there."""
        link = link_token(self.rows["link"])
        return {
            "lang": [LANGUAGE],
            "form": ["csv", "json", "jsonl", "svg", "ttl", "jsonld"],
            "part": [1],
            "section": list(Section)[:3],
            "name": ["0123456789abcdef.webp"],
            "chart": ["map", "years", "survival", "graduation", "graduation-at-best", "quadrants"],
            "code": ["MA-09", "software", self.day.code, short_code(self.startup.id), short_code(self.partner.id)],
            "kept_id": [self.startup.id],
            "slot": [0],
            "noun": ["startup", "partner"],
            "slug": [self.startup.slug, self.partner.slug, self.answer.challenge.slug],
            "partner": [self.answer.challenge.partner.slug],
            "startup": [self.startup.slug],
            "reference": [self.introduction.reference, self.application.reference, "bulk-edit", *self.references],
            "file": self.files,
            "step": list(Step),
            "cohort": ["spring"],
            "token": [
                calendar_token(self.accounts["founder"]),
                link,
                unsubscribe_token(self.accounts["founder"].person, "digest"),
                self.tokens["application"],
            ],
            **{name: [value] for name, value in self.rows.items()},
        }

    def browser(self, role: str) -> FlaskClient:
        """A browser in which somebody is signed in."""
        return self.app.test_client() if role == "visitor" else signed_in(self.app, self.accounts[role])


@pytest.fixture
def log(app: Flask, settings: Settings) -> Iterator[io.StringIO]:
    """What is logged meanwhile, everything from INFO on."""
    configure_logging(settings.model_copy(update={"log_level": "INFO"}))
    text = io.StringIO()
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(text)
    yield text
    configure_logging(settings)


@pytest.fixture
def world(app: Flask, session: Session, make_startup: Maker, make_partner: Maker) -> World:
    """A startup with a founder and a colleague, which asks an investor; a claimant; a stranger with another startup."""
    world = World(app, session)
    for number, who in enumerate(WHO):
        person = make_person(
            name=f"Zz{who}qx", email=f"zz-{who}@planted.example", phone=f"+212 98765{number}", position="Officer"
        )
        world.accounts[who] = make_account(person=person)
    region = session.scalars(sa.select(Region).where(Region.code == "MA-09")).one()
    world.accounts["authority"] = make_account(NetworkRole.AUTHORITY, region_id=region.id)
    world.accounts["staff"] = make_account(NetworkRole.STAFF)
    world.accounts["administrator"] = make_account(NetworkRole.ADMINISTRATOR)
    world.startup = make_startup("Tazrii", sectors=["agritech"], site="agadir")
    world.partner = make_partner("Sahel Fund", sectors=["agritech"])
    join(world.accounts["founder"], world.startup)
    colleague = join(world.accounts["colleague"], world.startup, MembershipRole.EDITOR)
    join(world.accounts["investor"], world.partner)
    join(world.accounts["stranger"], make_startup("Elsewhere"))
    _fill(world, make_startup("Unclaimed"))
    world.rows["membership_id"] = colleague.id
    world.rows["event_id"] = session.scalars(sa.select(ResidencyEvent.id).filter_by(startup_id=world.startup.id)).one()
    world.introduction = _ask(world)
    _apply(world)
    _plan(world)
    _import(world)
    _challenge(world, make_partner("Atlas Farms", kind="corporate"))
    release_current(session, today())
    session.commit()
    return world


def _import(world: World) -> None:
    """A list was imported; a row of it waits, and a word of it nobody knew. It came late, which staff wrote down."""
    session, staff = world.session, actor_of(world.session, world.accounts["staff"])
    run = upload(session, staff, "list.csv", b"Name,Sector\nNabd,plumbing\n,fintech\n")
    source = {"name": "list", "licence": "CC0", "attribution": "nobody", "key": ["Name"]}
    columns = columns_of({"Name": "name_latin", "Sector": "sectors"})
    choose_mapping(session, staff, run, make_mapping(source, columns, FileOptions()), version=run.version)
    check_run(session, staff, run, version=run.version, today=today())
    import_run(session, staff, run, publish=False, version=run.version, today=today())
    fresh = upload(session, staff, "fresh.csv", b"Name\nSahel\n")
    found = open_nonconformity(session, staff, NonconformityDraft("Late", "It was late.", today()), today=today())
    world.references += [run.reference, fresh.reference, found.reference]
    world.rows["row_id"] = run.rows[0].id
    world.rows["term_id"] = session.scalars(sa.select(UnknownTerm.id)).one()


def _plan(world: World) -> None:
    """Startup and partner meet on a matchmaking day; both have their timetables."""
    world.day = make_day(world.session, world.startup, world.partner)
    world.rows["participant_id"] = world.day.participants[0].id
    world.rows["meeting_id"] = world.day.meetings[0].id


def _challenge(world: World, company: Partner) -> None:
    """The investor also acts for a company whose challenge the founder has answered."""
    join(world.accounts["investor"], company)
    (world.answer,) = make_answered(world.session, world.startup, company).answers
    world.answer.person = world.accounts["founder"].person


def _fill(world: World, unclaimed: Startup) -> None:
    """Rows of all that people leave behind."""
    session, founder = world.session, world.accounts["founder"].person
    claim = Claim(person=world.accounts["claimant"].person, statement="I run it.", **Claim.columns_for(unclaimed))
    invitation = Invitation(
        email="invited@mail.example",
        role="editor",
        invited_by=founder,
        expires_at=utc_now() + timedelta(days=7),
        **Invitation.columns_for(world.startup),
    )
    change = {"pitch": {"en": "Water for olives."}}
    revision = Revision(
        state=RevisionState.SUBMITTED, changes=change, before={}, author=founder, submitted_at=utc_now(),
        **Revision.columns_for(world.startup),
    )  # fmt: skip
    session.add_all([claim, invitation, revision])
    session.flush()
    file = EvidenceFile(name="registration.pdf", kind="pdf", size=len(PDF), content=PDF, revision=revision)
    file.person = founder
    session.add(file)
    session.flush()
    world.files.append(file.reference)
    mail = order_mail(session, "claim-received", world.accounts["claimant"].person, {"claim_id": claim.id})
    assert mail is not None
    mail.state, mail.error = MailState.FAILED, "550 no such user"
    link = make_link(session, "invitation", invitation.id, person=founder, valid=timedelta(days=7))
    saved = SavedSearch(person=founder, name="Farms", noun="startup", parameters={}, seen=[], told=[])
    shortlist = Shortlist(person=founder, name="Funds", entries=[ShortlistEntry(partner_id=world.partner.id)])
    actor = actor_of(session, world.accounts["founder"])
    token, _ = make_token(session, actor, name="Calendar", scopes=list(Scope), days=30, now=utc_now())
    edit = BulkEdit(
        reference="bulk-edit",
        noun="startup",
        operation={"field": "verified_on", "action": "set", "value": ""},
        selection={},
        person_id=world.accounts["staff"].person_id,
    )
    session.add_all([saved, shortlist, edit])
    session.flush()
    world.rows = {
        "gone_id": unclaimed.id,
        "search_id": saved.id,
        "token_id": token.id,
        "shortlist_id": shortlist.id,
        "entry_id": shortlist.entries[0].id,
        "claim_id": claim.id,
        "invitation_id": invitation.id,
        "revision_id": revision.id,
        "mail_id": mail.id,
        "link": link.id,
        "account_id": world.accounts["stranger"].id,
    }


def _ask(world: World) -> Introduction:
    """A request that was checked and sent."""
    session, actor = world.session, actor_of(world.session, world.accounts["founder"])
    introduction = draft_introduction(session, actor, world.startup, world.partner, language="en", today=today())
    save_draft(session, actor, introduction, reason="You look for farms.", message="We water olives.")
    move(session, actor, introduction, Move.SUBMIT, today=today())
    move(session, actor_of(session, world.accounts["staff"]), introduction, Move.SEND, today=today())
    return introduction


def _apply(world: World) -> None:
    """The claimant applies for a place; the stranger holds the link of an application of their own."""
    site = world.session.scalars(sa.select(Site).where(Site.code == "agadir")).one()
    cohort = Cohort(code="spring", names={"en": "Spring"}, opens_on=today(), closes_on=today(), site=site)
    mine, other = (_application(world, who, cohort) for who in ("claimant", "stranger"))
    mine.state, mine.submitted_at = ApplicationState.SUBMITTED, utc_now()
    world.application = mine
    for application in (mine, other):
        file = EvidenceFile(name="plan.pdf", kind="pdf", size=len(PDF), content=PDF, application=application)
        world.session.add(file)
        world.session.flush()
        world.files.append(file.reference)
    world.tokens["application"] = application_token(other.reference, address_proof(other))


def _application(world: World, who: str, cohort: Cohort) -> Application:
    person = world.accounts[who].person
    found = Application(
        reference=f"of-{who}", language="en", kind="startup", site=cohort.site, cohort=cohort, values={}
    )
    found.contact_name, found.email, found.phone = person.name, person.email, person.phone
    world.session.add(found)
    world.session.flush()
    return found


def _left_out(table: Mapping[str, str], endpoint: str) -> bool:
    return endpoint in table or endpoint.partition(".")[0] in table


def routes(app: Flask) -> list[Rule]:
    """All routes that can be opened."""
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    return [rule for rule in rules if not _left_out(NOT_WALKED, rule.endpoint)]


def addresses(world: World) -> Iterator[tuple[Rule, list[str]]]:
    """Each route with all that is to be opened of it."""
    samples = world.parameters()
    unknown = {
        f"{rule.endpoint}: {name}"
        for rule in routes(world.app)
        for name in rule.arguments - samples.keys() - set(rule.defaults or ())
    }
    assert not unknown, f"say in World.parameters what to open: {sorted(unknown)}"
    build = world.app.url_map.bind("localhost").build
    for rule in routes(world.app):
        names = sorted(rule.arguments)
        paths = set()
        for row in product(*(samples[name] for name in names)):
            values = dict(zip(names, row, strict=True))
            if values.get("noun") == "startup" and values.get("slug") == world.partner.slug:
                continue  # of no interest: there is no such startup
            # A converter may refuse a value that is meant for another route.
            with suppress(BuildError, ValueError):
                paths.add(build(rule.endpoint, values))
        yield rule, sorted(paths)


def found_in(world: World, text: str) -> set[Planted]:
    return {planted for planted, needle in world.needles() if needle.lower() in text.lower()}


def readable(content: bytes) -> str:
    """All that can be read of an answer: the text of pages, and of the files within workbooks and archives."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"\n".join(archive.read(name) for name in archive.namelist())
    return content.decode("utf-8", errors="replace")


def walk(world: World, role: str) -> Iterator[tuple[str, str, int, set[Planted]]]:
    """Open everything; gives endpoint, path, status, and what was planted and is in the answer."""
    browser = world.browser(role)
    for rule, paths in addresses(world):
        for path in paths:
            for name in list(g):
                g.pop(name)
            # Some pages of Flask-Security end the session, so each of them has one of its own.
            answer = (world.browser(role) if rule.endpoint.startswith("security.") else browser).get(path)
            text = f"{answer.headers}{readable(answer.get_data())}"
            yield rule.endpoint, path, answer.status_code, found_in(world, text)


def leaks(world: World, role: str, more: set[Planted] | None = None) -> list[str]:
    """Where a role reads what it may not."""
    allowed = ALLOWED[role]
    found = []
    for endpoint, path, _, planted in walk(world, role):
        here = allowed | IN_LINKS if endpoint == "mail_links.link" else allowed
        here = here.union(*(all_ for where, all_ in IN_APPLICATIONS.items() if endpoint.startswith(where)))
        if wrong := planted - here - ((more or set()) if endpoint.startswith(AFTER_WHERE) else set()):
            found.append(f"{role} reads {sorted(wrong)} at {path}")
    return found


def texts_of(message: EmailMessage) -> str:
    """All that can be read of a message but whom it goes to."""
    parts = [part.get_content() for part in message.walk() if not part.is_multipart()]
    parts = [part.decode("utf-8") if isinstance(part, bytes) else part for part in parts]
    return "\n".join([str(message["Subject"]), *parts])


def mails(world: World) -> Iterator[tuple[OutgoingMail, set[Planted]]]:
    """Each mail with what was planted and is in it."""
    for mail in world.session.scalars(sa.select(OutgoingMail).order_by(OutgoingMail.id)).all():
        message = render_mail(world.session, mail)
        if message is not None:
            yield mail, found_in(world, texts_of(message))


def reader_of(world: World, mail: OutgoingMail) -> str:
    return next(who for who, account in world.accounts.items() if account.person_id == mail.person_id)


@pytest.mark.parametrize("role", ROLES)
def test_nobody_reads_contact_details_before_both_sides_agreed(world: World, role: str) -> None:
    assert leaks(world, role) == []


@pytest.mark.parametrize("role", ["visitor", "stranger", "founder", "investor", "staff"])
def test_afterwards_the_two_sides_do_on_the_page_of_their_introduction_and_nobody_else_does(
    world: World, role: str
) -> None:
    accept(world)
    assert leaks(world, role, AFTER.get(role)) == []


def accept(world: World) -> None:
    """Both sides agree now, and on a time to meet."""
    session, introduction = world.session, world.introduction
    investor, founder = (actor_of(session, world.accounts[who]) for who in ("investor", "founder"))
    move(session, investor, introduction, Move.ACCEPT, today=today())
    proposal = {"times": times(), "minutes": 45, "place": "Agadir"}
    move(session, investor, introduction, Move.PROPOSE_TIMES, today=today(), **proposal)
    move(session, founder, introduction, Move.CHOOSE_TIME, today=today(), index=0)
    move_answer(session, investor, world.answer, AnswerMove.SHORTLIST, version=world.answer.version)
    session.commit()


def test_mails_tell_them_only_afterwards_and_only_to_the_other_side(world: World) -> None:
    before = list(mails(world))
    assert {"introduction-request", "introduction-sent"} & {mail.kind for mail, _ in before}
    for mail, planted in before:
        assert planted <= ALLOWED[reader_of(world, mail)], mail.kind
    accept(world)
    told = set()
    for mail, planted in mails(world):
        reader = reader_of(world, mail)
        after = AFTER.get(reader, set()) if mail.kind.startswith(MAILS_AFTER) else set()
        assert planted <= ALLOWED[reader] | after, mail.kind
        told |= planted & after
    assert {("investor", MAIL), ("founder", MAIL)} <= told


def test_the_log_names_nobody(world: World, log: io.StringIO) -> None:
    list(walk(world, "founder"))
    list(mails(world))
    text = log.getvalue()
    assert "answered" in text
    assert found_in(world, text) == set()


def test_the_walk_sees_pages_and_finds_what_is_there(world: World) -> None:
    """Of every route with parameters at least one sample leads somewhere, for somebody; everybody finds themselves."""
    reached: dict[str, bool] = {}
    seen: set[Planted] = set()
    for role in ("founder", "investor", "claimant", "administrator"):
        for endpoint, _, status, planted in walk(world, role):
            reached[endpoint] = reached.get(endpoint, False) or status == 200
            seen |= planted
    assert _all("founder") | _all("investor") <= seen
    pages = {rule.endpoint for rule in routes(world.app) if rule.arguments - {"lang"}}
    nowhere = {name for name in pages if not reached[name] and not _left_out(NOWHERE, name)}
    assert nowhere == set()


def test_afterwards_the_calendar_is_among_what_is_walked(world: World) -> None:
    accept(world)
    statuses = {status for endpoint, _, status, _ in walk(world, "founder") if endpoint == "introductions.calendar"}
    assert 200 in statuses
