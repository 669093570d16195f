"""Texts in answers: in the language that was asked for, or else in another that is named; or in all languages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import g
from pydantic import BaseModel, Field, RootModel

from webapp.models import Localized
from webapp.web.formats import localized
from webapp.web.locale import current_language, speak_to_program
from webapp.web.site import current_vocabulary

ALL = "all"
"""What is asked for instead of a language."""


class Text(BaseModel):
    """A text and the language that it is in, which is another one where it does not exist in the language asked for."""

    lang: str = Field(examples=["en"])
    text: str = Field(examples=["Water for olives, measured by drones."])


class Texts(RootModel[dict[str, str]]):
    """A text in all languages that it exists in, by language code: the answer to `lang=all`."""


Words = Text | Texts


class Coded(BaseModel):
    """A stable code with what it is called."""

    code: str = Field(examples=["agritech"])
    name: Words | None = Field(examples=[{"lang": "en", "text": "Agritech"}])


class Sentence(BaseModel):
    """A sentence that the site itself writes. It has one language, with `lang=all` that of Accept-Language."""

    code: str = Field(description="Stable name of what it says.", examples=["same-sector"])
    lang: str = Field(examples=["en"])
    text: str = Field(examples=["Looks for startups in Agritech"])


def speak(asked: str | None) -> None:
    """Give the answer its language."""
    speak_to_program(asked or "")
    g.speaks_all = asked == ALL


def words(texts: Localized | None) -> Words | None:
    """A localized text as it was asked for; nothing if it is empty in every language."""
    known = {code: text for code, text in (texts or {}).items() if text}
    if not known:
        return None
    if g.get("speaks_all"):
        return Texts(known)
    found = localized(known)
    return Text(lang=found.language.code, text=found.text)


def sentence(code: str, text: str) -> Sentence:
    """A sentence in the language of the answer."""
    return Sentence(code=code, lang=current_language().code, text=text)


def coded(row: Any) -> Coded:
    """A term, a region or a site."""
    return Coded(code=row.code, name=words(row.names))


def all_coded(rows: Iterable[Any]) -> list[Coded]:
    """Several of them."""
    return [coded(row) for row in rows]


def first_coded(rows: Iterable[Any]) -> Coded | None:
    """The first of them, if there is any."""
    return next((coded(row) for row in rows), None)


def coded_of(kind: str, code: str) -> Coded:
    """A code of the vocabulary."""
    return Coded(code=code, name=words(current_vocabulary().names.get(kind, {}).get(code)))
