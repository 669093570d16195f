"""The forms of triage."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from webapp.models import Side
from webapp.services.introduction_effects import MESSAGE_LENGTH, NOTE_LENGTH, REASON_LENGTH
from webapp.web.forms import CHARACTERS_LEFT, Form, SeenForm, language_choices, options

_TOO_LONG = lazy_gettext("Please use at most %(max)d characters.")
_NAME_OR_ADDRESS = lazy_gettext("Its name, or the address of its page.")
_NEEDED = lazy_gettext("Please fill this in.")


class DecideForm(SeenForm):
    """What staff do with a request: the button that was pressed says which."""

    return_note = TextAreaField(
        lazy_gettext("To the requester"),
        [Length(max=NOTE_LENGTH, message=_TOO_LONG)],
        description=lazy_gettext("Needed to give it back or not to pass it on; the requester reads it."),
        render_kw={"rows": 3, "maxlength": NOTE_LENGTH, "dir": "auto"},
    )


class NoteForm(SeenForm):
    """What only staff read."""

    staff_note = TextAreaField(
        lazy_gettext("Note for staff"),
        [Length(max=NOTE_LENGTH, message=_TOO_LONG)],
        description=lazy_gettext("Neither side ever reads it."),
        render_kw={"rows": 3, "maxlength": NOTE_LENGTH, "dir": "auto"},
    )


class ProposeForm(Form):
    """An introduction that staff propose to one side.

    Where a name fits several profiles, ``startup_choice`` and ``partner_choice`` offer them, by their slugs.
    """

    startup = StringField(
        lazy_gettext("Startup"),
        [DataRequired(message=_NEEDED)],
        description=_NAME_OR_ADDRESS,
        render_kw={"dir": "auto", "autocomplete": "off"},
    )
    startup_choice = RadioField(
        lazy_gettext("Which startup do you mean?"), [Optional()], choices=(), validate_choice=False
    )
    partner = StringField(
        lazy_gettext("Partner"),
        [DataRequired(message=_NEEDED)],
        description=_NAME_OR_ADDRESS,
        render_kw={"dir": "auto", "autocomplete": "off"},
    )
    partner_choice = RadioField(
        lazy_gettext("Which partner do you mean?"), [Optional()], choices=(), validate_choice=False
    )
    asked_by = RadioField(
        lazy_gettext("Who is to ask?"),
        choices=options(((Side.STARTUP, lazy_gettext("The startup")), (Side.PARTNER, lazy_gettext("The partner")))),
        default=Side.STARTUP,
    )
    reason = TextAreaField(
        lazy_gettext("Why should they meet?"),
        [DataRequired(message=_NEEDED), Length(max=REASON_LENGTH, message=_TOO_LONG)],
        render_kw={"rows": 4, "maxlength": REASON_LENGTH, "dir": "auto", "data-left": CHARACTERS_LEFT},
    )
    message = TextAreaField(
        lazy_gettext("Message to the other side"),
        [DataRequired(message=_NEEDED), Length(max=MESSAGE_LENGTH, message=_TOO_LONG)],
        description=lazy_gettext("The asking side may change it before it sends it."),
        render_kw={"rows": 6, "maxlength": MESSAGE_LENGTH, "dir": "auto", "data-left": CHARACTERS_LEFT},
    )
    language = SelectField(lazy_gettext("In which language did you write?"), choices=language_choices)
