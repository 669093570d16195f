"""The forms of saved searches."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, Length

from webapp.models import AlertFrequency
from webapp.services.saved_searches import NAME_LENGTH
from webapp.web.forms import Form, options
from webapp.web.listing_form import printable
from webapp.web.saved_search_words import FREQUENCIES


class SearchForm(Form):
    """What a search is called, and how often one is told of what is new in it."""

    name = StringField(
        lazy_gettext("Name"),
        description=lazy_gettext("You see it in your list and in mails; nobody else does."),
        filters=[lambda text: " ".join(printable(text or "").split())],
        validators=[
            InputRequired(lazy_gettext("Please write a name.")),
            Length(
                max=NAME_LENGTH, message=lazy_gettext("Please use at most %(count)s characters.", count=NAME_LENGTH)
            ),
        ],
    )
    frequency = RadioField(
        lazy_gettext("Mails about what is new"),
        description=lazy_gettext("There is no mail when nothing is new. Each mail has a link that ends them."),
        choices=options(FREQUENCIES.items()),
        validators=[InputRequired(lazy_gettext("Please choose."))],
    )

    @property
    def chosen_frequency(self) -> AlertFrequency:
        """How often, once the form is valid."""
        return AlertFrequency(self.frequency.data)


class ConfirmForm(Form):
    """A button that asks whether it is meant."""
