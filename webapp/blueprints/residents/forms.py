"""What staff record of a startup's residency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from flask_babel import lazy_gettext
from wtforms import DateField, HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from webapp.models import ResidencyEventKind, Site, Term
from webapp.services.residency import LEASES, EventDraft
from webapp.web.formats import localized
from webapp.web.forms import Form, options
from webapp.web.residency_words import KINDS

_DAY = lazy_gettext("Give a day, please.")


class EventForm(Form):
    """Something that happened. ``offer`` says what can have happened, and where."""

    seen = HiddenField()
    status = 422
    """With which its page is answered if it was not recorded."""
    kind = RadioField(lazy_gettext("What happened"), validators=[InputRequired(lazy_gettext("Choose what happened."))])
    on = DateField(lazy_gettext("On"), validators=[InputRequired(_DAY)])
    site = SelectField(
        lazy_gettext("Park"),
        description=lazy_gettext("Of a move: where it moved to."),
        validators=[InputRequired(lazy_gettext("Choose a park."))],
    )
    from_site = SelectField(lazy_gettext("Moved from"), validators=[Optional()])
    until = DateField(
        lazy_gettext("Lease until"),
        description=lazy_gettext("Of an entry, a move, a renewal or an extension: the last day of the lease."),
        validators=[Optional()],
    )
    reason = SelectField(lazy_gettext("Reason for leaving"), validators=[Optional()])
    note = TextAreaField(
        lazy_gettext("Note for staff"),
        validators=[Optional(), Length(max=1_000, message=lazy_gettext("At most 1,000 characters, please."))],
        render_kw={"rows": 3, "dir": "auto"},
    )

    def offer(
        self, kinds: Sequence[ResidencyEventKind], sites: Sequence[Site], here: Sequence[Site], reasons: Sequence[Term]
    ) -> None:
        """Offer what can have happened: kinds, parks, those where the startup sits, and reasons for leaving."""
        none = [("", "–")]
        self.kind.choices = options((kind.value, KINDS[kind]) for kind in kinds)
        self.site.choices = options((site.code, localized(site.names).text) for site in sites)
        self.from_site.choices = options([*none, *((site.code, localized(site.names).text) for site in here)])
        self.reason.choices = options([*none, *((term.code, localized(term.names).text) for term in reasons)])

    @property
    def seen_event(self) -> int:
        """What was recorded last when the page was made; none that there is if it was tampered with."""
        text = self.seen.data or ""
        return int(text) if text.isdecimal() else -1

    def show_last_event(self, event_id: int) -> None:
        """Let the form be about what is recorded now."""
        self.seen.raw_data, self.seen.data = None, str(event_id)

    def draft(self, sites: Mapping[str, Site], reasons: Mapping[str, Term]) -> EventDraft:
        """What was recorded; parts that a kind does not have are left out."""
        kind = ResidencyEventKind(self.kind.data)
        day: date = self.on.data
        return EventDraft(
            day,
            kind,
            sites[self.site.data],
            from_site=sites.get(self.from_site.data) if kind == ResidencyEventKind.MOVED else None,
            reason=reasons.get(self.reason.data) if kind == ResidencyEventKind.LEFT else None,
            until=self.until.data if kind in LEASES else None,
            note=(self.note.data or "").strip(),
        )


class CorrectionForm(EventForm):
    """What did happen instead of what was recorded, if anything did."""

    kind = RadioField(lazy_gettext("What did happen"), validators=[Optional()])
    on = DateField(lazy_gettext("On"), validators=[Optional()])
    site = SelectField(lazy_gettext("Park"), validators=[Optional()])
    why = TextAreaField(
        lazy_gettext("Why it is corrected"),
        validators=[
            InputRequired(lazy_gettext("Say why, so that others understand the history.")),
            Length(max=1_000, message=lazy_gettext("At most 1,000 characters, please.")),
        ],
        render_kw={"rows": 3, "dir": "auto"},
    )

    def validate_kind(self, field: RadioField) -> None:
        """What did happen needs a day."""
        if field.data and self.on.data is None:
            self.refuse(self.on, str(_DAY))
