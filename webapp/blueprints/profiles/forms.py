"""The form of each page of a profile, made from the table of fields."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_wtf.file import FileField
from wtforms import FieldList, HiddenField

from webapp.blueprints.profiles.controls import build
from webapp.blueprints.profiles.reading import fill, read
from webapp.models import Partner, Startup
from webapp.services.profile_fields import ProfileField, fields_in
from webapp.services.profile_values import Values
from webapp.web.forms import FieldError, Form, _texts

Profile = Startup | Partner


class SectionForm(Form):
    """A page of a profile. ``mark`` says what the page showed, so that nobody overwrites another unawares."""

    mark = HiddenField()
    profile_fields: tuple[ProfileField, ...] = ()

    def values(self, present: Values) -> dict[str, Any]:
        """The values of those fields that have no errors; lists keep the order that they had."""
        return {
            field.name: read(self, field, present.get(field.name))
            for field in self.profile_fields
            if not any(control.errors for control in self.controls(field))
        }

    def controls(self, field: ProfileField) -> list[Any]:
        """The inputs of a field of the profile."""
        return [control for control in self if control.name == field.name or control.name.startswith(f"{field.name}.")]

    def control(self, field: ProfileField, part: str = "") -> Any:
        """One of them."""
        return self[f"{field.name}.{part}" if part else field.name]

    def summary(self) -> list[FieldError]:
        """All errors; those of rows lead to the input in the row."""
        errors = [FieldError("", str(text)) for text in self.form_errors]
        for control in self:
            inputs = [each for row in control for each in row.form] if isinstance(control, FieldList) else [control]
            errors += [FieldError(each.id, text) for each in inputs for text in _texts(each.errors)]
        return errors


class LogoForm(Form):
    """A picture that becomes the logo."""

    picture = FileField()

    def __init__(self) -> None:
        super().__init__()
        self.picture.label.text = gettext("Picture")
        self.picture.description = gettext("PNG, JPEG, WebP or GIF, at most 2 MB. It is made to fit into a square.")


def section_form(profile: Profile, section: str, values: Values, mark: str) -> SectionForm:
    """The form of a page, with these values unless it was sent."""
    fields = fields_in(profile, section)
    controls: dict[str, Any] = {"profile_fields": fields}
    data: dict[str, Any] = {"mark": mark}
    for field in fields:
        value = values.get(field.name)
        controls |= build(profile, field, value)
        data |= fill(field, value)
    form: SectionForm = type("SectionForm", (SectionForm,), controls)(data=data)
    return form
