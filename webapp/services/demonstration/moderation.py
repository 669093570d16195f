"""What waits beside applications and requests: changes of profiles, and claims of profiles without members."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from webapp.models import (
    Account,
    Claim,
    DbSession,
    EvidenceFile,
    EvidenceKind,
    Localized,
    Membership,
    Person,
    PublicationState,
    Residency,
    Revision,
    RevisionState,
    Startup,
)
from webapp.services.demonstration.content import read_words
from webapp.services.demonstration.introductions import DOMAIN, PersonName
from webapp.services.demonstration.papers import paper
from webapp.services.evidence_content import clean_name
from webapp.services.network_schema import Entry

DAYS_AGO = (6, 2, 1)
"""How long ago each change was sent, and each claim: the first one has nearly waited too long."""


class ChangeWords(Entry):
    """A change of a profile."""

    description: Localized = {}
    """A paragraph more, in each language in which the profile has a description."""
    website: str = ""
    """What the address of the website gains."""


class ClaimWords(Entry):
    """Somebody who says to belong to a startup."""

    name: PersonName
    language: str
    position: str
    statement: str
    paper: str = ""
    """What the file that they attach is called, without its end; nothing without one."""


class Words(Entry):
    """moderation.yaml."""

    changes: list[ChangeWords]
    claims: list[ClaimWords]


def make_demonstration_moderation(session: DbSession, folder: Path, *, today: date) -> int:
    """Write what waits; gives how many. Nothing happens a second time, nor where the pack has no words.

    Args:
        folder: the pack's ``demo`` folder.
        today: the day it is where the network is.
    """
    file = folder / "moderation.yaml"
    if not file.exists() or session.scalar(select(Claim.id).limit(1)) is not None:
        return 0
    words = read_words(file, Words)
    made: list[Revision | Claim] = []
    for change, (startup, person), ago in zip(words.changes, _with_members(session), DAYS_AGO, strict=False):
        made.append(_revision(change, startup, person, _morning(today, ago)))
    for claim, startup, ago in zip(words.claims, _without_members(session), DAYS_AGO[1:], strict=False):
        made.append(_claim(claim, startup, _morning(today, ago)))
    session.add_all(made)
    session.flush()
    session.add_all(_papers(words.claims, [each for each in made if isinstance(each, Claim)]))
    session.flush()
    return len(made)


def _morning(today: date, ago: int) -> datetime:
    return datetime.combine(today - timedelta(days=ago), time(9), UTC)


def _residents() -> Any:
    """The last ones first: whoever tries the site out as a startup begins with others."""
    of = select(Startup).filter_by(is_demo=True, state=PublicationState.PUBLISHED, residency=Residency.RESIDENT)
    return of.order_by(Startup.id.desc())


def _with_members(session: DbSession) -> Sequence[tuple[Startup, Person]]:
    """Residents with a member who cannot sign in, so that nobody finds changes that they did not make."""
    signs_in = select(Membership.startup_id).join(Account, Account.person_id == Membership.person_id)
    statement = _residents().add_columns(Person).join(Membership, Membership.startup_id == Startup.id)
    statement = statement.join(Person, Person.id == Membership.person_id)
    own = Startup.id.not_in(signs_in.where(Membership.startup_id.is_not(None)))
    return [(startup, person) for startup, person in session.execute(statement.where(own).limit(len(DAYS_AGO)))]


def _without_members(session: DbSession) -> Sequence[Startup]:
    taken = select(Membership.startup_id).where(Membership.startup_id.is_not(None))
    found: Sequence[Startup] = session.scalars(_residents().where(Startup.id.not_in(taken)).limit(len(DAYS_AGO))).all()
    return found


def _revision(words: ChangeWords, startup: Startup, person: Person, at: datetime) -> Revision:
    changes: dict[str, Any] = {}
    if words.description:
        more = {
            code: f"{text}\n\n{words.description.get(code, '')}".strip() for code, text in startup.description.items()
        }
        changes["description"] = more
    if words.website and startup.website:
        changes["website"] = f"{startup.website.rstrip('/')}{words.website}"
    return Revision(
        startup=startup,
        state=RevisionState.SUBMITTED,
        changes=changes,
        before={},
        author=person,
        created_at=at,
        updated_at=at,
        submitted_at=at,
    )


def _claim(words: ClaimWords, startup: Startup, at: datetime) -> Claim:
    person = Person(
        name=words.name.arabic if words.language == "ar" else words.name.latin,
        email=f"claim-{startup.slug}@{DOMAIN}",
        language=words.language,
        is_demo=True,
    )
    return Claim(startup=startup, person=person, position=words.position, statement=words.statement, created_at=at)


def _papers(words: Sequence[ClaimWords], claims: Sequence[Claim]) -> Iterator[EvidenceFile]:
    """What claimants attached."""
    for claim_words, claim in zip(words, claims, strict=False):
        if claim_words.paper:
            content = paper([claim_words.paper, claim.organisation.name_for("Latn"), "", "Demonstration"])
            yield EvidenceFile(
                claim=claim,
                person=claim.person,
                name=clean_name(claim_words.paper, EvidenceKind.PDF),
                kind=EvidenceKind.PDF,
                size=len(content),
                content=content,
                created_at=claim.created_at,
            )
