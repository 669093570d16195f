"""The form with which a startup answers a challenge."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from webapp.services.challenge_answers import TEXT_LENGTH
from webapp.web.forms import CHARACTERS_LEFT, SeenForm, language_choices
from webapp.web.value_fields import paragraphs


class AnswerForm(SeenForm):
    """An answer. ``version`` is empty if there is none yet."""

    text = TextAreaField(
        lazy_gettext("Your answer"),
        filters=[paragraphs],
        validators=[
            InputRequired(lazy_gettext("Please fill this in.")),
            Length(
                max=TEXT_LENGTH, message=lazy_gettext("Please use at most %(count)s characters.", count=TEXT_LENGTH)
            ),
        ],
        description=lazy_gettext(
            "What would you do, what have you done like it, what do you need? No mail addresses and no telephone"
            " numbers, please: the company receives yours when it shortlists you."
        ),
        render_kw={"rows": 12, "maxlength": TEXT_LENGTH, "dir": "auto", "data-left": CHARACTERS_LEFT},
    )
    language = SelectField(lazy_gettext("In which language did you write?"), choices=language_choices)


class WithdrawForm(SeenForm):
    """Taking an answer back, as the page showed it."""
