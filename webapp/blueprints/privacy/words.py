"""How long things are kept and what one's own data is called, in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import format_date, format_datetime, gettext, lazy_gettext, ngettext

from webapp.blueprints.privacy.codes import code_text
from webapp.services.network import zone_of
from webapp.services.retention import Period
from webapp.web.formats import number
from webapp.web.site import current_network

PERIOD_NAMES = {
    "idle-account": lazy_gettext("An account that is not used any more, with everything about its person"),
    "unconfirmed-account": lazy_gettext("A sign-up that was never confirmed"),
    "mail": lazy_gettext("Address and content of mails that the site sent"),
    "link": lazy_gettext("Links in mails, after they expired"),
    "token": lazy_gettext("Tokens for programs, after they expired or were revoked"),
    "invitation": lazy_gettext("Invitations, after they were accepted, taken back or expired"),
    "claim": lazy_gettext("What was written for and about the claim of a profile, after the decision"),
    "evidence": lazy_gettext("Files that were attached as evidence, after the decision"),
    "evidence-unsent": lazy_gettext("Files that were uploaded for a claim and never sent"),
    "introduction-text": lazy_gettext("What was written in an introduction, after it ended"),
    "day-comment": lazy_gettext("What was written about a meeting of a matchmaking day"),
    "challenge-answer": lazy_gettext("What was written in an answer to a challenge, after the challenge ended"),
    "application-draft": lazy_gettext("The draft of an application for a place, after its last change"),
    "application": lazy_gettext("What was written in an application for a place, after the decision"),
}

SECTION_NAMES = {
    "person": lazy_gettext("You"),
    "account": lazy_gettext("Your account"),
    "passkey": lazy_gettext("Your passkeys"),
    "api_token": lazy_gettext("Your tokens for programs"),
    "consent": lazy_gettext("What you agreed to"),
    "mail_preference": lazy_gettext("Mails that you do not want"),
    "membership": lazy_gettext("Your organisations"),
    "claim": lazy_gettext("Profiles that you claimed"),
    "residency_event": lazy_gettext("Residency that you recorded"),
    "pulse": lazy_gettext("Your answers for a startup that left"),
    "audit_entry": lazy_gettext("What you created, changed or deleted"),
    "import_run": lazy_gettext("Lists that you imported"),
    "bulk_edit": lazy_gettext("Changes of many profiles that you made"),
    "not_duplicate": lazy_gettext("Profiles that you told apart"),
    "profile_merge": lazy_gettext("Profiles that you merged"),
    "nonconformity": lazy_gettext("Non-conformities that you recorded or closed"),
    "invitation": lazy_gettext("Invitations that you sent or received"),
    "revision": lazy_gettext("Profile changes that you wrote"),
    "evidence_file": lazy_gettext("Files that you attached"),
    "introduction": lazy_gettext("Introductions that you asked for or accepted"),
    "introduction_move": lazy_gettext("What you did in introductions"),
    "meeting": lazy_gettext("Meetings"),
    "outcome": lazy_gettext("What you said came of introductions"),
    "match_choice": lazy_gettext("Matches that you put aside"),
    "saved_search": lazy_gettext("Searches that you saved"),
    "shortlist": lazy_gettext("Your shortlists"),
    "shortlist_entry": lazy_gettext("Profiles on your shortlists"),
    "application": lazy_gettext("Your applications for a place"),
    "challenge_answer": lazy_gettext("Challenges that you answered"),
    "evaluation": lazy_gettext("Applications that you evaluated"),
    "day_participant": lazy_gettext("Matchmaking days to which you come"),
    "day_feedback": lazy_gettext("What you said of meetings of matchmaking days"),
    "outgoing_mail": lazy_gettext("Mails sent to you"),
    "one_time_link": lazy_gettext("Links in mails to you"),
}

FIELD_NAMES = {
    "answer": lazy_gettext("Answer"),
    "year": lazy_gettext("Year"),
    "recorded_at": lazy_gettext("Recorded on"),
    "on": lazy_gettext("On"),
    "challenge": lazy_gettext("Challenge"),
    "text": lazy_gettext("Your answer"),
    "rating": lazy_gettext("How useful it was"),
    "wants_more": lazy_gettext("Would like to meet again"),
    "comment": lazy_gettext("Comment"),
    "recommends": lazy_gettext("Would accept"),
    "scores": lazy_gettext("Scores"),
    "scopes": lazy_gettext("What it may do"),
    "values": lazy_gettext("What you wrote"),
    "contact_name": lazy_gettext("Name"),
    "closed_at": lazy_gettext("Closed on"),
    "found_on": lazy_gettext("Found on"),
    "subject": lazy_gettext("What it is about"),
    "action": lazy_gettext("What was done"),
    "gone_name": lazy_gettext("Profile that was merged into another one"),
    "undone_at": lazy_gettext("Undone"),
    "label": lazy_gettext("What it was called"),
    "accepted_at": lazy_gettext("Accepted on"),
    "active": lazy_gettext("May sign in"),
    "address": lazy_gettext("Address"),
    "answered_at": lazy_gettext("Answered on"),
    "asked_at": lazy_gettext("Asked on"),
    "asked_by": lazy_gettext("Who asks"),
    "at": lazy_gettext("When"),
    "backup_state": lazy_gettext("Kept in several places"),
    "begins_at": lazy_gettext("Begins on"),
    "changes": lazy_gettext("Changes"),
    "confirmed_at": lazy_gettext("Address confirmed on"),
    "create_datetime": lazy_gettext("Made on"),
    "created_at": lazy_gettext("Since"),
    "day": lazy_gettext("Days after the introduction"),
    "decided_at": lazy_gettext("Decided on"),
    "decline_code": lazy_gettext("Reason for declining"),
    "decline_note": lazy_gettext("What you wrote when you declined"),
    "device_type": lazy_gettext("Kind of device"),
    "email": lazy_gettext("Mail address"),
    "expires_at": lazy_gettext("Valid until"),
    "frequency": lazy_gettext("Mails about what is new"),
    "given_at": lazy_gettext("Given on"),
    "has_company_address": lazy_gettext("Mail address at the company’s domain"),
    "idle_warned_at": lazy_gettext("Last warned that the account is unused"),
    "idle_warnings": lazy_gettext("Warnings that the account is unused"),
    "introduced_at": lazy_gettext("Introduced on"),
    "is_demo": lazy_gettext("Invented for demonstration"),
    "kind": lazy_gettext("Kind"),
    "language": lazy_gettext("Language"),
    "lastuse_datetime": lazy_gettext("Last used on"),
    "message": lazy_gettext("Message"),
    "met": lazy_gettext("Whether you met"),
    "minutes": lazy_gettext("Minutes"),
    "move": lazy_gettext("Step"),
    "name": lazy_gettext("Name"),
    "next_step": lazy_gettext("Next step"),
    "note": lazy_gettext("Note of the park"),
    "noun": lazy_gettext("What is searched"),
    "organisation": lazy_gettext("Organisation"),
    "parameters": lazy_gettext("Filters"),
    "partner": lazy_gettext("Partner"),
    "paused_at": lazy_gettext("Paused on"),
    "phone": lazy_gettext("Phone"),
    "place": lazy_gettext("Place"),
    "position": lazy_gettext("Position"),
    "proposed_by": lazy_gettext("Proposed by"),
    "purpose": lazy_gettext("Purpose"),
    "reason": lazy_gettext("Reason"),
    "reference": lazy_gettext("Reference"),
    "region": lazy_gettext("Region"),
    "return_note": lazy_gettext("Why it was returned or refused"),
    "revoked_at": lazy_gettext("Taken back on"),
    "role": lazy_gettext("Role"),
    "roles": lazy_gettext("Roles for the network"),
    "sent_at": lazy_gettext("Sent on"),
    "shortlist": lazy_gettext("Shortlist"),
    "side": lazy_gettext("Side"),
    "size": lazy_gettext("Size in bytes"),
    "signed_in_at": lazy_gettext("Last signed in on"),
    "startup": lazy_gettext("Startup"),
    "state": lazy_gettext("State"),
    "statement": lazy_gettext("Statement"),
    "submitted_at": lazy_gettext("Submitted on"),
    "tf_primary_method": lazy_gettext("Second factor"),
    "told_at": lazy_gettext("Last told on"),
    "times": lazy_gettext("Proposed times"),
    "transports": lazy_gettext("How it connects"),
    "until": lazy_gettext("Put aside until"),
    "updated_at": lazy_gettext("Last changed on"),
    "usage": lazy_gettext("Use of the key"),
    "used_at": lazy_gettext("Used on"),
    "useful": lazy_gettext("Whether it was useful"),
    "version": lazy_gettext("Version"),
    "withdrawn_at": lazy_gettext("Withdrawn on"),
}

_FIELD_NAMES_OF = {
    ("challenge_answer", "note"): lazy_gettext("What the company says"),
    ("shortlist_entry", "note"): lazy_gettext("Your note"),
}
"""Table and column -> its name, where it says something else than in other tables."""


def period_text(period: Period) -> str:
    """How long it is, in words."""
    if period.months and period.months % 12 == 0:
        years = period.months // 12
        return ngettext("%(count)s year", "%(count)s years", years, count=number(years))
    if period.months:
        return ngettext("%(count)s month", "%(count)s months", period.months, count=number(period.months))
    return ngettext("%(count)s day", "%(count)s days", period.days, count=number(period.days))


def period_name(code: str) -> str:
    """What is kept for so long."""
    return str(PERIOD_NAMES[code])


def section_name(table: str) -> str:
    """What a part of one's own data is."""
    return str(SECTION_NAMES[table])


