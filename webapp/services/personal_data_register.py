"""The register of what is told to people about themselves: every column of every table that belongs to a person.

Each stands here once, as told or as kept back with the reason; a test compares the register with the tables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from webapp.models import (
    Account,
    ApiToken,
    Application,
    AuditEntry,
    Base,
    BulkEdit,
    ChallengeAnswer,
    Claim,
    Consent,
    DayFeedback,
    DayParticipant,
    Evaluation,
    ImportRun,
    Introduction,
    IntroductionMove,
    Invitation,
    MailPreference,
    MatchChoice,
    Meeting,
    Membership,
    Nonconformity,
    NotDuplicate,
    OneTimeLink,
    Outcome,
    OutgoingMail,
    Passkey,
    Person,
    ProfileMerge,
    Pulse,
    ResidencyEvent,
    Revision,
    SavedSearch,
    Shortlist,
    ShortlistEntry,
)


@dataclass(frozen=True)
class Told:
    """What is told of a table."""

    model: type[Base]
    columns: Sequence[str]
    kept_back: Mapping[str, str]
    """Column -> why it is not told."""


_SECRET = "would let somebody in"  # noqa: S105 - a reason, not a secret
_OURS = "a number of the program, without a meaning outside it"
_THEIRS = "is about somebody else"
_SELF = "the person themselves"
_STAFF = "a note of the staff for themselves"
_NAMED = "told by name"

_NOT_OF_PERSON = {"id": _OURS, "startup_id": _NAMED, "partner_id": _NAMED}
_ORGANISATION = _NOT_OF_PERSON | {"person_id": _SELF}

TOLD: Mapping[str, Told] = {
    "person": Told(
        Person,
        ("name", "position", "email", "phone", "language", "created_at", "is_demo"),
        {"id": _OURS, "erased_at": "empty as long as somebody can ask"},
    ),
    "account": Told(
        Account,
        (
            "email",
            "active",
            "confirmed_at",
            "created_at",
            "signed_in_at",
            "tf_primary_method",
            "idle_warnings",
            "idle_warned_at",
            "is_demo",
        ),
        {
            "id": _OURS,
            "person_id": _SELF,
            "region_id": _NAMED,
            "fs_webauthn_user_handle": _OURS,
            **dict.fromkeys(("password", "fs_uniquifier", "mf_recovery_codes"), _SECRET),
            **dict.fromkeys(("tf_totp_secret", "tf_last_counter"), _SECRET),
        },
    ),
    "passkey": Told(
        Passkey,
        ("name", "usage", "device_type", "backup_state", "transports", "create_datetime", "lastuse_datetime"),
        {
            **dict.fromkeys(("id", "user_id", "sign_count", "extensions"), _OURS),
            **dict.fromkeys(("credential_id", "public_key"), _SECRET),
        },
    ),
    "api_token": Told(
        ApiToken,
        ("name", "scopes", "created_at", "expires_at", "used_at", "revoked_at"),
        {"id": _OURS, "account_id": _SELF, **dict.fromkeys(("digest", "beginning"), _SECRET)},
    ),
    "consent": Told(Consent, ("purpose", "version", "given_at", "withdrawn_at"), {"id": _OURS, "person_id": _SELF}),
    "mail_preference": Told(MailPreference, ("kind", "at"), {"id": _OURS, "person_id": _SELF}),
    "membership": Told(Membership, ("role", "created_at"), _ORGANISATION),
    "claim": Told(
        Claim,
        ("state", "position", "position", "statement", "has_company_address", "note", "created_at", "decided_at"),
        {**_ORGANISATION, "decided_by_id": _THEIRS},
    ),
    "invitation": Told(
        Invitation,
        ("email", "role", "created_at", "expires_at", "accepted_at", "revoked_at"),
        {**_NOT_OF_PERSON, "invited_by_id": _SELF},
    ),
    "revision": Told(
        Revision,
        ("state", "changes", "note", "created_at", "updated_at", "submitted_at", "decided_at"),
        {
            **_NOT_OF_PERSON,
            "version": _OURS,
            "before": "what the profile said earlier",
            "evidence": _STAFF,
            "author_id": _SELF,
            "decided_by_id": _THEIRS,
        },
    ),
    "introduction": Told(
        Introduction,
        (
            "reference",
            "state",
            "asked_by",
            "reason",
            "message",
            "language",
            "return_note",
            "decline_code",
            "decline_note",
            "created_at",
            "submitted_at",
            "sent_at",
            "answered_at",
            "introduced_at",
        ),
        {
            **dict.fromkeys(("id", "version", "is_proposal", "due_on", "reminders", "updated_at"), _OURS),
            **dict.fromkeys(("startup_id", "partner_id"), _NAMED),
            **dict.fromkeys(("requester_id", "answerer_id"), "told as the side on which one stands"),
            "staff_note": _STAFF,
        },
    ),
    "introduction_move": Told(
        IntroductionMove,
        ("at", "move", "side"),
        {
            **dict.fromkeys(("from_state", "to_state"), "follow from the move"),
            "id": _OURS,
            "introduction_id": "told by its reference",
            "person_id": _SELF,
        },
    ),
    "meeting": Told(
        Meeting,
        ("proposed_by", "times", "minutes", "begins_at", "place"),
        dict.fromkeys(("id", "introduction_id", "uid", "sequence"), _OURS),
    ),
    "outcome": Told(
        Outcome,
        ("side", "day", "asked_at", "answered_at", "met", "useful", "next_step"),
        dict.fromkeys(("id", "introduction_id"), _OURS),
    ),
    "match_choice": Told(MatchChoice, ("at", "side", "reason", "until"), _ORGANISATION),
    "saved_search": Told(
        SavedSearch,
        ("name", "noun", "parameters", "frequency", "paused_at", "told_at", "created_at"),
        {
            **_ORGANISATION,
            **dict.fromkeys(("seen", "told", "checked_on"), _OURS),
        },
    ),
    "shortlist": Told(Shortlist, ("name", "created_at"), {"id": _OURS, "person_id": _SELF}),
    "shortlist_entry": Told(
        ShortlistEntry, ("note", "at"), {**_NOT_OF_PERSON, "shortlist_id": "told by the name of the shortlist"}
    ),
    "residency_event": Told(
        ResidencyEvent,
        ("kind", "on", "recorded_at"),
        {
            **dict.fromkeys(("id", "voids_id"), _OURS),
            **dict.fromkeys(("site_id", "from_site_id", "reason_id", "until", "note"), "is about the startup"),
            "startup_id": _NAMED,
            "recorded_by_id": _SELF,
        },
    ),
    "pulse": Told(
        Pulse,
        ("year", "answer", "answered_at"),
        {"id": _OURS, "startup_id": _NAMED, "asked_at": "is about the startup", "person_id": _SELF},
    ),
    "audit_entry": Told(
        AuditEntry,
        ("at", "noun", "label", "action"),
        {
            **dict.fromkeys(("id", "object_id", "role"), _OURS),
            "person_id": _SELF,
            "changes": "says what a record was and became, not who did it",
        },
    ),
    "bulk_edit": Told(
        BulkEdit,
        ("reference", "at", "undone_at"),
        {
            **dict.fromkeys(("id", "noun"), _OURS),
            **dict.fromkeys(("operation", "selection"), "says what profiles were given, not who did it"),
            "person_id": _SELF,
        },
    ),
    "import_run": Told(
        ImportRun,
        ("reference", "created_at", "state"),
        {
            **dict.fromkeys(("id", "version", "publish", "report", "done_at"), _OURS),
            **dict.fromkeys(("filename", "content", "mapping", "outcomes"), "is about the startups of a list"),
            "person_id": _SELF,
        },
    ),
    "not_duplicate": Told(
        NotDuplicate, ("at",), {**dict.fromkeys(("id", "noun", "first_id", "second_id"), _OURS), "person_id": _SELF}
    ),
    "profile_merge": Told(
        ProfileMerge,
        ("gone_name", "at"),
        {
            **dict.fromkeys(("id", "noun", "kept_id", "gone_id", "gone_slug"), _OURS),
            **dict.fromkeys(("said", "history"), "is about an organisation"),
            "person_id": _SELF,
        },
    ),
    "nonconformity": Told(
        Nonconformity,
        ("reference", "subject", "found_on", "closed_at"),
        {
            **dict.fromkeys(("id", "version", "created_at", "due_on", "service"), _OURS),
            **dict.fromkeys(("description", "cause", "action"), "is about the network's work, not about a person"),
            **dict.fromkeys(("opened_by_id", "closed_by_id"), _SELF),
        },
    ),
    "application": Told(
        Application,
        (
            "reference",
            "state",
            "kind",
            "language",
            "contact_name",
            "email",
            "phone",
            "values",
            "note",
            "created_at",
            "submitted_at",
            "decided_at",
        ),
        {
            **dict.fromkeys(("id", "version", "cohort_id", "site_id", "is_demo", "updated_at", "confirmed_at"), _OURS),
            **dict.fromkeys(("eligibility", "enters_on"), "follow from what was written and decided"),
            "startup_id": _NAMED,
            "decided_by_id": _THEIRS,
            "early_reason": _STAFF,
        },
    ),
    "challenge_answer": Told(
        ChallengeAnswer,
        ("state", "language", "text", "note", "at", "decided_at"),
        {
            **dict.fromkeys(("id", "version"), _OURS),
            **dict.fromkeys(("challenge_id", "startup_id"), _NAMED),
            "person_id": _SELF,
            "decided_by_id": _THEIRS,
        },
    ),
    "evaluation": Told(
        Evaluation,
        ("at", "scores", "recommends", "comment"),
        {**dict.fromkeys(("id", "application_id"), _OURS), "person_id": _SELF},
    ),
    "day_participant": Told(
        DayParticipant,
        (),
        {
            **_ORGANISATION,
            **dict.fromkeys(("meetings", "away"), "is about the organisation"),
            "day_id": "told by its reference",
            "told": _OURS,
        },
    ),
    "day_feedback": Told(
        DayFeedback,
        ("side", "rating", "wants_more", "comment", "at"),
        {"id": _OURS, "meeting_id": "told by the reference of its day", "person_id": _SELF},
    ),
    "outgoing_mail": Told(
        OutgoingMail,
        ("kind", "address", "language", "state", "created_at", "sent_at"),
        {
            **dict.fromkeys(("id", "message_id", "values", "due_at", "attempts", "error"), _OURS),
            "person_id": _SELF,
        },
    ),
    "one_time_link": Told(
        OneTimeLink,
        ("purpose", "created_at", "expires_at", "used_at"),
        {"id": _SECRET, "person_id": _SELF, "subject_id": _OURS},
    ),
}
"""Table -> what is told of it, in the order of the page."""
