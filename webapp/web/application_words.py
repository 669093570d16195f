"""Applications in words: what their fields, pages and states are called, and what stands in the way of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flask import Flask, g
from flask_babel import gettext, lazy_gettext
from flask_babel.speaklater import LazyString

from webapp.errors import DomainError
from webapp.models import Application, ApplicationState, Cohort
from webapp.services.application_fields import FIELD_TABLE, ApplicationField, Step
from webapp.services.cohorts import rules_of
from webapp.services.network_schema import ApplicationRules, ServiceLevels
from webapp.services.profile_fields import ValueKind
from webapp.web.formats import label, localized
from webapp.web.forms import unknown_rule
from webapp.web.locale import current_language
from webapp.web.site import current_network


class Words(NamedTuple):
    """A name and what helps to fill it in."""

    name: LazyString
    help: LazyString | str = ""


STEPS: Mapping[str, Words] = {
    Step.APPLICANT: Words(lazy_gettext("Applicant")),
    Step.PROJECT: Words(lazy_gettext("Project")),
    Step.ACTIVITY: Words(lazy_gettext("Activity")),
    Step.COMPANY: Words(lazy_gettext("Company and team")),
}

FIELDS: Mapping[str, Words] = {
    "kind": Words(lazy_gettext("Who applies?")),
    "site": Words(lazy_gettext("At which park?")),
    "cohort": Words(lazy_gettext("Cohort")),
    "contact_name": Words(lazy_gettext("Your name")),
    "email": Words(
        lazy_gettext("Mail address"),
        lazy_gettext("A link comes to it with which you return to your application, on any device."),
    ),
    "phone": Words(lazy_gettext("Phone")),
    "name_latin": Words(lazy_gettext("Name of the project in Latin letters")),
    "name_arabic": Words(
        lazy_gettext("Name of the project in Arabic letters"), lazy_gettext("One of the two names is enough.")
    ),
    "pitch": Words(
        lazy_gettext("In one sentence"), lazy_gettext("What do you do, and for whom? At most 140 characters.")
    ),
    "description": Words(
        lazy_gettext("The project"),
        lazy_gettext("The problem, your solution, who pays for it, and how far you are. About a page at most."),
    ),
    "website": Words(lazy_gettext("Website")),
    "city": Words(lazy_gettext("City")),
    "sectors": Words(lazy_gettext("Sectors"), lazy_gettext("At most four; the one that fits best first.")),
    "maturity": Words(lazy_gettext("Stage")),
    "business_model": Words(lazy_gettext("Business model")),
    "needs": Words(lazy_gettext("Looking for"), lazy_gettext("With what can the park and its partners help you?")),
    "company_number": Words(lazy_gettext("Company number")),
    "founded": Words(lazy_gettext("Founded"), lazy_gettext("The year.")),
    "headcount": Words(lazy_gettext("Team size")),
    "women_founders": Words(lazy_gettext("Women among the founders")),
    "team": Words(
        lazy_gettext("The team"),
        lazy_gettext("Who works on it, with which experience and how much time? Please no identity numbers."),
    ),
    "why_park": Words(
        lazy_gettext("Why this park?"), lazy_gettext("What do you want to reach there within the first year?")
    ),
}

STATES: Mapping[str, tuple[LazyString, str]] = {
    ApplicationState.DRAFT: (lazy_gettext("Draft"), "quiet"),
    ApplicationState.SUBMITTED: (lazy_gettext("Sent to the park"), "warm"),
    ApplicationState.EVALUATED: (lazy_gettext("Being evaluated"), "warm"),
    ApplicationState.RETURNED: (lazy_gettext("Returned with a question"), "alert"),
    ApplicationState.ACCEPTED: (lazy_gettext("Accepted"), "good"),
    ApplicationState.REFUSED: (lazy_gettext("Not accepted"), "quiet"),
    ApplicationState.WITHDRAWN: (lazy_gettext("Withdrawn"), "quiet"),
}
"""State -> its name and the tone of its mark."""


class Said(NamedTuple):
    """A field of an application as it is read."""

    name: str
    values: Sequence[str]
    is_long: bool


def current_rules() -> ApplicationRules:
    """The network's rules for applications; read once a request."""
    if "application_rules" not in g:
        g.application_rules = rules_of(current_network())
    rules: ApplicationRules = g.application_rules
    return rules


