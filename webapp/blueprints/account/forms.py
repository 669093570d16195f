"""The forms of one's own settings."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from webapp.services.accounts import PROFILE_LENGTHS
from webapp.web.forms import Form

_TOO_LONG = lazy_gettext("This is longer than %(max)d characters.")


class SettingsForm(Form):
    """Who one is and how one is written to."""

    name = StringField(
        lazy_gettext("Your name"),
        validators=[
            DataRequired(lazy_gettext("Please enter your name.")),
            Length(max=PROFILE_LENGTHS["name"], message=_TOO_LONG),
        ],
    )
    position = StringField(
        lazy_gettext("Position"),
        description=lazy_gettext("What you do in your organisation, such as “founder” or “head of innovation”."),
        validators=[Length(max=PROFILE_LENGTHS["position"], message=_TOO_LONG)],
    )
    phone = StringField(
        lazy_gettext("Phone"),
        description=lazy_gettext(
            "Shown, with your mail address, to the other side of an introduction that both sides agreed to, "
            "and to the staff of the park. To nobody else."
        ),
        validators=[
            Optional(),
            Length(max=PROFILE_LENGTHS["phone"], message=_TOO_LONG),
            Regexp(
                r"^\+?[\d\s().-]{6,}$",
                message=lazy_gettext("A phone number has digits, spaces and perhaps a + in front."),
            ),
        ],
    )
    language = SelectField(lazy_gettext("Language of the mails to you"))


class MailsForm(Form):
    """Which kinds of mail one gets."""

    kinds = SelectMultipleField(
        lazy_gettext("Mails that I want"),
        description=lazy_gettext("What you asked for yourself, and what you have to know, is always sent."),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
