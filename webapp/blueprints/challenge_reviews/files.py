"""Challenges as staff see them, as rows of a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from webapp.models import AnswerState, Challenge
from webapp.web.formats import localized, name_of

COLUMNS = ("slug", "title", "partner", "partner_name", "state", "submitted_on", "deadline", "answers")


def challenge_rows(
    challenges: Iterable[Challenge], counts: Mapping[int, Mapping[AnswerState, int]]
) -> Iterator[Mapping[str, Any]]:
    """A row each.

    Args:
        counts: challenge -> state -> how many answers.
    """
    for challenge in challenges:
        yield {
            "slug": challenge.slug,
            "title": localized(challenge.title).text,
            "partner": challenge.partner.slug,
            "partner_name": name_of(challenge.partner),
            "state": challenge.state,
            "submitted_on": challenge.submitted_at.date() if challenge.submitted_at else None,
            "deadline": challenge.deadline,
            "answers": sum(counts.get(challenge.id, {}).values()),
        }
