"""The views of cohorts: all of them, and the form of one."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from webapp.blueprints.cohorts.files import COLUMNS, cohort_rows
from webapp.blueprints.cohorts.forms import CohortForm, cohort_form
from webapp.errors import Conflict, Invalid
from webapp.extensions import db
from webapp.models import Cohort, Site
from webapp.permissions import Permission
from webapp.services.cohorts import count_by_state, get_cohort, is_open, list_cohorts, save_cohort
from webapp.services.network import list_sites
from webapp.web.access import allow, current_actor
from webapp.web.downloads import download
from webapp.web.forms import unknown_rule
from webapp.web.marks import today


@allow(Permission.STAFF)
def cohorts() -> str:
    """All cohorts, with how many applied and were accepted."""
    rows = list_cohorts(db.session, current_actor())
    day = today()
    return render_template(
        "cohorts/cohorts.html",
        rows=rows,
        counts=count_by_state(db.session, rows),
        open_now={cohort.id for cohort in rows if is_open(cohort, day)},
        coming={cohort.id for cohort in rows if cohort.opens_on > day},
    )


@allow(Permission.STAFF)
def cohorts_file(form: str) -> Response:
    """The same as a file."""
    rows = list_cohorts(db.session, current_actor())
    return download("cohorts", COLUMNS, cohort_rows(rows, count_by_state(db.session, rows), today()), form)


@allow(Permission.STAFF)
def create() -> ResponseReturnValue:
    """Plan a cohort."""
    return _form_page(None)


@allow(Permission.STAFF)
def edit(cohort: str) -> ResponseReturnValue:
    """Change a cohort."""
    return _form_page(get_cohort(db.session, current_actor(), cohort))


def _form_page(cohort: Cohort | None) -> ResponseReturnValue:
    sites = [site for site in list_sites(db.session) if site.status == "operating" or (cohort and cohort.site is site)]
    form = cohort_form(sites, cohort)
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            _save(form, sites, cohort)
        except Conflict:
            db.session.rollback()
            form.refuse_whole(
                gettext(
                    "Somebody else changed this cohort meanwhile. What you typed is below; save again to keep yours."
                )
            )
            if cohort is not None:
                cohort = get_cohort(db.session, current_actor(), cohort.code)
                form.version.raw_data, form.version.data = None, str(cohort.version)
            status = 409
        except Invalid as error:
            db.session.rollback()
            _say(form, error)
        else:
            flash(gettext("The cohort is saved."), "success")
            return redirect(url_for("cohorts.cohorts"), 303)
    return render_template("cohorts/cohort.html", form=form, cohort=cohort), status


def _save(form: CohortForm, sites: Sequence[Site], cohort: Cohort | None) -> None:
    version = form.seen_version if cohort is not None else None
    save_cohort(db.session, current_actor(), form.values(sites), cohort, version=version)
    db.session.commit()


def _say(form: CohortForm, error: Invalid) -> None:
    """Put a broken rule beside its field."""
    if error.code == "name-missing":
        form.refuse(form.name_fields()[0], gettext("Please write its name in one of the languages."))
    elif error.code == "closes-before":
        form.refuse(form.closes_on, gettext("The last day must not be before the first."))
    elif error.code == "begins-before":
        form.refuse(form.begins_on, gettext("It must begin after the last day for applications."))
    else:
        form.refuse_whole(unknown_rule(error))
