"""The form with which staff decide on a challenge."""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext
from wtforms import Field, RadioField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from webapp.services.challenge_moves import Move
from webapp.services.challenges import NOTE_LENGTH
from webapp.web.forms import SeenForm, options
from webapp.web.value_fields import paragraphs


class ReviewForm(SeenForm):
    """A decision on a challenge as the page showed it."""

    decision = RadioField(
        lazy_gettext("Your decision"),
        choices=options(
            (
                (Move.OPEN.value, lazy_gettext("Publish the challenge")),
                (Move.RETURN.value, lazy_gettext("Return it with a reason")),
            )
        ),
        validators=[InputRequired(lazy_gettext("Please choose."))],
    )
    note = TextAreaField(
        lazy_gettext("Reason for returning it"),
        description=lazy_gettext("Needed if you return it; the members read it in the mail and on their page."),
        filters=[paragraphs],
        validators=[
            Length(max=NOTE_LENGTH, message=lazy_gettext("Please use at most %(count)s characters.", count=NOTE_LENGTH))
        ],
        render_kw={"rows": 4, "dir": "auto"},
    )

    def validate_note(self, field: Field) -> None:
        """Who gets something back must know why."""
        if self.decision.data == Move.RETURN and not field.data:
            raise ValidationError(gettext("Please write why, so that they know what to do."))
