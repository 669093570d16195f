"""Which startups fit a challenge, why, and inviting them.

What a challenge and a startup have in common is read in three ways: the sectors and technologies that both name, the
concepts of the product's vocabulary that both texts speak of, in whichever language, and, by the search index, the
words that they share. No model is needed, so this runs in the web process.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from webapp.errors import Conflict, Invalid
from webapp.language import analyze
from webapp.language.concepts import ConceptVocabulary
from webapp.models import (
    AnswerState,
    Challenge,
    ChallengeAnswer,
    ChallengeInvitation,
    DbSession,
    PublicationState,
    Startup,
    StartupTerm,
    Term,
    TermKind,
)
from webapp.permissions import Actor, Permission, require
from webapp.search import IndexUnavailable, Search, run_similar
from webapp.services.actors import members_of
from webapp.services.challenge_moves import take
from webapp.services.challenges import SUBJECT_KINDS, takes_answers
from webapp.services.mail import order_mails

LISTED = 40
"""How many startups the list shows."""
SUGGESTED = 20
"""How many of them are proposed for an invitation ..."""
THRESHOLD = 0.3
"""... if they fit at least so well, of 1."""
MOST_INVITED = 60
"""How many may be invited to one challenge in all."""

_CANDIDATES, _SIMILAR = 150, 60
_WEIGHTS: Mapping[str, float] = {"subjects": 0.4, "concepts": 0.3, "words": 0.3}
_OTHER_SECTOR = 0.7
"""What a sector counts that is not a startup's main one."""
_ALIKE = 0.6
"""From which likeness of words on it is told as a reason."""
_CONCEPTS_TOLD = 4


@dataclass(frozen=True)
class Fit:
    """How well a startup fits, and what speaks for it."""

    startup: Startup
    score: float
    """0 to 1."""
    subjects: Sequence[Term]
    """Sectors and technologies that both name."""
    concepts: Sequence[str]
    """Codes of concepts that both texts speak of, those that few others speak of first."""
    reads_alike: bool
    """Whether its profile is among those that share most words with the challenge."""
    is_invited: bool = False
    has_answered: bool = False
    is_suggested: bool = False
    """Whether to propose it for an invitation."""


def fitting_startups(session: DbSession, search: Search, actor: Actor, challenge: Challenge) -> list[Fit]:
    """The published startups that fit a challenge best, the best first; in a fixed number of queries.

    Without an index only subjects and concepts count.

    Raises:
        NotAllowed: the actor does not work on the challenge.
    """
    require(actor, Permission.POST_CHALLENGE, challenge.partner)
    words = _likeness(search, challenge)
    ids = dict.fromkeys([*words, *_of_same_subjects(session, challenge)])
    startups = _load(session, ids)
    vocabulary = search.startups.vocabulary
    asked = _concepts(vocabulary, [challenge.title, challenge.problem])
    spoken = {startup.id: asked & _concepts(vocabulary, [startup.pitch, startup.description]) for startup in startups}
    rarity = _rarity(asked, spoken.values())
    invited, answered = _known(session, challenge)
    fits = [
        _fit(startup, challenge, spoken[startup.id], rarity, words.get(startup.id, 0.0), invited, answered)
        for startup in startups
    ]
    ranked = sorted(fits, key=lambda fit: (-fit.score, fit.startup.sort_name, fit.startup.id))[:LISTED]
    return _suggested(ranked, MOST_INVITED - len(invited))


def invite_startups(
    session: DbSession, actor: Actor, challenge: Challenge, chosen: Mapping[int, float], *, today: date
) -> int:
    """Tell startups of a challenge, each once; gives how many were told now.

    Args:
        chosen: id of a startup -> how well it fits; those that are not published, or were told already, are left out.

    Raises:
        NotAllowed: the actor does not work on the challenge.
        Conflict: ``no-answers``: it takes none (any more).
        Invalid: ``too-many-invited`` (``most``, ``left``).
    """
    require(actor, Permission.POST_CHALLENGE, challenge.partner)
    take(session, challenge)
    if not takes_answers(challenge, today) or not challenge.partner.is_published:
        raise Conflict("no-answers")
    invited, answered = _known(session, challenge)
    wanted = [row_id for row_id in chosen if row_id not in invited | answered]
    if len(invited) + len(wanted) > MOST_INVITED:
        raise Invalid("too-many-invited", most=MOST_INVITED, left=MOST_INVITED - len(invited))
    startups = _load(session, wanted)
    for startup in startups:
        challenge.invitations.append(ChallengeInvitation(startup=startup, score=round(chosen[startup.id], 3)))
        values = {"challenge_id": challenge.id, "startup_id": startup.id}
        order_mails(session, "challenge-invitation", members_of(session, startup), values)
    session.flush()
    return len(startups)


