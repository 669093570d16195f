"""Reading prepared matches for pages: whom a startup or a partner should meet, how well they fit, and why.

Matches are prepared by the worker (``webapp.services.matching``). Nothing here imports scikit-learn, and nothing here
shows a profile that is not published at this moment, whatever was prepared.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from webapp.models import DbSession, Match, Partner, PartnerKind, PublicationState, Startup

STEPS = (0.34, 0.41, 0.47, 0.56)
"""Scores from which on the bar has 2, 3, 4 and 5 steps: of 100 pairs on lists 75, 50, 25 and 5 reach them."""

STRENGTHS = ((0.50, "strong"), (0.40, "good"))
"""Scores from which on a match is called so; all others are possible."""

REASONS = 3
"""How many reasons a match shows."""

ENOUGH_REASONS = 2
"""With so many other reasons, words of related subjects are not told."""

LEAST_WORDS = 2
"""How many shared words in the reader's language say something; a single one may be a coincidence."""

RELATED = "related-texts"
WORDS = frozenset({"shared-words", RELATED})
"""Reasons that name words, and are told only if there are some in the reader's language."""

NEAR = "near-history"
"""The reason that names a startup which the partner accepted before."""

LEAST_REASON = 0.02
"""What a reason must add to the score to be worth a reader's time."""

LEAST_COUNTER = 0.05
"""What a counter-reason must have cost to be worth a reader's time."""


@dataclass(frozen=True)
class Reason:
    """A reason for or against a match: a code, and what a sentence about it needs (``webapp.matching.explanation``)."""

    code: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class MatchView:
    """A match as a page shows it."""

    startup: Startup
    partner: Partner
    strength: str
    """``strong``, ``good`` or ``possible``."""
    steps: int
    """1 to 5, for a bar."""
    reasons: list[Reason]
    """The weightiest first; at most three."""
    counter: Reason | None
    """What speaks most against it, if anything does."""
    hint: Reason | None = None
    """What the startup could state that would improve this match most."""


def matches_for_startup(
    session: DbSession, startup: Startup, language: str, per_kind: int = 3
) -> dict[PartnerKind, list[MatchView]]:
    """The partners that a startup should meet, best first, of each kind; in a fixed number of queries.

    ``language`` is the reader's. All kinds are there, in the order of ``PartnerKind``; a startup that is not published
    has no matches.
    """
    views: dict[PartnerKind, list[MatchView]] = {kind: [] for kind in PartnerKind}
    wanted = _best_partners(session, startup, per_kind) if startup.is_published else []
    if not wanted:
        return views
    partners = {row.id: row for row in _load(session, Partner, wanted)}
    of_startup = sa.select(Match).where(Match.startup_id == startup.id, Match.partner_id.in_(wanted))
    matches = session.scalars(of_startup.order_by(Match.startup_rank)).all()
    near = _near(session, matches)
    for match in matches:
        if partner := partners.get(match.partner_id):
            views[PartnerKind(partner.kind)].append(_view(match, startup, partner, language, near))
    return views


def own_matches(
    session: DbSession, own: Startup | Partner, language: str, hidden: Collection[int] = ()
) -> list[MatchView]:
    """All prepared matches of an organisation for its own members, best first; in a fixed number of queries.

    Args:
        own: whose matches.
        language: the reader's.
        hidden: ids of the other sides that are not to be shown.
    """
    model: type[Startup] | type[Partner] = Partner if isinstance(own, Startup) else Startup
    mine, other, rank = (
        (Match.startup_id, Match.partner_id, Match.startup_rank)
        if isinstance(own, Startup)
        else (Match.partner_id, Match.startup_id, Match.partner_rank)
    )
    if not own.is_published:
        return []
    statement = sa.select(Match).where(mine == own.id, rank.is_not(None), other.not_in(list(hidden)))
    matches = session.scalars(statement.order_by(rank, other)).all()
    others = {row.id: row for row in _load(session, model, [getattr(match, other.key) for match in matches])}
    near = _near(session, matches)
    views = []
    for match in matches:
        if found := others.get(getattr(match, other.key)):
            startup, partner = (own, found) if isinstance(own, Startup) else (found, own)
            views.append(_view(match, startup, partner, language, near))
    return views


def match_of(session: DbSession, startup: Startup, partner: Partner, language: str) -> MatchView | None:
    """The prepared match of a pair, if it is on the list of one of the two."""
    match = session.get(Match, (startup.id, partner.id))
    return _view(match, startup, partner, language, _near(session, [match])) if match else None


