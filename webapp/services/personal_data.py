"""All that the site keeps about a person, for that person: what the page shows and the file holds.

Which columns are told says ``webapp.services.personal_data_register``. What others wrote about themselves is theirs and
not told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from webapp.models import (
    Account,
    ApiToken,
    Application,
    Base,
    ChallengeAnswer,
    DayFeedback,
    DayParticipant,
    DbSession,
    EvidenceFile,
    Introduction,
    IntroductionMove,
    Invitation,
    MatchChoice,
    Meeting,
    Nonconformity,
    Outcome,
    Partner,
    Passkey,
    Person,
    Pulse,
    ResidencyEvent,
    Revision,
    SavedSearch,
    ShortlistEntry,
    Side,
    Startup,
)
from webapp.models.membership import OfOrganisation
from webapp.permissions import Actor, Permission, require
from webapp.services.introduction_moves import shown_state
from webapp.services.personal_data_register import TOLD, Told

Record = dict[str, Any]
"""Names of columns and what they hold; an organisation is its name and its address on the site."""


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
            "evidence_file": self._evidence,
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

    def _evidence(self) -> sa.ColumnElement[bool]:
        """The files that the person sent, from their account or with an application."""
        theirs = sa.select(Application.id).where(Application.email.in_(self._addresses()))
        return sa.or_(EvidenceFile.person_id == self.person.id, EvidenceFile.application_id.in_(theirs))

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


def _evidence(row: EvidenceFile) -> Record:
    """What a file belongs to: an application by its reference, all else by its organisation."""
    if row.application is not None:
        return {"reference": row.application.reference}
    organisation = row.holder.organisation if isinstance(row.holder, OfOrganisation) else row.startup or row.partner
    return {"organisation": _organisation(organisation)} if organisation else {}


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
    (EvidenceFile, _evidence),
)
"""What is told of a row by name, since its columns are numbers; the first that fits."""
