"""Evidence: files attached to claims, to the changes of profiles and to applications, for staff to look at.

Whoever sends a file may take it away again until what it belongs to is decided. Only they and staff receive it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.errors import Conflict, NotFound
from webapp.models import (
    Application,
    ApplicationState,
    Claim,
    ClaimState,
    DbSession,
    EvidenceFile,
    Partner,
    Person,
    Revision,
    Startup,
    utc_now,
)
from webapp.permissions import Actor, Permission, can, require
from webapp.services.application_moves import ENDED
from webapp.services.evidence_content import clean_name, read_evidence
from webapp.services.revisions import OPEN
from webapp.services.write_lock import lock_rows

MOST_FILES = 3
"""Of one claim, revision or application."""
MOST_A_DAY = 12
"""Of one person, or of one applicant's address; without it, somebody could fill the disk."""

Holder = Claim | Revision | Application | Startup | Partner
"""What files are attached to; to a startup or partner, until its claim is sent."""


def is_undecided(holder: Holder) -> bool:
    """Whether files may still be attached and taken away."""
    if isinstance(holder, Claim):
        return holder.state == ClaimState.WAITING
    if isinstance(holder, Revision):
        return holder.state in OPEN
    if isinstance(holder, Application):
        return holder.state not in ENDED and bool(holder.email)
    return holder.is_published


def list_evidence(session: DbSession, holder: Holder | None) -> Sequence[EvidenceFile]:
    """The files of a claim, a revision or an application in the order in which they came, without their content."""
    if holder is None:
        return []
    files = sa.select(EvidenceFile).where(_of(holder)).options(joinedload(EvidenceFile.person))
    return session.scalars(files.order_by(EvidenceFile.id)).all()


def list_unsent(session: DbSession, actor: Actor, profile: Startup | Partner) -> Sequence[EvidenceFile]:
    """The files that an actor has uploaded for their claim of a profile, and not sent yet."""
    return session.scalars(_unsent(actor, profile).order_by(EvidenceFile.id)).all()


def attach(session: DbSession, actor: Actor, holder: Holder, name: str, content: bytes) -> EvidenceFile:
    """Attach a file. The same content twice is one file.

    Raises:
        NotAllowed, NotFound: it is not the actor's.
        Invalid: the file, see ``webapp.services.evidence_content``.
        Conflict: ``evidence-decided``: it is too late; ``too-many-files`` (``most``); ``too-many-files-today``
            (``most``).
    """
    require_sender(actor, holder)
    kind, kept = read_evidence(content)  # takes its time, so before anybody has to wait
    _lock(session, actor, holder)
    if not is_undecided(holder):
        raise Conflict("evidence-decided")
    there = sa.select(EvidenceFile).where(_of(holder, actor))
    same = there.where(EvidenceFile.size == len(kept), EvidenceFile.content == kept).limit(1)
    if (known := session.scalar(same)) is not None:
        return known
    _check_number(session, actor, holder)
    file = EvidenceFile(name=clean_name(name, kind), kind=kind, size=len(kept), content=kept, **_columns(holder))
    file.person_id = actor.person_id
    session.add(file)
    session.flush()
    return file


def require_sender(actor: Actor, holder: Holder) -> None:
    """Stop everybody but those who may attach files to something.

    Raises:
        NotAllowed: they may not.
        NotFound: ``claim``: it is somebody else's; ``organisation``: the public does not see it.
    """
    if isinstance(holder, Application):
        require(actor, Permission.APPLY, holder)
        return
    require(actor, Permission.USE_ACCOUNT)
    if isinstance(holder, Revision):
        require(actor, Permission.EDIT_PROFILE, holder.organisation)
    elif isinstance(holder, Claim) and holder.person_id != actor.person_id:
        raise NotFound("claim", id=holder.id)
    elif isinstance(holder, Startup | Partner) and not holder.is_published:
        raise NotFound("organisation")


def own_claim(session: DbSession, actor: Actor, claim_id: int) -> Claim:
    """The claim of an actor to which they attach files.

    Raises:
        NotFound: ``claim``: there is none of theirs.
    """
    claim = session.get(Claim, claim_id)
    if claim is None or claim.person_id != actor.person_id:
        raise NotFound("claim", id=claim_id)
    return claim


