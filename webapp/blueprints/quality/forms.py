"""What staff write of a non-conformity."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from webapp.services.nonconformities import NonconformityDraft
from webapp.web.forms import SeenForm, options

LONGEST = 4_000


class NonconformityForm(SeenForm):
    """A non-conformity, from how it was found to what was done about it."""

    status = 422
    """With which its page is answered if it was not written."""
    subject = StringField(
        lazy_gettext("What it is about"),
        validators=[
            InputRequired(lazy_gettext("Say in a few words what did not go as it should.")),
            Length(max=160, message=lazy_gettext("At most 160 characters, please.")),
        ],
    )
    service = SelectField(lazy_gettext("Where"), validators=[Optional()])
    found_on = DateField(
        lazy_gettext("Found on"), validators=[InputRequired(lazy_gettext("Give the day on which it was found."))]
    )
    description = TextAreaField(
        lazy_gettext("What happened"),
        description=lazy_gettext("What the rule is, and what happened instead. Name no private person."),
        validators=[
            InputRequired(lazy_gettext("Describe what happened, so that others can judge it.")),
            Length(max=LONGEST, message=lazy_gettext("At most 4,000 characters, please.")),
        ],
        render_kw={"rows": 5},
    )
    cause = TextAreaField(
        lazy_gettext("Cause"),
        validators=[Optional(), Length(max=LONGEST, message=lazy_gettext("At most 4,000 characters, please."))],
        render_kw={"rows": 4},
    )
    action = TextAreaField(
        lazy_gettext("What was done"),
        description=lazy_gettext("What put it right, and what keeps it from happening again."),
        validators=[Optional(), Length(max=LONGEST, message=lazy_gettext("At most 4,000 characters, please."))],
        render_kw={"rows": 4},
    )
    due_on = DateField(lazy_gettext("To be settled by"), validators=[Optional()])

    def offer(self, services: dict[str, str]) -> None:
        """Offer the places where something can go wrong: code and name."""
        self.service.choices = options([("", lazy_gettext("The network as a whole")), *services.items()])

    def draft(self) -> NonconformityDraft:
        """What was written."""
        return NonconformityDraft(
            subject=self.subject.data.strip(),
            description=self.description.data.strip(),
            found_on=self.found_on.data,
            service=self.service.data or "",
            cause=(self.cause.data or "").strip(),
            action=(self.action.data or "").strip(),
            due_on=self.due_on.data,
        )
