"""What the codes in one's own data are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import lazy_gettext

from webapp.models import (
    ClaimState,
    ConsentPurpose,
    MailState,
    MembershipRole,
    NetworkRole,
    Partner,
    RevisionState,
    Side,
    Startup,
)
from webapp.services.search_news import MATCHES
from webapp.web.application_words import applicant_kind, application_state
from webapp.web.challenge_words import answer_standing
from webapp.web.formats import label, language_name
from webapp.web.introduction_words import HAPPENED, STANDINGS
from webapp.web.mail_words import kind_name
from webapp.web.saved_search_words import FREQUENCIES
from webapp.web.token_words import SCOPES

_SIDES = {
    Side.STARTUP: lazy_gettext("the startup"),
    Side.PARTNER: lazy_gettext("the partner"),
    Side.STAFF: lazy_gettext("the park"),
    Side.SYSTEM: lazy_gettext("the passing of time"),
}
_ROLES = {
    MembershipRole.OWNER: lazy_gettext("Owner"),
    MembershipRole.EDITOR: lazy_gettext("Editor"),
    NetworkRole.AUTHORITY: lazy_gettext("Regional authority"),
    NetworkRole.STAFF: lazy_gettext("Staff of the park"),
    NetworkRole.ADMINISTRATOR: lazy_gettext("Administrator"),
}
_STATES: Mapping[str, Mapping[Any, Any]] = {
    "claim": {
        ClaimState.WAITING: lazy_gettext("waits for the park"),
        ClaimState.APPROVED: lazy_gettext("approved"),
        ClaimState.REFUSED: lazy_gettext("refused"),
        ClaimState.WITHDRAWN: lazy_gettext("taken back"),
    },
    "revision": {
        RevisionState.DRAFT: lazy_gettext("not submitted yet"),
        RevisionState.SUBMITTED: lazy_gettext("waits for the park"),
        RevisionState.RETURNED: lazy_gettext("returned by the park"),
        RevisionState.PUBLISHED: lazy_gettext("published"),
        RevisionState.DISCARDED: lazy_gettext("thrown away"),
    },
    "outgoing_mail": {
        MailState.WAITING: lazy_gettext("will be sent"),
        MailState.SENDING: lazy_gettext("being sent"),
        MailState.SENT: lazy_gettext("sent to you"),
        MailState.FAILED: lazy_gettext("could not be delivered"),
        MailState.GATHERED: lazy_gettext("told in a mail with several pieces of news"),
        MailState.CANCELLED: lazy_gettext("not sent"),
    },
}
_PURPOSES = {
    ConsentPurpose.TERMS: lazy_gettext("Terms of use and privacy notice"),
    ConsentPurpose.NEWS: lazy_gettext("News"),
}
_SEARCHED = {
    Startup.noun: lazy_gettext("Startups"),
    Partner.noun: lazy_gettext("Partners"),
    MATCHES: lazy_gettext("Matches"),
}


def _of(words: Mapping[Any, Any]) -> Callable[[str], str]:
    return lambda code: str(words.get(code, code))


_READERS: Mapping[tuple[str, str], Callable[[str], str]] = {
    ("", "side"): _of(_SIDES),
    ("", "asked_by"): _of(_SIDES),
    ("", "proposed_by"): _of(_SIDES),
    ("", "role"): _of(_ROLES),
    ("", "roles"): _of(_ROLES),
    ("", "language"): language_name,
    ("account", "region"): lambda code: label("regions", code),
    ("outgoing_mail", "kind"): kind_name,
    ("mail_preference", "kind"): kind_name,
    ("consent", "purpose"): _of(_PURPOSES),
    ("saved_search", "frequency"): _of(FREQUENCIES),
    ("api_token", "scopes"): _of(SCOPES),
    ("saved_search", "noun"): _of(_SEARCHED),
    ("introduction", "state"): lambda code: str(STANDINGS[code].name) if code in STANDINGS else code,
    ("introduction_move", "move"): _of(HAPPENED),
    ("application", "state"): application_state,
    ("challenge_answer", "state"): lambda code: str(answer_standing(code).name),
    ("application", "kind"): applicant_kind,
    **{(table, "state"): _of(words) for table, words in _STATES.items()},
}
"""Table (or any) and column -> what reads its codes."""


def code_text(table: str, column: str, code: str) -> str:
    """A code in words, or as it is."""
    reader = _READERS.get((table, column)) or _READERS.get(("", column))
    return reader(code) if reader else code