def _likeness(search: Search, challenge: Challenge) -> dict[int, float]:
    """Id -> how much a startup's words are those of the challenge, 0 to 1; the best of all languages counts."""
    found: dict[int, float] = {}
    for language in dict.fromkeys([*challenge.title, *challenge.problem]):
        text = f"{challenge.title.get(language, '')} {challenge.problem.get(language, '')}"
        try:
            ids = run_similar(search.startups, analyze(text), {}, but=0, limit=_SIMILAR)
        except IndexUnavailable:
            return {}
        for place, row_id in enumerate(ids):
            found[row_id] = max(found.get(row_id, 0.0), 1 - place / _SIMILAR)
    return found


def _of_same_subjects(session: DbSession, challenge: Challenge) -> Sequence[int]:
    """The published startups that share most subjects."""
    terms = [term.id for term in challenge.subjects]
    if not terms:
        return []
    statement = (
        sa.select(StartupTerm.startup_id)
        .join(Startup, Startup.id == StartupTerm.startup_id)
        .where(StartupTerm.term_id.in_(terms), Startup.state == PublicationState.PUBLISHED)
        .group_by(StartupTerm.startup_id)
        .order_by(sa.func.count().desc(), sa.func.sum(StartupTerm.position), StartupTerm.startup_id)
    )
    return session.scalars(statement.limit(_CANDIDATES)).all()


def _load(session: DbSession, ids: Iterable[int]) -> Sequence[Startup]:
    wanted = list(ids)
    if not wanted:
        return []
    return session.scalars(Startup.with_listing(Startup.published().where(Startup.id.in_(wanted)))).all()


def _concepts(vocabulary: ConceptVocabulary, texts: Iterable[Mapping[str, str] | None]) -> set[str]:
    return {code for each in texts for text in (each or {}).values() for code in vocabulary.codes_of_text(text)}


def _rarity(asked: Collection[str], spoken: Collection[set[str]]) -> dict[str, float]:
    """Concept of the challenge -> what sharing it says: little if most candidates speak of it."""
    speakers = Counter(code for codes in spoken for code in codes)
    return {code: math.log(1 + (len(spoken) + 1) / (speakers[code] + 1)) for code in asked}


def _known(session: DbSession, challenge: Challenge) -> tuple[set[int], set[int]]:
    """Whom the challenge was told to, and whose answers stand."""
    told = sa.select(ChallengeInvitation.startup_id).filter_by(challenge_id=challenge.id)
    given = sa.select(ChallengeAnswer.startup_id).filter_by(challenge_id=challenge.id)
    standing = given.where(ChallengeAnswer.state != AnswerState.WITHDRAWN)
    return set(session.scalars(told)), set(session.scalars(standing))


def _fit(
    startup: Startup,
    challenge: Challenge,
    shared: set[str],
    rarity: Mapping[str, float],
    words: float,
    invited: set[int],
    answered: set[int],
) -> Fit:
    parts = {"subjects": _subject_score(startup, challenge), "concepts": _concept_score(shared, rarity), "words": words}
    said = {name: part for name, part in parts.items() if part is not None}
    score = sum(_WEIGHTS[name] * part for name, part in said.items()) / sum(_WEIGHTS[name] for name in said)
    own = {link.term_id for link in startup.term_links}
    return Fit(
        startup,
        score,
        subjects=[term for term in challenge.subjects if term.id in own],
        concepts=sorted(shared, key=lambda code: (-rarity[code], code))[:_CONCEPTS_TOLD],
        reads_alike=words >= _ALIKE,
        is_invited=startup.id in invited,
        has_answered=startup.id in answered,
    )


def _subject_score(startup: Startup, challenge: Challenge) -> float | None:
    """How much of what the challenge is about the startup does; nothing if the challenge does not say."""
    parts = []
    for kind in SUBJECT_KINDS:
        asked = {term.code for term in challenge.subjects if term.kind == kind}
        own = [term.code for term in startup.terms(kind)]
        if asked and kind == TermKind.SECTOR:
            parts.append(1.0 if own[:1] and own[0] in asked else _OTHER_SECTOR if asked & set(own) else 0.0)
        elif asked:
            parts.append(len(asked & set(own)) / len(asked))
    return sum(parts) / len(parts) if parts else None


def _concept_score(shared: set[str], rarity: Mapping[str, float]) -> float | None:
    """The share of the challenge's concepts that the startup speaks of; half of them are as good as all."""
    whole = sum(rarity.values())
    return min(1.0, 2 * sum(rarity[code] for code in shared) / whole) if whole else None


def _suggested(ranked: Sequence[Fit], places: int) -> list[Fit]:
    """The same, the best of those that were not told yet proposed for an invitation."""
    fresh = [fit for fit in ranked if fit.score >= THRESHOLD and not fit.is_invited and not fit.has_answered]
    proposed = {fit.startup.id for fit in fresh[: min(SUGGESTED, places)]}
    return [Fit(**{**vars(fit), "is_suggested": True}) if fit.startup.id in proposed else fit for fit in ranked]
