"""The form in which one side says what a meeting was worth."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import BooleanField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from webapp.services.day_results import COMMENT_LENGTH
from webapp.web.day_words import RATINGS
from webapp.web.forms import CHARACTERS_LEFT, Form, options


class FeedbackForm(Form):
    """How useful it was, and whether they want to meet again."""

    rating = RadioField(
        lazy_gettext("How useful was the meeting?"),
        [InputRequired(lazy_gettext("Please choose."))],
        choices=options((str(value), text) for value, text in RATINGS.items()),
    )
    wants_more = BooleanField(
        lazy_gettext("We would like to meet again"),
        description=lazy_gettext("If the other side says so too, the park proposes an introduction."),
    )
    comment = TextAreaField(
        lazy_gettext("Comment for the park"),
        [Length(max=COMMENT_LENGTH, message=lazy_gettext("Please use at most %(max)d characters."))],
        description=lazy_gettext("The other side does not read what you say here."),
        render_kw={"rows": 3, "maxlength": COMMENT_LENGTH, "dir": "auto", "data-left": CHARACTERS_LEFT},
    )
