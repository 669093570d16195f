"""The forms of introductions. Each that changes one carries the version that its reader saw."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext
from wtforms import (
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
    ValidationError,
)
from wtforms.validators import DataRequired, Length, Optional

from webapp.services.introduction_effects import MESSAGE_LENGTH, NOTE_LENGTH, REASON_LENGTH
from webapp.services.meeting_times import PLACE_LENGTH, TIMES, USUAL_MINUTES
from webapp.services.outcomes import NEXT_STEPS
from webapp.web.forms import CHARACTERS_LEFT, SeenForm, language_choices, options
from webapp.web.introduction_links import DECLINE_WORDS, NEXT_STEP_WORDS

_YES_NO = (("yes", lazy_gettext("Yes")), ("no", lazy_gettext("No")))
_TOO_LONG = lazy_gettext("Please use at most %(max)d characters.")


class RequestForm(SeenForm):
    """A request in words. What is missing is told when it is submitted; a draft may be incomplete."""

    reason = TextAreaField(
        lazy_gettext("Why should you meet?"),
        [Length(max=REASON_LENGTH, message=_TOO_LONG)],
        description=lazy_gettext("For the park, and then for the other side. Say what you expect of the meeting."),
        render_kw={"rows": 5, "maxlength": REASON_LENGTH, "dir": "auto", "data-left": CHARACTERS_LEFT},
    )
    message = TextAreaField(
        lazy_gettext("Message to the other side"),
        [Length(max=MESSAGE_LENGTH, message=_TOO_LONG)],
        description=lazy_gettext("The park passes it on as it is. No mail addresses and no telephone numbers, please."),
        render_kw={"rows": 8, "maxlength": MESSAGE_LENGTH, "dir": "auto", "data-left": CHARACTERS_LEFT},
    )
    language = SelectField(lazy_gettext("In which language did you write?"), choices=language_choices)


class MoveForm(SeenForm):
    """A move that needs nothing said."""


class DeclineForm(SeenForm):
    """A refusal, with a reason if one likes."""

    decline_code = RadioField(
        lazy_gettext("Reason"),
        [Optional()],
        choices=options(DECLINE_WORDS.items()),
        description=lazy_gettext("Only the park reads it. The other side gets a courteous answer without a reason."),
        validate_choice=False,
    )
    decline_note = TextAreaField(
        lazy_gettext("In your own words, for the park"),
        [Length(max=NOTE_LENGTH, message=_TOO_LONG)],
        render_kw={"rows": 3, "maxlength": NOTE_LENGTH, "dir": "auto"},
    )


class NotNowForm(SeenForm):
    """Being asked again on a day."""

    until = DateField(
        lazy_gettext("When may we ask you again?"), [DataRequired(message=lazy_gettext("Please choose a day."))]
    )


class TimesForm(SeenForm):
    """Three times to meet, in the network's time zone."""

    day_1 = DateField(lazy_gettext("First day"), [Optional()])
    time_1 = TimeField(lazy_gettext("Time of day"), [Optional()])
    day_2 = DateField(lazy_gettext("Second day"), [Optional()])
    time_2 = TimeField(lazy_gettext("Time of day"), [Optional()])
    day_3 = DateField(lazy_gettext("Third day"), [Optional()])
    time_3 = TimeField(lazy_gettext("Time of day"), [Optional()])
    minutes = IntegerField(
        lazy_gettext("How long, in minutes?"),
        [DataRequired(message=lazy_gettext("Please give a number of minutes."))],
        default=USUAL_MINUTES,
    )
    place = StringField(
        lazy_gettext("Where?"),
        [Length(max=PLACE_LENGTH, message=_TOO_LONG)],
        description=lazy_gettext("An address, a room of the park, or a link to a call."),
        render_kw={"dir": "auto"},
    )

    def pairs(self) -> list[tuple[Any, Any]]:
        """The fields of day and time, one pair a time."""
        return [(self[f"day_{number}"], self[f"time_{number}"]) for number in range(1, TIMES + 1)]

    def moments(self, timezone: str) -> list[datetime]:
        """The times that were given in full, as moments."""
        zone = ZoneInfo(timezone)
        return [
            datetime.combine(day.data, time.data, zone).astimezone(UTC)
            for day, time in self.pairs()
            if day.data and time.data
        ]

    def validate_time_1(self, field: TimeField) -> None:
        """A day needs a time and a time a day; said at the first that lacks one."""
        for day, time in self.pairs():
            if not (day.data and time.data):
                raise ValidationError(lazy_gettext("Please give three days, each with a time."))


class ChooseForm(SeenForm):
    """One of the proposed times."""

    index = RadioField(
        lazy_gettext("Which time suits you?"),
        [DataRequired(message=lazy_gettext("Please choose one of the times."))],
        validate_choice=False,
    )


class OutcomeForm(SeenForm):
    """What came of it."""

    met = RadioField(
        lazy_gettext("Did you meet?"),
        [DataRequired(message=lazy_gettext("Please choose an answer."))],
        choices=options(_YES_NO),
    )
    useful = RadioField(
        lazy_gettext("Was it useful?"),
        [Optional()],
        choices=options(_YES_NO),
        validate_choice=False,
    )
    next_step = RadioField(
        lazy_gettext("What came of it?"),
        [Optional()],
        choices=options((code, NEXT_STEP_WORDS[code]) for code in NEXT_STEPS),
        validate_choice=False,
    )
