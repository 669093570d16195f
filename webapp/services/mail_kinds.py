"""The kinds of mail: whether one may refuse them, and whether several may be gathered into a digest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class MailKind:
    """How a kind of mail is treated."""

    can_be_refused: bool = False
    """Whether there is an "unsubscribe" for it; what somebody must know or asked for has none."""
    can_be_gathered: bool = False
    """Whether several that are due to one person may come as one digest."""


_NECESSARY = MailKind()
_NEWS = MailKind(can_be_refused=True, can_be_gathered=True)
_REMINDER = MailKind(can_be_refused=True)

MAIL_KINDS: Mapping[str, MailKind] = {
    "account-changed": _NECESSARY,
    "account-confirm": _NECESSARY,
    "account-email-change": _NECESSARY,
    "account-erased": _NECESSARY,
    "account-exists": _NECESSARY,
    "account-idle": _NECESSARY,
    "account-password-changed": _NECESSARY,
    "account-reset": _NECESSARY,
    "account-second-factor-lost": _NECESSARY,
    "alert": _REMINDER,
    "application-accepted": _NECESSARY,
    "application-draft": _NECESSARY,
    "application-received": _NECESSARY,
    "application-refused": _NECESSARY,
    "application-returned": _NECESSARY,
    "challenge-answer": _NEWS,
    "challenge-chosen": _NECESSARY,
    "challenge-deadline": _REMINDER,
    "challenge-declined": _NECESSARY,
    "challenge-invitation": _NEWS,
    "challenge-opened": _NECESSARY,
    "challenge-returned": _NECESSARY,
    "challenge-shortlisted": _NECESSARY,
    "claim-approved": _NECESSARY,
    "claim-received": _NECESSARY,
    "claim-refused": _NECESSARY,
    "day-cancelled": _NECESSARY,
    "day-timetable": _NECESSARY,
    "digest": _NECESSARY,
    "introduction-declined": _NECESSARY,
    "introduction-expired": _NECESSARY,
    "introduction-made": _NECESSARY,
    "introduction-postponed": _NECESSARY,
    "introduction-proposed": _NEWS,
    "introduction-refused": _NECESSARY,
    "introduction-reminder": _REMINDER,
    "introduction-request": _NECESSARY,
    "introduction-returned": _NECESSARY,
    "introduction-sent": _NEWS,
    "introduction-withdrawn": _NECESSARY,
    "invitation": _NECESSARY,
    "lease-ending": _NECESSARY,
    "meeting-cancelled": _NECESSARY,
    "meeting-proposed": _NECESSARY,
    "meeting-scheduled": _NECESSARY,
    "membership-added": _NECESSARY,
    "membership-joined": _NECESSARY,
    "membership-removed": _NECESSARY,
    "needs-expiring": _REMINDER,
    "outcome-question": _REMINDER,
    "profile-confirm": _REMINDER,
    "profile-published": _NECESSARY,
    "profile-returned": _NECESSARY,
    "pulse-question": _REMINDER,
}
