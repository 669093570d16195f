"""The form with which staff decide a claim."""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext
from wtforms import Field, RadioField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from webapp.models import MembershipRole
from webapp.web.forms import Form

REFUSE = "refuse"


class DecisionForm(Form):
    """A decision, and what the claimant reads with it."""

    decision = RadioField(
        lazy_gettext("Your decision"),
        validators=[InputRequired(lazy_gettext("Please choose."))],
    )
    note = TextAreaField(
        lazy_gettext("To the claimant"),
        description=lazy_gettext("They read it in the mail. Needed if you refuse: say why."),
        filters=[lambda text: (text or "").strip()],
        validators=[Length(max=2000, message=lazy_gettext("Please use at most %(count)s characters.", count=2000))],
    )

    def __init__(self) -> None:
        super().__init__()
        self.decision.choices = [
            (MembershipRole.OWNER.value, gettext("Approve: they become an owner of the profile")),
            (MembershipRole.EDITOR.value, gettext("Approve: they become an editor, beside its owners")),
            (REFUSE, gettext("Refuse")),
        ]

    def validate_note(self, field: Field) -> None:
        """A refusal has a reason."""
        if self.decision.data == REFUSE and not field.data:
            raise ValidationError(gettext("Please write why, so that they know what to do."))
