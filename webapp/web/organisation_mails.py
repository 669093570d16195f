"""Mails about memberships and claims: what they tell of, and what the link of an invitation does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask, url_for
from flask_babel import gettext

from webapp.models import Claim, DbSession, Invitation, Membership, MembershipRole, OneTimeLink, Partner, Startup
from webapp.permissions import Actor
from webapp.services.invitations import PURPOSE, accept_invitation, get_invitation, is_expired
from webapp.services.organisations import NOUNS
from webapp.web.access import current_account, forget_actor
from webapp.web.formats import name_of
from webapp.web.link_purposes import LINK_PURPOSES, LinkDone, LinkPage, LinkPurpose
from webapp.web.mail_subjects import SUBJECTS, Values


def invitation_subjects(session: DbSession, values: Values) -> dict[str, Any] | None:
    """The invitation and its organisation, as long as it can be accepted."""
    invitation = session.get(Invitation, values["invitation_id"])
    if invitation is None or invitation.revoked_at or invitation.accepted_at or is_expired(invitation):
        return None
    return {"invitation": invitation, "organisation": invitation.organisation, "inviter": invitation.invited_by}


def claim_subjects(session: DbSession, values: Values) -> dict[str, Any] | None:
    """The claim and its organisation."""
    claim = session.get(Claim, values["claim_id"])
    return {"claim": claim, "organisation": claim.organisation} if claim else None


def joined_subjects(session: DbSession, values: Values) -> dict[str, Any] | None:
    """The new member, if they still are one."""
    membership = session.get(Membership, values["membership_id"])
    return {"membership": membership, "organisation": membership.organisation} if membership else None


def organisation_subjects(session: DbSession, values: Values) -> dict[str, Any] | None:
    """The organisation, if it still exists."""
    organisation = session.get(NOUNS[values["noun"]], values["organisation_id"])
    return {"organisation": organisation} if organisation else None


def describe_invitation(session: DbSession, link: OneTimeLink) -> LinkPage:
    """What the button of an invitation does, with both addresses, since they may differ.

    Raises:
        NotFound: ``invitation``: it was accepted or taken back, or has expired.
    """
    invitation = get_invitation(session, link.subject_id)
    name = _isolated(invitation.organisation)
    account = current_account()
    texts = [_offer(invitation, name)]
    if account is not None:
        addresses = {"signed_in": f"\u2068{account.email}\u2069", "invited": f"\u2068{invitation.email}\u2069"}
        if account.email.lower() == invitation.email:
            texts.append(gettext("You are signed in as %(signed_in)s.", **addresses))
        else:
            texts.append(
                gettext(
                    "The invitation went to %(invited)s, and you are signed in as %(signed_in)s. "
                    "If you go on, the account in which you are signed in becomes the member.",
                    **addresses,
                )
            )
    return LinkPage(gettext("Act for %(name)s?", name=name), tuple(texts), gettext("Accept the invitation"))


def act_on_invitation(session: DbSession, actor: Actor, link: OneTimeLink, form: Mapping[str, str]) -> LinkDone:
    """Make whoever is signed in a member."""
    membership = accept_invitation(session, actor, link.subject_id)
    forget_actor()
    name = _isolated(membership.organisation)
    return LinkDone(
        gettext("You act for %(name)s now", name=name),
        (gettext("Its other owners are told by mail."),),
        url_for("organisations.overview"),
        gettext("My organisations"),
    )


def _offer(invitation: Invitation, name: str) -> str:
    inviter = f"\u2068{invitation.invited_by.name}\u2069" if invitation.invited_by else gettext("The park")
    if invitation.role == MembershipRole.OWNER:
        return gettext("%(inviter)s invites you to act for %(name)s as an owner.", inviter=inviter, name=name)
    return gettext("%(inviter)s invites you to act for %(name)s as an editor.", inviter=inviter, name=name)


def _isolated(organisation: Startup | Partner) -> str:
    return f"\u2068{name_of(organisation)}\u2069"


def init_app(app: Flask) -> None:
    """Say what these mails and links are about."""
    SUBJECTS["invitation"] = invitation_subjects
    SUBJECTS["claim-"] = claim_subjects
    SUBJECTS["membership-"] = organisation_subjects
    SUBJECTS["membership-joined"] = joined_subjects
    LINK_PURPOSES[PURPOSE] = LinkPurpose(describe_invitation, act_on_invitation, needs_account=True)
