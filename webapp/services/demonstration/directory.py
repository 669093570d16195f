"""Filling an empty directory with demonstration data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import select
from stdnum import get_cc_module

from webapp.errors import Conflict, NotFound
from webapp.language import sort_key
from webapp.models import (
    DbSession,
    Listed,
    Partner,
    PartnerKind,
    PublicationState,
    Residency,
    Startup,
)
from webapp.services.demonstration.content import Content, read_content
from webapp.services.demonstration.life_events import LifeEvents
from webapp.services.demonstration.pack_rows import read_pack_rows
from webapp.services.demonstration.partners import write_partner
from webapp.services.demonstration.population import Life, make_lives
from webapp.services.demonstration.profiles import Brand, BrandPool, CompanyNumberPool, IdeaPool, ProfileWriter
from webapp.services.network import get_network
from webapp.services.residency import derive_stays, refresh_residency
from webapp.services.slugs import Slugs

BATCH = 200


@dataclass
class DemonstrationReport:
    """How much was made."""

    startups: int = 0
    residents: int = 0
    alumni: int = 0
    partners: int = 0

    def count(self, row: Listed) -> None:
        """Add a row to the figures."""
        if isinstance(row, Startup):
            self.startups += 1
            self.residents += row.residency == Residency.RESIDENT
            self.alumni += row.residency == Residency.ALUMNI
        else:
            self.partners += 1


def make_demonstration(
    session: DbSession,
    folder: Path,
    *,
    seed: int,
    today: date,
    progress: Callable[[int, int], None] | None = None,
) -> DemonstrationReport:
    """Fill the directory from the ``demo`` folder of a network pack.

    Args:
        folder: the pack's ``demo`` folder.
        seed: the same seed and day give the same directory.
        today: the day on which the invented history ends.
        progress: called with the number of profiles made so far and in all.

    Raises:
        Conflict: ``demonstration-exists``: there is demonstration data already.
        NotFound: ``network``: no network pack is loaded yet.
    """
    if session.scalar(select(Startup.id).where(Startup.is_demo).limit(1)) is not None:
        raise Conflict("demonstration-exists")
    content = read_content(folder)
    maker = _Maker(session, content, Random(seed), today)  # noqa: S311 - a reproducible choice is wanted, not a secret
    report = DemonstrationReport()
    for number, row in enumerate(maker.rows(), start=1):
        report.count(row)
        if progress and (number % BATCH == 0 or number == content.size):
            progress(number, content.size)
    session.flush()
    return report


ANSWERED_WITHIN = 372
"""After how many days, at the most, nearly everybody of the invented network has said again that a profile is right."""


def answered(age: int) -> int:
    """How many days ago somebody last stood by a profile, when the first time was so many days ago.

    They are asked once a year, and a few take some days longer: those wait on the desk.
    """
    return age % ANSWERED_WITHIN


class _Maker:
    """Makes the rows one after the other, always in the same order."""

    def __init__(self, session: DbSession, content: Content, random: Random, today: date) -> None:
        self.session, self.content, self.random, self.today = session, content, random, today
        self.pack = read_pack_rows(session)
        network = get_network(session)
        if network is None:
            raise NotFound("network")
        self.currency = network.currency
        self.country = network.country
        check = get_cc_module(*network.company_number["stdnum"].split("."))
        is_valid = check.is_valid if check else bool
        self.numbers = CompanyNumberPool(random, content.figures.company_number, is_valid)
        self.slugs = Slugs(session, Startup)

    def rows(self) -> Iterator[Listed]:
        """All rows; each is in the session when it is given out."""
        yield from self._startups()
        yield from self._partners()

    def _startups(self) -> Iterator[Startup]:
        figures, random = self.content.figures, self.random
        ideas = IdeaPool(random, self.content.ideas, figures.affinities)
        brands = BrandPool(random, self.content)
        cities = {code: self.pack.sites[code].city for code in figures.sites}
        writer = ProfileWriter(random, self.content, self.pack.terms, cities)
        lives = make_lives(random, figures, self.today)
        random.shuffle(lives)  # else the last ideas of a sector would all fall to the newest startups
        made: list[Startup] = []
        for life in lives:
            idea, segment = ideas.draw(life.site)
            brand = brands.draw(idea.sectors[0])
            startup = writer.write(brand, idea, segment, life, self.today)
            self._complete(startup, brand, life)
            self._host(startup, life)
            made.append(startup)
            if len(made) == BATCH:
                self.session.flush()
                yield from made
                made = []
        self.session.flush()
        yield from made

    def _complete(self, startup: Startup, brand: Brand, life: Life) -> None:
        random = self.random
        startup.slug = self.slugs.make(brand.latin)
        startup.sort_name = sort_key(brand.latin)
        startup.country = self.country
        startup.currency = self.currency if startup.raising_min else None
        startup.website = f"https://{startup.slug}.example" if startup.closed_on is None else None
        if random.random() < 0.8:
            startup.company_number = self.numbers.draw()
        if life.site:
            startup.region_id = self.pack.sites[life.site].region_id
        self._publish(startup, life.entered or self.today - timedelta(days=random.randrange(5, 300)))
        resident = life.entered is not None and life.left is None
        begun = max((self.today - (life.entered or self.today)).days, 1)
        if random.random() < (0.8 if resident else 0.3) and startup.closed_on is None:
            age = random.randrange(3, 420 if resident else 900)
            startup.verified_on = self.today - timedelta(days=min(answered(age) if resident else age, begun))
            startup.confirmed_on = startup.verified_on
        elif resident:
            # Staff never verified it, but its members answer once a year that it is still right.
            startup.confirmed_on = self.today - timedelta(days=min(answered(begun), begun))

    def _publish(self, row: Listed, on: date) -> None:
        row.state = PublicationState.PUBLISHED
        row.published_at = row.created_at = row.updated_at = datetime.combine(on, time(9), UTC)

    def _host(self, startup: Startup, life: Life) -> None:
        """Add a startup to the session with its residency, derived before it is written, so that it is written once."""
        events = list(LifeEvents(startup, life, self.content.figures, self.pack, self.today))
        refresh_residency(startup, derive_stays(events), self.today)
        self.session.add(startup)
        self.session.add_all(events)

    def _partners(self) -> Iterator[Partner]:
        names = {row.name_latin: row.id for row in self.session.execute(select(Startup.name_latin, Startup.id))}
        for kind, entries in self.content.partners.items():
            for entry in entries:
                partner = write_partner(entry, PartnerKind(kind), self.pack, self.today)
                partner.sort_name = sort_key(entry["name_latin"])
                for company in partner.portfolio:
                    company.startup_id = names.get(company.name)
                age = self.random.randrange(20, 1500)
                self._publish(partner, self.today - timedelta(days=age))
                partner.confirmed_on = self.today - timedelta(days=answered(age))
                self.session.add(partner)
                yield partner
        self.session.flush()
