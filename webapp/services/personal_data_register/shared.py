"""What people do for their organisations and with others."""

from __future__ import annotations

from collections.abc import Mapping

from webapp.models import (
    Application,
    ChallengeAnswer,
    Claim,
    DayFeedback,
    DayParticipant,
    EvidenceFile,
    Introduction,
    IntroductionMove,
    Invitation,
    Meeting,
    Membership,
    Outcome,
    Pulse,
    Revision,
)
from webapp.services.personal_data_register.told import (
    NAMED,
    NOT_OF_PERSON,
    ORGANISATION,
    OURS,
    SELF,
    STAFF,
    THEIRS,
    Told,
)

SHARED: Mapping[str, Told] = {
    "membership": Told(Membership, ("role", "created_at"), ORGANISATION),
    "claim": Told(
        Claim,
        ("state", "position", "statement", "has_company_address", "note", "created_at", "decided_at"),
        {**ORGANISATION, "decided_by_id": THEIRS},
    ),
    "invitation": Told(
        Invitation,
        ("email", "role", "created_at", "expires_at", "accepted_at", "revoked_at"),
        {**NOT_OF_PERSON, "invited_by_id": SELF},
    ),
    "revision": Told(
        Revision,
        ("state", "changes", "note", "created_at", "updated_at", "submitted_at", "decided_at"),
        {
            **NOT_OF_PERSON,
            "version": OURS,
            "before": "what the profile said earlier",
            "evidence": STAFF,
            "author_id": SELF,
            "decided_by_id": THEIRS,
        },
    ),
    "evidence_file": Told(
        EvidenceFile,
        ("name", "kind", "size", "created_at"),
        {
            **dict.fromkeys(("id", "reference"), OURS),
            **dict.fromkeys(("claim_id", "revision_id", "application_id"), NAMED),
            **dict.fromkeys(("startup_id", "partner_id"), NAMED),
            "person_id": SELF,
            "content": "is a file; its sender receives it where they attached it",
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
            **dict.fromkeys(("id", "version", "is_proposal", "due_on", "reminders", "updated_at"), OURS),
            **dict.fromkeys(("startup_id", "partner_id"), NAMED),
            **dict.fromkeys(("requester_id", "answerer_id"), "told as the side on which one stands"),
            "staff_note": STAFF,
        },
    ),
    "introduction_move": Told(
        IntroductionMove,
        ("at", "move", "side"),
        {
            **dict.fromkeys(("from_state", "to_state"), "follow from the move"),
            "id": OURS,
            "introduction_id": "told by its reference",
            "person_id": SELF,
        },
    ),
    "meeting": Told(
        Meeting,
        ("proposed_by", "times", "minutes", "begins_at", "place"),
        dict.fromkeys(("id", "introduction_id", "uid", "sequence"), OURS),
    ),
    "outcome": Told(
        Outcome,
        ("side", "day", "asked_at", "answered_at", "met", "useful", "next_step"),
        dict.fromkeys(("id", "introduction_id"), OURS),
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
            **dict.fromkeys(("id", "version", "cohort_id", "site_id", "is_demo", "updated_at", "confirmed_at"), OURS),
            **dict.fromkeys(("eligibility", "enters_on"), "follow from what was written and decided"),
            "startup_id": NAMED,
            "decided_by_id": THEIRS,
            "early_reason": STAFF,
        },
    ),
    "challenge_answer": Told(
        ChallengeAnswer,
        ("state", "language", "text", "note", "at", "decided_at"),
        {
            **dict.fromkeys(("id", "version"), OURS),
            **dict.fromkeys(("challenge_id", "startup_id"), NAMED),
            "person_id": SELF,
            "decided_by_id": THEIRS,
        },
    ),
    "pulse": Told(
        Pulse,
        ("year", "answer", "answered_at"),
        {"id": OURS, "startup_id": NAMED, "asked_at": "is about the startup", "person_id": SELF},
    ),
    "day_participant": Told(
        DayParticipant,
        (),
        {
            **ORGANISATION,
            **dict.fromkeys(("meetings", "away"), "is about the organisation"),
            "day_id": "told by its reference",
            "told": OURS,
        },
    ),
    "day_feedback": Told(
        DayFeedback,
        ("side", "rating", "wants_more", "comment", "at"),
        {"id": OURS, "meeting_id": "told by the reference of its day", "person_id": SELF},
    ),
}
"""Table -> what is told of it, in the order of the page."""
