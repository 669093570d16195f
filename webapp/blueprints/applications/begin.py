"""The start: what is asked and when, the first page of an application, and the link for those who lost theirs."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from webapp.blueprints.applications.forms import ApplicantForm, LinkForm
from webapp.errors import Conflict, Invalid, NotFound
from webapp.extensions import db
from webapp.models import Application, Startup
from webapp.permissions import Permission
from webapp.services import applications
from webapp.services.applications import address_proof, own_startups, send_links
from webapp.services.cohorts import coming_cohorts, open_cohorts
from webapp.services.network import list_sites
from webapp.web.access import allow, current_account, current_actor
from webapp.web.application_words import application_rule, current_rules
from webapp.web.marks import today
from webapp.web.signed_links import application_token
from webapp.web.site import current_network


def open_sites() -> list[str]:
    """The codes of the parks where one can have a place."""
    return [site.code for site in list_sites(db.session) if site.status == "operating"]


@allow(Permission.APPLY)
def start() -> str:
    """Who may apply, to what and until when, what is asked, and how it is decided."""
    day = today()
    return render_template(
        "applications/start.html",
        rules=current_rules(),
        open_now=open_cohorts(db.session, day),
        coming=coming_cohorts(db.session, day),
        startups=own_startups(db.session, current_actor()),
    )


@allow(Permission.APPLY)
def begin() -> ResponseReturnValue:
    """The first page of a new application."""
    rules, cohorts = current_rules(), open_cohorts(db.session, today())
    if not rules.kinds or not (rules.is_open or cohorts):
        return redirect(url_for("applications.start"), 303)
    startup = _startup()
    form = ApplicantForm(open_sites(), cohorts)
    if not form.is_submitted():
        _fill(form)
    elif form.validate() and (found := _begun(form, startup)) is not None:
        proof = address_proof(found) if found.confirmed_at else None
        flash(gettext("Saved. A link to your application is on its way to your mail address."), "success")
        token = application_token(found.reference, proof)
        return redirect(url_for("applications.step", token=token, step="project"), 303)
    page = render_template("applications/begin.html", form=form, startup=startup)
    return page, 422 if form.is_submitted() else 200


def _startup() -> Startup | None:
    """The startup of one's own that applies, if the address names one."""
    slug = request.args.get("startup", "")
    if not slug:
        return None
    found = next((each for each in own_startups(db.session, current_actor()) if each.slug == slug), None)
    if found is None:
        raise NotFound("organisation", slug=slug)
    return found


def _fill(form: ApplicantForm) -> None:
    """What the address and the account tell already."""
    account = current_account()
    if account is not None:
        form.contact_name.data, form.email.data = account.person.name, account.email
    for field in (form.cohort, form.kind):
        if request.args.get(field.name) in {choice.value for choice in field.choices}:
            field.data = request.args[field.name]


def _begun(form: ApplicantForm, startup: Startup | None) -> Application | None:
    try:
        found = applications.begin(
            db.session, current_actor(), current_network(), form.applicant(), today=today(), startup=startup
        )
    except (Conflict, Invalid) as error:
        db.session.rollback()
        form.refuse_at(error.values.get("field", ""), application_rule(error))
        return None
    db.session.commit()
    return found


@allow(Permission.APPLY)
def send_link() -> ResponseReturnValue:
    """Mail the links of an address again. The page says the same whether there are any or not."""
    form = LinkForm()
    if form.validate_on_submit():
        send_links(db.session, current_actor(), form.email.data)
        db.session.commit()
        flash(gettext("If there are applications of this address, their links are on the way to it."), "success")
        return redirect(url_for("applications.send_link"), 303)
    page = render_template("applications/send_link.html", form=form)
    return page, 422 if form.is_submitted() else 200
