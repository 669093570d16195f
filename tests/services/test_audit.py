"""Reading the audit trail."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from tests.accounts import make_account
from webapp.errors import NotAllowed
from webapp.models import AuditEntry, NetworkRole
from webapp.models.audit_trail import EXCUSED
from webapp.models.base import Base
from webapp.models.publication import ListedPart
from webapp.permissions import VISITOR, Actor
from webapp.services import audit
from webapp.services.actors import actor_of
from webapp.services.audit import AuditFilter, count_entries, entry_rows, list_entries, own_deeds
from webapp.web.audit_words import NOUNS

ZONE = ZoneInfo("Africa/Casablanca")
LONG_AGO = datetime(2020, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def staff(session: Session) -> Actor:
    return actor_of(session, make_account(NetworkRole.STAFF))


def write(session: Session, number: int, **values: object) -> None:
    session.add_all(
        AuditEntry(
            **{"at": LONG_AGO + timedelta(days=n), "role": "staff", "noun": "challenge", "object_id": n, "changes": {}}
            | {"action": "changed"}
            | values
        )
        for n in range(1, number + 1)
    )
    session.flush()


def test_entries_come_latest_first_and_can_be_narrowed_down(session: Session, staff: Actor) -> None:
    write(session, 5)
    write(session, 1, noun="cohort", action="deleted")
    asked = AuditFilter(noun="challenge", since=date(2020, 5, 3), until=date(2020, 5, 5))
    found = list_entries(session, staff, asked, ZONE, limit=10)
    assert [entry.object_id for entry in found] == [4, 3, 2]
    assert count_entries(session, staff, asked, ZONE) == 3
    assert count_entries(session, staff, AuditFilter(action="deleted", role="staff"), ZONE) == 1


def test_a_day_begins_when_it_begins_in_the_network(session: Session, staff: Actor) -> None:
    write(session, 1, at=datetime(2020, 1, 2, 23, 30, tzinfo=UTC))
    third = date(2020, 1, 3)
    assert count_entries(session, staff, AuditFilter(noun="challenge", since=third, until=third), ZONE) == 1


def test_a_file_has_the_same_entries_earliest_first_whatever_their_number(
    session: Session, staff: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "BATCH", 3)
    write(session, 8, changes={"state": ["draft", "open"], "problem": None})
    session.commit()
    rows = list(entry_rows(session, staff, AuditFilter(noun="challenge"), ZONE))
    assert [row["id"] for row in rows] == list(range(1, 9))
    assert rows[0]["changes"] == "state: draft -> open; problem: changed"
    assert rows[0]["at"] == "2020-05-02T12:00:00+00:00"


def test_what_somebody_did_today_names_each_record_once(session: Session, staff: Actor) -> None:
    today = date(2020, 5, 2)
    for action in ("created", "changed"):
        write(session, 1, person_id=staff.person_id, action=action)
    write(session, 1, person_id=staff.person_id, noun="cohort", object_id=77)
    deeds = own_deeds(session, staff, None, today)
    assert sorted((deed.noun, deed.action) for deed in deeds) == [("challenge", "changed"), ("cohort", "changed")]


def test_only_staff_read_the_trail(session: Session) -> None:
    for read in (count_entries, lambda *arguments: list_entries(*arguments, limit=1)):
        with pytest.raises(NotAllowed):
            read(session, VISITOR, AuditFilter(), ZONE)


def test_every_record_in_the_trail_has_a_name_that_people_understand() -> None:
    mapped = {mapper.class_ for mapper in Base.registry.mappers}
    parts = {each.__tablename__ for each in mapped if issubclass(each, ListedPart) and "slug" not in each.__table__.c}
    assert {each.__tablename__ for each in mapped} - parts - set(EXCUSED) == set(NOUNS)
