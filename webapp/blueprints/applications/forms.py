"""The forms of an application: who applies, and a form for each of its pages, made from the table of fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import EmailField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Email, InputRequired, Length, ValidationError

from webapp.models import Application, Cohort
from webapp.services.applicants import Applicant
from webapp.services.application_fields import ApplicationField, fields_in
from webapp.services.profile_fields import ValueKind
from webapp.web.application_words import FIELDS, application_field, cohort_name, current_rules
from webapp.web.formats import label, localized
from webapp.web.forms import CHARACTERS_LEFT, Form, SeenForm, options
from webapp.web.locale import current_language, offered_languages
from webapp.web.site import current_vocabulary
from webapp.web.value_fields import (
    CheckboxesField,
    ParsedField,
    line,
    paragraphs,
    read_number_of_company,
    read_url,
    read_year,
)

_EMAIL = Email(lazy_gettext("Please write a mail address, like name@company.ma."))
_NEEDED = lazy_gettext("Please fill this in.")
_CHOOSE = lazy_gettext("Please choose.")


def _at_most(most: int) -> Length:
    return Length(max=most, message=lazy_gettext("Please use at most %(count)s characters.", count=most))


class ApplicantForm(SeenForm):
    """Who applies, for what, and how they can be reached."""

    kind = RadioField(FIELDS["kind"].name, validators=[InputRequired(_CHOOSE)])
    site = SelectField(FIELDS["site"].name, validators=[InputRequired(_CHOOSE)])
    cohort = SelectField(FIELDS["cohort"].name, default="")
    contact_name = StringField(
        FIELDS["contact_name"].name, filters=[line], validators=[InputRequired(_NEEDED), _at_most(120)]
    )
    email = EmailField(
        FIELDS["email"].name,
        description=FIELDS["email"].help,
        filters=[line],
        validators=[InputRequired(_NEEDED), _EMAIL, _at_most(254)],
    )
    phone = StringField(FIELDS["phone"].name, filters=[line], validators=[_at_most(40)])
    language = SelectField(
        lazy_gettext("In which language do you write?"),
        description=lazy_gettext("The park answers in this language too."),
    )

    def __init__(self, sites: Sequence[str], cohorts: Sequence[Cohort], **values: Any) -> None:
        super().__init__(**values)
        rules = current_rules()
        self.kind.choices = options((kind.code, localized(kind.names).text) for kind in rules.kinds)
        named = [(code, label("sites", code)) for code in sites]
        self.site.choices = options([("", gettext("Choose…")), *named])
        none = [("", gettext("None in particular"))] if rules.is_open else []
        self.cohort.choices = options([*none, *((cohort.code, cohort_name(cohort)) for cohort in cohorts)])
        self.language.choices = options((each.code, each.name) for each in offered_languages())
        if not self.is_submitted() and not self.language.data:
            self.language.data = current_language().code

    def applicant(self) -> Applicant:
        """What the form says."""
        return Applicant(
            kind=self.kind.data,
            site=self.site.data,
            contact_name=self.contact_name.data,
            email=self.email.data,
            language=self.language.data,
            cohort=self.cohort.data or "",
            phone=self.phone.data or "",
        )


class LinkForm(Form):
    """The address to which links are sent again."""

    email = EmailField(FIELDS["email"].name, filters=[line], validators=[InputRequired(_NEEDED), _EMAIL, _at_most(254)])


class StepForm(SeenForm):
    """One of the other pages."""

    application_fields: tuple[ApplicationField, ...] = ()

    def values(self, present: Mapping[str, Any]) -> dict[str, Any]:
        """What the inputs say; lists keep the order that they had."""
        return {field.name: self._value(field, present.get(field.name) or []) for field in self.application_fields}

    def inputs(self, field: ApplicationField) -> list[Any]:
        """The inputs of a field."""
        return [each for each in self if each.name in (field.name, f"{field.name}-others")]

    def _value(self, field: ApplicationField, present: Any) -> Any:
        data = self[field.name].data
        if field.kind == ValueKind.FLAG:
            return {"yes": True, "no": False}.get(data)
        if not field.term_kind:
            return data
        if field.most == 1:
            return [data] if data else []
        if not field.most:
            return data or []
        others = [code for code in self[f"{field.name}-others"].data or [] if code != data]
        kept = [code for code in present if code in others]
        return [*([data] if data else []), *kept, *(code for code in others if code not in kept)]


def step_form(application: Application, step: str) -> StepForm:
    """The form of a page, with what the application says unless it was sent."""
    fields = fields_in(step)
    controls: dict[str, Any] = {"application_fields": fields}
    data: dict[str, Any] = {"version": str(application.version)}
    for field in fields:
        controls |= _controls(field)
        data |= _filled(field, application.values.get(field.name))
    form: StepForm = type("StepForm", (StepForm,), controls)(data=data)
    return form


def _words(field: ApplicationField) -> dict[str, Any]:
    return {"label": application_field(field.name), "description": FIELDS[field.name].help}


def _controls(field: ApplicationField) -> dict[str, Any]:
    if field.term_kind:
        return _term_controls(field)
    if field.kind == ValueKind.FLAG:
        answers = [("", gettext("Not said")), ("yes", gettext("Yes")), ("no", gettext("No"))]
        return {field.name: SelectField(**_words(field), choices=options(answers))}
    if field.kind in _PARSERS:
        ltr = {"dir": "ltr"}
        return {field.name: ParsedField(**_words(field), parse=_PARSERS[field.kind], render_kw=ltr)}
    look: dict[str, Any] = {"dir": "auto"}
    if field.name == "name_arabic":
        look = {"dir": "rtl", "lang": "ar"}
    if field.is_long:
        look |= {"rows": 8, "data-left": CHARACTERS_LEFT, "maxlength": field.limit}
    make, clean = (TextAreaField, paragraphs) if field.is_long else (StringField, line)
    return {field.name: make(**_words(field), filters=[clean], validators=[_at_most(field.limit)], render_kw=look)}


def _term_controls(field: ApplicationField) -> dict[str, Any]:
    kind = field.term_kind.value if field.term_kind else ""
    named = [(code, label(kind, code)) for code in current_vocabulary().codes(kind)]
    if not field.most:
        return {field.name: CheckboxesField(**_words(field), choices=options(named))}
    main = SelectField(**_words(field), choices=options([("", gettext("Not said")), *named]))
    if field.most == 1:
        return {field.name: main}
    others = CheckboxesField(
        gettext("Other sectors"), choices=options(named), validators=[partial(_at_most_codes, field.most - 1)]
    )
    return {field.name: main, f"{field.name}-others": others}


def _at_most_codes(most: int, _form: Any, control: Any) -> None:
    if len(control.data or ()) > most:
        raise ValidationError(gettext("Please choose at most %(most)s.", most=most))


def _filled(field: ApplicationField, value: Any) -> dict[str, Any]:
    if field.kind == ValueKind.FLAG:
        return {field.name: {True: "yes", False: "no"}.get(value, "")}
    if field.term_kind and field.most:
        first, *others = value or [""]
        return {field.name: first, f"{field.name}-others": others}
    return {field.name: value if value is not None else ([] if field.term_kind else "")}


_PARSERS = {
    ValueKind.URL: read_url,
    ValueKind.YEAR: read_year,
    ValueKind.COMPANY_NUMBER: read_number_of_company,
}
