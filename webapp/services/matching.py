"""Preparing matches: replacing all of them, and rescoring what changed. For the worker and for commands.

This module loads scikit-learn; pages read what it prepared through ``webapp.services.matches``, which does not.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import sqlalchemy as sa

from webapp.matching import BadFit, Matcher, PartnerFeatures, Ranking
from webapp.matching.matcher import LEAST_SCORE
from webapp.matching.ranking import Best, combine
from webapp.models import DbSession, Match, MatchingRun, Partner, PublicationState, Startup
from webapp.services.matching_features import read_partners, read_startups
from webapp.services.matching_lists import ListKeeper, as_best
from webapp.services.vocabulary import read_concepts

BATCH = 500
"""How many rows, or ids in a condition, one statement takes."""

REBUILD_SHARE = 0.2
"""From this share of changed profiles on, rescoring them one by one is slower than doing all anew."""

REBUILD_ABOVE = 20
"""So few changed profiles are always rescored alone, however small the directory."""

ASIDE = sa.Table(
    "match_aside",
    sa.MetaData(),
    *(sa.Column(column.name, column.type) for column in Match.__table__.columns),
    prefixes=["TEMPORARY"],
)
"""Where a rebuild keeps its matches until they are complete."""

PAIR = sa.tuple_(Match.startup_id, Match.partner_id)
Pair = tuple[int, int]
"""Ids of a startup and of a partner."""
Ids = tuple[set[int], set[int]]
"""Ids of startups and of partners."""
Ranks = tuple[int | None, int | None]
"""Place on the startup's list and on the partner's."""
Progress = Callable[[int, int], None]
"""Is told how many matches have been written so far, and of how many."""


@dataclass(frozen=True)
class Rescored:
    """What a rescoring did."""

    startups: int
    partners: int
    """Profiles whose lists were made again: those that changed, and those whose lists they entered or left."""
    rebuilt: bool
    """Whether everything was done anew instead."""


def latest_run(session: DbSession) -> MatchingRun | None:
    """The run that the present matches come from."""
    return session.scalar(sa.select(MatchingRun).order_by(MatchingRun.id.desc()).limit(1))


def is_outdated(session: DbSession, matcher: Matcher) -> bool:
    """Whether there are no matches yet, or only those of other weights, code, libraries or another network pack."""
    run = latest_run(session)
    return run is None or run.stamp != matcher.stamp()


def rebuild_matches(session: DbSession, matcher: Matcher, progress: Progress | None = None) -> MatchingRun:
    """Fit the matcher to all published profiles and replace all matches, within the caller's transaction.

    The matches are computed and laid aside first, in a table that only this connection sees, and take the place of the
    former ones in two statements: on SQLite nobody else can write from the first of them to the end of the transaction.

    Raises:
        BadFit: the fit is not sound, or matches nobody where the one before did. The former matches stay.
    """
    matcher.fit(read_startups(session), read_partners(session), read_concepts(session))
    _lay_aside(session, matcher, progress)
    _refuse_emptiness(session, matcher)
    session.execute(sa.delete(Match).execution_options(synchronize_session=False))
    run = MatchingRun(
        stamp=matcher.stamp(),
        startups=len(matcher.startups.profiles),
        partners=len(matcher.partners.profiles),
        matches=_take_over(session),
    )
    session.add(run)
    session.flush()
    matcher.run_id = run.id
    return run


def _lay_aside(session: DbSession, matcher: Matcher, progress: Progress | None) -> None:
    """Write the whole ranking with its explanations to the temporary table."""
    session.execute(sa.schema.DropTable(ASIDE, if_exists=True))
    session.execute(sa.schema.CreateTable(ASIDE))
    _write(session, ASIDE, matcher, matcher.rank(), progress)


def _refuse_emptiness(session: DbSession, matcher: Matcher) -> None:
    """A fit by the same code to as many profiles that finds nothing, though it might, has gone wrong somewhere."""
    before, after = latest_run(session), session.scalar(sa.select(sa.func.count()).select_from(ASIDE))
    if after or before is None or before.stamp != matcher.stamp() or not before.matches:
        return
    as_many = len(matcher.startups.profiles) >= before.startups and len(matcher.partners.profiles) >= before.partners
    if as_many and (matcher.scores() >= 0).any():
        raise BadFit("no matches at all, where the fit before had some")


def _take_over(session: DbSession) -> int:
    """Move what was laid aside to the matches; gives how many. Who was withdrawn or deleted meanwhile is left out."""
    published = (sa.select(model.id).where(model.state == PublicationState.PUBLISHED) for model in (Startup, Partner))
    kept = [column.in_(ids) for column, ids in zip((ASIDE.c.startup_id, ASIDE.c.partner_id), published, strict=True)]
    session.execute(sa.insert(Match).from_select(ASIDE.c.keys(), sa.select(ASIDE).where(*kept)))
    session.execute(sa.schema.DropTable(ASIDE))
    return session.scalar(sa.select(sa.func.count()).select_from(Match)) or 0


def _write(
    session: DbSession,
    target: sa.Table | type[Match],
    matcher: Matcher,
    ranking: Ranking,
    progress: Progress | None = None,
) -> None:
    batch: list[dict[str, Any]] = []
    for number, row in enumerate(_rows(matcher, ranking), start=1):
        batch.append(row)
        if len(batch) == BATCH or number == len(ranking):
            session.execute(sa.insert(target), batch)
            batch = []
            if progress:
                progress(number, len(ranking))


def _rows(matcher: Matcher, ranking: Ranking) -> Iterator[dict[str, Any]]:
    for (startup_id, partner_id, score, *ranks), parts in zip(ranking.rows(), matcher.explain(ranking), strict=True):
        yield {
            "startup_id": startup_id,
            "partner_id": partner_id,
            "score": score,
            "startup_rank": ranks[0] or None,
            "partner_rank": ranks[1] or None,
            "explanation": parts,
        }


def rescore(
    session: DbSession, matcher: Matcher, *, startup_ids: Collection[int] = (), partner_ids: Collection[int] = ()
) -> Rescored:
    """Bring the matches of changed, withdrawn or deleted profiles up to date, within the caller's transaction.

    Lists of others that they enter or leave follow, so that the result is what ranking everything with the same fit
    would give. A matcher that did not make the present matches, a change of much of the directory, and many changes
    since the fit do everything anew. If the transaction fails afterwards, the matcher must ``forget``.
    """
    run = latest_run(session)
    if run is None or matcher.run_id != run.id or run.stamp != matcher.stamp():
        return _all_anew(session, matcher)
    total = len(matcher.startups.profiles) + len(matcher.partners.profiles)
    much = len(startup_ids) + len(partner_ids) > max(REBUILD_ABOVE, REBUILD_SHARE * total)
    startups, partners = list(read_startups(session, startup_ids)), list(read_partners(session, partner_ids))
    if much or _changes_kind(matcher, partners):
        return _all_anew(session, matcher)
    gone = _gone(session, matcher, startup_ids, partner_ids)
    matcher.replace_startups(startup_ids, startups)
    matcher.replace_partners(partner_ids, partners)
    if matcher.is_stale:
        return _all_anew(session, matcher)
    changed = set(startup_ids), set(partner_ids)
    for_startups = ListKeeper(session, matcher, of_startups=True, changed=partner_ids, gone=gone[0]).lists(changed[0])
    for_partners = ListKeeper(session, matcher, of_startups=False, changed=startup_ids, gone=gone[1]).lists(changed[1])
    lists = changed[0] | for_startups.owners, changed[1] | for_partners.owners
    ranked = matcher.rank(changed[0] | for_startups.again, changed[1] | for_partners.again).lists()
    ranking = combine(
        Best.joined([ranked[0], as_best(for_startups, of_startups=True)]),
        Best.joined([ranked[1], as_best(for_partners, of_startups=False)]),
    )
    _replace_lists(session, matcher, ranking, lists, changed)
    return Rescored(len(lists[0]), len(lists[1]), rebuilt=False)


def _all_anew(session: DbSession, matcher: Matcher) -> Rescored:
    run = rebuild_matches(session, matcher)
    return Rescored(run.startups, run.partners, rebuilt=True)


def _changes_kind(matcher: Matcher, partners: Iterable[PartnerFeatures]) -> bool:
    """Whether a partner became one of another kind, and so left one list of a startup for another: a rare thing."""
    former = {partner.id: partner.kind for partner in matcher.partners.profiles}
    return any(former.get(partner.id, partner.kind) != partner.kind for partner in partners)


def _gone(session: DbSession, matcher: Matcher, startup_ids: Collection[int], partner_ids: Collection[int]) -> Ids:
    """The startups and the partners on whose lists somebody may have stood whose row was deleted, matches included."""
    deleted = [
        sorted(set(ids) - set(session.scalars(sa.select(model.id).where(model.id.in_(ids)))))
        for model, ids in ((Startup, startup_ids), (Partner, partner_ids))
    ]
    startups, partners = set[int](), set[int]()
    if deleted[1]:
        scores = matcher.scores(partner_ids=deleted[1])
        startups.update(matcher.startups.ids[(scores >= LEAST_SCORE).any(axis=1)].tolist())
    if deleted[0]:
        scores = matcher.scores(startup_ids=deleted[0])
        partners.update(matcher.partners.ids[(scores >= LEAST_SCORE).any(axis=0)].tolist())
    return startups, partners


def _existing(session: DbSession, key: Any, values: Iterable[Any], rank: Any = None) -> dict[Pair, Ranks]:
    """The matches whose ``key`` (a startup, a partner, a pair) is among these; with ``rank``, those that have it."""
    columns = sa.select(Match.startup_id, Match.partner_id, Match.startup_rank, Match.partner_rank)
    if rank is not None:
        columns = columns.where(rank.is_not(None))
    wanted = sorted(values)
    found: dict[Pair, Ranks] = {}
    for start in range(0, len(wanted), BATCH):
        for row in session.execute(columns.where(key.in_(wanted[start : start + BATCH]))):
            found[row.startup_id, row.partner_id] = (row.startup_rank, row.partner_rank)
    return found


def _replace_lists(session: DbSession, matcher: Matcher, ranking: Ranking, lists: Ids, changed: Ids) -> None:
    """Write the lists of some profiles; explanations only of pairs that are new or of which a side changed."""
    ranked = {(row[0], row[1]): (row[3] or None, row[4] or None) for row in ranking.rows()}
    existing = _existing(session, Match.startup_id, lists[0])
    existing |= _existing(session, Match.partner_id, lists[1], Match.partner_rank)
    existing |= _existing(session, PAIR, ranked.keys() - existing.keys())
    wanted = _merge(existing, ranked, lists)
    again = {pair for pair in ranked if pair not in existing or pair[0] in changed[0] or pair[1] in changed[1]}
    _delete(session, [pair for pair in existing if wanted[pair] == (None, None) or pair in again])
    moved = [pair for pair in existing if pair not in again and wanted[pair] not in ((None, None), existing[pair])]
    if moved:
        session.execute(sa.update(Match), [_ranks(pair, wanted[pair]) for pair in moved])
    kept = np.array([(row[0], row[1]) in again for row in ranking.rows()], dtype=bool)
    _write(session, Match, matcher, ranking.only(kept))


def _merge(existing: Mapping[Pair, Ranks], ranked: Mapping[Pair, Ranks], lists: Ids) -> dict[Pair, Ranks]:
    """The ranks of every pair: new ones on lists that were made again, the former ones on others."""
    none: Ranks = (None, None)
    merged = {}
    for pair in existing.keys() | ranked.keys():
        old, new = existing.get(pair, none), ranked.get(pair, none)
        merged[pair] = (
            new[0] if pair[0] in lists[0] else old[0],
            new[1] if pair[1] in lists[1] else old[1],
        )
    return merged


def _ranks(pair: Pair, ranks: Ranks) -> dict[str, int | None]:
    return dict(zip(("startup_id", "partner_id", "startup_rank", "partner_rank"), (*pair, *ranks), strict=True))


def _delete(session: DbSession, pairs: Iterable[Pair]) -> None:
    ordered = sorted(pairs)
    for start in range(0, len(ordered), BATCH):
        batch = ordered[start : start + BATCH]
        session.execute(sa.delete(Match).where(PAIR.in_(batch)).execution_options(synchronize_session=False))
