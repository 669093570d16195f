"""The forms with which staff evaluate and decide applications."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import DateField, Field, RadioField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from webapp.models import Application, Evaluation
from webapp.services.admissions import NOTE_LENGTH
from webapp.services.application_moves import Move
from webapp.services.duplicates import Duplicate
from webapp.services.evaluations import COMMENT_LENGTH, HIGHEST, LOWEST
from webapp.services.network_schema import Criterion
from webapp.web.formats import localized, name_of, number
from webapp.web.forms import Form, SeenForm, options
from webapp.web.value_fields import paragraphs

_CHOOSE = lazy_gettext("Please choose.")
_DAY = lazy_gettext("Please write a day as year-month-day, like 2026-03-31.")
NEW = "new"
YES, NO, OPEN = "yes", "no", ""
_RECOMMENDS = {YES: True, NO: False, OPEN: None}


def _at_most(most: int) -> Length:
    return Length(max=most, message=lazy_gettext("Please use at most %(count)s characters.", count=most))


class EvaluationForm(Form):
    """One's own scores; ``evaluation_form`` adds a field a criterion."""

    recommends = RadioField(lazy_gettext("Would you accept it?"), validators=[Optional()])
    comment = TextAreaField(
        lazy_gettext("For the other evaluators"),
        description=lazy_gettext("The applicant never reads it."),
        filters=[paragraphs],
        validators=[_at_most(COMMENT_LENGTH)],
        render_kw={"rows": 4, "dir": "auto", "maxlength": COMMENT_LENGTH},
    )
    criteria: Sequence[Criterion] = ()

    def score_fields(self) -> list[Any]:
        """The fields of the criteria, in their order."""
        return [self[f"score-{criterion.code}"] for criterion in self.criteria]

    def scores(self) -> dict[str, int]:
        """Code of a criterion -> points."""
        return {criterion.code: int(self[f"score-{criterion.code}"].data) for criterion in self.criteria}

    @property
    def recommendation(self) -> bool | None:
        """Whether to accept; nothing if undecided."""
        return _RECOMMENDS.get(self.recommends.data or OPEN)


def evaluation_form(criteria: Sequence[Criterion], own: Evaluation | None, *, sent: bool = True) -> EvaluationForm:
    """The form of these criteria, with what its reader gave before.

    Args:
        sent: whether what was posted is for it; otherwise it is shown as it stands.
    """
    points = options((str(each), number(each)) for each in range(LOWEST, HIGHEST + 1))
    fields: dict[str, Any] = {"criteria": criteria}
    data: dict[str, Any] = {"recommends": OPEN}
    for criterion in criteria:
        fields[f"score-{criterion.code}"] = RadioField(
            localized(criterion.names).text,
            description=localized(criterion.description or {}).text,
            choices=points,
            validators=[InputRequired(_CHOOSE)],
        )
    if own is not None:
        recommends = {True: YES, False: NO, None: OPEN}[own.recommends]
        scores = {f"score-{code}": str(points) for code, points in own.scores.items()}
        data = {"recommends": recommends, "comment": own.comment, **scores}
    unsent = {} if sent else {"formdata": None}
    form: EvaluationForm = type("EvaluationForm", (EvaluationForm,), fields)(data=data, **unsent)
    answers = ((YES, gettext("Yes")), (NO, gettext("No")), (OPEN, gettext("Undecided")))
    form.recommends.choices = options(answers)
    return form


class DecisionForm(SeenForm):
    """A decision, and what goes with it."""

    decision = RadioField(lazy_gettext("Your decision"), validators=[InputRequired(_CHOOSE)])
    profile = RadioField(
        lazy_gettext("Profile"),
        description=lazy_gettext("Of an acceptance. What a profile says already is kept; what it lacks is filled in."),
        validators=[Optional()],
    )
    enters_on = DateField(
        lazy_gettext("Enters the park on"),
        description=lazy_gettext(
            "Of an acceptance. Today or earlier, the entry is recorded at once; later, you record it when it happens."
        ),
        validators=[Optional()],
    )
    note = TextAreaField(
        lazy_gettext("To the applicant"),
        description=lazy_gettext("They read it in the mail. Needed if you return it or do not accept it."),
        filters=[paragraphs],
        validators=[_at_most(NOTE_LENGTH)],
        render_kw={"rows": 5, "dir": "auto", "maxlength": NOTE_LENGTH},
    )
    early_reason = TextAreaField(
        lazy_gettext("Why it is decided before enough evaluations are given"),
        description=lazy_gettext("Needed to accept or not to accept it now. Only staff read it."),
        filters=[paragraphs],
        validators=[_at_most(NOTE_LENGTH)],
        render_kw={"rows": 2, "dir": "auto", "maxlength": NOTE_LENGTH},
    )

    def __init__(self, duplicates: Sequence[Duplicate], application: Application, **values: Any) -> None:
        super().__init__(**values)
        self.decision.choices = options(
            (
                (Move.ACCEPT, gettext("Accept")),
                (Move.RETURN, gettext("Return with a question")),
                (Move.REFUSE, gettext("Do not accept")),
            )
        )
        known = {str(each.organisation.id): name_of(each.organisation) for each in duplicates}
        if application.startup is not None:
            known[str(application.startup.id)] = name_of(application.startup)
        new = () if application.startup is not None else ((NEW, gettext("Make a new one from the application")),)
        self.profile.choices = options((*new, *known.items()))
        if not self.is_submitted():
            self.profile.data = str(application.startup.id) if application.startup is not None else NEW
            self.enters_on.data = application.cohort.begins_on if application.cohort else None

    @property
    def startup_id(self) -> int | None:
        """The profile that was chosen; nothing for a new one."""
        return int(self.profile.data) if (self.profile.data or NEW) != NEW else None

    def validate_note(self, field: Field) -> None:
        """Who is refused or asked must know why."""
        if self.decision.data in (Move.REFUSE, Move.RETURN) and not field.data:
            raise ValidationError(gettext("Please write why, so that they know what to do."))


class EntryForm(SeenForm):
    """The day on which an accepted startup entered."""

    on = DateField(lazy_gettext("Entered on"), validators=[InputRequired(_DAY)])

    def __init__(self, proposed: date | None = None, **values: Any) -> None:
        super().__init__(**values)
        if not self.is_submitted():
            self.on.data = proposed
