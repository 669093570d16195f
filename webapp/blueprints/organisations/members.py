"""Who acts for an organisation: members and invitations."""

from __future__ import annotations

from contextlib import suppress

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from webapp.blueprints.organisations.forms import ConfirmForm, InviteForm, MemberForm
from webapp.errors import Conflict, NotFound
from webapp.extensions import db
from webapp.models import MembershipRole, Partner, Startup
from webapp.permissions import Permission, can
from webapp.services import invitations, memberships
from webapp.services.organisations import get_organisation
from webapp.web.access import allow, current_actor, forget_actor
from webapp.web.formats import name_of
from webapp.web.forms import unknown_rule
from webapp.web.locale import current_language


def _organisation(noun: str, slug: str, permission: Permission) -> Startup | Partner:
    return get_organisation(db.session, current_actor(), noun, slug, permission)


def _back(organisation: Startup | Partner) -> Response:
    return redirect(url_for("organisations.members", noun=organisation.noun, slug=organisation.slug), 303)


def _rule(error: Conflict | NotFound) -> str:
    """A broken rule in words."""
    if error.code == "last-owner":
        return gettext("An organisation needs an owner. Make somebody else one first.")
    if error.code == "already-member":
        return gettext("Somebody with this address is a member already.")
    if error.code == "already-invited":
        return gettext("This address is invited already, to be something else. Take that invitation back first.")
    if error.code == "too-many-invitations":
        return gettext("You cannot send more invitations in one day. Please send the others tomorrow.")
    if error.code == "account":
        return gettext("Nobody signs in with this address. You can invite it instead.")
    return unknown_rule(error)


@allow(Permission.EDIT_PROFILE)
def members(noun: str, slug: str) -> str:
    """The members, and, for those who decide about them, the invitations."""
    organisation = _organisation(noun, slug, Permission.EDIT_PROFILE)
    actor = current_actor()
    decides = can(actor, Permission.MANAGE_MEMBERS, organisation)
    return render_template(
        "organisations/members.html",
        organisation=organisation,
        members=memberships.list_members(db.session, actor, organisation),
        invitations=invitations.list_invitations(db.session, actor, organisation) if decides else [],
        decides=decides,
        actor=actor,
    )


@allow(Permission.MANAGE_MEMBERS)
def invite(noun: str, slug: str) -> str | Response | tuple[str, int]:
    """Invite somebody by mail."""
    organisation = _organisation(noun, slug, Permission.MANAGE_MEMBERS)
    form = InviteForm()
    if form.validate_on_submit():
        role, language = MembershipRole(form.role.data), form.language.data
        try:
            invitations.invite(db.session, current_actor(), organisation, form.email.data, role, language=language)
        except Conflict as error:
            db.session.rollback()
            form.refuse(form.email, _rule(error))
        else:
            db.session.commit()
            flash(gettext("The invitation is on its way."), "success")
            return _back(organisation)
    page = render_template("organisations/invite.html", organisation=organisation, form=form)
    return (page, 422) if form.is_submitted() else page


@allow(Permission.STAFF)
def add(noun: str, slug: str) -> str | Response | tuple[str, int]:
    """Make somebody a member at once, as staff do."""
    organisation = _organisation(noun, slug, Permission.EDIT_PROFILE)
    form = MemberForm()
    if form.validate_on_submit():
        role = MembershipRole(form.role.data)
        try:
            memberships.add_member(db.session, current_actor(), organisation, form.email.data, role)
        except NotFound as error:
            db.session.rollback()
            form.refuse(form.email, _rule(error))
        else:
            db.session.commit()
            flash(gettext("The member is added and was told by mail."), "success")
            return _back(organisation)
    page = render_template("organisations/add.html", organisation=organisation, form=form)
    return (page, 422) if form.is_submitted() else page


@allow(Permission.MANAGE_MEMBERS)
def change(noun: str, slug: str, membership_id: int) -> Response:
    """Make a member an owner or an editor."""
    organisation = _organisation(noun, slug, Permission.MANAGE_MEMBERS)
    wanted = request.form.get("role", "")
    if wanted not in MembershipRole.__members__.values():
        raise NotFound("role")
    try:
        memberships.change_role(db.session, current_actor(), organisation, membership_id, MembershipRole(wanted))
    except (Conflict, NotFound) as error:
        db.session.rollback()
        gone = gettext("This member has left meanwhile.")
        flash(gone if error.code == "membership" else _rule(error), "error")
    else:
        db.session.commit()
        flash(gettext("The role is changed."), "success")
    forget_actor()
    return _back(organisation)


@allow(Permission.EDIT_PROFILE)
def remove(noun: str, slug: str, membership_id: int) -> str | Response:
    """Ask whether a member shall go, or whether one wants to leave, and end the membership."""
    try:
        organisation = _organisation(noun, slug, Permission.EDIT_PROFILE)
    except NotFound:
        if not ConfirmForm().validate_on_submit():
            raise
        # The same button pressed a second time by somebody who left: to them there is no such organisation any more.
        return redirect(url_for("organisations.overview"), 303)
    actor = current_actor()
    try:
        membership = memberships.get_membership(db.session, actor, organisation, membership_id)
    except NotFound:
        flash(gettext("This member has left meanwhile."))
        return _back(organisation)
    is_own = membership.person_id == actor.person_id
    name = membership.person.name
    form = ConfirmForm()
    if not form.validate_on_submit():
        return render_template(
            "organisations/remove.html", organisation=organisation, membership=membership, is_own=is_own, form=form
        )
    if not _removed(organisation, membership_id):
        return _back(organisation)
    if not is_own:
        flash(gettext("%(name)s is no longer a member.", name=f"\u2068{name}\u2069"), "success")
        return _back(organisation)
    flash(gettext("You no longer act for %(name)s.", name=f"\u2068{name_of(organisation)}\u2069"), "success")
    return redirect(url_for("organisations.overview"), 303)


def _removed(organisation: Startup | Partner, membership_id: int) -> bool:
    """End a membership; if a rule stands in the way, the next page says so. Gone already is gone as well."""
    try:
        with suppress(NotFound):
            memberships.remove_member(db.session, current_actor(), organisation, membership_id)
    except Conflict as error:
        db.session.rollback()
        flash(_rule(error), "error")
        return False
    db.session.commit()
    forget_actor()
    return True


@allow(Permission.MANAGE_MEMBERS)
def revoke(noun: str, slug: str, invitation_id: int) -> Response:
    """Take an invitation back."""
    organisation = _organisation(noun, slug, Permission.MANAGE_MEMBERS)
    try:
        invitations.revoke_invitation(db.session, current_actor(), organisation, invitation_id)
    except NotFound:
        db.session.rollback()
        flash(gettext("This invitation was accepted or taken back already."))
    else:
        db.session.commit()
        flash(gettext("The invitation is taken back; its link no longer works."), "success")
    return _back(organisation)


@allow(Permission.MANAGE_MEMBERS)
def again(noun: str, slug: str, invitation_id: int) -> Response:
    """Send an invitation anew."""
    organisation = _organisation(noun, slug, Permission.MANAGE_MEMBERS)
    language = current_language().code
    try:
        invitations.resend(db.session, current_actor(), organisation, invitation_id, language=language)
    except NotFound:
        db.session.rollback()
        flash(gettext("This invitation was accepted or taken back already."))
    except Conflict as error:
        db.session.rollback()
        flash(_rule(error), "error")
    else:
        db.session.commit()
        flash(gettext("The invitation is on its way again; the earlier link no longer works."), "success")
    return _back(organisation)
