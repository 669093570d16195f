"""What can be asked of the audit trail: a form that never refuses, like those of the directories."""

from __future__ import annotations

from datetime import date

from werkzeug.datastructures import MultiDict

from webapp.services.audit import ACTIONS, ROLES, AuditFilter
from webapp.web.audit_words import NOUNS


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None


def read_filter(values: MultiDict[str, str]) -> AuditFilter:
    """The filter that a query string asks for; what it does not understand, it leaves out."""
    noun, action, role = (values.get(name, "") for name in ("noun", "action", "role"))
    return AuditFilter(
        noun if noun in NOUNS else "",
        _number(values.get("id", "")),
        _number(values.get("person", "")),
        action if action in ACTIONS else "",
        role if role in ROLES else "",
        _day(values.get("since", "")),
        _day(values.get("until", "")),
    )


def parameters(asked: AuditFilter) -> dict[str, object]:
    """The canonical query string of a filter."""
    values = {
        "noun": asked.noun,
        "id": asked.object_id,
        "person": asked.person_id,
        "action": asked.action,
        "role": asked.role,
        "since": asked.since.isoformat() if asked.since else None,
        "until": asked.until.isoformat() if asked.until else None,
    }
    return {name: value for name, value in values.items() if value}
