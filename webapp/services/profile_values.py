"""Values of a profile's fields as JSON: reading them off the row, bringing them into one form, writing them to it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from webapp.language import sort_key
from webapp.models import (
    DbSession,
    Milestone,
    Partner,
    PartnerSite,
    PortfolioCompany,
    Region,
    Site,
    Startup,
    Term,
)
from webapp.services.introduction_limits import add_months
from webapp.services.profile_fields import ProfileField, ValueKind, field_table, fields_of

Values = Mapping[str, Any]
Writer = Callable[[DbSession, Any, ProfileField, Any], None]

MONTHS_OF_NEEDS = 6
"""For how many months a need or an offer holds once it was chosen or said to be still true."""


def read_value(profile: Startup | Partner, field: ProfileField) -> Any:
    """What the profile's row says in a field."""
    if field.kind == ValueKind.TERMS:
        return [term.code for term in _terms_of(profile, field)]
    if field.kind == ValueKind.REGION:
        return profile.region.code if profile.region else None
    if field.kind == ValueKind.SITES:
        return sorted(site.code for site in profile.sites)
    if field.is_list_of_rows:
        return normal(field, list(map(_ROWS[field.kind][0], getattr(profile, field.name))))
    return normal(field, getattr(profile, field.name))


def read_values(profile: Startup | Partner) -> dict[str, Any]:
    """What the profile's row says in all its fields."""
    return {field.name: read_value(profile, field) for field in fields_of(profile)}


def normal(field: ProfileField, value: Any) -> Any:
    """A value in the one form in which equal values are equal: no empty texts, lists without repetitions."""
    if field.is_localized:
        return _texts(value)
    if field.is_list_of_rows:
        rows = [_row(each) for each in value or []]
        return sorted(rows, key=_ROWS[field.kind][2])
    if field.kind in (ValueKind.COUNTRIES, ValueKind.PLACES, ValueKind.GOALS, ValueKind.SITES, ValueKind.LANGUAGES):
        return sorted(set(value or []))
    if field.kind == ValueKind.TERMS:
        return list(dict.fromkeys(value or []))
    return None if value == "" else value


def write_values(session: DbSession, profile: Startup | Partner, changes: Values, *, today: date) -> None:
    """Write proposed values to the profile's row; codes that no longer exist and fields it does not have are left out.

    Needs and offers that were written hold for half a year from today, and the texts' dates follow.
    """
    fields = field_table(profile)
    # Those that exclude are written last, and first taken out of what is sought, since one term stands there once.
    for name in sorted(set(changes) & set(fields), key=lambda name: fields[name].excluded):
        field, value = fields[name], normal(fields[name], changes[name])
        if field.is_localized:
            _date_texts(profile, name, value, today)
        write: Writer = _WRITERS.get(field.kind, _write_column)
        write(session, profile, field, value)
        if field.expires:
            renew_terms(profile, field, today)
    profile.sort_name = sort_key(profile.name_latin or profile.name_arabic or "")[:160]


def renew_terms(profile: Startup | Partner, field: ProfileField, today: date) -> None:
    """Let all terms of a field hold for their time from today."""
    for link in profile.term_links:
        if link.term.kind == field.term_kind:
            link.expires_on = add_months(today, MONTHS_OF_NEEDS)


def _texts(value: Any) -> dict[str, str]:
    return {language: text for language, text in sorted((value or {}).items()) if text}


def _row(value: Values) -> dict[str, Any]:
    cleaned = {key: _texts(each) if isinstance(each, dict) else each for key, each in sorted(value.items())}
    return {key: each for key, each in cleaned.items() if each}


def _terms_of(profile: Startup | Partner, field: ProfileField) -> list[Term]:
    if field.excluded and isinstance(profile, Partner):
        return profile.excluded(field.terms)
    return profile.terms(field.terms)


def _date_texts(profile: Startup | Partner, name: str, texts: Mapping[str, str], today: date) -> None:
    old, dates = _texts(getattr(profile, name)), dict((profile.text_dates or {}).get(name, {}))
    for language, text in texts.items():
        if old.get(language) != text:
            dates[language] = today.isoformat()
    kept = {language: day for language, day in dates.items() if language in texts}
    profile.text_dates = (profile.text_dates or {}) | {name: kept}


def _write_column(session: DbSession, profile: Startup | Partner, field: ProfileField, value: Any) -> None:
    if getattr(profile, field.name) != value:
        setattr(profile, field.name, value)


