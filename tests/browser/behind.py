"""What happens behind a site while people use it: its worker sends mail to a real server and lets time pass."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from html import unescape
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa
from flask import Flask, g
from flask_security import hash_password

from tests.accounts import join, make_account, make_person
from tests.mail_server import MailServer, running_mail_server
from webapp import work
from webapp.app import create_app
from webapp.cli.work import new_matcher, send_mail, workplace
from webapp.config import Settings
from webapp.extensions import db
from webapp.i18n import LANGUAGES
from webapp.models import (
    Claim,
    Introduction,
    Match,
    Membership,
    NetworkRole,
    OutgoingMail,
    Partner,
    Person,
    PublicationState,
    Revision,
    Startup,
)
from webapp.permissions import SYSTEM
from webapp.services.desk import queues
from webapp.services.residency import derive_stays, list_events
from webapp.web.accounts import codes_of
from webapp.web.formats import name_of
from webapp.web.marks import today


class Contact(NamedTuple):
    """Who somebody is and how one reaches them: what the other side learns only when both agreed."""

    name: str
    email: str
    phone: str

    @property
    def planted(self) -> tuple[str, ...]:
        """What must stand nowhere before that."""
        return self.name, self.email, self.phone, re.sub(r"\s", "", self.phone)


class Pair(NamedTuple):
    """A startup and a partner that match and that nobody acts for."""

    startup: str
    partner: str
    kind: str


class Behind:
    """The worker's side of a running site, in this process, on the same database."""

    def __init__(self, app: Flask, mails: MailServer) -> None:
        self.app, self.mails = app, mails

    def deliver(self) -> None:
        """Send what is due, as the worker does."""
        with self.app.app_context():
            done = send_mail(workplace(new_matcher()))
        assert not done.server_away
        assert not done.failed

    def let_time_pass(self, partner: str) -> None:
        """As if two weeks went by since a partner was introduced, and as if the meeting was yesterday."""
        with self.app.app_context():
            found = self._introduction(partner)
            assert found.meeting is not None
            assert found.introduced_at is not None
            found.meeting.begins_at = datetime.now(UTC) - timedelta(days=1)
            found.introduced_at -= timedelta(days=14)
            found.due_on = today()
            db.session.commit()
            work.advance(workplace(new_matcher()))

    def pair(self, kind: str) -> Pair:
        """A match high on the startup's list, of which neither side has members or introductions yet."""
        with self.app.app_context():
            taken = sa.select(Membership.id)
            asked = sa.select(Introduction.id)
            row = db.session.execute(
                sa.select(Startup.slug, Partner.slug)
                .select_from(Match)
                .join(Startup, Match.startup_id == Startup.id)
                .join(Partner, Match.partner_id == Partner.id)
                .where(
                    Startup.state == PublicationState.PUBLISHED,
                    Partner.state == PublicationState.PUBLISHED,
                    Partner.kind == kind,
                    Startup.name_latin.is_not(None),
                    Match.startup_rank <= 3,
                    ~taken.where(sa.or_(Membership.startup_id == Startup.id)).exists(),
                    ~taken.where(sa.or_(Membership.partner_id == Partner.id)).exists(),
                    ~asked.where(Introduction.startup_id == Startup.id).exists(),
                    ~asked.where(Introduction.partner_id == Partner.id).exists(),
                )
                .order_by(Match.startup_id, Match.startup_rank)
                .limit(1)
            ).one()
        return Pair(row[0], row[1], kind)

    def add_member(self, organisation: type[Startup] | type[Partner], slug: str, who: Contact, language: str) -> str:
        """An account that acts for an organisation; gives its password."""
        password = secrets.token_urlsafe(16)
        with self.app.app_context():
            found = db.session.scalars(sa.select(organisation).filter_by(slug=slug)).one()
            person = make_person(**who._asdict(), language=language)
            account = make_account(person=person, password=hash_password(password), fs_uniquifier=secrets.token_hex(16))
            join(account, found)
            db.session.commit()
        return password

    def add_staff(self, who: Contact, language: str, secret: str) -> str:
        """An account that works for the park, with an authenticator app of that secret; gives its password."""
        password = secrets.token_urlsafe(16)
        with self.app.app_context():
            account = make_account(NetworkRole.STAFF, person=make_person(**who._asdict(), language=language))
            account.password, account.fs_uniquifier = hash_password(password), secrets.token_hex(16)
            account.tf_totp_secret = codes_of(self.app).kept_secret(secret)
            db.session.commit()
        return password

    def name(self, organisation: type[Startup] | type[Partner], slug: str, language: str) -> str:
        """What an organisation is called in a language."""
        with self.app.app_context(), self.app.test_request_context(f"/{language}/"):
            g.language = LANGUAGES[language]
            return name_of(db.session.scalars(sa.select(organisation).filter_by(slug=slug)).one())

    def count(self, model: type, **values: object) -> int:
        """How many rows there are."""
        with self.app.app_context():
            return db.session.scalar(sa.select(sa.func.count()).select_from(model).filter_by(**values)) or 0

    def moves(self, partner: str) -> list[str]:
        """The moves of the only introduction to a partner, in their order."""
        with self.app.app_context():
            return [str(move.move) for move in self._introduction(partner).moves]

    def state(self, partner: str) -> str:
        """How the only introduction to a partner stands."""
        with self.app.app_context():
            return str(self._introduction(partner).state)

    def answers(self, partner: str) -> dict[str, tuple[bool | None, bool | None, str | None]]:
        """What each side said came of the only introduction to a partner: met, useful, next step."""
        with self.app.app_context():
            outcomes = self._introduction(partner).outcomes
            return {str(each.side): (each.met, each.useful, each.next_step) for each in outcomes}

    def states_of(self, model: type[Claim] | type[Revision], startup: str) -> list[str]:
        """The states of all claims or revisions of a startup's profile."""
        with self.app.app_context():
            rows = db.session.scalars(sa.select(model).join(Startup).where(Startup.slug == startup))
            return [str(row.state) for row in rows]

    def members(self, startup: str) -> list[str]:
        """The addresses of all who act for a startup."""
        of_it = sa.select(Person.email).join(Membership).join(Startup).where(Startup.slug == startup)
        with self.app.app_context():
            return list(db.session.scalars(of_it))

    def waiting(self, queue: str) -> int:
        """How many wait for staff in a queue of the desk."""
        with self.app.app_context():
            [found] = [each for each in queues(db.session, SYSTEM) if each.code == queue]
            return found.count

    def lease_of(self, startup: str) -> date:
        """Until when the lease of a startup runs."""
        with self.app.app_context():
            found = db.session.scalars(sa.select(Startup).filter_by(slug=startup)).one()
            days = [stay.until for stay in derive_stays(list_events(db.session, found)) if stay.left is None]
            return max(day for day in days if day)

    def _introduction(self, partner: str) -> Introduction:
        return db.session.scalars(
            sa.select(Introduction).join(Introduction.partner).where(Partner.slug == partner)
        ).one()

    def kinds_of_mail(self, who: Contact) -> list[str]:
        """The kinds of all mails that were ordered for somebody, the oldest first."""
        of_them = sa.select(OutgoingMail.kind).join(Person, OutgoingMail.person_id == Person.id)
        with self.app.app_context():
            return list(db.session.scalars(of_them.where(Person.email == who.email).order_by(OutgoingMail.id)))

    def mails_to(self, who: Contact) -> list[EmailMessage]:
        """All that somebody has received, the oldest first."""
        return [mail for mail in self.mails.taken if who.email in mail["To"]]

    def mail(self, who: Contact, subject: str) -> EmailMessage:
        """The one mail with a subject that somebody has received."""
        self.deliver()
        found = [mail for mail in self.mails_to(who) if _bare(mail["Subject"]) == _bare(subject)]
        subjects = [str(mail["Subject"]) for mail in self.mails_to(who)]
        assert len(found) == 1, f"{len(found)} mails “{subject}” among {subjects}"
        return found[0]


