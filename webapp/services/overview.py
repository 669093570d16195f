"""What somebody sees first after signing in: their organisations, how each profile stands, and who waits for them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import sqlalchemy as sa

from webapp.models import (
    DbSession,
    Membership,
    MembershipRole,
    Partner,
    PublicationState,
    Revision,
    RevisionState,
    Startup,
)
from webapp.permissions import Actor, OrganisationKey, Permission, require
from webapp.services.completeness import completeness
from webapp.services.introduction_lists import count_waiting_for
from webapp.services.profile_values import proposed_values


class Standing(StrEnum):
    """How a profile stands, seen by its members."""

    DRAFT = "draft"
    IN_REVIEW = "in-review"
    RETURNED = "returned"
    PUBLISHED = "published"
    PUBLISHED_DRAFT = "published-draft"
    """Published, with changes that nobody has submitted yet."""
    PUBLISHED_IN_REVIEW = "published-in-review"
    PUBLISHED_RETURNED = "published-returned"
    WITHDRAWN = "withdrawn"


_STANDINGS: Mapping[tuple[bool, str | None], Standing] = {
    (False, None): Standing.DRAFT,
    (False, RevisionState.DRAFT): Standing.DRAFT,
    (False, RevisionState.SUBMITTED): Standing.IN_REVIEW,
    (False, RevisionState.RETURNED): Standing.RETURNED,
    (True, None): Standing.PUBLISHED,
    (True, RevisionState.DRAFT): Standing.PUBLISHED_DRAFT,
    (True, RevisionState.SUBMITTED): Standing.PUBLISHED_IN_REVIEW,
    (True, RevisionState.RETURNED): Standing.PUBLISHED_RETURNED,
}
"""Whether it is published, and the state of its open revision -> how it stands."""

_OPEN = (RevisionState.DRAFT, RevisionState.SUBMITTED, RevisionState.RETURNED)


@dataclass(frozen=True)
class OwnOrganisation:
    """An organisation of somebody, and what to do for it."""

    organisation: Startup | Partner
    role: MembershipRole
    standing: Standing
    note: str
    """Why staff returned its changes, if they did."""
    waiting: int
    """How many introductions do not go on before it does something."""
    members: int
    percent: int
    """How complete its profile is with its open revision."""

    @property
    def key(self) -> OrganisationKey:
        """How permissions know it."""
        return self.organisation.noun, self.organisation.id


def list_own(session: DbSession, actor: Actor, languages: Collection[str]) -> list[OwnOrganisation]:
    """The actor's organisations in the order in which they joined them; people have few, so each costs some queries.

    Args:
        languages: those that the network offers, in which a complete profile has its texts.

    Raises:
        NotAllowed: nobody is signed in.
    """
    require(actor, Permission.USE_ACCOUNT)
    mine = session.scalars(sa.select(Membership).filter_by(person_id=actor.person_id).order_by(Membership.id)).all()
    revisions = _open_revisions(session, mine)
    counts = _member_counts(session, mine)
    return [_own(session, actor, each, revisions, counts, languages) for each in mine]


def _own(
    session: DbSession,
    actor: Actor,
    membership: Membership,
    revisions: Mapping[OrganisationKey, Revision],
    counts: Mapping[OrganisationKey, int],
    languages: Collection[str],
) -> OwnOrganisation:
    organisation, role = membership.organisation, MembershipRole(membership.role)
    key = organisation.noun, organisation.id
    revision = revisions.get(key)
    waiting = count_waiting_for(session, replace(actor, memberships={key: role}))
    note = revision.note if revision and revision.state == RevisionState.RETURNED else ""
    standing = standing_of(organisation, revision)
    values = proposed_values(organisation, revision.changes if revision else {})
    percent = completeness(organisation, values, languages).percent
    return OwnOrganisation(organisation, role, standing, note, waiting, counts[key], percent)


def standing_of(organisation: Startup | Partner, revision: Revision | None) -> Standing:
    """How a profile with this open revision stands."""
    if organisation.state == PublicationState.WITHDRAWN:
        return Standing.WITHDRAWN
    return _STANDINGS[organisation.is_published, RevisionState(revision.state) if revision else None]


def _open_revisions(session: DbSession, memberships: Sequence[Membership]) -> dict[OrganisationKey, Revision]:
    found = session.scalars(sa.select(Revision).where(_of(Revision, memberships), Revision.state.in_(_OPEN)))
    return {
        (Startup.noun, each.startup_id) if each.startup_id else (Partner.noun, each.partner_id or 0): each
        for each in found
    }


def _member_counts(session: DbSession, memberships: Sequence[Membership]) -> dict[OrganisationKey, int]:
    columns = Membership.startup_id, Membership.partner_id
    counted = sa.select(*columns, sa.func.count()).where(_of(Membership, memberships)).group_by(*columns)
    return {
        (Startup.noun, startup_id) if startup_id else (Partner.noun, partner_id or 0): count
        for startup_id, partner_id, count in session.execute(counted)
    }


def _of(model: type[Revision] | type[Membership], memberships: Sequence[Membership]) -> sa.ColumnElement[bool]:
    """Rows that belong to an organisation of these."""
    startups = [each.startup_id for each in memberships if each.startup_id]
    partners = [each.partner_id for each in memberships if each.partner_id]
    return sa.or_(model.startup_id.in_(startups), model.partner_id.in_(partners))
