"""Whether the demonstration lacks its matchmaking days. They are planned from its matches, so they come after those."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from webapp.models import DbSession, Match, MatchmakingDay, Startup

FILE = "days.yaml"


def lacks_demonstration_days(session: DbSession, folder: Path) -> bool:
    """Whether the pack has words for days, and there are demonstration profiles with matches, but no day."""
    if not (folder / FILE).exists() or session.scalar(sa.select(MatchmakingDay.id).limit(1)) is not None:
        return False
    of_demo = sa.select(Match.score).join(Match.startup).where(Startup.is_demo).limit(1)
    return session.scalar(of_demo) is not None
