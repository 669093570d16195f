"""All that the site keeps about a person, for that person: what the page shows and the file holds.

Every column of every table that belongs to a person stands here once, as told or as kept back; a test compares both
with the tables. What others wrote about themselves is theirs and not told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

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
    DbSession,
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
    Partner,
    Passkey,
    Person,
    ProfileMerge,
    Pulse,
    ResidencyEvent,
    Revision,
    SavedSearch,
    Shortlist,
    ShortlistEntry,
    Side,
    Startup,
)
from webapp.models.membership import OfOrganisation
from webapp.permissions import Actor, Permission, require
from webapp.services.introduction_moves import shown_state

Record = dict[str, Any]
"""Names of columns and what they hold; an organisation is its name and its address on the site."""


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


def collect(session: DbSession, actor: Actor, person: Person) -> dict[str, list[Record]]:
    """Everything about a person by table; tables without anything have an empty list.

    Raises:
        NotAllowed: the actor is somebody else.
    """
    require(actor, Permission.USE_ACCOUNT)
    if actor.person_id != person.id:
        require(actor, Permission.ADMINISTER)
    collection = _Collection(session, actor, person)
    return {table: collection.records(table) for table in TOLD}


class _Collection:
    """Reads what belongs to one person."""

    def __init__(self, session: DbSession, actor: Actor, person: Person) -> None:
        self.session, self.actor, self.person = session, actor, person
        self.account = session.scalar(sa.select(Account).filter_by(person_id=person.id))
        account_id = self.account.id if self.account else 0
        self.conditions: Mapping[str, Callable[[], sa.ColumnElement[bool]]] = {
            "person": lambda: Person.id == person.id,
            "account": lambda: Account.id == account_id,
            "passkey": lambda: Passkey.user_id == account_id,
            "api_token": lambda: ApiToken.account_id == account_id,
            "invitation": self._invitations,
            "application": lambda: Application.email.in_(self._addresses()),
            "shortlist_entry": lambda: ShortlistEntry.shortlist.has(person_id=person.id),
            "residency_event": lambda: ResidencyEvent.recorded_by_id == person.id,
            "nonconformity": lambda: sa.or_(
                Nonconformity.opened_by_id == person.id, Nonconformity.closed_by_id == person.id
            ),
            "revision": lambda: Revision.author_id == person.id,
            "introduction": lambda: Introduction.id.in_(self._introductions()),
            "meeting": lambda: Meeting.introduction_id.in_(self._introductions()),
            "outcome": lambda: Outcome.introduction_id.in_(self._introductions()),
        }

    def records(self, table: str) -> list[Record]:
        """What is told of a table, oldest first."""
        told = TOLD[table]
        key = sa.inspect(told.model).primary_key[0]
        condition = self.conditions[table]() if table in self.conditions else told.model.person_id == self.person.id  # type: ignore[attr-defined]
        rows = self.session.scalars(sa.select(told.model).where(condition).order_by(key)).all()
        return [self._record(told, row) for row in rows if not self._is_of_the_other_side(row)]

    def _introductions(self) -> sa.Select[Any]:
        """Those in which the person asked or answered; others of the organisation belong to colleagues."""
        mine = sa.or_(Introduction.requester_id == self.person.id, Introduction.answerer_id == self.person.id)
        return sa.select(Introduction.id).where(mine)

    def _invitations(self) -> sa.ColumnElement[bool]:
        """Those sent by the person, and those sent to them."""
        theirs = sa.func.lower(Invitation.email).in_(self._addresses())
        return sa.or_(Invitation.invited_by_id == self.person.id, theirs)

    def _addresses(self) -> set[str]:
        """The person's own, in small letters."""
        own = {self.person.email.lower()} | ({self.account.email.lower()} if self.account else set())
        return own - {""}

    def _is_of_the_other_side(self, row: Base) -> bool:
        """Whether it is an answer that the other side gave to a question about the introduction."""
        return isinstance(row, Outcome) and row.side != self._side(row.introduction)

    def _side(self, introduction: Introduction) -> str:
        asks = introduction.requester_id == self.person.id
        other = "partner" if introduction.asked_by == "startup" else "startup"
        return str(introduction.asked_by) if asks else other

    def _record(self, told: Told, row: Any) -> Record:
        record = {column: _plain(getattr(row, column)) for column in told.columns}
        if isinstance(row, Introduction):
            return self._introduction(row, record)
        named = next((names(row) for types, names in _NAMES if isinstance(row, types)), {})
        return named | record

    def _introduction(self, row: Introduction, record: Record) -> Record:
        """Without what the other side wrote that this one may not read."""
        with_sides = {"startup": _organisation(row.startup), "partner": _organisation(row.partner)}
        hidden = ("decline_code", "decline_note") if row.requester_id == self.person.id else ("return_note",)
        record["state"] = shown_state(row, Side(self._side(row)))
        return with_sides | {name: value for name, value in record.items() if name not in hidden}


def _organisation(organisation: Startup | Partner) -> Record:
    return {"noun": organisation.noun, "slug": organisation.slug, "name": organisation.name_for("Latn")}


def _first_text(texts: Mapping[str, str]) -> str:
    return next(iter(texts.values()), "")


def _if_public(organisation: Startup | Partner) -> Record | None:
    """An organisation with which the person has nothing to do, as long as everybody sees it."""
    return _organisation(organisation) if organisation.is_published else None


def _plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return list(value) if isinstance(value, (list, tuple)) else value


def _account(row: Account) -> Record:
    roles = [str(role) for role in sorted(row.network_roles)]
    return {"roles": roles, "region": row.region.code if row.region else None}


def _saved_search(row: SavedSearch) -> Record:
    owner = row.startup or row.partner
    return {"organisation": _organisation(owner)} if owner else {}


def _answer(row: ChallengeAnswer) -> Record:
    named = {"startup": _organisation(row.startup), "partner": _organisation(row.challenge.partner)}
    return named | {"challenge": _first_text(row.challenge.title)}


_NAMES: Sequence[tuple[type[Any] | tuple[type[Any], ...], Callable[[Any], Record]]] = (
    (ShortlistEntry, lambda row: {"shortlist": row.shortlist.name, "organisation": _if_public(row.organisation)}),
    (SavedSearch, _saved_search),
    (DayParticipant, lambda row: {"reference": row.day.code, "organisation": _organisation(row.organisation)}),
    (OfOrganisation, lambda row: {"organisation": _organisation(row.organisation)}),
    (ChallengeAnswer, _answer),
    ((ResidencyEvent, Pulse), lambda row: {"startup": _organisation(row.startup)}),
    (MatchChoice, lambda row: {"startup": _organisation(row.startup), "partner": _organisation(row.partner)}),
    ((IntroductionMove, Meeting, Outcome), lambda row: {"reference": row.introduction.reference}),
    (DayFeedback, lambda row: {"reference": row.meeting.day.code}),
    (Account, _account),
)
"""What is told of a row by name, since its columns are numbers; the first that fits."""
