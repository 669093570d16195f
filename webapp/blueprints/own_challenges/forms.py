"""The forms of a partner's challenges."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import DateField, Field, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from webapp.models import Challenge, Term, TermKind
from webapp.services.challenge_answers import NOTE_LENGTH
from webapp.services.challenge_moves import AnswerMove
from webapp.services.challenges import PROBLEM_LENGTH, SUBJECT_KINDS, TERMS_LENGTH, TITLE_LENGTH, ChallengeValues
from webapp.web.formats import label
from webapp.web.forms import CHARACTERS_LEFT, SeenForm, options
from webapp.web.locale import offered_languages
from webapp.web.site import current_network, current_vocabulary
from webapp.web.value_fields import CheckboxesField, ParsedField, line, paragraphs, read_amount

TEXTS = {"title": TITLE_LENGTH, "problem": PROBLEM_LENGTH, "terms": TERMS_LENGTH}
CURRENCIES = ("EUR", "USD", "GBP")
"""What a budget may be in besides the network's own currency."""
_AMOUNT = lazy_gettext("A whole amount, like 500,000 or 2 M.")


class MoveForm(SeenForm):
    """A move that needs nothing said."""


class InviteForm(SeenForm):
    """The choice of startups stands in the page itself, beside the reasons."""


class ChallengeForm(SeenForm):
    """What a partner says of a challenge; ``challenge_form`` adds the texts in each language."""

    sectors = CheckboxesField(lazy_gettext("Sectors"))
    technologies = CheckboxesField(lazy_gettext("Technologies"))
    budget_min = ParsedField(lazy_gettext("Budget, at least"), description=_AMOUNT, parse=read_amount)
    budget_max = ParsedField(lazy_gettext("Budget, at most"), description=_AMOUNT, parse=read_amount)
    currency = SelectField(lazy_gettext("Currency"))
    deadline = DateField(
        lazy_gettext("Open until"),
        validators=[InputRequired(lazy_gettext("Please fill this in."))],
        description=lazy_gettext("The last day on which startups can answer."),
    )

    def texts(self, name: str) -> list[Any]:
        """The inputs of a text, one a language."""
        return [self[f"{name}-{language.code}"] for language in offered_languages()]

    def refuse_of(self, name: str, text: str) -> None:
        """Say what is wrong with a value, at the first of its inputs."""
        self.refuse_at(self.texts(name)[0].name if name in TEXTS else name, text)

    def values(self, terms: list[Term]) -> ChallengeValues:
        """What the form says.

        Args:
            terms: all sectors and technologies.
        """
        said = {
            name: {language.code: self[f"{name}-{language.code}"].data for language in offered_languages()}
            for name in TEXTS
        }
        chosen = {TermKind.SECTOR: set(self.sectors.data), TermKind.TECHNOLOGY: set(self.technologies.data)}
        return ChallengeValues(
            **{name: {code: text for code, text in texts.items() if text} for name, texts in said.items()},
            deadline=self.deadline.data,
            budget_min=self.budget_min.data,
            budget_max=self.budget_max.data,
            currency=self.currency.data,
            subjects=[term for term in terms if term.code in chosen[TermKind(term.kind)]],
        )


class DecisionForm(SeenForm):
    """A decision on an answer, with words for the startup."""

    decision = RadioField(
        lazy_gettext("Your decision"), validators=[InputRequired(lazy_gettext("Please choose."))], validate_choice=True
    )
    note = TextAreaField(
        lazy_gettext("A word for the startup"),
        filters=[paragraphs],
        validators=[
            Length(max=NOTE_LENGTH, message=lazy_gettext("Please use at most %(count)s characters.", count=NOTE_LENGTH))
        ],
        description=lazy_gettext("It reads it in the mail and on the page of its answer."),
        render_kw={"rows": 4, "maxlength": NOTE_LENGTH, "dir": "auto", "data-left": CHARACTERS_LEFT},
    )


def decision_form(moves: list[AnswerMove]) -> DecisionForm:
    """The form, with the decisions that can be made now."""
    names = {
        AnswerMove.SHORTLIST: gettext("Shortlist: each side sees how to reach the other"),
        AnswerMove.CHOOSE: gettext("Choose: we want to work with this startup"),
        AnswerMove.DECLINE: gettext("Decline"),
    }
    form = DecisionForm()
    form.decision.choices = options((move.value, name) for move, name in names.items() if move in moves)
    return form


def challenge_form(challenge: Challenge | None = None) -> ChallengeForm:
    """The form, with what a challenge says unless it was sent."""
    fields = {
        f"{name}-{language.code}": _text(name, most, language)
        for name, most in TEXTS.items()
        for language in offered_languages()
    }
    form: ChallengeForm = type("ChallengeForm", (ChallengeForm,), fields)(data=_said(challenge) if challenge else {})
    for field, kind in ((form.sectors, SUBJECT_KINDS[0]), (form.technologies, SUBJECT_KINDS[1])):
        field.choices = options((code, label(kind.value, code)) for code in current_vocabulary().codes(kind.value))
    network = current_network()
    own = [network.currency] if network else []
    codes = dict.fromkeys([*own, *CURRENCIES, *([challenge.currency] if challenge and challenge.currency else [])])
    form.currency.choices = options((code, code) for code in codes)
    return form


def _text(name: str, most: int, language: Any) -> Field:
    look = {"lang": language.code, "dir": language.direction}
    limit = [Length(max=most, message=gettext("Please use at most %(count)s characters.", count=most))]
    if name == "title":
        return StringField(language.name, filters=[line], validators=limit, render_kw=look)
    rows = {"rows": 8 if name == "problem" else 5, "maxlength": most, "data-left": CHARACTERS_LEFT}
    return TextAreaField(language.name, filters=[paragraphs], validators=limit, render_kw=look | rows)


def _said(challenge: Challenge) -> dict[str, Any]:
    texts = {f"{name}-{code}": text for name in TEXTS for code, text in getattr(challenge, name).items()}
    columns = {name: getattr(challenge, name) for name in ("budget_min", "budget_max", "currency", "deadline")}
    kinds = {"sectors": TermKind.SECTOR, "technologies": TermKind.TECHNOLOGY}
    subjects = {name: [term.code for term in challenge.subjects if term.kind == kind] for name, kind in kinds.items()}
    return {**texts, **columns, **subjects, "version": str(challenge.version)}
