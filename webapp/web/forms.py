"""What all forms have in common: fields that explain themselves, and errors in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, SelectChoice

from webapp.errors import DomainError
from webapp.web.locale import current_language, offered_languages

CHARACTERS_LEFT = lazy_gettext("Characters left: {count}")
"""What ``characters.js`` says below a long text; it needs no plural, for the script has no translations."""


class FieldError(NamedTuple):
    """What is wrong with a field, with the id that a link leads to."""

    id: str
    text: str


class Summarised:
    """Mixin of forms whose errors are summed up above them."""

    form_errors: list[str]

    def summary(self) -> list[FieldError]:
        """All errors, in the order of the fields; those of the form as a whole first, without an id."""
        errors = [FieldError("", str(text)) for text in self.form_errors]
        for field in self:  # type: ignore[attr-defined]  # a form is an iterable of its fields
            errors += [FieldError(field.id, text) for text in _texts(field.errors)]
        return errors


class Form(Summarised, FlaskForm):  # type: ignore[misc]
    """Base of all forms of the site. What was typed stays in the fields when something is wrong."""

    def refuse(self, field: Field, text: str) -> None:
        """Add an error that a service found to a field."""
        field.errors = [*field.errors, text]

    def refuse_at(self, name: str, text: str) -> None:
        """Add an error to the field of this name, or to the form as a whole if it has none."""
        if name in self:
            self.refuse(self[name], text)
        else:
            self.refuse_whole(text)

    def refuse_whole(self, text: str) -> None:
        """Add an error that belongs to no field."""
        self.form_errors.append(text)


class SeenForm(Form):
    """A form about a row as its page showed it, so that nobody decides on what they have not seen."""

    version = HiddenField()

    @property
    def seen_version(self) -> int:
        """The version that the page showed; one that no row has if the form does not tell."""
        text = self.version.data or ""
        return int(text) if text.isdecimal() and len(text) < 10 else -1

    def show_version(self, version: int) -> None:
        """Let the form be about what is there now."""
        self.version.raw_data, self.version.data = None, str(version)


def _texts(errors: Any) -> Iterator[str]:
    """The texts of a field's errors; those of lists of fields are nested."""
    if isinstance(errors, dict):
        for each in errors.values():
            yield from _texts(each)
    elif isinstance(errors, (list, tuple)):
        for each in errors:
            yield from _texts(each)
    elif errors:
        yield str(errors)


def unknown_rule(error: DomainError) -> str:
    """What to say of a broken rule that a page has no words for."""
    return gettext("This did not work (%(code)s). Please try again, or write to the park.", code=error.code)


def options(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """Choices of a field from pairs of value and text."""
    return [SelectChoice(value, text) for value, text in pairs]


def language_choices() -> list[SelectChoice]:
    """Languages of the network, in which a person can be written to, each by its own name; the current one first."""
    current = current_language()
    others = [language for language in offered_languages() if language != current]
    return options((language.code, language.name) for language in (current, *others))
