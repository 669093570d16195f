"""What can be asked: the parameters of the operations, read strictly. What cannot be used is told, not guessed."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, TypeVar, get_origin

from flask import request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, WithJsonSchema
from pydantic_core import ErrorDetails, PydanticCustomError

from webapp.blueprints.api.texts import ALL
from webapp.i18n import LANGUAGES
from webapp.search.columns import SORTS
from webapp.web.listing_form import LAST_PAGE, LONGEST_TEXT, MOST_CODES
from webapp.web.locale import offered_languages
from webapp.web.problems import BadParameters

Q = TypeVar("Q", bound="Asked")

MOST_PER_PAGE = 100
LONGEST_CURSOR = 2000


def _language(value: str) -> str:
    if value not in (ALL, *(language.code for language in offered_languages())):
        raise PydanticCustomError("not-offered", "not offered")
    return value


def _day(value: Any) -> date:
    # Stricter than pydantic, which reads seconds since 1970 as well.
    if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", str(value)):
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            pass
    raise PydanticCustomError("not-a-day", "not a day")


def _switch(value: Any) -> bool:
    if value not in ("true", "false"):
        raise PydanticCustomError("not-a-switch", "neither true nor false")
    return bool(value == "true")


def _order(value: Any) -> Any:
    if value not in SORTS:
        raise PydanticCustomError("literal_error", "no such order", {"expected": ", ".join(SORTS)})
    return value


Day = Annotated[date, BeforeValidator(_day)]
Switch = Annotated[bool, BeforeValidator(_switch), WithJsonSchema({"type": "boolean"})]
Order = Annotated[str, BeforeValidator(_order), WithJsonSchema({"type": "string", "enum": list(SORTS)})]
Language = Annotated[str, BeforeValidator(_language), WithJsonSchema({"type": "string", "enum": [*LANGUAGES, ALL]})]
Codes = Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=MOST_CODES)]


def codes(what: str) -> Any:
    """A parameter that may come several times; its codes are alternatives."""
    return Field(default_factory=list, description=f"Codes of {what}; may come several times, as alternatives.")


class Asked(BaseModel):
    """What every operation understands."""

    model_config = ConfigDict(extra="forbid")

    lang: Language | None = Field(
        default=None,
        description="Language of texts, or `all`. Without it Accept-Language decides.",
    )


class AskedOfDay(Asked):
    """An operation about figures that are released day by day."""

    as_of: Day | None = Field(default=None, description="The figures as of this day; the latest without it.")


class AskedOfMine(Asked):
    """A list of one's own."""

    page: Annotated[int, Field(ge=1, le=LAST_PAGE)] = Field(default=1, description="The page.")
    per_page: Annotated[int, Field(ge=1, le=MOST_PER_PAGE)] = Field(default=24, description="Entries a page.")


class AskedOfList(Asked):
    """What the directories understand beside their facets."""

    q: Annotated[str, Field(max_length=LONGEST_TEXT)] = Field(
        default="", description="Words to look for, in any of the languages, as in the search box of the site."
    )
    exact: Switch = Field(
        default=False, description="Look for the words as typed only, without close words and related concepts."
    )
    sort: Order = Field(
        default=SORTS[0], description="The order. Without a text, `relevance` lists residents first, then by name."
    )
    page: Annotated[int, Field(ge=1, le=LAST_PAGE)] = Field(default=1, description="The page; ignored with a cursor.")
    per_page: Annotated[int, Field(ge=1, le=MOST_PER_PAGE)] = Field(default=24, description="Entries a page.")
    cursor: Annotated[str, Field(max_length=LONGEST_CURSOR)] | None = Field(
        default=None,
        description="`next_cursor` of the page before. Pages that follow cursors neither repeat nor leave out anything "
        "when entries are added or withdrawn meanwhile. There are none for `relevance` with a text.",
    )


class AskedOfStartups(AskedOfList):
    """What the directory of startups understands."""

    region: Codes = codes("regions, ISO 3166-2")
    site: Codes = codes("parks")
    sector: Codes = codes("sectors")
    stage: Codes = codes("stages")
    funding: Codes = codes("funding stages")
    technology: Codes = codes("technologies")
    need: Codes = codes("what startups look for")
    residency: Codes = codes("residency: `resident`, `alumni`, `supported`")
    as_of: Day | None = Field(
        default=None,
        description="Residency, parks and regions as they were at the end of this day, by what is recorded today; all "
        "else, including which startups have a profile and the order, is as it is now.",
    )


class AskedOfPartners(AskedOfList):
    """What the directory of partners understands."""

    kind: Codes = codes("kinds: `investor`, `mentor`, `corporate`")
    sector: Codes = codes("sectors")
    stage: Codes = codes("stages")
    region: Codes = codes("regions, ISO 3166-2")
    language: Codes = codes("languages in which they work")
    instrument: Codes = codes("ways to invest")
    skill: Codes = codes("what mentors help with")
    offer: Codes = codes("what corporate partners offer")


class AskedToComplete(Asked):
    """What suggestions understand."""

    q: Annotated[str, Field(max_length=LONGEST_TEXT)] = Field(description="What was typed so far.")
    of: Annotated[
        str, Field(pattern="^(startup|partner)$"), WithJsonSchema({"type": "string", "enum": ["startup", "partner"]})
    ] = Field(default="startup", description="In which directory somebody searches.")


def asked(model: type[Q]) -> Q:
    """The query string of this request.

    Raises:
        BadParameters: a parameter is unknown, unusable, missing, or given twice where it counts once.
    """
    found: dict[str, Any] = {}
    errors: list[ErrorDetails] = []
    for name, values in request.args.lists():
        field = model.model_fields.get(name)
        if field is not None and get_origin(field.annotation) is list:
            found[name] = values
        else:
            found[name] = values[0]
            if len(values) > 1:
                errors.append({"type": "given-twice", "loc": (name,), "msg": "", "input": values})
    try:
        query = model.model_validate(found)
    except ValidationError as error:
        raise BadParameters([*errors, *error.errors()]) from error
    if errors:
        raise BadParameters(errors)
    return query
