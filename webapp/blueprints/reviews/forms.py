"""The form with which staff decide on the changes of a profile."""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, Field, RadioField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from webapp.services.profile_review import EVIDENCE_LENGTH, NOTE_LENGTH
from webapp.web.forms import SeenForm

PUBLISH, RETURN = "publish", "return"


class ReviewForm(SeenForm):
    """A decision on a revision as the page showed it."""

    status = 422
    """With which its page is answered, unless the decision was taken."""
    decision = RadioField(
        lazy_gettext("Your decision"),
        choices=[
            SelectChoice(PUBLISH, lazy_gettext("Publish the changes")),
            SelectChoice(RETURN, lazy_gettext("Return them with a reason")),
        ],
        validators=[InputRequired(lazy_gettext("Please choose."))],
    )
    verified = BooleanField(
        lazy_gettext("Mark the profile as verified"),
        description=lazy_gettext("You have checked it against evidence. Counts when you publish."),
    )
    evidence = TextAreaField(
        lazy_gettext("Evidence"),
        description=lazy_gettext(
            "Needed if you mark it as verified: what you checked it against, such as a document, a register or a web "
            "address; one a line. Only staff read it."
        ),
        filters=[lambda text: (text or "").strip()],
        validators=[
            Length(
                max=EVIDENCE_LENGTH,
                message=lazy_gettext("Please use at most %(count)s characters.", count=EVIDENCE_LENGTH),
            )
        ],
    )
    note = TextAreaField(
        lazy_gettext("Reason for returning them"),
        description=lazy_gettext("Needed if you return them; the members read it in the mail and on their page."),
        filters=[lambda text: (text or "").strip()],
        validators=[
            Length(max=NOTE_LENGTH, message=lazy_gettext("Please use at most %(count)s characters.", count=NOTE_LENGTH))
        ],
    )

    def validate_evidence(self, field: Field) -> None:
        """Whoever verifies says against what."""
        if self.decision.data == PUBLISH and self.verified.data and not field.data:
            raise ValidationError(gettext("Please write what you checked it against."))

    def validate_note(self, field: Field) -> None:
        """Who gets something back must know why."""
        if self.decision.data == RETURN and not field.data:
            raise ValidationError(gettext("Please write why, so that they know what to do."))
