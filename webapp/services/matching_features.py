"""Reading what the matcher wants to know of published profiles, as plain columns: a fixed number of queries for 500."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from webapp.matching import Money, PartnerFeatures, StartupFeatures
from webapp.models import (
    Challenge,
    ChallengeState,
    DbSession,
    Localized,
    Partner,
    PartnerKind,
    PartnerSite,
    PartnerTerm,
    PortfolioCompany,
    PublicationState,
    Region,
    Site,
    Startup,
    StartupSite,
    StartupTerm,
    Term,
    TermKind,
)
from webapp.services.matching_feedback import read_feedback

BATCH = 500
"""How many profiles are read at a time."""

Grouped = Mapping[int, list[Any]]
"""Id of a profile -> its rows of another table."""


def read_startups(session: DbSession, ids: Collection[int] | None = None) -> Iterator[StartupFeatures]:
    """The features of the published startups (of those with the given ids), ordered by id."""
    columns = sa.select(
        Startup.id,
        Startup.pitch,
        Startup.description,
        Startup.raising_min,
        Startup.raising_max,
        Startup.currency,
        Startup.country,
        Region.code.label("region"),
    ).outerjoin(Startup.region)
    for rows in _batches(session, columns, Startup, ids):
        found = [row.id for row in rows]
        terms = _grouped(session, _terms_of(StartupTerm, StartupTerm.startup_id, found))
        sites = _grouped(session, _sites_of(StartupSite, StartupSite.startup_id, found))
        yield from (_startup(row, terms[row.id], sites[row.id]) for row in rows)


def read_partners(session: DbSession, ids: Collection[int] | None = None) -> Iterator[PartnerFeatures]:
    """The features of the published partners (of those with the given ids), ordered by id."""
    columns = sa.select(
        Partner.id,
        Partner.kind,
        Partner.summary,
        Partner.description,
        Partner.geography,
        Partner.ticket_min,
        Partner.ticket_max,
        Partner.currency,
        Partner.capacity,
        Region.code.label("region"),
    ).outerjoin(Partner.region)
    for rows in _batches(session, columns, Partner, ids):
        found = [row.id for row in rows]
        terms = _grouped(
            session, _terms_of(PartnerTerm, PartnerTerm.partner_id, found, PartnerTerm.excluded, Term.answers)
        )
        sites = _grouped(session, _sites_of(PartnerSite, PartnerSite.partner_id, found))
        challenges = _grouped(session, _challenges_of(found))
        backed = _grouped(session, _portfolios_of(found))
        feedback = read_feedback(session, found)
        for row in rows:
            features = _partner(row, terms[row.id], sites[row.id], challenges[row.id], backed[row.id])
            yield replace(features, **feedback.get(row.id, {}))


def _batches(
    session: DbSession,
    columns: sa.Select[*tuple[Any, ...]],
    model: type[Startup] | type[Partner],
    ids: Collection[int] | None,
) -> Iterator[Sequence[Any]]:
    statement = columns.where(model.state == PublicationState.PUBLISHED).order_by(model.id)
    if ids is not None:
        wanted = sorted(ids)
        for start in range(0, len(wanted), BATCH):
            yield session.execute(statement.where(model.id.in_(wanted[start : start + BATCH]))).all()
        return
    after = 0
    while rows := session.execute(statement.where(model.id > after).limit(BATCH)).all():
        yield rows
        after = rows[-1].id


def _grouped(session: DbSession, statement: sa.Select[*tuple[Any, ...]]) -> Grouped:
    groups: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(statement):
        groups[row.owner].append(row)
    return groups


def _terms_of(
    link: type[StartupTerm] | type[PartnerTerm], owner: Any, ids: Sequence[int], *more: Any
) -> sa.Select[*tuple[Any, ...]]:
    columns = sa.select(owner.label("owner"), Term.kind, Term.code, Term.position.label("step"), *more)
    return columns.join_from(link, Term).where(owner.in_(ids)).order_by(owner, link.position, link.term_id)


def _sites_of(
    link: type[StartupSite] | type[PartnerSite], owner: Any, ids: Sequence[int]
) -> sa.Select[*tuple[Any, ...]]:
    columns = sa.select(owner.label("owner"), Site.code, Region.code.label("region"))
    joined = columns.join_from(link, Site).join(Region, Site.region_id == Region.id)
    return joined.where(owner.in_(ids)).order_by(owner, Region.position, Site.position)


def _challenges_of(ids: Sequence[int]) -> sa.Select[*tuple[Any, ...]]:
    columns = sa.select(Challenge.partner_id.label("owner"), Challenge.title, Challenge.problem)
    is_open = Challenge.state == ChallengeState.OPEN
    return columns.where(Challenge.partner_id.in_(ids), is_open).order_by(Challenge.partner_id, Challenge.id)


def _portfolios_of(ids: Sequence[int]) -> sa.Select[*tuple[Any, ...]]:
    """The startups of the directory that these partners put money into, as far as the public sees them."""
    columns = sa.select(PortfolioCompany.partner_id.label("owner"), PortfolioCompany.startup_id)
    seen = columns.join(Startup, Startup.id == PortfolioCompany.startup_id).where(
        Startup.state == PublicationState.PUBLISHED
    )
    return seen.where(PortfolioCompany.partner_id.in_(ids)).order_by(PortfolioCompany.startup_id)


def _steps(terms: Iterable[Any]) -> tuple[int, ...]:
    """The places of maturities in the network's order."""
    return tuple(sorted(term.step for term in terms if term.kind == TermKind.MATURITY))