def decision_days() -> int:
    """Within how many working days the park means to decide."""
    network = current_network()
    levels = ServiceLevels.model_validate(network.service_levels or {} if network else {})
    return levels.applications


def applicant_kind(code: str) -> str:
    """What a kind of applicants is called; its code, where the pack no longer has it."""
    names = {kind.code: kind.names for kind in current_rules().kinds}
    return localized(names[code]).text if code in names else code


def application_state(state: str) -> str:
    """What a state is called."""
    return str(STATES[state][0])


def application_tone(state: str) -> str:
    """The tone of a state's mark."""
    return STATES[state][1]


def application_name(application: Application) -> str:
    """What an application is about, in the reader's script where it has a name in it; or who wrote it."""
    return project_name(application) or application.contact_name or application.reference


def project_name(application: Application) -> str:
    """What an application is about, in the reader's script where it has a name in it; empty if it has none yet."""
    latin, arabic = application.values.get("name_latin"), application.values.get("name_arabic")
    first, second = (arabic, latin) if current_language().script == "Arab" else (latin, arabic)
    return first or second or ""


def application_field(name: str) -> str:
    """What a field is called; a company's number as the network's country calls it."""
    network = current_network()
    if name == "company_number" and network is not None:
        return localized(network.company_number["names"]).text
    return str(FIELDS[name].name)


def step_name(step: str) -> str:
    """What a page of the form is called."""
    return str(STEPS[step].name)


def rule_name(code: str) -> str:
    """What a rule of the pack asks for; nothing if the pack no longer has it."""
    return next((localized(rule.names).text for rule in current_rules().eligibility if rule.code == code), "")


def cohort_name(cohort: Cohort) -> str:
    """A cohort's name in the reader's language."""
    return localized(cohort.names).text


def said_in(application: Application, step: str) -> list[Said]:
    """What an application says on a page, without what it leaves open."""
    fields = [field for field in FIELD_TABLE.values() if field.step == step and field.name in application.values]
    return [Said(application_field(field.name), _texts(field, application.values), field.is_long) for field in fields]


def _texts(field: ApplicationField, values: Mapping[str, Any]) -> list[str]:
    value = values[field.name]
    if field.term_kind:
        return [label(field.term_kind.value, code) for code in value]
    if field.kind == ValueKind.FLAG:
        return [gettext("Yes") if value else gettext("No")]
    return [str(value)]


def application_rule(error: DomainError) -> str:
    """A broken rule in words."""
    texts = {
        "application-changed": gettext("It changed meanwhile, perhaps in another window. Please look again."),
        "closed": gettext("One cannot apply to this at the moment."),
        "already-resident": gettext("This startup sits in a park already."),
        "too-many-drafts": gettext("There are several drafts of this address already. Finish or delete one first."),
        "cohort-of-another-site": gettext("This cohort is for another park."),
        "unconfirmed": gettext("Please open the link that was mailed to you, and send the application from there."),
        "note": gettext("Please write why, so that they know what to do."),
        "company-number-taken": gettext("A profile has this company number already. Choose it above."),
        "not-yet": gettext("This day has not come yet."),
        "no-such-startup": gettext("This profile is no longer there."),
        "scores": gettext("Please give every criterion a score from 1 to 5."),
    }
    if error.code == "value":
        return gettext("Please check this field: %(name)s.", name=application_field(error.values["field"]))
    if error.code == "incomplete":
        names = gettext(", ").join(application_field(name) for name in error.values["missing"])
        return gettext("Before you can send it, this is missing: %(names)s.", names=names)
    if error.code == "not-eligible":
        rules = " ".join(rule_name(code) for code in error.values["rules"])
        return gettext("It does not meet what every application must: %(rules)s", rules=rules)
    if error.code == "too-few-evaluations":
        return gettext(
            "%(needed)s evaluations are needed and %(given)s given. Ask colleagues, or say why you decide now.",
            needed=error.values["needed"],
            given=error.values["given"],
        )
    return texts.get(error.code) or unknown_rule(error)


def init_app(app: Flask) -> None:
    """Give templates the words."""
    functions = (
        applicant_kind,
        application_state,
        application_tone,
        application_name,
        application_field,
        step_name,
        rule_name,
        cohort_name,
        said_in,
        decision_days,
    )
    for function in functions:
        app.add_template_global(function)
