"""The invented desk has changes of profiles and claims that can be decided."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.accounts import join, make_account, make_person
from webapp.config import ROOT
from webapp.models import Claim, EvidenceFile, EvidenceKind, Membership, MembershipRole, NetworkRole, Revision
from webapp.services.actors import actor_of
from webapp.services.claims import approve_claim
from webapp.services.demonstration import make_demonstration_moderation
from webapp.services.desk import queues
from webapp.services.evidence_content import read_evidence
from webapp.services.profile_review import publish

Maker = Callable[..., Any]
FOLDER = ROOT / "networks" / "technopark" / "demo"
TODAY = date(2026, 11, 28)


def test_staff_find_changes_and_claims_and_can_decide_them(session: Session, make_startup: Maker) -> None:
    shown = {"description": {"fr": "Nous mesurons."}, "website": "https://mesure.example", "is_demo": True}
    alone = [make_startup(f"Alone {number}", site="rabat", **shown) for number in range(3)]
    kept = [make_startup(f"Kept {number}", site="rabat", **shown) for number in range(3)]
    signed_up = make_startup("Signed up", site="rabat", **shown)
    join(make_account(), signed_up)
    for startup in kept:
        columns = Membership.columns_for(startup)
        session.add(Membership(person=make_person(), role=MembershipRole.OWNER, **columns))
    session.flush()
    assert make_demonstration_moderation(session, FOLDER, today=TODAY) == 5
    assert make_demonstration_moderation(session, FOLDER, today=TODAY) == 0
    staff = actor_of(session, make_account(NetworkRole.STAFF))
    waiting = {queue.code: queue.count for queue in queues(session, staff)}
    assert (waiting["reviews"], waiting["claims"]) == (3, 2)
    claims = session.scalars(sa.select(Claim)).all()
    assert {claim.startup for claim in claims} <= set(alone)
    (file,) = session.scalars(sa.select(EvidenceFile)).all()
    assert (file.claim, file.name) == (claims[0], "Extrait du registre de commerce.pdf")
    assert read_evidence(file.content) == (EvidenceKind.PDF, file.content)
    for revision in session.scalars(sa.select(Revision)).all():
        assert revision.startup in kept
        publish(session, staff, revision, version=revision.version, today=TODAY)
    assert any("septembre" in startup.description["fr"] for startup in kept)
    assert any(startup.website == "https://mesure.example/accueil" for startup in kept)
    approve_claim(session, staff, claims[0])


def test_without_words_there_is_nothing(session: Session) -> None:
    assert make_demonstration_moderation(session, ROOT / "tests" / "packs" / "harbour", today=TODAY) == 0