def _bare(text: str) -> str:
    """A text without the marks that isolate names in it."""
    return " ".join(re.sub("[\u2066-\u2069]", "", text).split())


def text_of(mail: EmailMessage) -> str:
    """All that a mail says: its headers and each of its parts, decoded."""
    headers = "\n".join(f"{name}: {value}" for name, value in mail.items())
    parts = [part.get_content() for part in mail.walk() if not part.is_multipart()]
    return "\n".join([headers, *(part if isinstance(part, str) else part.decode() for part in parts)])


def html_of(mail: EmailMessage) -> str:
    """Its HTML part."""
    part = mail.get_body(("html",))
    assert part is not None
    html: str = part.get_content()
    return html


def link_in(mail: EmailMessage, text: str) -> str:
    """The address of the link with a text."""
    links = re.findall(r'<a\b[^>]*\bhref="([^"]+)"[^>]*>(.*?)</a>', html_of(mail), re.DOTALL)
    found = [unescape(address) for address, inner in links if text in _bare(unescape(re.sub(r"<[^>]+>", "", inner)))]
    assert found, f"no link “{text}” in {links}"
    return found[0]


@contextmanager
def behind(site: str, folder: Path) -> Iterator[Behind]:
    """The worker's side of the site at an address, with a mail server of its own."""
    with running_mail_server() as mails:
        settings = Settings(
            _env_file=None,
            data_dir=folder,
            database_url=f"sqlite:///{folder / 'multaqa.db'}",
            site_url=site,
            mail_server=mails.url,
            log_level="ERROR",
        )
        app = create_app(settings)
        yield Behind(app, mails)
        with app.app_context():
            db.engine.dispose()
