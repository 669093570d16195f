"""The pages of one application, for whoever has its link."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from webapp.blueprints.applications.begin import open_sites
from webapp.blueprints.applications.forms import ApplicantForm, StepForm, step_form
from webapp.blueprints.applications.links import Opened, gone, opened_link
from webapp.errors import Conflict, Invalid, NotFound
from webapp.extensions import db
from webapp.models import Application
from webapp.permissions import Permission
from webapp.services import applications
from webapp.services.application_fields import Step
from webapp.services.application_moves import EDITABLE, Move, allowed
from webapp.services.applications import (
    address_proof,
    examine_application,
    missing_of,
    save_applicant,
    save_step,
)
from webapp.services.cohorts import open_cohorts
from webapp.web.access import allow, current_account, current_actor
from webapp.web.application_words import application_rule
from webapp.web.forms import SeenForm
from webapp.web.marks import today
from webapp.web.signed_links import application_token
from webapp.web.site import current_network


@allow(Permission.APPLY)
def application(token: str) -> ResponseReturnValue:
    """All pages of one that is being written, with the button that sends it; of one that was sent, how far it is."""
    try:
        opened = opened_link(token)
    except (NotFound, Conflict) as error:
        return gone(error)
    return _overview(opened)


def _overview(opened: Opened, form: SeenForm | None = None) -> str:
    found = opened.application
    if form is None:
        form = SeenForm(formdata=None)
    form.show_version(found.version)
    template = "overview" if found.state in EDITABLE else "status"
    return render_template(
        f"applications/{template}.html",
        application=found,
        token=opened.token,
        is_mailed=opened.proof is not None,
        steps=list(Step),
        missing=missing_of(found),
        findings=examine_application(current_network(), found, today()),
        can_withdraw=allowed(found, Move.WITHDRAW),
        form=form,
    )


@allow(Permission.APPLY)
def step(token: str, step: str) -> ResponseReturnValue:
    """One of the pages of the form. What is not complete is saved too."""
    try:
        opened = opened_link(token)
    except (NotFound, Conflict) as error:
        return gone(error)
    form = _form(opened.application, step)
    if form.validate_on_submit():
        try:
            _save(opened.application, form, step)
        except (Invalid, Conflict) as error:
            return _refused(opened, form, error, step)
        db.session.commit()
        return _saved(opened, step)
    return _step_page(opened, form, step), 422 if form.is_submitted() else 200


def _form(found: Application, step: str) -> ApplicantForm | StepForm:
    if step != Step.APPLICANT:
        return step_form(found, step)
    cohorts = list(open_cohorts(db.session, today()))
    if found.cohort is not None and found.cohort not in cohorts:
        cohorts.append(found.cohort)
    return ApplicantForm(open_sites(), cohorts, data=_applicant_data(found))


def _save(found: Application, form: ApplicantForm | StepForm, step: str) -> None:
    actor, version = current_actor(), form.seen_version
    if isinstance(form, ApplicantForm):
        applicant, network = form.applicant(), current_network()
        save_applicant(db.session, actor, network, found, applicant, version=version, today=today())
    else:
        save_step(db.session, actor, found, step, form.values(found.values), version=version)


def _applicant_data(found: Application) -> dict[str, str]:
    return {
        "version": str(found.version),
        "kind": found.kind,
        "site": found.site.code if found.site else "",
        "cohort": found.cohort.code if found.cohort else "",
        "contact_name": found.contact_name,
        "email": found.email,
        "phone": found.phone or "",
        "language": found.language,
    }


def _refused(opened: Opened, form: SeenForm, error: Invalid | Conflict, step: str) -> ResponseReturnValue:
    """What was typed, with what stood in the way; saving once more keeps what was typed."""
    db.session.rollback()
    try:
        again = opened_link(opened.token)
    except (NotFound, Conflict) as closed:
        return gone(closed)
    if error.code == "application-changed" and again.application.state in EDITABLE:
        form.refuse_whole(
            gettext(
                "The application was changed meanwhile, perhaps in another window. What you wrote is still below and "
                "not yet saved. Save again to keep it."
            )
        )
    else:
        form.refuse_at(error.values.get("field", ""), application_rule(error))
    form.show_version(again.application.version)
    return _step_page(again, form, step), 409 if isinstance(error, Conflict) else 422


def _step_page(opened: Opened, form: SeenForm, step: str) -> str:
    return render_template(
        "applications/step.html",
        application=opened.application,
        token=opened.token,
        step=step,
        steps=list(Step),
        form=form,
        is_editable=opened.application.state in EDITABLE,
    )


def _saved(opened: Opened, step: str) -> ResponseReturnValue:
    """Where it goes on: the next page, or the overview. Another address goes on without the proof of the old one."""
    found, account = opened.application, current_account()
    is_own = account is not None and account.email.lower() == found.email
    is_proved = found.confirmed_at is not None and (opened.proof is not None or is_own)
    token = application_token(found.reference, address_proof(found) if is_proved else None)
    if opened.proof is not None and not is_proved:
        flash(gettext("Saved. A link to your application is on its way to the new address."), "success")
    else:
        flash(gettext("Saved."), "success")
    following = list(Step)[list(Step).index(Step(step)) + 1 :]
    if request.form.get("go") == "next" and following:
        return redirect(url_for("applications.step", token=token, step=following[0]), 303)
    return redirect(url_for("applications.application", token=token), 303)


@allow(Permission.APPLY)
def submit(token: str) -> ResponseReturnValue:
    """Send it to the park."""

    def act(found: Application, version: int) -> str:
        applications.submit(db.session, current_actor(), current_network(), found, version=version, today=today())
        return gettext("Thank you. Your application has reached the park.")

    return _act(token, act)


@allow(Permission.APPLY)
def withdraw(token: str) -> ResponseReturnValue:
    """Take it back from the park."""

    def act(found: Application, version: int) -> str:
        applications.withdraw(db.session, current_actor(), found, version=version)
        return gettext("Your application is withdrawn.")

    return _act(token, act)


def _act(token: str, act: Callable[[Application, int], str]) -> ResponseReturnValue:
    """Do what a button of the overview does; if a rule stands in the way, the overview says so."""
    try:
        opened = opened_link(token)
    except (NotFound, Conflict) as error:
        return gone(error)
    form = SeenForm()
    if not form.validate_on_submit():
        return _overview(opened, form), 422
    try:
        done = act(opened.application, form.seen_version)
    except (Invalid, Conflict) as error:
        db.session.rollback()
        form.refuse_whole(application_rule(error))
        return _overview(opened_link(token), form), 409 if isinstance(error, Conflict) else 422
    db.session.commit()
    flash(done, "success")
    return redirect(url_for("applications.application", token=token), 303)


@allow(Permission.APPLY)
def delete(token: str) -> ResponseReturnValue:
    """Delete a draft."""
    try:
        opened = opened_link(token)
        applications.discard(db.session, current_actor(), opened.application)
    except (NotFound, Conflict) as error:
        db.session.rollback()
        return gone(error)
    db.session.commit()
    flash(gettext("The draft is deleted."), "success")
    return redirect(url_for("applications.start"), 303)
