"""Invented applications for a place and their cohorts, so that the queue, a ranking and every decision can be seen.

They are written as what the services of applications and admissions would have left; no mail is ordered for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import select

from webapp.models import (
    Application,
    ApplicationState,
    Cohort,
    DbSession,
    Evaluation,
    Localized,
    Network,
    Person,
    PublicationState,
    Residency,
    Site,
    Startup,
    StartupSite,
)
from webapp.services.application_fields import values_of_startup
from webapp.services.application_moves import DECIDED, ENDED
from webapp.services.applications import examine_application
from webapp.services.cohorts import rules_of
from webapp.services.demonstration.content import read_words
from webapp.services.demonstration.introductions import DOMAIN, PersonName
from webapp.services.network import get_network
from webapp.services.network_schema import Entry

DECISION_DAYS = 12
"""How long the invented staff took."""


class Given(Entry):
    """What an invented evaluator gave, in the order of the pack's criteria."""

    scores: list[int]
    recommends: bool | None = None
    comment: str = ""


class Planned(Entry):
    """A cohort, its days counted from the day on which it is made."""

    code: str
    names: Localized
    site: str
    opened: int
    closes_in: int
    begins_in: int
    places: int


class Written(Entry):
    """An application that is invented as a whole."""

    state: ApplicationState
    ago: int
    language: str
    kind: str
    site: str
    contact: str
    values: dict[str, Any]
    cohort: str = ""
    note: str = ""
    evaluations: list[Given] = []


class Accepted(Entry):
    """An application of a startup that resides now."""

    site: str
    language: str
    note: str
    cohort: str = ""
    evaluations: list[Given] = []


class Story(Entry):
    """applications.yaml."""

    evaluators: list[PersonName]
    cohorts: list[Planned]
    applications: list[Written]
    accepted: list[Accepted]


def make_demonstration_applications(session: DbSession, folder: Path, *, seed: int, today: date) -> int:
    """Write cohorts and applications; gives how many of these. Nothing happens where the pack has none.

    Args:
        folder: the pack's ``demo`` folder.
        seed: the same seed and day give the same references.
        today: the day from which theirs are counted.
    """
    file, network = folder / "applications.yaml", get_network(session)
    if not file.exists() or network is None or session.scalar(select(Application.id).limit(1)) is not None:
        return 0
    story = read_words(file, Story)
    return _Maker(session, network, story, Random(seed), today).make()  # noqa: S311 - references of invented applications


class _Maker:
    """Writes the rows of a story."""

    def __init__(self, session: DbSession, network: Network, story: Story, random: Random, today: date) -> None:
        self.session, self.network, self.story, self.random, self.today = session, network, story, random, today
        self.sites = {site.code: site for site in session.scalars(select(Site))}
        self.criteria = rules_of(network).criteria
        self.cohorts: dict[str, Cohort] = {}
        self.evaluators: list[Person] = []

    def make(self) -> int:
        """All of them."""
        self.cohorts = {planned.code: self._cohort(planned) for planned in self.story.cohorts}
        self.evaluators = [self._evaluator(number, name) for number, name in enumerate(self.story.evaluators, 1)]
        self.session.flush()
        made = [self._written(each) for each in self.story.applications]
        taken: set[int] = set()
        for each in self.story.accepted:
            startup = self._newest_resident(self.sites[each.site], taken)
            if startup is not None:
                taken.add(startup.id)
                made.append(self._accepted(each, startup))
        self.session.add_all(made)
        self.session.flush()
        return len(made)

    def _cohort(self, planned: Planned) -> Cohort:
        cohort = Cohort(
            code=planned.code,
            names=planned.names,
            site=self.sites[planned.site],
            opens_on=self.today - timedelta(days=planned.opened),
            closes_on=self.today + timedelta(days=planned.closes_in),
            begins_on=self.today + timedelta(days=planned.begins_in),
            places=planned.places,
        )
        self.session.add(cohort)
        return cohort

    def _evaluator(self, number: int, name: PersonName) -> Person:
        person = Person(name=name.latin, email=f"evaluator{number}@{DOMAIN}", language="fr", is_demo=True)
        self.session.add(person)
        return person

    def _written(self, written: Written) -> Application:
        sent = self._moment(self.today - timedelta(days=written.ago))
        application = Application(
            state=written.state,
            kind=written.kind,
            site=self.sites[written.site],
            cohort=self.cohorts.get(written.cohort),
            language=written.language,
            values=written.values,
            note=written.note,
            **self._applicant(written.contact, sent),
        )
        if written.state != ApplicationState.DRAFT:
            self._send(application, sent, written.evaluations)
        if written.state in ENDED:
            self._end(application, sent + timedelta(days=DECISION_DAYS))
        return application

    def _accepted(self, accepted: Accepted, startup: Startup) -> Application:
        entered = startup.entered_on or self.today
        sent = self._moment(entered - timedelta(days=60))
        application = Application(
            state=ApplicationState.ACCEPTED,
            kind=rules_of(self.network).kinds[-1].code,
            site=self.sites[accepted.site],
            cohort=self.cohorts.get(accepted.cohort),
            language=accepted.language,
            values=values_of_startup(startup, accepted.language),
            note=accepted.note,
            startup=startup,
            enters_on=entered,
            **self._applicant(startup.name_for("Latn"), sent),
        )
        self._send(application, sent, accepted.evaluations)
        # An invented profile may lack what an applicant must say; whoever was accepted met every condition.
        application.eligibility = [found for found in application.eligibility if found["holds"]]
        self._end(application, sent + timedelta(days=DECISION_DAYS))
        return application

    def _applicant(self, contact: str, on: datetime) -> dict[str, Any]:
        reference = f"{self.random.randrange(16**12):012x}"
        return {
            "reference": reference,
            "contact_name": contact,
            "email": f"applicant-{reference[:6]}@{DOMAIN}",
            "phone": f"+212 600 {self.random.randrange(100):02d} {self.random.randrange(10_000):04d}",
            "confirmed_at": on,
            "created_at": on - timedelta(days=2),
            "updated_at": on,
            "is_demo": True,
        }

    def _send(self, application: Application, on: datetime, evaluations: Sequence[Given]) -> None:
        application.submitted_at = on
        findings = examine_application(self.network, application, on.date())
        application.eligibility = [
            {"code": each.rule.code, "holds": each.holds, "is_strict": each.rule.is_strict} for each in findings
        ]
        codes = [criterion.code for criterion in self.criteria]
        application.evaluations = [
            Evaluation(
                person=person,
                scores=dict(zip(codes, given.scores, strict=False)),
                recommends=given.recommends,
                comment=given.comment,
                at=on + timedelta(days=number),
            )
            for number, (person, given) in enumerate(zip(self.evaluators, evaluations, strict=False), 1)
        ]

    def _end(self, application: Application, on: datetime) -> None:
        application.decided_at = min(on, self._moment(self.today))
        if application.state in DECIDED:
            application.decided_by = self.evaluators[0] if self.evaluators else None

    def _newest_resident(self, site: Site, taken: set[int]) -> Startup | None:
        of_site = select(Startup).join(StartupSite).where(StartupSite.site_id == site.id, Startup.id.not_in(taken))
        shown = {"is_demo": True, "residency": Residency.RESIDENT, "state": PublicationState.PUBLISHED}
        newest = of_site.filter_by(**shown).order_by(Startup.entered_on.desc(), Startup.id).limit(1)
        return self.session.scalar(newest)

    def _moment(self, on: date) -> datetime:
        return datetime.combine(on, time(9), UTC)
