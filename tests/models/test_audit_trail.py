"""The audit trail: who did what to which record, and never what a person is called."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.accounts import make_person
from webapp.models import DOER, AuditEntry, Base, Milestone, Startup, TermKind
from webapp.models.audit_trail import EXCUSED, UNREMARKABLE, UNTOLD
from webapp.models.vocabulary import Term
from webapp.permissions import Actor


@pytest.fixture
def startup(session: Session) -> Startup:
    row = Startup(slug="atlas", name_latin="Atlas", sort_name="atlas", **texts())
    session.add(row)
    session.commit()
    return row


def texts() -> dict[str, Any]:
    return {"pitch": {"en": "Maps"}, "description": {}, "city": {}, "export_markets": [], "sdgs": []}


def entries(session: Session, noun: str) -> list[AuditEntry]:
    return list(session.scalars(sa.select(AuditEntry).where(AuditEntry.noun == noun).order_by(AuditEntry.id)))


def test_a_new_record_is_written_down_with_its_name(session: Session, startup: Startup) -> None:
    (entry,) = entries(session, "startup")
    assert (entry.action, entry.object_id, entry.label, entry.role) == ("created", startup.id, "atlas", "system")


def test_a_change_says_from_what_to_what(session: Session, startup: Startup) -> None:
    session.refresh(startup)
    startup.founded, startup.name_latin = 2019, "Atlas Maps"
    session.commit()
    entry = entries(session, "startup")[-1]
    assert entry.changes == {"founded": [None, 2019], "name_latin": ["Atlas", "Atlas Maps"]}


def test_of_long_texts_only_that_they_changed_is_told(session: Session, startup: Startup) -> None:
    startup.pitch = {"en": "Better maps"}
    session.commit()
    assert entries(session, "startup")[-1].changes == {"pitch": None}


def test_of_people_no_value_is_ever_told(session: Session) -> None:
    person = make_person(name="Amina Idrissi")
    session.commit()
    person.name, person.phone = "Amina Alaoui", "+212600000000"
    session.commit()
    found = entries(session, "person")
    assert found[-1].changes == {"name": None, "phone": None}
    assert not any("Amina" in str((entry.label, entry.changes)) for entry in found)


def test_what_a_mentor_is_called_is_not_in_the_trail(session: Session, make_partner: Any) -> None:
    mentor = make_partner("Salma Bennani", kind="mentor", slug="salma-bennani")
    session.commit()
    session.refresh(mentor)
    mentor.slug, mentor.name_latin = "s-bennani", "S. Bennani"
    session.commit()
    created, changed = entries(session, "partner")
    assert (created.label, changed.label) == ("", "")
    assert changed.changes == {"slug": None, "name_latin": None}


def test_parts_are_told_under_the_profile_that_they_belong_to(session: Session, startup: Startup) -> None:
    first, second = session.scalars(sa.select(Term).where(Term.kind == TermKind.SECTOR).limit(2)).all()
    startup.set_terms(TermKind.SECTOR, [first])
    session.commit()
    startup.milestones.append(Milestone(on=date(2024, 5, 1), text={"en": "First customer"}))
    session.commit()
    startup.set_terms(TermKind.SECTOR, [second])
    session.commit()
    assert [entry.changes for entry in entries(session, "startup")[1:]] == [
        {"startup_term": [[], [first.code]]},
        {"milestone": [[], ["2024-05-01"]]},
        {"startup_term": [[first.code], [second.code]]},
    ]


def test_a_deleted_record_stays_in_the_trail(session: Session, startup: Startup) -> None:
    key = startup.id
    session.delete(startup)
    session.commit()
    assert [(entry.action, entry.object_id) for entry in entries(session, "startup")][-1] == ("deleted", key)


def test_what_is_rolled_back_leaves_no_trace(session: Session, startup: Startup) -> None:
    startup.founded = 2001
    session.flush()
    session.rollback()
    assert len(entries(session, "startup")) == 1


def test_counters_and_stamps_alone_are_no_event(session: Session, startup: Startup) -> None:
    startup.text_dates = {"pitch": {"en": "2026-01-01"}}
    session.commit()
    assert len(entries(session, "startup")) == 1


def test_it_is_written_down_who_did_it(session: Session, startup: Startup) -> None:
    person = make_person(name="Hind")
    session.commit()
    session.info[DOER] = Actor("person", person_id=person.id)
    startup.founded = 2011
    session.commit()
    entry = entries(session, "startup")[-1]
    assert (entry.role, entry.person_id) == ("person", person.id)


@pytest.mark.parametrize("deed", ["change", "delete"])
def test_the_trail_cannot_be_rewritten(session: Session, startup: Startup, deed: str) -> None:
    (entry,) = entries(session, "startup")
    if deed == "change":
        entry.role = "nobody"
    else:
        session.delete(entry)
    with pytest.raises(RuntimeError, match="only ever grows"):
        session.flush()
    session.rollback()


def test_every_table_named_here_exists() -> None:
    named = set(EXCUSED) | UNTOLD | (set(UNREMARKABLE) - {""})
    assert named <= set(Base.metadata.tables)
