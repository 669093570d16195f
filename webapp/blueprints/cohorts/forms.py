"""The form of a cohort."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import DateField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from webapp.models import Cohort, Site
from webapp.services.cohorts import CohortValues
from webapp.web.formats import localized
from webapp.web.forms import SeenForm, options
from webapp.web.locale import offered_languages
from webapp.web.value_fields import line

_NEEDED = lazy_gettext("Please fill this in.")
_NUMBER = lazy_gettext("Please write a number, at most %(most)s.", most=1000)


class CohortForm(SeenForm):
    """Names in the network's languages, a park, days and places; ``cohort_form`` adds the names."""

    site = SelectField(lazy_gettext("Park"))
    opens_on = DateField(lazy_gettext("First day for applications"), validators=[InputRequired(_NEEDED)])
    closes_on = DateField(lazy_gettext("Last day for applications"), validators=[InputRequired(_NEEDED)])
    begins_on = DateField(lazy_gettext("Begins on"), validators=[Optional()])
    places = IntegerField(
        lazy_gettext("Places"),
        description=lazy_gettext("Empty: as many as fit."),
        validators=[Optional(), NumberRange(1, 1000, _NUMBER)],
    )

    def name_fields(self) -> list[Any]:
        """The name in each language."""
        return [self[f"name-{language.code}"] for language in offered_languages()]

    def values(self, sites: Sequence[Site]) -> CohortValues:
        """What the form says."""
        names = {language.code: self[f"name-{language.code}"].data for language in offered_languages()}
        return CohortValues(
            names={code: text for code, text in names.items() if text},
            opens_on=self.opens_on.data,
            closes_on=self.closes_on.data,
            site=next((site for site in sites if site.code == self.site.data), None),
            begins_on=self.begins_on.data,
            places=self.places.data,
        )


def cohort_form(sites: Sequence[Site], cohort: Cohort | None = None) -> CohortForm:
    """The form, with what a cohort says unless it was sent."""
    most = Length(max=80, message=gettext("Please use at most %(count)s characters.", count=80))
    fields = {
        f"name-{language.code}": StringField(
            language.name,
            filters=[line],
            validators=[most],
            render_kw={"lang": language.code, "dir": language.direction},
        )
        for language in offered_languages()
    }
    data: dict[str, Any] = {}
    if cohort is not None:
        names = {f"name-{code}": text for code, text in cohort.names.items()}
        columns = {name: getattr(cohort, name) for name in ("opens_on", "closes_on", "begins_on", "places")}
        data = {**names, **columns, "version": str(cohort.version), "site": cohort.site.code if cohort.site else ""}
    form: CohortForm = type("CohortForm", (CohortForm,), fields)(data=data)
    form.site.choices = options(
        [("", gettext("All parks")), *((each.code, localized(each.names).text) for each in sites)]
    )
    return form
