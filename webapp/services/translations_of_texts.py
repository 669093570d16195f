"""Which translations of a profile's texts are missing or behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum

from webapp.models import Partner, Startup
from webapp.services.profile_fields import fields_of
from webapp.services.profile_values import Values


class TextState(StrEnum):
    """How a text in one language stands to the same text in the others."""

    FINE = "fine"
    MISSING = "missing"
    """Another language has it."""
    OLDER = "older"
    """Another language was written anew since."""


def text_states(
    profile: Startup | Partner, values: Values, languages: Sequence[str], today: date
) -> dict[tuple[str, str], TextState]:
    """Field and language -> how the text stands, for all texts of a profile with these values.

    What differs from the row counts as written today. Where nobody knows when a text was written, nothing is behind.
    """
    found: dict[tuple[str, str], TextState] = {}
    for field in fields_of(profile):
        if not field.is_localized:
            continue
        texts: Mapping[str, str] = values.get(field.name) or {}
        dates = _dates(profile, field.name, texts, today)
        newest = max(dates.values(), default="")
        for language in languages:
            if texts and not texts.get(language):
                found[field.name, language] = TextState.MISSING
            elif language in dates and dates[language] < newest:
                found[field.name, language] = TextState.OLDER
            else:
                found[field.name, language] = TextState.FINE
    return found


def _dates(profile: Startup | Partner, name: str, texts: Mapping[str, str], today: date) -> dict[str, str]:
    """Language -> ISO date on which its text was written, as far as that is known."""
    row: Mapping[str, str] = getattr(profile, name) or {}
    dates: Mapping[str, str] = (profile.text_dates or {}).get(name) or {}
    known = {language: dates[language] for language in texts if language in dates}
    return known | {language: today.isoformat() for language in texts if row.get(language) != texts[language]}
