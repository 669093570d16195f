"""The end of attached files: some time after the decision, or if what they were meant for was never sent."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from webapp.models import Application, Claim, ClaimState, DbSession, EvidenceFile, Network, Revision
from webapp.services.application_moves import ENDED
from webapp.services.network_schema import RetentionRules
from webapp.services.revisions import OPEN


def retention_rules(network: Network | None) -> RetentionRules:
    """How long is kept what the network decides about."""
    return RetentionRules.model_validate(network.retention or {} if network else {})


def delete_decided_evidence(session: DbSession, before: datetime) -> int:
    """Delete the files of what was decided, withdrawn or dropped before a moment; gives how many."""
    claims = sa.select(Claim.id).where(Claim.state != ClaimState.WAITING, Claim.decided_at < before)
    over = sa.func.coalesce(Revision.decided_at, Revision.updated_at)
    revisions = sa.select(Revision.id).where(Revision.state.not_in(OPEN), over < before)
    applications = sa.select(Application.id).where(Application.state.in_(ENDED), Application.decided_at < before)
    return _delete(
        session,
        sa.or_(
            EvidenceFile.claim_id.in_(claims),
            EvidenceFile.revision_id.in_(revisions),
            EvidenceFile.application_id.in_(applications),
        ),
    )


def delete_unsent_evidence(session: DbSession, before: datetime) -> int:
    """Delete the files that were uploaded for claims which nobody sent; gives how many."""
    unsent = sa.or_(EvidenceFile.startup_id.is_not(None), EvidenceFile.partner_id.is_not(None))
    return _delete(session, sa.and_(unsent, EvidenceFile.created_at < before))


def delete_evidence_of(session: DbSession, applications: Collection[int]) -> int:
    """Delete the files of applications whose words are taken away; gives how many."""
    return _delete(session, EvidenceFile.application_id.in_(applications))


def _delete(session: DbSession, condition: sa.ColumnElement[bool]) -> int:
    statement = sa.delete(EvidenceFile).where(condition).execution_options(synchronize_session="fetch")
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]