def _best_partners(session: DbSession, startup: Startup, per_kind: int) -> list[int]:
    """Ids of the first published partners of each kind; without loading the explanations of all the others."""
    statement = (
        sa.select(Match.partner_id, Partner.kind)
        .join(Match.partner)
        .where(Match.startup_id == startup.id, Match.startup_rank.is_not(None))
        .where(Partner.state == PublicationState.PUBLISHED)
        .order_by(Match.startup_rank)
    )
    ids: dict[str, list[int]] = {}
    for partner_id, kind in session.execute(statement):
        ids.setdefault(kind, []).append(partner_id)
    return [partner_id for found in ids.values() for partner_id in found[:per_kind]]


def matches_for_partner(session: DbSession, partner: Partner, language: str, limit: int = 6) -> list[MatchView]:
    """The startups that a partner should meet, best first; in a fixed number of queries.

    ``language`` is the reader's. A partner that is not published has no matches.
    """
    if not partner.is_published:
        return []
    statement = (
        sa.select(Match)
        .join(Match.startup)
        .where(Match.partner_id == partner.id, Match.partner_rank.is_not(None))
        .where(Startup.state == PublicationState.PUBLISHED)
        .order_by(Match.partner_rank)
        .limit(limit)
    )
    matches = session.scalars(statement).all()
    startups = {row.id: row for row in _load(session, Startup, [match.startup_id for match in matches])}
    near = _near(session, matches)
    return [
        _view(match, startups[match.startup_id], partner, language, near)
        for match in matches
        if match.startup_id in startups
    ]


def words_in(reason: Reason, language: str) -> list[str]:
    """The words of a reason in a language; no other words would tell its reader anything."""
    return _in_language(reason, "", language)


def partner_words_in(reason: Reason, language: str) -> list[str]:
    """The partner's words of a ``related-texts`` reason in a language."""
    return _in_language(reason, "partner_", language)


def _in_language(reason: Reason, whose: str, language: str) -> list[str]:
    pairs = zip(reason.values[f"{whose}words"], reason.values[f"{whose}languages"], strict=True)
    return [word for word, of in pairs if of == language]


def strength_of(score: float) -> str:
    """What a score is called."""
    return next((name for least, name in STRENGTHS if score >= least), "possible")


def steps_of(score: float) -> int:
    """How far a score fills a bar of five steps."""
    return 1 + sum(score >= least for least in STEPS)


def _load(session: DbSession, model: type[Any], ids: Iterable[int]) -> list[Any]:
    wanted = list(ids)
    if not wanted:
        return []
    return list(session.scalars(model.with_listing(model.published().where(model.id.in_(wanted)))))


def _near(session: DbSession, matches: Iterable[Match]) -> dict[int, Startup]:
    """The startups that reasons name, as far as they are public at this moment; no query if there are none."""
    ids = {
        one for match in matches for part in match.explanation if part["code"] == NEAR for one in part["values"]["ids"]
    }
    if not ids:
        return {}
    return {row.id: row for row in session.scalars(Startup.published().where(Startup.id.in_(sorted(ids))))}


def _view(match: Match, startup: Startup, partner: Partner, language: str, near: Mapping[int, Startup]) -> MatchView:
    reasons = _reasons(match, language, near)
    counter, hint = _strongest(match, "cost", LEAST_COUNTER), _strongest(match, "gain", LEAST_REASON)
    return MatchView(startup, partner, strength_of(match.score), steps_of(match.score), reasons, counter, hint)


def _reasons(match: Match, language: str, near: Mapping[int, Startup]) -> list[Reason]:
    """The parts that add most, among those that tell the reader something.

    Words of related subjects tell least, even where they add much: they are left for matches with little else to say.
    """
    weighty = (
        Reason(part["code"], _with_names(part["code"], part["values"], near))
        for part in match.explanation
        if part["weight"] >= LEAST_REASON
    )
    told = [reason for reason in weighty if _tells(reason, language)]
    plain = [reason for reason in told if reason.code != RELATED]
    return (plain if len(plain) >= ENOUGH_REASONS else told)[:REASONS]


def _with_names(code: str, values: Mapping[str, Any], near: Mapping[int, Startup]) -> Mapping[str, Any]:
    return {"startups": [near[one] for one in values["ids"] if one in near]} if code == NEAR else values


def _tells(reason: Reason, language: str) -> bool:
    if reason.values.get("codes") == []:
        return False
    if reason.code == NEAR:
        return bool(reason.values["startups"])
    if reason.code == RELATED and not partner_words_in(reason, language):
        return False
    least = LEAST_WORDS if reason.code == "shared-words" else 1
    return reason.code not in WORDS or len(words_in(reason, language)) >= least


def _strongest(match: Match, measure: str, least: float) -> Reason | None:
    """The counter-reason of highest cost, or the hint of highest gain, if it is worth a reader's time."""
    parts = [part for part in match.explanation if part.get(measure, 0) >= least]
    strongest = max(parts, key=lambda part: part[measure], default=None)
    return Reason(strongest["code"], strongest["values"]) if strongest else None
