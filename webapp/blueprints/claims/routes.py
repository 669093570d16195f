"""The queue of claims, and one claim on one screen."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from webapp.blueprints.claims.files import COLUMNS, claim_rows
from webapp.blueprints.claims.forms import REFUSE, DecisionForm
from webapp.errors import Conflict
from webapp.extensions import db
from webapp.models import Claim, ClaimState, MembershipRole
from webapp.permissions import Permission
from webapp.services.claims import (
    account_of,
    approve_claim,
    get_claim,
    list_waiting_claims,
    other_claims,
    refuse_claim,
)
from webapp.services.memberships import list_members
from webapp.web.access import allow, current_actor
from webapp.web.downloads import download


def _state_name(state: str) -> str:
    names = {
        ClaimState.WAITING: gettext("Waiting"),
        ClaimState.APPROVED: gettext("Approved"),
        ClaimState.REFUSED: gettext("Refused"),
        ClaimState.WITHDRAWN: gettext("Withdrawn by the claimant"),
    }
    return names[ClaimState(state)]


@allow(Permission.STAFF)
def claims() -> str:
    """What waits, oldest first."""
    waiting = list_waiting_claims(db.session, current_actor())
    return render_template("claims/claims.html", claims=waiting)


@allow(Permission.STAFF)
def claims_file(form: str) -> Response:
    """The same as a file, without the claimants."""
    return download("claims", COLUMNS, claim_rows(list_waiting_claims(db.session, current_actor())), form)


@allow(Permission.STAFF)
def claim(claim_id: int) -> ResponseReturnValue:
    """Who claims what, and the decision."""
    actor = current_actor()
    found = get_claim(db.session, actor, claim_id)
    members = list_members(db.session, actor, found.organisation)
    form = DecisionForm()
    if not form.is_submitted() and not members:
        form.decision.default = form.decision.data = MembershipRole.OWNER.value
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        if _decided(found, form):
            return redirect(url_for("claims.claims"), 303)
        found, status = get_claim(db.session, actor, claim_id), 409
    page = render_template(
        "claims/claim.html",
        claim=found,
        account=account_of(db.session, found.person),
        members=members,
        others=other_claims(db.session, found),
        state_name=_state_name,
        form=form,
    )
    return page, status


def _decided(found: Claim, form: DecisionForm) -> bool:
    """Decide. Of two at a time, the second reads what the first decided, and keeps what was typed."""
    actor, note = current_actor(), form.note.data
    try:
        if form.decision.data == REFUSE:
            refuse_claim(db.session, actor, found, note=note)
        else:
            approve_claim(db.session, actor, found, role=MembershipRole(form.decision.data), note=note)
    except Conflict as error:
        db.session.rollback()
        state = _state_name(error.values["state"])
        form.refuse_whole(gettext("This claim has been decided meanwhile: %(state)s.", state=state))
        return False
    db.session.commit()
    flash(gettext("Decided. The claimant is told by mail."), "success")
    return True
