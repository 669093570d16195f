"""Stored lists of matches, and how changed profiles enter, leave or move on the lists of others.

The entries of a list carry their scores, so a changed profile is put in its place without scoring everybody again. Only
a list that was full and lost an entry must be made anew: somebody who was not on it may follow.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import sqlalchemy as sa

from webapp.matching import Matcher
from webapp.matching.matcher import LEAST_SCORE
from webapp.matching.ranking import Best
from webapp.models import DbSession, Match, Partner

BATCH = 500
"""How many ids a condition of one statement takes."""

Owner = tuple[int, str]
"""Whose list: the id of a startup and the kind of partners, or the id of a partner and nothing."""
Entries = dict[int, float]
"""Who is on a list -> the score, which never changes as long as neither profile does."""


@dataclass(frozen=True)
class Lists:
    """Lists of one side that changed profiles of the other side concern."""

    merged: dict[Owner, list[tuple[int, float]]] = field(default_factory=dict)
    """Lists that are known already: who stands on them, in order, with the scores."""
    again: set[int] = field(default_factory=set)
    """Owners whose lists must be ranked anew."""

    @property
    def owners(self) -> set[int]:
        """Everybody whose list may have changed."""
        return {owner for owner, _ in self.merged} | self.again


class ListKeeper:
    """Finds and merges the lists of one side.

    Args:
        of_startups: whether lists of startups are kept (of partners on them), or lists of partners.
        changed: ids on the other side that changed, were withdrawn or deleted.
        gone: owners on whose lists somebody may have stood whose row the database has no more, and its entries with it.
    """

    def __init__(
        self,
        session: DbSession,
        matcher: Matcher,
        *,
        of_startups: bool,
        changed: Collection[int],
        gone: Collection[int],
    ) -> None:
        self._session, self._matcher, self._of_startups = session, matcher, of_startups
        self._changed, self._gone = set(changed), set(gone)
        if of_startups:
            self._owner, self._other, self._rank = Match.startup_id, Match.partner_id, Match.startup_rank
        else:
            self._owner, self._other, self._rank = Match.partner_id, Match.startup_id, Match.partner_rank
        side = matcher.partners if of_startups else matcher.startups
        places = side.places(None)
        prices = matcher.partner_prices(places) if of_startups else matcher.startup_prices(places)
        fixed = matcher.fitted.exposure.partners if of_startups else matcher.fitted.exposure.startups
        self._price = {**fixed, **dict(zip(side.ids.tolist(), prices.tolist(), strict=True))}
        self._unsure = self._changed - fixed.keys()
        """Those whose price may have been another when the lists were made: startups of after the fit change sites."""

    def lists(self, except_for: Collection[int]) -> Lists:
        """The lists that the changed profiles are on, belong on, or were on; those of some owners left out."""
        if not self._changed:
            return Lists()
        fresh = self._fresh()
        on: set[int] = set(
            self._session.execute(self._select(self._owner).where(self._other.in_(self._changed))).scalars()
        )
        wanted = (on | self._reached(fresh) | self._gone) - set(except_for)
        entries = self._read(wanted)
        found = Lists()
        for owner in entries.keys() | {owner for owner in fresh if owner[0] in wanted}:
            merged = self._merge(entries.get(owner, {}), fresh.get(owner, {}), owner)
            if merged is None:
                found.again.add(owner[0])
            else:
                found.merged[owner] = merged
        # Who has no entry left and lost one that the database deleted already cannot be told from who never had any.
        found.again.update(self._gone & wanted - {owner for owner, _ in entries})
        return found

    def _select(self, *columns: Any) -> sa.Select[*tuple[Any, ...]]:
        return sa.select(*columns).where(self._rank.is_not(None))

    def _fresh(self) -> dict[Owner, Entries]:
        """By owner, the scores of the changed profiles that reach the least."""
        matcher, changed = self._matcher, self._changed
        scores = matcher.scores(partner_ids=changed) if self._of_startups else matcher.scores(startup_ids=changed).T
        owners = (matcher.startups if self._of_startups else matcher.partners).ids
        others = matcher.partners if self._of_startups else matcher.startups
        places = others.places(changed)
        found: dict[Owner, Entries] = defaultdict(dict)
        for number, place in enumerate(places.tolist()):
            kind = matcher.partners.profiles[place].kind if self._of_startups else ""
            for owner in np.flatnonzero(scores[:, number] >= LEAST_SCORE).tolist():
                found[int(owners[owner]), kind][int(others.ids[place])] = float(scores[owner, number])
        return found

    def _reached(self, fresh: Mapping[Owner, Entries]) -> set[int]:
        """The owners on whose lists a changed profile belongs: they are not full, or it beats their last entry."""
        statement = self._select(self._owner, self._other, Match.score, Partner.kind)
        last = {}
        rows = self._session.execute(statement.join_from(Match, Partner).where(self._rank == self._matcher.per_profile))
        for owner, other, score, kind in rows:
            reached = -np.inf if other in self._unsure else score - self._price.get(other, 0.0)
            last[owner, kind if self._of_startups else ""] = reached
        return {
            owner[0]
            for owner, entries in fresh.items()
            if any(score - self._price[other] >= last.get(owner, -np.inf) for other, score in entries.items())
        }

    def _read(self, owners: Iterable[int]) -> dict[Owner, Entries]:
        wanted = sorted(owners)
        found: dict[Owner, Entries] = defaultdict(dict)
        statement = self._select(self._owner, self._other, Match.score, Partner.kind).join_from(Match, Partner)
        for start in range(0, len(wanted), BATCH):
            for owner, other, score, kind in self._session.execute(
                statement.where(self._owner.in_(wanted[start : start + BATCH]))
            ):
                found[owner, kind if self._of_startups else ""][other] = score
        return found

    def _merge(self, before: Entries, fresh: Entries, owner: Owner) -> list[tuple[int, float]] | None:
        """The list after the change; nothing if somebody who is not on it may belong there now."""
        full = self._matcher.per_profile
        kept = {other: score for other, score in before.items() if other not in self._changed}
        if len(before) < full:
            if owner[0] in self._gone:
                return None
            return self._order(kept | fresh)[:full]
        lost = len(before) - len(kept)
        after = self._order(kept | fresh)[:full]
        if not lost:
            return after
        sure = self._order({other: score for other, score in before.items() if other not in self._unsure})
        last = self._key(*sure[-1]) if sure else (-np.inf, 0)
        if len(after) == full and all(self._key(*entry) <= last for entry in after):
            return after
        return None

    def _key(self, other: int, score: float) -> tuple[float, int]:
        return -(score - self._price.get(other, 0.0)), other

    def _order(self, entries: Entries) -> list[tuple[int, float]]:
        return sorted(entries.items(), key=lambda entry: self._key(*entry))


def as_best(lists: Lists, *, of_startups: bool) -> Best:
    """Merged lists as arrays; those of owners that are ranked anew are left out."""
    rows = [
        (owner, other, score, rank)
        for (owner, _), entries in sorted(lists.merged.items())
        if owner not in lists.again
        for rank, (other, score) in enumerate(entries, start=1)
    ]
    owners, others, scores, ranks = zip(*rows, strict=True) if rows else ((), (), (), ())
    mine, theirs = np.array(owners, dtype=np.int64), np.array(others, dtype=np.int64)
    startups, partners = (mine, theirs) if of_startups else (theirs, mine)
    return Best(startups, partners, np.array(scores, dtype=np.float64), np.array(ranks, dtype=np.int64))
