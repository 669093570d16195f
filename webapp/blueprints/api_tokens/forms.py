"""The forms of tokens."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import RadioField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from webapp.services.api_tokens import DAYS, NAME_LENGTH
from webapp.web.forms import Form, options
from webapp.web.listing_form import printable
from webapp.web.token_words import SCOPES, days_text


class TokenForm(Form):
    """What a token is for, what it may read, and for how long."""

    name = StringField(
        lazy_gettext("What the token is for"),
        description=lazy_gettext("So that you know it again, such as “Calendar of our team”."),
        filters=[lambda text: " ".join(printable(text or "").split())],
        validators=[
            InputRequired(lazy_gettext("Please write what it is for.")),
            Length(
                max=NAME_LENGTH, message=lazy_gettext("Please use at most %(count)s characters.", count=NAME_LENGTH)
            ),
        ],
        render_kw={"dir": "auto"},
    )
    scopes = SelectMultipleField(
        lazy_gettext("What it may do"),
        validators=[InputRequired(lazy_gettext("Please choose at least one."))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    days = RadioField(
        lazy_gettext("For how long"), default=str(DAYS[1]), validators=[InputRequired(lazy_gettext("Please choose."))]
    )

    def __init__(self, *, fresh: bool = False) -> None:
        """Offer all scopes and times in the reader's language; ``fresh`` forgets what was sent."""
        super().__init__(**({"formdata": None} if fresh else {}))
        self.scopes.choices = options((scope, str(name)) for scope, name in SCOPES.items())
        self.days.choices = options((str(days), days_text(days)) for days in DAYS)


class RevokeForm(Form):
    """A button that asks whether it is meant."""
