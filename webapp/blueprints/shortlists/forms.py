"""The forms of shortlists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import Field, RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from webapp.services.shortlists import NAME_LENGTH, NOTE_LENGTH
from webapp.web.forms import Form, options
from webapp.web.listing_form import printable

NEW = "new"
"""The choice of a list that does not exist yet."""


def _line(text: str | None) -> str:
    return " ".join(printable(text or "").split())


def _length(most: int) -> Length:
    return Length(max=most, message=lazy_gettext("Please use at most %(count)s characters.", count=most))


def _note_field() -> Any:
    return TextAreaField(
        lazy_gettext("Your note"),
        description=lazy_gettext("Nobody else reads it."),
        filters=[lambda text: (text or "").strip()],
        validators=[_length(NOTE_LENGTH)],
        render_kw={"rows": 4, "dir": "auto"},
    )


class NameForm(Form):
    """What a shortlist is called."""

    name = StringField(
        lazy_gettext("Name of the shortlist"),
        filters=[_line],
        validators=[InputRequired(lazy_gettext("Please write a name.")), _length(NAME_LENGTH)],
        render_kw={"dir": "auto"},
    )


class NoteForm(Form):
    """What its keeper notes about a profile."""

    note = _note_field()


class AddForm(Form):
    """On which shortlist to put a profile, with which note."""

    shortlist = RadioField(
        lazy_gettext("On which shortlist?"), validators=[InputRequired(lazy_gettext("Please choose."))]
    )
    name = StringField(
        lazy_gettext("Name of the new shortlist"),
        filters=[_line],
        validators=[_length(NAME_LENGTH)],
        render_kw={"dir": "auto"},
    )
    note = _note_field()

    def __init__(self, lists: Sequence[tuple[int, str]]) -> None:
        """Offer these shortlists (id and name), the first of them chosen, and a new one."""
        super().__init__(data={"shortlist": str(lists[0][0]) if lists else NEW})
        mine = [(str(list_id), name) for list_id, name in lists]
        self.shortlist.choices = options([*mine, (NEW, gettext("A new shortlist"))])

    def validate_name(self, field: Field) -> None:
        """A new list needs a name."""
        if self.shortlist.data == NEW and not field.data:
            raise ValidationError(gettext("Please write a name for the new shortlist."))


class ConfirmForm(Form):
    """A button that asks whether it is meant."""
