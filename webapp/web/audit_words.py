"""The audit trail in the reader's words: what a record is, what was done to it, and where it can be looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from flask import Flask, url_for
from flask_babel import gettext, lazy_gettext
from flask_babel.speaklater import LazyString

from webapp.extensions import db
from webapp.models import Application, ApplicationState, AuditEntry, Partner, Startup
from webapp.services.audit import records_of
from webapp.web.application_words import application_name
from webapp.web.formats import localized, name_of
from webapp.web.workspace import has_page

NOUNS: Mapping[str, LazyString] = {
    "account": lazy_gettext("Account"),
    "api_token": lazy_gettext("Token for programs"),
    "application": lazy_gettext("Application"),
    "bulk_edit": lazy_gettext("Change of many profiles"),
    "challenge": lazy_gettext("Challenge"),
    "challenge_answer": lazy_gettext("Answer to a challenge"),
    "challenge_invitation": lazy_gettext("Invitation to a challenge"),
    "challenge_term": lazy_gettext("Subject of a challenge"),
    "claim": lazy_gettext("Claim of a profile"),
    "cohort": lazy_gettext("Cohort"),
    "consent": lazy_gettext("Consent"),
    "data_source": lazy_gettext("Source of data"),
    "day_exclusion": lazy_gettext("Pair that must not meet"),
    "day_feedback": lazy_gettext("Feedback on a meeting"),
    "day_meeting": lazy_gettext("Meeting of a matchmaking day"),
    "day_participant": lazy_gettext("Participant of a matchmaking day"),
    "evaluation": lazy_gettext("Evaluation of an application"),
    "evidence_file": lazy_gettext("Attached file"),
    "import_run": lazy_gettext("Import"),
    "introduction": lazy_gettext("Introduction"),
    "invitation": lazy_gettext("Invitation of a member"),
    "matchmaking_day": lazy_gettext("Matchmaking day"),
    "meeting": lazy_gettext("Meeting"),
    "membership": lazy_gettext("Membership"),
    "network": lazy_gettext("Network"),
    "nonconformity": lazy_gettext("Non-conformity"),
    "not_duplicate": lazy_gettext("Two profiles told apart"),
    "outcome": lazy_gettext("Outcome of an introduction"),
    "partner": lazy_gettext("Partner"),
    "passkey": lazy_gettext("Passkey"),
    "person": lazy_gettext("Person"),
    "profile_merge": lazy_gettext("Merge of two profiles"),
    "pulse": lazy_gettext("Yearly question to a former resident"),
    "region": lazy_gettext("Region"),
    "revision": lazy_gettext("Revision of a profile"),
    "role": lazy_gettext("Role"),
    "site": lazy_gettext("Park"),
    "slug_redirect": lazy_gettext("Former address of a profile"),
    "startup": lazy_gettext("Startup"),
    "term": lazy_gettext("Term of the vocabulary"),
    "unknown_term": lazy_gettext("Unknown term"),
}
"""Table -> what a row of it is."""

ACTIONS: Mapping[str, LazyString] = {
    "created": lazy_gettext("created"),
    "changed": lazy_gettext("changed"),
    "deleted": lazy_gettext("deleted"),
}

ROLES: Mapping[str, LazyString] = {
    "staff": lazy_gettext("Staff"),
    "person": lazy_gettext("Member"),
    "visitor": lazy_gettext("Visitor"),
    "system": lazy_gettext("The program itself"),
}

_PAGES: Mapping[str, tuple[str, str]] = {
    "application": ("admissions.application", "reference"),
    "claim": ("claims.claim", "claim_id"),
    "evidence_file": ("evidence.file", "file"),
    "introduction": ("triage.request", "reference"),
    "revision": ("reviews.review", "revision_id"),
    "challenge": ("challenge_reviews.review", "slug"),
    "matchmaking_day": ("matchmaking.day", "code"),
    "import_run": ("imports.run", "reference"),
}
"""Table -> the page of its rows, and by what the page is found."""


_NAMES: Mapping[str, Callable[[Any], str]] = {
    "application": application_name,
    "challenge": lambda record: localized(record.title).text,
    "claim": lambda record: name_of(record.organisation),
    "import_run": lambda record: str(record.filename),
    "introduction": lambda record: f"{name_of(record.startup)} – {name_of(record.partner)}",
    "partner": name_of,
    "revision": lambda record: name_of(record.organisation),
    "startup": name_of,
}
"""Table -> what a row of it is called; of all others the trail itself keeps a name."""


class Deed(NamedTuple):
    """An entry of the trail, ready to be shown."""

    entry: AuditEntry
    noun: str
    action: str
    name: str
    """What the record is called, as far as that is known."""
    url: str
    """Where it can be looked at; may be empty."""
    changes: Sequence[tuple[str, str | None, str | None]]
    """Column, before, after; both nothing where values are not kept."""


def noun_name(noun: str) -> str:
    """What a row of a table is."""
    return str(NOUNS.get(noun, noun))


def deeds(entries: Sequence[AuditEntry]) -> list[Deed]:
    """Entries as they are shown; one query for each table that has pages of its own."""
    records = records_of(db.session, entries)
    return [_deed(entry, records.get((entry.noun, entry.object_id))) for entry in entries]


def _deed(entry: AuditEntry, record: Any) -> Deed:
    name = entry.label if record is None or _is_draft(record) else _NAMES[entry.noun](record)
    changes = [(column, *_values(change)) for column, change in entry.changes.items()]
    return Deed(entry, noun_name(entry.noun), str(ACTIONS[entry.action]), name, _url(entry, record), changes)


def _values(change: Any) -> tuple[str | None, str | None]:
    if change is None:
        return None, None
    before, after = (_text(value) for value in change)
    return before, after


def _text(value: Any) -> str:
    if value is None or value == []:
        return "–"
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _is_draft(record: Any) -> bool:
    """Whether only its author may read it yet."""
    return isinstance(record, Application) and record.state == ApplicationState.DRAFT


def _url(entry: AuditEntry, record: Any) -> str:
    if isinstance(record, Startup | Partner):
        endpoint = "directory.startup" if isinstance(record, Startup) else "partners.partner"
        return url_for(endpoint, slug=record.slug) if record.is_published else ""
    if _is_draft(record):
        return ""
    endpoint, key = _PAGES.get(entry.noun, ("", ""))
    value = entry.object_id if key.endswith("_id") else entry.label
    values: dict[str, Any] = {key: value}
    return url_for(endpoint, **values) if value and has_page(endpoint) and entry.action != "deleted" else ""


def init_app(app: Flask) -> None:
    """Give templates the deeds."""
    app.add_template_global(deeds, "audit_deeds")
    app.jinja_env.globals["audit_roles"] = ROLES
