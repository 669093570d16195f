"""The forms of matchmaking days. Each carries the version of the day that its reader saw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import DateField, IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from webapp.models import DayParticipant, MatchmakingDay, Person, Site
from webapp.services.matchmaking_days import (
    MOST_SLOTS,
    MOST_TABLES,
    NAME_LENGTH,
    PLACE_LENGTH,
    USUAL_BEGINS,
    USUAL_MINUTES,
    DayDraft,
)
from webapp.web.day_words import slot_span
from webapp.web.formats import localized, name_of
from webapp.web.forms import SeenForm, options
from webapp.web.locale import offered_languages

_NEEDED = lazy_gettext("Please fill this in.")
_NUMBER = lazy_gettext("Please write a number, at most %(most)s.", most=MOST_SLOTS)


class DayForm(SeenForm):
    """What staff say of a day; ``day_form`` adds its names."""

    site = SelectField(lazy_gettext("Park"))
    on = DateField(lazy_gettext("Day"), [InputRequired(_NEEDED)])
    place = StringField(
        lazy_gettext("Room or floor"),
        [Length(max=PLACE_LENGTH)],
        filters=[lambda text: " ".join((text or "").split())],
        render_kw={"dir": "auto"},
    )
    begins = StringField(
        lazy_gettext("Beginnings of the meetings"),
        [InputRequired(_NEEDED)],
        description=lazy_gettext("Times of day with spaces between them, in the park’s time. Leave a gap for a break."),
        render_kw={"dir": "ltr"},
    )
    minutes = IntegerField(lazy_gettext("Minutes for each meeting"), [InputRequired(_NEEDED)])
    tables = IntegerField(
        lazy_gettext("Tables"),
        [
            Optional(),
            NumberRange(1, MOST_TABLES, lazy_gettext("Please write a number, at most %(most)s.", most=MOST_TABLES)),
        ],
        description=lazy_gettext("How many meetings fit into the rooms at a time. Empty: as many as need be."),
    )
    startup_meetings = IntegerField(
        lazy_gettext("Most meetings for a startup"), [InputRequired(_NEEDED), NumberRange(1, MOST_SLOTS, _NUMBER)]
    )
    partner_meetings = IntegerField(
        lazy_gettext("Most meetings for a partner"), [InputRequired(_NEEDED), NumberRange(1, MOST_SLOTS, _NUMBER)]
    )

    def name_fields(self) -> list[Any]:
        """The name in each language."""
        return [self[f"name-{language.code}"] for language in offered_languages()]

    def draft(self, sites: Sequence[Site]) -> DayDraft:
        """What the form says."""
        names = {language.code: self[f"name-{language.code}"].data or "" for language in offered_languages()}
        return DayDraft(
            names=names,
            site=next(site for site in sites if site.code == self.site.data),
            on=self.on.data,
            begins=(self.begins.data or "").replace(",", " ").replace("،", " ").split(),
            minutes=self.minutes.data or 0,
            tables=self.tables.data,
            startup_meetings=self.startup_meetings.data or 0,
            partner_meetings=self.partner_meetings.data or 0,
            place=self.place.data or "",
        )


def day_form(sites: Sequence[Site], day: MatchmakingDay | None = None) -> DayForm:
    """The form, with what a day says, or else with what is usual, unless it was sent."""
    most = Length(max=NAME_LENGTH, message=gettext("Please use at most %(count)s characters.", count=NAME_LENGTH))
    fields = {
        f"name-{language.code}": StringField(
            language.name, [most], render_kw={"lang": language.code, "dir": language.direction}
        )
        for language in offered_languages()
    }
    data: dict[str, Any] = {
        "begins": " ".join(USUAL_BEGINS),
        "minutes": USUAL_MINUTES,
        "startup_meetings": 4,
        "partner_meetings": len(USUAL_BEGINS),
    }
    if day is not None:
        columns = ("on", "place", "minutes", "tables", "startup_meetings", "partner_meetings")
        data = {name: getattr(day, name) for name in columns} | {
            f"name-{code}": text for code, text in day.names.items()
        }
        data |= {"begins": " ".join(day.begins), "site": day.site.code, "version": str(day.version)}
    form: DayForm = type("DayForm", (DayForm,), fields)(data=data)
    form.site.choices = options((each.code, localized(each.names).text) for each in sites)
    return form


class NamesForm(SeenForm):
    """A whole list of names or addresses of profiles at once."""

    names = TextAreaField(
        lazy_gettext("Names or addresses of profiles, one a line"),
        description=lazy_gettext("Lines that fit no profile, or several, stay here."),
        render_kw={"rows": 4, "dir": "auto"},
    )


class ParticipantForm(SeenForm):
    """What a participant can do on the day."""

    meetings = IntegerField(
        lazy_gettext("Most meetings"),
        [Optional(), NumberRange(0, MOST_SLOTS, _NUMBER)],
        description=lazy_gettext("Empty: as many as the day says."),
    )
    person = SelectField(
        lazy_gettext("Who comes"),
        description=lazy_gettext("One person is in one meeting at a time, also if they come for two organisations."),
    )
    away = SelectMultipleField(
        lazy_gettext("Not there at"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


def participant_form(day: MatchmakingDay, participant: DayParticipant, people: Sequence[Person]) -> ParticipantForm:
    """The form, with what is known unless it was sent."""
    person = participant.person
    data = {
        "meetings": participant.meetings,
        "person": str(participant.person_id or ""),
        "away": list(participant.away),
        "version": str(day.version),
    }
    form = ParticipantForm(data=data)
    everybody = {each.id: each for each in (*people, *([person] if person else []))}
    named = ((str(each.id), each.name) for each in everybody.values())
    form.person.choices = options([("", gettext("Not known")), *named])
    form.away.choices = options((str(slot), slot_span(day, slot)) for slot in range(len(day.begins)))
    return form


class PlaceForm(SeenForm):
    """Where a meeting goes: which slot, and with whom."""

    slot = SelectField(lazy_gettext("When"), coerce=int)
    other = SelectField(lazy_gettext("With"), coerce=int)


def place_form(
    day: MatchmakingDay, others: Sequence[DayParticipant], *, slot: int = 0, other: int | None = None
) -> PlaceForm:
    """The form, with a slot and another side chosen."""
    form = PlaceForm(data={"slot": slot, "other": other, "version": str(day.version)})
    form.slot.choices = options((str(number), slot_span(day, number)) for number in range(len(day.begins)))
    form.other.choices = options((str(each.id), name_of(each.organisation)) for each in others)
    return form
