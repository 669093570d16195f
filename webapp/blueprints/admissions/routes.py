"""The views of admission: the queue, one application on one screen, evaluating, deciding, comparing a cohort."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from webapp.blueprints.admissions.files import COLUMNS, application_rows
from webapp.blueprints.admissions.forms import DecisionForm, EntryForm, EvaluationForm, evaluation_form
from webapp.errors import Conflict, Invalid
from webapp.extensions import db
from webapp.models import Application, ApplicationState
from webapp.permissions import Permission
from webapp.services import admissions
from webapp.services.admission_profile import has_entered, record_entry
from webapp.services.admissions import ALL, OPEN, Decision, Narrowing, duplicates_of, earlier_applications, ranking
from webapp.services.application_fields import Step
from webapp.services.application_moves import WAITING, Move
from webapp.services.cohorts import get_cohort, list_cohorts
from webapp.services.evaluations import counting, own_evaluation, save_evaluation, summary, summary_of
from webapp.services.network import list_sites
from webapp.web.access import allow, current_actor
from webapp.web.application_words import application_rule, current_rules
from webapp.web.downloads import download
from webapp.web.marks import today
from webapp.web.paging import asked_cut
from webapp.web.site import current_settings

DONE = {
    Move.ACCEPT: lambda: gettext("Accepted. The applicant is told by mail, and the profile is prepared."),
    Move.RETURN: lambda: gettext("Returned. The applicant reads your question in a mail."),
    Move.REFUSE: lambda: gettext("Decided. The applicant is told by mail, with your words."),
}


@allow(Permission.STAFF)
def applications() -> str:
    """What waits, the oldest first; or what the filters ask for."""
    actor, narrowing = current_actor(), _asked()
    cut = asked_cut(admissions.count_applications(db.session, actor, narrowing), current_settings().page_size)
    rows = admissions.list_applications(db.session, actor, narrowing, limit=cut.size, offset=cut.offset)
    return render_template(
        "admissions/applications.html",
        rows=rows,
        cut=cut,
        narrowing=narrowing,
        states=[each for each in ApplicationState if each != ApplicationState.DRAFT],
        sites=[site for site in list_sites(db.session) if site.status != "announced"],
        cohorts=list_cohorts(db.session, actor),
        kinds=current_rules().kinds,
        counting=counting,
        needed=current_rules().evaluators,
    )


@allow(Permission.STAFF)
def applications_file(form: str) -> Response:
    """The same list as a file."""
    return download("applications", COLUMNS, application_rows(current_actor(), _asked()), form)


def _asked() -> Narrowing:
    """The filters of the address; a state that there is not means what waits."""
    state = request.args.get("state", OPEN)
    known = {OPEN, ALL, *ApplicationState} - {ApplicationState.DRAFT}
    names = {name: request.args.get(name, "") for name in ("site", "cohort", "kind")}
    return Narrowing(state=state if state in known else OPEN, **names)


@allow(Permission.STAFF)
def application(reference: str) -> str:
    """Everything that is needed to evaluate and decide an application."""
    return _page(admissions.get_application(db.session, current_actor(), reference))


def _page(
    found: Application,
    evaluation: EvaluationForm | None = None,
    decision: DecisionForm | None = None,
    entry: EntryForm | None = None,
) -> str:
    actor, rules = current_actor(), current_rules()
    own, given = own_evaluation(found, actor), counting(found)
    duplicates = duplicates_of(db.session, actor, found) if found.state in WAITING else []
    # Whoever has read what others think no longer says what they think themselves.
    sees_others = own in given or found.state not in WAITING
    if decision is None:
        decision = DecisionForm(duplicates, found, formdata=None)
    if entry is None:
        entry = EntryForm(found.enters_on, formdata=None)
    for form in (decision, entry):
        form.show_version(found.version)
    return render_template(
        "admissions/application.html",
        application=found,
        steps=list(Step),
        duplicates=duplicates,
        earlier=earlier_applications(db.session, actor, found),
        own=own,
        is_outdated=own is not None and own not in given,
        given=given,
        sees_others=sees_others,
        score=summary(given, rules.criteria) if sees_others else None,
        scores=[(each, summary_of(each, given)) for each in rules.criteria] if sees_others else [],
        rules=rules,
        is_waiting=found.state in WAITING,
        evaluation=evaluation or evaluation_form(rules.criteria, own, sent=False),
        decision=decision,
        entry=entry,
        has_entered=has_entered(db.session, found),
    )


@allow(Permission.STAFF)
def evaluate(reference: str) -> ResponseReturnValue:
    """Give one's scores."""
    actor, criteria = current_actor(), current_rules().criteria
    found = admissions.get_application(db.session, actor, reference)
    form = evaluation_form(criteria, own_evaluation(found, actor))
    if not form.validate_on_submit():
        return _page(found, evaluation=form), 422
    values: dict[str, Any] = {"recommends": form.recommendation, "comment": form.comment.data or ""}
    try:
        save_evaluation(db.session, actor, found, scores=form.scores(), criteria=criteria, **values)
    except (Invalid, Conflict) as error:
        db.session.rollback()
        form.refuse_whole(_rule(error))
        return _page(admissions.get_application(db.session, actor, reference), evaluation=form), 409
    db.session.commit()
    flash(gettext("Your evaluation is saved."), "success")
    return redirect(url_for("admissions.application", reference=reference), 303)


