"""What waits for staff in the story of their day, brought to the desk through the services as people would."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from tests.accounts import join, make_account, make_person
from tests.browser.behind import Behind, Contact
from tests.profiles import save
from webapp.extensions import db
from webapp.models import (
    Account,
    Membership,
    OutgoingMail,
    Partner,
    PartnerKind,
    PublicationState,
    Residency,
    Startup,
)
from webapp.permissions import SYSTEM, VISITOR
from webapp.services import applications, challenges, import_running, import_runs, introductions, revisions
from webapp.services.accounts import order_account_mail
from webapp.services.actors import actor_of
from webapp.services.applicants import Applicant
from webapp.services.challenge_moves import Move as ChallengeMove
from webapp.services.claims import make_claim
from webapp.services.imports.mapping import FileOptions
from webapp.services.imports.proposing import columns_of
from webapp.services.mailroom import note_bounce
from webapp.services.network import get_network
from webapp.web.marks import today

NAMES = {
    "ar": ("مقاييس وادان", "مرسى وادان", "تقليص ضياع الماء"),
    "fr": ("Mesures Ouadane", "Mersa Ouadane", "Moins d’eau perdue"),
    "en": ("Ouadane Gauges", "Ouadane Harbour", "Less water lost"),
}
"""What the applicant, the row of the import and the challenge of each language are called."""
PROJECT = {"name_latin": "Tarqim", "pitch": "Archives that one can search.", "description": "Towns keep paper."}
ACTIVITY = {"sectors": ["egov", "software"], "maturity": ["mvp"], "needs": ["legal-advice"]}
COMPANY = {"team": "Three people.", "why_park": "To meet towns."}


@dataclass(frozen=True)
class Work:
    """One thing in each queue: slugs of profiles, and who hears of the decision."""

    claimed: str
    published: str
    returned: str
    asking: str
    partner: str
    """It is asked for an introduction, poses a challenge, and nobody has confirmed its profile."""
    applicant: str
    row: str
    challenge: str


class Planter:
    """Brings work to the desk, in one language."""

    def __init__(self, behind: Behind, language: str, founder: Contact, company: Contact, away: Contact) -> None:
        self.behind, self.language = behind, language
        self.founder, self.company, self.away = founder, company, away

    def plant(self) -> Work:
        """One thing for each queue that time alone does not fill."""
        with self.behind.app.app_context():
            *startups, partner = self._profiles()
            accounts = {who: self._account(who) for who in (self.founder, self.company, self.away)}
            claimed, published, returned, asking = startups
            applicant, row, challenge = NAMES[self.language]
            make_claim(
                db.session,
                actor_of(db.session, accounts[self.founder]),
                claimed,
                position="CEO",
                statement="https://example.com/team",
            )
            for startup in (published, returned, asking):
                join(accounts[self.founder], startup)
            join(accounts[self.company], partner)
            db.session.flush()
            for startup in (published, returned):
                self._change(accounts[self.founder], startup)
            self._ask(accounts[self.founder], asking, partner)
            self._challenge(accounts[self.company], partner, challenge)
            partner.confirmed_on, partner.verified_on = today() - timedelta(days=800), None
            self._apply(applicant)
            self._import(row)
            for what in ("roles", "passkey-added"):
                order_account_mail(db.session, "account-changed", accounts[self.away], what=what)
            db.session.commit()
            work = Work(*(each.slug for each in (*startups, partner)), applicant, row, challenge)
        self.behind.deliver()
        self._bounce()
        return work

    def _profiles(self) -> list[Startup | Partner]:
        """Published ones that nobody acts for, from the end of the directory, where no other story looks."""
        taken = sa.select(Membership.id)
        startups = sa.select(Startup).where(
            Startup.state == PublicationState.PUBLISHED,
            Startup.residency != Residency.RESIDENT,
            ~taken.where(Membership.startup_id == Startup.id).exists(),
        )
        partners = sa.select(Partner).where(
            Partner.state == PublicationState.PUBLISHED,
            Partner.kind == PartnerKind.CORPORATE,
            ~taken.where(Membership.partner_id == Partner.id).exists(),
        )
        return [
            *db.session.scalars(startups.order_by(Startup.id.desc()).limit(4)),
            *db.session.scalars(partners.order_by(Partner.id.desc()).limit(1)),
        ]

    def _account(self, who: Contact) -> Account:
        return make_account(person=make_person(**who._asdict(), language=self.language))

    def _change(self, account: Account, startup: Startup) -> None:
        actor = actor_of(db.session, account)
        save(
            db.session,
            actor,
            startup,
            "texts",
            pitch={**startup.pitch, self.language: f"{self.challenge_text} ({startup.id})"},
        )
        revisions.submit(db.session, actor, startup)

    @property
    def challenge_text(self) -> str:
        return NAMES[self.language][2]

    def _ask(self, account: Account, startup: Startup, partner: Partner) -> None:
        actor = actor_of(db.session, account)
        asked = introductions.draft_introduction(
            db.session, actor, startup, partner, language=self.language, today=today()
        )
        introductions.save_draft(db.session, actor, asked, reason=self.challenge_text, message=self.challenge_text)
        introductions.move(db.session, actor, asked, introductions.Move.SUBMIT, today=today())

    def _challenge(self, account: Account, partner: Partner, title: str) -> None:
        actor = actor_of(db.session, account)
        said = challenges.ChallengeValues(
            title={self.language: title}, problem={self.language: title}, deadline=today() + timedelta(days=30)
        )
        made = challenges.draft_challenge(db.session, actor, partner, said, today=today())
        challenges.move_challenge(db.session, actor, made, ChallengeMove.SUBMIT, version=made.version, today=today())

    def _apply(self, name: str) -> None:
        network = get_network(db.session)
        who = Applicant(
            kind="project-holder",
            site="casablanca",
            contact_name=self.away.name,
            email=self.applicant_address,
            language=self.language,
        )
        made = applications.begin(db.session, VISITOR, network, who, today=today())
        for step, values in (
            ("project", PROJECT | {"name_latin": name} if self.language != "ar" else PROJECT | {"name_arabic": name}),
            ("activity", ACTIVITY),
            ("company", COMPANY),
        ):
            applications.save_step(db.session, VISITOR, made, step, values, version=made.version)
        applications.confirm_address(db.session, VISITOR, made)
        applications.submit(db.session, VISITOR, network, made, version=made.version, today=today())

    @property
    def applicant_address(self) -> str:
        """Where the applicant reads the decision."""
        return f"applicant-{self.away.email}"

    def _import(self, name: str) -> None:
        """A list with two rows that name nobody."""
        content = f"Nom,Secteur\n{name} 1,fintech\n,fintech\n,agritech\n".encode()
        run = import_runs.upload(db.session, SYSTEM, f"{name}.csv", content)
        source = {"name": f"list-{self.language}", "attribution": "An incubator", "licence": "CC0", "key": ["Nom"]}
        mapping = import_runs.make_mapping(
            source, columns_of({"Nom": "name_latin", "Secteur": "sectors"}), FileOptions()
        )
        import_runs.choose_mapping(db.session, SYSTEM, run, mapping, version=run.version)
        import_running.check_run(db.session, SYSTEM, run, version=run.version, today=today())
        import_running.import_run(db.session, SYSTEM, run, publish=False, version=run.version, today=today())

    def _bounce(self) -> None:
        """The mails to who is away come back."""
        with self.behind.app.app_context():
            for mail in db.session.scalars(sa.select(OutgoingMail).where(OutgoingMail.address == self.away.email)):
                note_bounce(db.session, mail.message_id, "552 5.2.2 Mailbox full")
            db.session.commit()
