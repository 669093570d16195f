"""Profiles with changes for tests: hypothesis strategies of their values, and revisions in each state."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st
from sqlalchemy.orm import Session

from webapp.models import Partner, Revision, Startup
from webapp.permissions import Actor
from webapp.services.profile_fields import ProfileField, ValueKind, fields_of
from webapp.services.profile_values import normal
from webapp.services.revisions import current_values, mark_of_section, save_section

TODAY = date(2026, 11, 28)

_WORDS = st.text("abc éèش ", min_size=1, max_size=30).map(str.strip).filter(bool)
_DAYS = st.dates(date(2000, 1, 1), date(2030, 1, 1)).map(date.isoformat)


def texts(limit: int = 60) -> st.SearchStrategy[dict[str, str]]:
    """A text in some languages."""
    return st.dictionaries(st.sampled_from(("ar", "fr", "en")), _WORDS.map(lambda text: text[:limit]), max_size=3)


def _codes(codes: list[str], most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(codes), unique=True, max_size=min(most or 5, 5))


def _rows(kind: ValueKind) -> st.SearchStrategy[list[dict[str, Any]]]:
    some = texts().filter(bool)
    row = {
        ValueKind.MILESTONES: st.fixed_dictionaries({"on": _DAYS, "text": some}, optional={"source": _WORDS}),
        ValueKind.PORTFOLIO: st.fixed_dictionaries({"name": _WORDS}, optional={"year": st.integers(1990, 2026)}),
    }
    return st.lists(row[kind], max_size=3)


def values_of(profile: Startup | Partner, codes: dict[str, list[str]]) -> st.SearchStrategy[dict[str, Any]]:
    """Changes of some fields of a profile.

    Args:
        codes: of the vocabulary by kind, and those of ``regions`` and ``sites``.
    """

    def one(field: ProfileField) -> st.SearchStrategy[Any]:
        kinds: dict[ValueKind, st.SearchStrategy[Any]] = {
            ValueKind.TEXT: _WORDS,
            ValueKind.LOCALIZED: texts(),
            ValueKind.PARAGRAPHS: texts(),
            ValueKind.URL: st.none() | st.just("https://example.com"),
            ValueKind.YEAR: st.none() | st.integers(1990, 2026),
            ValueKind.COUNT: st.none() | st.integers(0, 50),
            ValueKind.AMOUNT: st.none(),
            ValueKind.CURRENCY: st.sampled_from(("MAD", "EUR", None)),
            ValueKind.FLAG: st.sampled_from((True, False, None)),
            ValueKind.COMPANY_NUMBER: st.none(),
            ValueKind.COUNTRY: st.sampled_from(("MA", "FR", None)),
            ValueKind.COUNTRIES: st.lists(st.sampled_from(("MA", "FR", "SN", "AE")), unique=True),
            ValueKind.PLACES: st.lists(st.sampled_from(("MA", "FR", "MA-09")), unique=True),
            ValueKind.LANGUAGES: st.lists(st.sampled_from(("ar", "fr", "en")), unique=True),
            ValueKind.GOALS: st.lists(st.integers(1, 17), unique=True, max_size=3),
            ValueKind.LOGO: st.none(),
        }
        if field.term_kind:
            return _codes(codes[field.term_kind.value], field.most)
        if field.is_list_of_rows:
            return _rows(field.kind)
        if field.kind in (ValueKind.REGION, ValueKind.SITES):
            known = codes["regions" if field.kind == ValueKind.REGION else "sites"]
            return st.sampled_from([None, *known]) if field.kind == ValueKind.REGION else _codes(known, 3)
        return kinds[field.kind]

    fields = {
        field.name: one(field).map(lambda value, field=field: normal(field, value)) for field in fields_of(profile)
    }

    def apart(values: dict[str, Any]) -> dict[str, Any]:
        if "sectors" in values and "excluded_sectors" in values:
            values["excluded_sectors"] = [code for code in values["excluded_sectors"] if code not in values["sectors"]]
        elif "excluded_sectors" in values:
            del values["excluded_sectors"]
        return values

    return st.fixed_dictionaries({}, optional=fields).map(apart)


def save(session: Session, actor: Actor, profile: Startup | Partner, section: str, **values: Any) -> Revision | None:
    """Save a page as it is now with other values."""
    mark = mark_of_section(profile, section, current_values(session, profile))
    return save_section(session, actor, profile, section, values, mark=mark)
