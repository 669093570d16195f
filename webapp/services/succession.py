"""Succession: what becomes of organisations whose last owner goes, and of profiles that are about a person."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from webapp.errors import Invalid
from webapp.models import (
    DbSession,
    Invitation,
    Membership,
    MembershipRole,
    Partner,
    PartnerKind,
    Person,
    ProfileMerge,
    PublicationState,
    Revision,
    RevisionState,
    SlugRedirect,
    Startup,
)
from webapp.permissions import SYSTEM, Actor, OrganisationKey
from webapp.services.write_lock import lock_rows

KEEP, WITHDRAW = "keep", "withdraw"
"""What becomes of a profile whose last owner goes: it stays without an owner, or the public no longer sees it.

The third choice is the id of the membership that takes over.
"""

_OPEN_DRAFTS = (RevisionState.DRAFT, RevisionState.RETURNED)


@dataclass(frozen=True)
class Ownerless:
    """An organisation whose last owner a person is, and who else belongs to it."""

    organisation: Startup | Partner
    others: Sequence[Membership]

    @property
    def key(self) -> OrganisationKey:
        """How it is known among the choices."""
        return self.organisation.noun, self.organisation.id

    @property
    def choices(self) -> list[str]:
        """What may become of it, what happens without a choice first.

        Colleagues take over where there are some. The profile of a mentor is about nobody else, so it goes.
        """
        if self.others:
            return [str(membership.id) for membership in self.others]
        published = self.organisation.state == PublicationState.PUBLISHED
        return [KEEP, WITHDRAW] if published and not self.is_about_a_person else [WITHDRAW]

    @property
    def is_about_a_person(self) -> bool:
        """Whether the profile itself is personal data."""
        return isinstance(self.organisation, Partner) and self.organisation.kind == PartnerKind.MENTOR


def list_ownerless(session: DbSession, person: Person) -> list[Ownerless]:
    """The organisations that would be without an owner if a person went."""
    found = []
    for mine in session.scalars(sa.select(Membership).filter_by(person_id=person.id).order_by(Membership.id)):
        organisation = mine.organisation
        statement = sa.select(Membership).filter_by(**Membership.columns_for(organisation))
        others = session.scalars(statement.where(Membership.person_id != person.id).order_by(Membership.id)).all()
        if not any(other.role == MembershipRole.OWNER for other in others):
            found.append(Ownerless(organisation, others))
    return found


def lock_organisations(session: DbSession, person: Person) -> None:
    """Let nobody else come to or leave a person's organisations meanwhile.

    Of two owners who leave in the same second, the later one is the last.
    """
    memberships = sa.select(Membership.startup_id, Membership.partner_id).filter_by(person_id=person.id)
    rows = session.execute(memberships).all()
    for model, ids in ((Startup, [row[0] for row in rows]), (Partner, [row[1] for row in rows])):
        lock_rows(session, model, *filter(None, ids))


def check_choices(
    ownerless: Sequence[Ownerless], choices: Mapping[OrganisationKey, str], actor: Actor
) -> dict[OrganisationKey, str]:
    """What becomes of each organisation; the system takes the first choice of each.

    Raises:
        Invalid: ``choice``: one is missing, or no longer possible (``organisation``).
    """
    chosen = {}
    for each in ownerless:
        choice = choices.get(each.key, each.choices[0] if actor == SYSTEM else "")
        if choice not in each.choices:
            raise Invalid("choice", organisation=each.key)
        chosen[each.key] = choice
    return chosen


def settle(session: DbSession, ownerless: Ownerless, choice: str) -> None:
    """Hand an organisation over, leave it without an owner, or withdraw it."""
    successor = next((each for each in ownerless.others if str(each.id) == choice), None)
    if successor is not None:
        successor.role = MembershipRole.OWNER
        return
    organisation = ownerless.organisation
    of_it = Revision.columns_for(organisation)
    drafts = sa.select(Revision).filter_by(**of_it).where(Revision.state.in_(_OPEN_DRAFTS))
    for draft in session.scalars(drafts):
        draft.state = RevisionState.DISCARDED
    session.execute(sa.delete(Invitation).filter_by(**of_it))
    if choice == WITHDRAW:
        organisation.state = PublicationState.WITHDRAWN
    if ownerless.is_about_a_person and isinstance(organisation, Partner):
        _blank_profile(organisation)
        session.flush()
        session.execute(sa.delete(Revision).filter_by(**of_it))
        _forget_former_names(session, organisation)


def _blank_profile(partner: Partner) -> None:
    """Take away all that a profile says; the row stays for the counts of introductions."""
    partner.slug, partner.name_latin, partner.name_arabic, partner.sort_name = secrets.token_hex(8), "–", None, ""
    partner.website = partner.logo = partner.country = None
    partner.summary, partner.description, partner.city, partner.pilot_process = {}, {}, {}, {}
    partner.text_dates, partner.languages, partner.geography = {}, [], []
    partner.term_links, partner.site_links, partner.portfolio, partner.challenges = [], [], [], []


def _forget_former_names(session: DbSession, partner: Partner) -> None:
    """Former addresses are made of names, and what was merged into a profile said as much as the profile."""
    for model, key in ((SlugRedirect, SlugRedirect.object_id), (ProfileMerge, ProfileMerge.kept_id)):
        session.execute(sa.delete(model).where(model.noun == Partner.noun, key == partner.id))