def _distinct(*codes: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for code in codes if code))


def _texts(values: Iterable[Localized]) -> dict[str, str]:
    joined: dict[str, list[str]] = defaultdict(list)
    for value in values:
        for language, text in value.items():
            joined[language].append(text)
    return {language: "\n".join(texts) for language, texts in sorted(joined.items())}


def _by_kind(terms: Iterable[Any]) -> dict[str, tuple[str, ...]]:
    codes: dict[str, list[str]] = defaultdict(list)
    for term in terms:
        codes[TermKind(term.kind).value].append(term.code)
    return {kind: tuple(found) for kind, found in codes.items()}


def _startup(row: Any, terms: list[Any], sites: list[Any]) -> StartupFeatures:
    regions = _distinct(*(site.region for site in sites)) or _distinct(row.region)
    return StartupFeatures(
        id=row.id,
        texts=_texts([row.pitch, row.description]),
        terms=_by_kind(terms),
        sites=_distinct(*(site.code for site in sites)),
        regions=regions,
        places=_distinct(*regions, row.region, row.country),
        raising=Money(row.raising_min, row.raising_max, row.currency),
        steps=_steps(terms),
    )


def _partner(row: Any, terms: list[Any], sites: list[Any], challenges: list[Any], backed: list[Any]) -> PartnerFeatures:
    sought = [term for term in terms if not term.excluded]
    told = [text for challenge in challenges for text in (challenge.title, challenge.problem)]
    return PartnerFeatures(
        id=row.id,
        kind=PartnerKind(row.kind).value,
        texts=_texts([row.summary, row.description, *told]),
        terms=_by_kind(sought),
        excluded=_by_kind(term for term in terms if term.excluded),
        answered=_distinct(*(need for term in sought for need in term.answers)),
        sites=_distinct(*(site.code for site in sites)),
        regions=_distinct(row.region, *(site.region for site in sites)),
        geography=tuple(row.geography),
        meets_in_person=row.kind != PartnerKind.INVESTOR,
        ticket=Money(row.ticket_min, row.ticket_max, row.currency),
        steps=_steps(sought),
        history=tuple(dict.fromkeys(company.startup_id for company in backed)),
        capacity=row.capacity,
    )
