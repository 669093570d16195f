"""What people do for the network: the traces of the work of staff."""

from __future__ import annotations

from collections.abc import Mapping

from webapp.models import (
    AuditEntry,
    BulkEdit,
    Evaluation,
    ImportRun,
    Nonconformity,
    NotDuplicate,
    ProfileMerge,
    ResidencyEvent,
)
from webapp.services.personal_data_register.told import NAMED, OURS, SELF, Told

WORK: Mapping[str, Told] = {
    "residency_event": Told(
        ResidencyEvent,
        ("kind", "on", "recorded_at"),
        {
            **dict.fromkeys(("id", "voids_id"), OURS),
            **dict.fromkeys(("site_id", "from_site_id", "reason_id", "until", "note"), "is about the startup"),
            "startup_id": NAMED,
            "recorded_by_id": SELF,
        },
    ),
    "audit_entry": Told(
        AuditEntry,
        ("at", "noun", "label", "action"),
        {
            **dict.fromkeys(("id", "object_id", "role"), OURS),
            "person_id": SELF,
            "changes": "says what a record was and became, not who did it",
        },
    ),
    "import_run": Told(
        ImportRun,
        ("reference", "created_at", "state"),
        {
            **dict.fromkeys(("id", "version", "publish", "report", "done_at"), OURS),
            **dict.fromkeys(("filename", "content", "mapping", "outcomes"), "is about the startups of a list"),
            "person_id": SELF,
        },
    ),
    "bulk_edit": Told(
        BulkEdit,
        ("reference", "at", "undone_at"),
        {
            **dict.fromkeys(("id", "noun"), OURS),
            **dict.fromkeys(("operation", "selection"), "says what profiles were given, not who did it"),
            "person_id": SELF,
        },
    ),
    "not_duplicate": Told(
        NotDuplicate, ("at",), {**dict.fromkeys(("id", "noun", "first_id", "second_id"), OURS), "person_id": SELF}
    ),
    "profile_merge": Told(
        ProfileMerge,
        ("gone_name", "at"),
        {
            **dict.fromkeys(("id", "noun", "kept_id", "gone_id", "gone_slug"), OURS),
            **dict.fromkeys(("said", "history"), "is about an organisation"),
            "person_id": SELF,
        },
    ),
    "nonconformity": Told(
        Nonconformity,
        ("reference", "subject", "found_on", "closed_at"),
        {
            **dict.fromkeys(("id", "version", "created_at", "due_on", "service"), OURS),
            **dict.fromkeys(("description", "cause", "action"), "is about the network's work, not about a person"),
            **dict.fromkeys(("opened_by_id", "closed_by_id"), SELF),
        },
    ),
    "evaluation": Told(
        Evaluation,
        ("at", "scores", "recommends", "comment"),
        {**dict.fromkeys(("id", "application_id"), OURS), "person_id": SELF},
    ),
}
"""Table -> what is told of it, in the order of the page."""
