"""The form of a merge: for each field in which two profiles differ, from which it is taken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, HiddenField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from webapp.models import Partner, Startup
from webapp.services.merging_fields import BOTH, GONE, KEPT, FieldChoice
from webapp.web.forms import Form
from webapp.web.profile_words import field_name

PREFIX = "take-"


class MergeForm(Form):
    """A merge as the page showed it; ``form_for`` adds the fields of the profiles."""

    mark = HiddenField()
    confirmed = BooleanField(
        lazy_gettext("These are one organisation. The second profile disappears; all that belongs to it moves here."),
        validators=[InputRequired(lazy_gettext("Please confirm that they are one organisation."))],
    )

    def choices(self) -> dict[str, str]:
        """Field of the profile -> from where it is taken."""
        return {
            field.name.removeprefix(PREFIX): field.data
            for field in self
            if field.name.startswith(PREFIX) and field.data
        }


def form_for(profile: Startup | Partner, differing: Sequence[FieldChoice]) -> MergeForm:
    """The form of two profiles that differ in these fields."""
    names = {KEPT: gettext("The first"), GONE: gettext("The second"), BOTH: gettext("Both together")}
    fields: dict[str, Any] = {
        PREFIX + each.field.name: RadioField(
            field_name(profile, each.field.name),
            choices=[SelectChoice(option, names[option]) for option in each.options],
            default=each.default,
        )
        for each in differing
    }
    form: MergeForm = type("MergeFormOfTwo", (MergeForm,), fields)()
    return form