@allow(Permission.STAFF)
def decide(reference: str) -> ResponseReturnValue:
    """Accept, refuse, or return with a question."""
    actor = current_actor()
    found = admissions.get_application(db.session, actor, reference)
    form = DecisionForm(duplicates_of(db.session, actor, found), found)
    if not form.validate_on_submit():
        return _page(found, decision=form), 422
    wanted = Decision(
        Move(form.decision.data),
        note=form.note.data or "",
        early_reason=form.early_reason.data or "",
        enters_on=form.enters_on.data,
        startup_id=form.startup_id,
    )
    try:
        admissions.decide(
            db.session, actor, found, wanted, rules=current_rules(), version=form.seen_version, today=today()
        )
    except (Invalid, Conflict) as error:
        db.session.rollback()
        return _undecided(reference, form, error)
    db.session.commit()
    flash(DONE[wanted.move](), "success")
    stays = wanted.move == Move.ACCEPT
    target = url_for("admissions.application", reference=reference) if stays else url_for("admissions.applications")
    return redirect(target, 303)


def _rule(error: Invalid | Conflict) -> str:
    """A broken rule in words for staff, whom a colleague may have forestalled."""
    if error.code == "application-changed":
        return gettext("Somebody else decided it meanwhile; this is how it stands.")
    return application_rule(error)


_FIELD_OF = {"note": "note", "too-few-evaluations": "early_reason", "company-number-taken": "profile"}
"""Rule -> the field beside which it is said."""


def _undecided(reference: str, form: DecisionForm, error: Invalid | Conflict) -> ResponseReturnValue:
    """What was typed, with what stands in the way and how the application stands now."""
    form.refuse_at(_FIELD_OF.get(error.code, ""), _rule(error))
    found = admissions.get_application(db.session, current_actor(), reference)
    return _page(found, decision=form), 409 if isinstance(error, Conflict) else 422


@allow(Permission.STAFF)
def enter(reference: str) -> ResponseReturnValue:
    """Record that an accepted startup has entered its park."""
    actor = current_actor()
    found = admissions.get_application(db.session, actor, reference)
    form = EntryForm()
    if not form.validate_on_submit():
        return _page(found, entry=form), 422
    try:
        record_entry(db.session, actor, found, on=form.on.data, version=form.seen_version, today=today())
    except (Invalid, Conflict) as error:
        db.session.rollback()
        form.refuse_at("on" if error.code == "not-yet" else "", _rule(error))
        again = admissions.get_application(db.session, actor, reference)
        return _page(again, entry=form), 409 if isinstance(error, Conflict) else 422
    db.session.commit()
    flash(gettext("The entry is recorded."), "success")
    return redirect(url_for("admissions.application", reference=reference), 303)


@allow(Permission.STAFF)
def cohort(cohort: str) -> str:
    """The applications to a cohort beside one another, by weighted mean."""
    actor, rules = current_actor(), current_rules()
    found = get_cohort(db.session, actor, cohort)
    rows = ranking(db.session, actor, found, rules.criteria)
    accepted = sum(row.application.state == ApplicationState.ACCEPTED for row in rows)
    # Of what still waits, a score is shown only to those who have given theirs.
    hidden = {
        row.application.id
        for row in rows
        if row.application.state in WAITING and own_evaluation(row.application, actor) not in counting(row.application)
    }
    shown = [row for row in rows if row.application.id not in hidden]
    # Not even their order tells what others gave.
    concealed = sorted((row for row in rows if row.application.id in hidden), key=lambda row: row.application.id)
    return render_template(
        "admissions/cohort.html",
        cohort=found,
        rows=[*shown, *concealed],
        hidden=hidden,
        accepted=accepted,
        places_left=max(found.places - accepted, 0) if found.places else None,
        needed=rules.evaluators,
    )
