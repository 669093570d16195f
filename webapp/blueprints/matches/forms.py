"""The forms of one's matches."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import SelectField

from webapp.services.match_choices import REASONS
from webapp.web.forms import Form, options

REASON_NAMES = {
    "sector": lazy_gettext("Another sector than ours"),
    "stage": lazy_gettext("Too early or too late"),
    "place": lazy_gettext("Too far away"),
    "money": lazy_gettext("The amounts do not fit"),
    "known": lazy_gettext("We know each other already"),
    "other": lazy_gettext("Another reason"),
}


class SetAsideForm(Form):
    """Why a match is not for somebody."""

    reason = SelectField(
        lazy_gettext("Why is it not for you?"), choices=options((code, REASON_NAMES[code]) for code in REASONS)
    )
