"""How somebody gets an organisation: finding its profile, claiming it, or creating a new one."""

from __future__ import annotations

from contextlib import suppress

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from webapp.blueprints.organisations.forms import ClaimForm, OrganisationForm, line
from webapp.errors import Conflict, Invalid, NotFound
from webapp.extensions import db
from webapp.models import MembershipRole, Partner, Startup
from webapp.permissions import Permission
from webapp.services.claims import can_be_claimed, make_claim, withdraw_claim
from webapp.services.duplicates import Duplicate, find_duplicates
from webapp.services.evidence import get_evidence, list_unsent, take_away
from webapp.services.invitations import invite
from webapp.services.organisations import (
    NOUNS,
    NewOrganisation,
    create_organisation,
    get_published,
    read_company_number,
)
from webapp.services.profile_finder import find_profiles
from webapp.web.access import allow, current_actor, forget_actor
from webapp.web.evidence_files import attach_chosen
from webapp.web.formats import localized, name_of
from webapp.web.forms import unknown_rule
from webapp.web.listing_form import LONGEST_TEXT, printable
from webapp.web.locale import current_language
from webapp.web.marks import today
from webapp.web.site import current_network, current_search


@allow(Permission.USE_ACCOUNT)
def find() -> str:
    """Look for one's profile by its name."""
    text = printable(request.args.get("q", ""))[:LONGEST_TEXT].strip()
    found = find_profiles(db.session, current_search(), text)
    return render_template("organisations/find.html", text=text, found=found)


@allow(Permission.USE_ACCOUNT)
def create() -> str | Response | tuple[str, int]:
    """Begin a new profile. What looks like it is shown first."""
    network = current_network()
    name = localized(network.company_number["names"]).text if network else gettext("Company number")
    form = OrganisationForm(company_number_name=name)
    duplicates: list[Duplicate] = []
    if not form.is_submitted():
        form.language.data = current_language().code
        form.kind.data = request.args.get("kind")
        form.name_latin.data = line(request.args.get("name"))[:LONGEST_TEXT]
    elif form.validate() and (new := _read(form)) is not None:
        duplicates = _unanswered(form, new)
        if not duplicates and (organisation := _create(form, new)) is not None:
            flash(gettext("Saved as a draft. Complete the profile, then send it to the park."), "success")
            return redirect(url_for("profiles.edit", noun=organisation.noun, slug=organisation.slug), 303)
    page = render_template("organisations/create.html", form=form, duplicates=duplicates)
    return (page, 422) if form.is_submitted() else page


def _read(form: OrganisationForm) -> NewOrganisation | None:
    """What the form says; nothing if the company's number is none."""
    try:
        text = form.company_number.data if form.is_startup else ""
        return form.new(read_company_number(db.session, text) if text else None)
    except Invalid:
        form.refuse(form.company_number, gettext("This number is not complete, or a digit is mistyped."))
        return None


def _unanswered(form: OrganisationForm, new: NewOrganisation) -> list[Duplicate]:
    """The profiles that look like it, unless the form says that it is none of them."""
    if form.not_a_duplicate.data:
        return []
    model = NOUNS[new.noun]
    return find_duplicates(
        db.session, current_actor(), model, new.names, website=new.website, company_number=new.company_number
    )


def _create(form: OrganisationForm, new: NewOrganisation) -> Startup | Partner | None:
    """The organisation; if a rule stands in the way, the form says so. Staff create for others."""
    actor = current_actor()
    try:
        organisation = create_organisation(db.session, actor, new, today=today(), as_owner=not actor.is_staff)
        if actor.is_staff and form.owner_email.data:
            address, owner = form.owner_email.data, MembershipRole.OWNER
            invite(db.session, actor, organisation, address, owner, language=form.language.data)
    except (Invalid, Conflict) as error:
        db.session.rollback()
        _say(form, error)
        return None
    db.session.commit()
    forget_actor()
    return organisation


def _say(form: OrganisationForm, error: Invalid | Conflict) -> None:
    if error.code == "company-number-taken":
        form.refuse(
            form.company_number,
            gettext("A profile with this number exists already. If it is not in the directory, write to the park."),
        )
    elif error.code == "too-many-drafts":
        form.refuse_whole(gettext("You have several drafts already. Finish or delete one first."))
    else:
        form.refuse_whole(unknown_rule(error))


@allow(Permission.USE_ACCOUNT)
def claim(noun: str, slug: str) -> str | Response | tuple[str, int]:
    """Say that a profile is one's own, and how the park can check that."""
    organisation = get_published(db.session, noun, slug)
    if current_actor().role_in(organisation) is not None:
        return redirect(url_for("organisations.overview"), 303)
    if not can_be_claimed(db.session, organisation):
        return render_template("organisations/claim.html", organisation=organisation, form=None)
    form = ClaimForm()
    if "remove" in request.form:
        _remove_file(request.form["remove"])
        attach_chosen(form, organisation)
        db.session.commit()
    elif form.is_submitted() and _is_complete(form, organisation) and _claimed(form, organisation):
        flash(gettext("Thank you. The park looks at your claim and writes to you."), "success")
        return redirect(url_for("organisations.overview"), 303)
    files = list_unsent(db.session, current_actor(), organisation)
    page = render_template("organisations/claim.html", organisation=organisation, form=form, files=files)
    return (page, 422) if form.errors else page


def _remove_file(reference: str) -> None:
    """Take away a file that waits for the claim; what was typed beside it stays. A second press finds none."""
    with suppress(NotFound):
        take_away(db.session, current_actor(), get_evidence(db.session, current_actor(), reference))


def _is_complete(form: ClaimForm, organisation: Startup | Partner) -> bool:
    """Whether it can be sent. The files that are in order stay uploaded whatever else is wrong."""
    is_valid = form.validate()
    attach_chosen(form, organisation)
    db.session.commit()
    return is_valid and not form.files.errors


def _claimed(form: ClaimForm, organisation: Startup | Partner) -> bool:
    position, statement = form.position.data, form.statement.data
    try:
        make_claim(db.session, current_actor(), organisation, position=position, statement=statement)
    except Conflict as error:
        db.session.rollback()
        form.refuse_whole(_hindrance(error, organisation))
        return False
    db.session.commit()
    return True


def _hindrance(error: Conflict, organisation: Startup | Partner) -> str:
    name = f"\u2068{name_of(organisation)}\u2069"
    if error.code == "has-members":
        return gettext("Somebody acts for %(name)s already. Ask them to invite you, or write to the park.", name=name)
    if error.code == "claim-waiting":
        return gettext(
            "Your claim of %(name)s is with the park already. You can withdraw it and write another.", name=name
        )
    if error.code == "too-many-claims":
        return gettext("Several of your claims wait already. Please wait until the park has decided.")
    return unknown_rule(error)


@allow(Permission.USE_ACCOUNT)
def withdraw(claim_id: int) -> Response:
    """Take back one's claim."""
    withdraw_claim(db.session, current_actor(), claim_id)
    db.session.commit()
    flash(gettext("Your claim is withdrawn."), "success")
    return redirect(url_for("organisations.overview"), 303)
