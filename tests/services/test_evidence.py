"""Attached files: whose they are, how many, until when, and who receives them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.accounts import join, make_account, make_person
from tests.applications import make_draft, make_sent, make_staff
from tests.evidence import PDF, scan
from tests.profiles import save
from webapp.errors import Conflict, Invalid, NotAllowed, NotFound
from webapp.extensions import db
from webapp.models import (
    Account,
    Application,
    ApplicationState,
    AuditEntry,
    Claim,
    EvidenceFile,
    RevisionState,
    Startup,
    utc_now,
)
from webapp.permissions import SYSTEM, VISITOR, Actor
from webapp.services import evidence
from webapp.services.actors import actor_of
from webapp.services.claims import approve_claim, make_claim, withdraw_claim
from webapp.services.erasure import erase_person
from webapp.services.evidence import attach, get_evidence, list_evidence, list_unsent, own_claim, take_away
from webapp.services.evidence_forgetting import delete_decided_evidence, delete_unsent_evidence
from webapp.services.personal_data import collect
from webapp.services.revisions import open_revision, submit
from webapp.services.succession import list_ownerless
from webapp.web.marks import today

Maker = Callable[..., Any]
WORDS = {"position": "Co-founder", "statement": "My name is on the website."}


def somebody(session: Session) -> Actor:
    return actor_of(session, make_account())


def claimed(session: Session, make_startup: Maker) -> tuple[Actor, Claim]:
    claimant = somebody(session)
    return claimant, make_claim(session, claimant, make_startup(), **WORDS)


def numbered(number: int) -> bytes:
    """A PDF unlike the others."""
    return PDF + f"% {number} %%EOF".encode()


def test_files_wait_for_their_claim_and_go_with_it(session: Session, make_startup: Maker) -> None:
    startup, claimant, other = make_startup(), somebody(session), somebody(session)
    staff = make_staff(session)
    file = attach(session, claimant, startup, "proof.pdf", PDF)
    assert list_unsent(session, claimant, startup) == [file]
    assert list_unsent(session, other, startup) == []
    with pytest.raises(NotFound):
        get_evidence(session, staff, file.reference)
    claim = make_claim(session, claimant, startup, **WORDS)
    assert list_evidence(session, claim) == [file]
    assert list_unsent(session, claimant, startup) == []
    assert get_evidence(session, staff, file.reference).content == PDF
    assert get_evidence(session, claimant, file.reference) is file
    with pytest.raises(NotFound):
        get_evidence(session, other, file.reference)
    with pytest.raises(NotAllowed):
        get_evidence(session, VISITOR, file.reference)


def test_members_attach_to_the_changes_of_their_profile_until_they_are_decided(
    session: Session, make_startup: Maker
) -> None:
    startup, account = make_startup(), make_account()
    join(account, startup)
    member = actor_of(session, account)
    save(session, member, startup, "texts", pitch={"en": "Other words."})
    submit(session, member, startup)
    revision = open_revision(session, startup)
    assert revision is not None
    file = attach(session, member, revision, "registration.png", scan())
    assert (file.kind, file.name, file.person_id) == ("png", "registration.png", member.person_id)
    with pytest.raises(NotAllowed):
        attach(session, somebody(session), revision, "other.pdf", PDF)
    revision.state = RevisionState.PUBLISHED
    session.flush()
    with pytest.raises(Conflict, match="evidence-decided"):
        attach(session, member, revision, "late.pdf", PDF)
    with pytest.raises(Conflict, match="evidence-decided"):
        take_away(session, member, file)


def test_applicants_attach_without_an_account_and_staff_see_nothing_of_a_draft(session: Session) -> None:
    staff = make_staff(session)
    draft = make_draft(session)
    file = attach(session, VISITOR, draft, "plan.pdf", PDF)
    assert file.person_id is None
    with pytest.raises(NotFound):
        get_evidence(session, staff, file.reference)
    sent = make_sent(session, email="other@mail.example")
    file = attach(session, VISITOR, sent, "plan.pdf", PDF)
    assert get_evidence(session, staff, file.reference) is file
    with pytest.raises(NotFound):
        take_away(session, staff, file)
    take_away(session, VISITOR, file, has_link=True)
    assert list_evidence(session, sent) == []


def test_the_same_file_twice_is_one_and_more_than_three_are_refused(session: Session, make_startup: Maker) -> None:
    claimant, claim = claimed(session, make_startup)
    first = attach(session, claimant, claim, "a.pdf", numbered(1))
    assert attach(session, claimant, claim, "again.pdf", numbered(1)) is first
    attach(session, claimant, claim, "b.pdf", numbered(2))
    attach(session, claimant, claim, "c.pdf", numbered(3))
    with pytest.raises(Conflict, match="too-many-files") as refused:
        attach(session, claimant, claim, "d.pdf", numbered(4))
    assert refused.value.values["most"] == 3
    take_away(session, claimant, first)
    attach(session, claimant, claim, "d.pdf", numbered(4))
    with pytest.raises(Invalid, match="evidence-format"):
        attach(session, claimant, claim, "virus.pdf", b"MZ")


def test_nobody_fills_the_disk_in_a_day(session: Session, monkeypatch: pytest.MonkeyPatch, make_startup: Maker) -> None:
    monkeypatch.setattr(evidence, "MOST_A_DAY", 2)
    claimant = somebody(session)
    attach(session, claimant, make_startup(), "a.pdf", numbered(1))
    old = attach(session, claimant, make_startup(), "b.pdf", numbered(2))
    with pytest.raises(Conflict, match="too-many-files-today"):
        attach(session, claimant, make_startup(), "c.pdf", numbered(3))
    old.created_at = utc_now() - timedelta(days=2)
    session.flush()
    attach(session, claimant, make_startup(), "c.pdf", numbered(3))
    drafts = [make_draft(session, email="rim@mail.example") for _ in range(2)]
    attach(session, VISITOR, drafts[0], "a.pdf", numbered(1))
    attach(session, VISITOR, drafts[1], "b.pdf", numbered(2))
    with pytest.raises(Conflict, match="too-many-files-today"):
        attach(session, VISITOR, drafts[0], "c.pdf", numbered(3))


def test_only_ones_own_waiting_claim_takes_files(session: Session, make_startup: Maker) -> None:
    claimant, claim = claimed(session, make_startup)
    other = somebody(session)
    with pytest.raises(NotFound):
        attach(session, other, claim, "a.pdf", PDF)
    with pytest.raises(NotFound):
        own_claim(session, other, claim.id)
    assert own_claim(session, claimant, claim.id) is claim
    with pytest.raises(NotFound):
        attach(session, claimant, make_startup(state="draft"), "a.pdf", PDF)
    withdraw_claim(session, claimant, claim.id)
    with pytest.raises(Conflict, match="evidence-decided"):
        attach(session, claimant, claim, "a.pdf", PDF)


def test_a_file_belongs_to_one_thing(session: Session, make_startup: Maker) -> None:
    values = {"name": "a.pdf", "kind": "pdf", "size": 1, "content": b"x"}
    both = {"startup_id": make_startup().id, "claim_id": claimed(session, make_startup)[1].id}
    session.commit()
    for holders in ({}, both):
        session.add(EvidenceFile(**values, **holders))
        with pytest.raises(IntegrityError):
            session.flush()
        session.rollback()


@pytest.mark.postgresql
def test_of_many_at_the_same_moment_three_are_attached(app: Flask, session: Session, make_startup: Maker) -> None:
    claimant, claim = claimed(session, make_startup)
    claim_id = claim.id
    session.commit()

    def send(number: int) -> None:
        with app.app_context():
            try:
                attach(db.session(), claimant, db.session.get_one(Claim, claim_id), "a.pdf", numbered(number))
                db.session.commit()
            except Conflict:
                db.session.rollback()
            finally:
                db.session.remove()

    threads = [threading.Thread(target=send, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list_evidence(session, session.get_one(Claim, claim_id))) == 3


def test_files_go_some_time_after_the_decision_and_unsent_ones_sooner(session: Session, make_startup: Maker) -> None:
    claimant, claim = claimed(session, make_startup)
    waiting, sent = claimed(session, make_startup)[1], make_sent(session)
    attach(session, claimant, claim, "a.pdf", PDF)
    kept = attach(session, actor_of(session, _account_of(session, waiting)), waiting, "b.pdf", PDF)
    attach(session, VISITOR, sent, "c.pdf", PDF)
    approve_claim(session, make_staff(session), claim)
    sent.state, sent.decided_at = ApplicationState.REFUSED, utc_now()
    session.flush()
    assert delete_decided_evidence(session, utc_now() - timedelta(days=1)) == 0
    assert delete_decided_evidence(session, utc_now() + timedelta(days=1)) == 2
    unsent = attach(session, claimant, make_startup(), "d.pdf", PDF)
    assert delete_unsent_evidence(session, utc_now() - timedelta(days=1)) == 0
    assert session.scalars(sa.select(EvidenceFile.id).order_by(EvidenceFile.id)).all() == [kept.id, unsent.id]
    assert delete_unsent_evidence(session, utc_now() + timedelta(days=1)) == 1
    assert session.scalars(sa.select(EvidenceFile.id)).all() == [kept.id]


def _account_of(session: Session, claim: Claim) -> Account:
    return session.scalars(sa.select(Account).filter_by(person_id=claim.person_id)).one()


def test_dropped_changes_let_their_files_go_in_time(session: Session, make_startup: Maker) -> None:
    startup, account = make_startup(), make_account()
    join(account, startup)
    member = actor_of(session, account)
    revision = save(session, member, startup, "texts", pitch={"en": "Other words."})
    revision = open_revision(session, startup)
    assert revision is not None
    attach(session, member, revision, "a.pdf", PDF)
    assert delete_decided_evidence(session, utc_now() + timedelta(days=1)) == 0
    revision.state = RevisionState.DISCARDED
    session.flush()
    assert delete_decided_evidence(session, utc_now() + timedelta(days=1)) == 1


def test_erasing_somebody_takes_all_their_files(session: Session, make_startup: Maker) -> None:
    person = make_person(email="rim@mail.example")
    account = make_account(person=person)
    actor = actor_of(session, account)
    startup = make_startup()
    attach(session, actor, make_claim(session, actor, make_startup(), **WORDS), "a.pdf", PDF)
    attach(session, actor, startup, "b.pdf", PDF)
    attach(session, VISITOR, make_sent(session, email="rim@mail.example"), "c.pdf", PDF)
    attach(session, VISITOR, make_draft(session, email="rim@mail.example"), "d.pdf", PDF)
    stranger = attach(session, somebody(session), startup, "e.pdf", PDF)
    assert {each["name"] for each in collect(session, SYSTEM, person)["evidence_file"]} == {
        "a.pdf",
        "b.pdf",
        "c.pdf",
        "d.pdf",
    }
    assert list_ownerless(session, person) == []
    erase_person(session, SYSTEM, person, today=today())
    assert session.scalars(sa.select(EvidenceFile.id)).all() == [stranger.id]


def test_ones_own_data_says_what_a_file_belongs_to_and_keeps_its_content_back(
    session: Session, make_startup: Maker
) -> None:
    person = make_person(email="rim@mail.example")
    actor = actor_of(session, make_account(person=person))
    startup: Startup = make_startup()
    attach(session, actor, startup, "b.pdf", PDF)
    sent: Application = make_sent(session, email="rim@mail.example")
    attach(session, VISITOR, sent, "c.pdf", PDF)
    first, second = collect(session, SYSTEM, person)["evidence_file"]
    assert first["organisation"]["slug"] == startup.slug
    assert (first["name"], first["kind"], first["size"]) == ("b.pdf", "pdf", len(PDF))
    assert second["reference"] == sent.reference
    assert "content" not in first


def test_the_trail_says_that_a_file_came_and_went_but_not_what_it_is_called(
    session: Session, make_startup: Maker
) -> None:
    claimant, claim = claimed(session, make_startup)
    file = attach(session, claimant, claim, "Amina Bennani.pdf", PDF)
    reference = file.reference
    take_away(session, claimant, file)
    entries = session.scalars(sa.select(AuditEntry).filter_by(noun="evidence_file").order_by(AuditEntry.id)).all()
    assert [(each.action, each.label) for each in entries] == [("created", reference), ("deleted", reference)]
    assert "Bennani" not in str([each.changes for each in entries])
