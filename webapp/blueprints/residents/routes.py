"""The lists of residency: residents, what is due, occupancy, and the answers of alumni."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import format_percent, gettext
from werkzeug.wrappers import Response as Answer

from webapp.blueprints.residents.asking import asked_filter, asked_year, chance_of_renewal, observed_renewal
from webapp.errors import Invalid
from webapp.extensions import db
from webapp.permissions import Permission
from webapp.services.leases import add_months, residency_rules
from webapp.services.network import list_sites
from webapp.services.occupancy import expected_vacancies
from webapp.services.occupancy import occupancy as occupancy_of
from webapp.services.pulse import confirm_closure, list_answers
from webapp.services.residents import COLUMNS, ResidentFilter, get_history, list_residents, resident_rows
from webapp.web.access import allow, current_actor
from webapp.web.downloads import download
from webapp.web.formats import name_of
from webapp.web.marks import today
from webapp.web.paging import asked_cut
from webapp.web.residency_mails import answers
from webapp.web.site import current_network, current_settings


@allow(Permission.STAFF)
def residents() -> str:
    """Who resides where, what is due first."""
    asked = asked_filter()
    found = list_residents(db.session, current_actor(), asked, today())
    cut = asked_cut(len(found), current_settings().page_size)
    parameters = {"q": asked.text, "site": asked.site, "due": asked.due}
    return render_template(
        "residents/residents.html",
        rows=found[cut.offset : cut.offset + cut.size],
        total=len(found),
        cut=cut,
        asked=asked,
        parameters={name: value for name, value in parameters.items() if value},
        sites=list_sites(db.session),
    )


@allow(Permission.STAFF)
def file(form: str) -> Response:
    """The same list as a file."""
    found = list_residents(db.session, current_actor(), asked_filter(), today())
    return download("residents", COLUMNS, resident_rows(found), form)


@allow(Permission.STAFF)
def renewals() -> str:
    """What asks something of staff, each with the usual decision at hand."""
    found = list_residents(db.session, current_actor(), ResidentFilter(due="any"), today())
    cut = asked_cut(len(found), current_settings().page_size)
    months = residency_rules(current_network()).lease_months
    return render_template(
        "residents/renewals.html",
        rows=found[cut.offset : cut.offset + cut.size],
        total=len(found),
        cut=cut,
        renewed_until=lambda until: add_months(until, months),
    )


@allow(Permission.STAFF)
def occupancy() -> str:
    """How full the parks are and have been, and how many places become free at a chance of renewal."""
    found = occupancy_of(db.session, current_actor(), today())
    chance = chance_of_renewal(found)
    return render_template(
        "residents/occupancy.html",
        occupancy=found,
        chance=chance,
        observed=observed_renewal(found),
        expected={each.site.code: expected_vacancies(each.ending, chance / 100) for each in found.sites},
        percent=format_percent,
    )


@allow(Permission.STAFF)
def pulse() -> str:
    """What those who left say of themselves this year, or in another one."""
    year = asked_year()
    found = list_answers(db.session, current_actor(), year)
    return render_template(
        "residents/pulse.html",
        rows=found,
        year=year,
        present=today().year,
        answers=dict(answers()),
        today=today(),
    )


@allow(Permission.STAFF)
def closed(slug: str) -> Answer:
    """Note that a company ceased its activity, as it says itself."""
    startup, _ = get_history(db.session, current_actor(), slug)
    try:
        confirm_closure(db.session, current_actor(), startup, on=today(), today=today())
    except Invalid:
        db.session.rollback()
    else:
        db.session.commit()
        flash(gettext("%(name)s is noted as closed.", name=name_of(startup)), "success")
    return redirect(url_for("residents.pulse"), 303)
