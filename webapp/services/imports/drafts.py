"""What a row says of a startup, and what follows from it once all its fields are read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from webapp.models import AT_MOST, Localized, Region, Site, Term, TermKind
from webapp.services.imports.fields import PITCH_LENGTH
from webapp.services.imports.remarks import Remark
from webapp.services.imports.stays import stay_events
from webapp.services.imports.values import FIRST_YEAR, LAST_YEAR
from webapp.services.residency import EventDraft

_SENTENCE_END = re.compile(r"(?<=[.!?؟…])\s")
MOST_GOALS = 3


@dataclass
class MilestoneDraft:
    """A milestone that a file tells of."""

    on: date
    text: Localized
    source: str | None


@dataclass
class Draft:
    """What a row says of a startup; what it does not say is absent."""

    columns: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, Localized] = field(default_factory=dict)
    terms: dict[TermKind, list[Term]] = field(default_factory=dict)
    region: Region | None = None
    events: list[EventDraft] = field(default_factory=list)
    milestones: list[MilestoneDraft] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)
    stay: dict[str, Site | date | Term] = field(default_factory=dict)
    unknown: dict[tuple[str, ...], dict[str, list[str]]] = field(default_factory=dict)
    """By the columns read: each value that a field did not know, with those fields."""
    known: set[tuple[tuple[str, ...], str]] = field(default_factory=set)

    @property
    def name(self) -> str:
        """The startup's name, Latin if there is one."""
        return self.columns.get("name_latin") or self.columns.get("name_arabic") or ""

    def note(self, code: str, **values: Any) -> None:
        """Add a note."""
        self.notes.append(Remark(code, values))

    def miss(self, columns: tuple[str, ...], value: str, field_name: str) -> None:
        """Remember a value that a field did not know; another field that reads these columns may know it."""
        fields = self.unknown.setdefault(columns, {}).setdefault(value, [])
        if field_name not in fields:
            fields.append(field_name)


def finish_draft(draft: Draft, currency: str) -> None:
    """Bring a draft within what a startup may carry, and add what follows from its fields.

    Args:
        currency: of amounts that come without one.
    """
    for kind, terms in draft.terms.items():
        most = AT_MOST.get(kind, len(terms))
        if len(terms) > most:
            draft.note("too-many", field=kind.value, left_out=[term.code for term in terms[most:]])
            del terms[most:]
    _check_numbers(draft)
    _note_unknown(draft)
    if draft.stay:
        try:
            draft.events += stay_events(draft.stay)
        except ValueError:
            draft.note("stay-incomplete")
    if {"raising_min", "raising_max"} & draft.columns.keys():
        draft.columns.setdefault("currency", currency)
    _make_pitch(draft)


def _check_numbers(draft: Draft) -> None:
    columns = draft.columns
    if not FIRST_YEAR <= columns.get("founded", FIRST_YEAR) <= LAST_YEAR:
        draft.note("unreadable", field="founded", value=str(columns.pop("founded")))
    if "raising_min" in columns and columns["raising_min"] > columns.get("raising_max", columns["raising_min"]):
        columns["raising_min"], columns["raising_max"] = columns["raising_max"], columns["raising_min"]
        draft.note("range-reversed")
    if len(columns.get("sdgs", ())) > MOST_GOALS:
        draft.note("too-many", field="sdgs", left_out=[str(goal) for goal in columns["sdgs"][MOST_GOALS:]])
        del columns["sdgs"][MOST_GOALS:]


def _note_unknown(draft: Draft) -> None:
    """Values that nobody knows; one that any field knows that reads the same columns is not unknown."""
    by_fields: dict[tuple[str, ...], list[str]] = {}
    for columns, values in draft.unknown.items():
        for value, fields in values.items():
            if (columns, value) not in draft.known:
                by_fields.setdefault(tuple(fields), []).append(value)
    for names, unknown in by_fields.items():
        draft.note("unknown", fields=list(names), values=unknown)


def _make_pitch(draft: Draft) -> None:
    """Where there is no pitch, the description's first sentence is one."""
    pitch = draft.texts.get("pitch", {})
    for language, text in draft.texts.get("description", {}).items():
        if language not in pitch:
            first = cut_text(_SENTENCE_END.split(" ".join(text.split()), 1)[0], PITCH_LENGTH)
            draft.texts.setdefault("pitch", {})[language] = first
            draft.note("pitch-from-description", language=language)


def cut_text(text: str, limit: int) -> str:
    """The text, or as many of its words as fit, with an ellipsis."""
    if not limit or len(text) <= limit:
        return text
    head = text[:limit]
    space = max(head.rfind(" "), head.rfind("\n"))
    return (head[:space] if space > limit // 2 else head[: limit - 1]).rstrip(" ,;:-–\n") + "…"


def read_milestone(item: Any) -> MilestoneDraft:
    """A milestone from JSON: ``{"on": "2024-05-01", "text": {"en": "…"}, "source": "…"}``.

    Raises:
        ValueError: it is not of that form.
    """
    try:
        text = {str(language): str(words) for language, words in item["text"].items() if words}
        source = item.get("source")
        return MilestoneDraft(date.fromisoformat(item["on"]), text, str(source)[:300] if source else None)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not a milestone") from error