def hand_over(session: DbSession, actor: Actor, claim: Claim) -> None:
    """Let the files that a claimant has uploaded belong to the claim that they sent."""
    for file in session.scalars(_unsent(actor, claim.organisation)):
        file.startup_id = file.partner_id = None
        file.claim_id = claim.id
    session.flush()


def get_evidence(session: DbSession, actor: Actor, reference: str) -> EvidenceFile:
    """A file, for staff or for whoever sent it.

    Raises:
        NotAllowed: nobody is signed in.
        NotFound: ``evidence``: there is none that the actor may see. Whether there is one, nobody else is told.
    """
    require(actor, Permission.USE_ACCOUNT)
    file = session.scalar(sa.select(EvidenceFile).where(EvidenceFile.reference == reference))
    if file is None or not (is_sender(actor, file) or _is_for_staff(actor, file)):
        raise NotFound("evidence")
    return file


def evidence_of(session: DbSession, application: Application, reference: str) -> EvidenceFile:
    """A file of an application, for whoever came through its link.

    Raises:
        NotFound: ``evidence``: the application has none of this name.
    """
    found = session.scalar(sa.select(EvidenceFile).where(_of(application), EvidenceFile.reference == reference))
    if found is None:
        raise NotFound("evidence")
    return found


def is_sender(actor: Actor, file: EvidenceFile) -> bool:
    """Whether an actor has sent a file from their account."""
    return file.person_id is not None and file.person_id == actor.person_id


def take_away(session: DbSession, actor: Actor, file: EvidenceFile, *, has_link: bool = False) -> None:
    """Delete a file that one has sent oneself.

    Args:
        has_link: whether the actor came through the link of the application that the file is of.

    Raises:
        NotFound: ``evidence``: it is somebody else's.
        Conflict: ``evidence-decided``: staff have decided by it; it is deleted in its time.
    """
    if not has_link and not is_sender(actor, file):
        raise NotFound("evidence")
    holder: Holder = file.holder
    _lock(session, actor, holder)
    if not is_undecided(holder) and not isinstance(holder, Startup | Partner):
        raise Conflict("evidence-decided")
    session.delete(file)
    session.flush()


def _columns(holder: Holder) -> dict[str, int]:
    return {f"{holder.__tablename__}_id": holder.id}


def _of(holder: Holder, actor: Actor | None = None) -> sa.ColumnElement[bool]:
    """The files of something; of a profile, those that one person has uploaded for their claim of it."""
    mine = [getattr(EvidenceFile, column) == key for column, key in _columns(holder).items()]
    if isinstance(holder, Startup | Partner):
        mine.append(EvidenceFile.person_id == (actor.person_id if actor else None))
    return sa.and_(*mine)


def _unsent(actor: Actor, profile: Startup | Partner) -> sa.Select[Any]:
    return sa.select(EvidenceFile).where(_of(profile, actor))


def _is_for_staff(actor: Actor, file: EvidenceFile) -> bool:
    """What is not sent yet is nobody else's business."""
    is_draft = file.application is not None and file.application.state == ApplicationState.DRAFT
    return can(actor, Permission.STAFF) and not is_draft and file.startup_id is None and file.partner_id is None


def _lock(session: DbSession, actor: Actor, holder: Holder) -> None:
    """Let nobody attach to it, or decide it, meanwhile; files that are not sent are counted by their person."""
    if isinstance(holder, Startup | Partner):
        lock_rows(session, Person, actor.person_id or 0)
    else:
        lock_rows(session, type(holder), holder.id)
    session.refresh(holder, ["state"])


def _check_number(session: DbSession, actor: Actor, holder: Holder) -> None:
    count = sa.select(sa.func.count()).select_from(EvidenceFile)
    if (session.scalar(count.where(_of(holder, actor))) or 0) >= MOST_FILES:
        raise Conflict("too-many-files", most=MOST_FILES)
    if isinstance(holder, Application):
        same_address = sa.select(Application.id).where(Application.email == holder.email)
        theirs: sa.ColumnElement[bool] = EvidenceFile.application_id.in_(same_address)
    else:
        theirs = EvidenceFile.person_id == actor.person_id
    if (session.scalar(count.where(theirs, EvidenceFile.created_at > _a_day_ago())) or 0) >= MOST_A_DAY:
        raise Conflict("too-many-files-today", most=MOST_A_DAY)


def _a_day_ago() -> datetime:
    return utc_now() - timedelta(days=1)