def field_name(table: str, column: str) -> str:
    """What a column of one's own data says."""
    return str(_FIELD_NAMES_OF.get((table, column), FIELD_NAMES[column]))


def field_value(table: str, column: str, value: Any) -> str:
    """A value as a person reads it; nothing where there is none."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, dict):
        return (
            _filters(value)
            if column in ("parameters", "values", "scores")
            else str(value["name"])
            if "name" in value
            else ", ".join(value)
        )
    if isinstance(value, list):
        return ", ".join(field_value(table, column, each) for each in value)
    if isinstance(value, str) and (column.endswith(("_at", "datetime")) or column in ("at", "times")):
        return _moment(value)
    if isinstance(value, int):
        return number(value)
    return code_text(table, column, value) if value else ""


def _filters(parameters: Mapping[str, Any]) -> str:
    """What a saved search asks for, as it stands in the address of its page."""
    texts = (
        f"{name}: {', '.join(map(str, codes)) if isinstance(codes, list) else codes}"
        for name, codes in parameters.items()
    )
    return "; ".join(texts)


def _moment(text: str) -> str:
    """A moment in the time of the network."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        return str(format_date(moment, "long"))
    return str(format_datetime(moment.astimezone(zone_of(current_network())), "medium"))


FUNCTIONS = (period_text, period_name, section_name, field_name, field_value)
