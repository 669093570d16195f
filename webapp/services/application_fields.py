"""What an application says of its project: the one table from which forms, checks, staff's pages and profiles follow.

Texts are in the one language in which the application is written. What a field is called stands in
``webapp.web.application_words``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from webapp.errors import Invalid
from webapp.models import AT_MOST, DbSession, Startup, Term, TermKind
from webapp.services.imports.fields import PITCH_LENGTH
from webapp.services.profile_fields import ValueKind, field_table
from webapp.services.profile_values import read_value

TEXT_LENGTH = 2000
"""Most characters of an answer of several lines: about a page, which an evaluator reads in a few minutes."""

Values = Mapping[str, Any]


class Step(StrEnum):
    """The pages of an application, in their order."""

    APPLICANT = "applicant"
    PROJECT = "project"
    ACTIVITY = "activity"
    COMPANY = "company"


@dataclass(frozen=True)
class ApplicationField:
    """A field of an application."""

    name: str
    kind: ValueKind
    step: Step
    limit: int = 0
    """Most characters of a text, 0 if it has none."""
    term_kind: TermKind | None = None
    most: int = 0
    """Most terms, 0 if there is no limit."""
    required: bool = False
    profile: str = ""
    """The field of a startup's profile that it becomes; empty if it is for the evaluators only."""

    @property
    def is_long(self) -> bool:
        """Whether it is a text of several lines."""
        return self.kind == ValueKind.PARAGRAPHS


def _text(name: str, step: Step, limit: int, *, profile: str = "", required: bool = False) -> ApplicationField:
    return ApplicationField(name, ValueKind.TEXT, step, limit=limit, profile=profile, required=required)


def _long(name: str, step: Step, *, profile: str = "", required: bool = False) -> ApplicationField:
    return ApplicationField(name, ValueKind.PARAGRAPHS, step, limit=TEXT_LENGTH, profile=profile, required=required)


def _terms(name: str, kind: TermKind, step: Step, *, required: bool = False) -> ApplicationField:
    most = AT_MOST.get(kind, 0)
    return ApplicationField(
        name, ValueKind.TERMS, step, term_kind=kind, most=most, required=required, profile=kind.value
    )


FIELDS: tuple[ApplicationField, ...] = (
    _text("name_latin", Step.PROJECT, 160, profile="name_latin"),
    _text("name_arabic", Step.PROJECT, 160, profile="name_arabic"),
    _text("pitch", Step.PROJECT, PITCH_LENGTH, profile="pitch", required=True),
    _long("description", Step.PROJECT, profile="description", required=True),
    ApplicationField("website", ValueKind.URL, Step.PROJECT, limit=300, profile="website"),
    _text("city", Step.PROJECT, 80, profile="city"),
    _terms("sectors", TermKind.SECTOR, Step.ACTIVITY, required=True),
    _terms("maturity", TermKind.MATURITY, Step.ACTIVITY, required=True),
    _terms("business_model", TermKind.BUSINESS_MODEL, Step.ACTIVITY),
    _terms("needs", TermKind.NEED, Step.ACTIVITY),
    ApplicationField("company_number", ValueKind.COMPANY_NUMBER, Step.COMPANY, limit=40, profile="company_number"),
    ApplicationField("founded", ValueKind.YEAR, Step.COMPANY, profile="founded"),
    _terms("headcount", TermKind.HEADCOUNT, Step.COMPANY),
    ApplicationField("women_founders", ValueKind.FLAG, Step.COMPANY, profile="women_founders"),
    _long("team", Step.COMPANY, required=True),
    _long("why_park", Step.COMPANY, required=True),
)
FIELD_TABLE: Mapping[str, ApplicationField] = {field.name: field for field in FIELDS}
NAMES = ("name_latin", "name_arabic")
"""Of these one is enough."""
CONTACT = ("kind", "site", "contact_name", "email")
"""What of the applicant must be said; columns of the application."""


def fields_in(step: str) -> tuple[ApplicationField, ...]:
    """The fields of a page."""
    return tuple(field for field in FIELDS if field.step == step)


def is_said(value: Any) -> bool:
    """Whether a value says anything; "no" does."""
    return value is not None and value not in ("", [])


def missing_in(values: Values) -> list[str]:
    """The required fields that say nothing."""
    missing = [] if any(is_said(values.get(name)) for name in NAMES) else [NAMES[0]]
    return missing + [field.name for field in FIELDS if field.required and not is_said(values.get(field.name))]


def cleaned(session: DbSession, step: str, values: Values) -> dict[str, Any]:
    """The values of a page's fields, without those that say nothing.

    Raises:
        Invalid: ``value``: of a ``field`` that has no such value.
    """
    found: dict[str, Any] = {}
    for field in fields_in(step):
        value = values.get(field.name)
        if isinstance(value, str):
            value = value.strip()
        if field.limit and isinstance(value, str) and len(value) > field.limit:
            raise Invalid("value", field=field.name)
        if field.term_kind and value:
            value = _known(session, field, list(dict.fromkeys(value)))
        if is_said(value):
            found[field.name] = value
    return found


def _known(session: DbSession, field: ApplicationField, codes: list[str]) -> list[str]:
    known = set(session.scalars(sa.select(Term.code).where(Term.kind == field.term_kind, Term.code.in_(codes))))
    if len(known) < len(codes) or (field.most and len(codes) > field.most):
        raise Invalid("value", field=field.name)
    return codes


def values_of_startup(startup: Startup, language: str) -> dict[str, Any]:
    """What a startup's profile says in the fields of an application, in a language where it has it."""
    table = field_table(startup)
    found: dict[str, Any] = {}
    for field in FIELDS:
        if field.profile:
            value = read_value(startup, table[field.profile])
            if table[field.profile].is_localized:
                value = (value.get(language) or next(iter(value.values()), ""))[: field.limit]
            if is_said(value):
                found[field.name] = value
    return found


def values_for_startup(values: Values, language: str) -> dict[str, Any]:
    """The fields of a profile that an application becomes, as ``profile_values.write_values`` takes them."""
    found: dict[str, Any] = {}
    for field in FIELDS:
        value = values.get(field.name)
        if field.profile and is_said(value):
            is_text = field.profile in ("pitch", "description", "city")
            found[field.profile] = {language: value} if is_text else value
    return found