def _write_region(session: DbSession, profile: Startup | Partner, field: ProfileField, value: Any) -> None:
    with session.no_autoflush:
        profile.region = session.scalar(sa.select(Region).filter_by(code=value)) if value else None


def _write_terms(session: DbSession, profile: Startup | Partner, field: ProfileField, value: list[str]) -> None:
    with session.no_autoflush:
        found = session.scalars(sa.select(Term).where(Term.kind == field.term_kind, Term.code.in_(value)))
        terms = {term.code: term for term in found}
    chosen = [terms[code] for code in value if code in terms]
    if not isinstance(profile, Partner):
        profile.set_terms(field.terms, chosen[: field.most or None])
        return
    other = profile.terms(field.terms) if field.excluded else profile.excluded(field.terms)
    taken = {term.code for term in chosen}
    if taken & {term.code for term in other}:
        _move_sides(profile, field, [term for term in other if term.code not in taken])
    profile.set_terms(field.terms, chosen, excluded=field.excluded)


def _move_sides(profile: Partner, field: ProfileField, left: list[Term]) -> None:
    """Turn links of terms that change sides instead of replacing them: their key stays the same."""
    codes = {term.code for term in left}
    for link in profile.term_links:
        if link.term.kind == field.term_kind and link.excluded != field.excluded and link.term.code not in codes:
            link.excluded = field.excluded


def _write_sites(session: DbSession, profile: Startup | Partner, field: ProfileField, value: list[str]) -> None:
    if not isinstance(profile, Partner):
        return
    existing = {link.site.code: link for link in profile.site_links}
    with session.no_autoflush:
        sites = session.scalars(sa.select(Site).where(Site.code.in_(value))).all()
    profile.site_links = [existing.get(site.code) or PartnerSite(site=site) for site in sites]


def _write_rows(session: DbSession, profile: Startup | Partner, field: ProfileField, value: list[Any]) -> None:
    """Keep the rows that are the same, so that only what changed is written."""
    read, make, _ = _ROWS[field.kind]
    left: list[Any] = list(getattr(profile, field.name))
    rows = []
    for item in value:
        same = next((row for row in left if _row(read(row)) == item), None)
        if same is not None:
            left.remove(same)
        rows.append(same or make(session, item))
    setattr(profile, field.name, rows)


def _read_milestone(row: Milestone) -> dict[str, Any]:
    return {"on": row.on.isoformat(), "text": dict(row.text), "source": row.source}


def _make_milestone(_session: DbSession, item: Values) -> Milestone:
    return Milestone(on=date.fromisoformat(item["on"]), text=item["text"], source=item.get("source"))


def _read_company(row: PortfolioCompany) -> dict[str, Any]:
    return {"name": row.name, "year": row.year, "startup_id": row.startup_id}


def _make_company(session: DbSession, item: Values) -> PortfolioCompany:
    startup_id = item.get("startup_id")
    with session.no_autoflush, contextlib.suppress(TypeError):
        startup_id = startup_id if startup_id and session.get(Startup, startup_id) else None
    return PortfolioCompany(name=item["name"], year=item.get("year"), startup_id=startup_id)


def _by(*names: str) -> Callable[[Values], list[str]]:
    return lambda item: [str(item.get(name) or "") for name in names]


_ROWS: Mapping[
    ValueKind, tuple[Callable[[Any], dict[str, Any]], Callable[[DbSession, Values], Any], Callable[[Values], Any]]
] = {
    ValueKind.MILESTONES: (_read_milestone, _make_milestone, _by("on", "text", "source")),
    ValueKind.PORTFOLIO: (_read_company, _make_company, _by("year", "name")),
}
"""Kind -> reading a row, making one, and the order of the rows."""

_WRITERS: Mapping[ValueKind, Writer] = {
    ValueKind.TERMS: _write_terms,
    ValueKind.REGION: _write_region,
    ValueKind.SITES: _write_sites,
    **dict.fromkeys(_ROWS, _write_rows),
}


def proposed_values(profile: Startup | Partner, changes: Values) -> dict[str, Any]:
    """What all fields would say with these changes."""
    values = read_values(profile)
    return values | {name: value for name, value in changes.items() if name in values}


def only_changed(profile: Startup | Partner, values: Values, names: Iterable[str] = ()) -> dict[str, Any]:
    """Of these values those that differ from what the row says; of unknown fields none."""
    fields = field_table(profile)
    found = {name: normal(fields[name], values[name]) for name in names or values if name in fields and name in values}
    return {name: value for name, value in found.items() if value != read_value(profile, fields[name])}
