"""Errors of the interface for programs: problem details (RFC 9457) in place of pages.

Every error below ``/api/`` becomes one, an address that does not exist too. ``type`` leads to where the page about the
interface explains the error; ``code`` is what a program looks at; title and detail are for people, in their language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from flask import Response, request
from flask_babel import gettext, lazy_gettext
from flask_babel.speaklater import LazyString
from pydantic import BaseModel, Field
from pydantic_core import ErrorDetails
from werkzeug.exceptions import HTTPException

from webapp.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from webapp.permissions import VISITOR
from webapp.web.access import current_actor
from webapp.web.locale import speak_to_program
from webapp.web.site import site_url

ROOT = "/api"
MEDIA_TYPE = "application/problem+json"

TITLES: Mapping[int, LazyString] = {
    400: lazy_gettext("The request cannot be understood"),
    401: lazy_gettext("A valid token is needed"),
    403: lazy_gettext("This is not allowed"),
    404: lazy_gettext("There is no such thing"),
    405: lazy_gettext("This cannot be done here"),
    406: lazy_gettext("Answers are JSON only"),
    409: lazy_gettext("Something stands in the way"),
    413: lazy_gettext("The request is too large"),
    422: lazy_gettext("Some parameters cannot be used"),
    429: lazy_gettext("Too many requests"),
    500: lazy_gettext("Something went wrong on our side"),
    503: lazy_gettext("Not available at the moment"),
}
"""Status -> what happened; others are told as 400 or 500."""

CODES: Mapping[int, str] = {
    400: "bad-request",
    401: "token",
    403: "not-allowed",
    404: "not-found",
    405: "method",
    406: "not-acceptable",
    409: "conflict",
    413: "too-large",
    422: "parameters",
    429: "too-many-requests",
    500: "unexpected",
    503: "unavailable",
}
"""Status -> the code of an error that has none of its own."""

DETAILS: Mapping[str, LazyString] = {
    "startup": lazy_gettext("No published startup has this address."),
    "partner": lazy_gettext("No published partner has this address."),
    "region": lazy_gettext("The network has no region of this code."),
    "sector": lazy_gettext("The network has no sector of this code."),
    "page": lazy_gettext("The list has fewer pages."),
    "cursor": lazy_gettext("This cursor belongs to another list, or was not made here. Begin again without it."),
    "figures": lazy_gettext("There are no figures of that day."),
    "not-yet": lazy_gettext("That day has not come yet."),
    "token": lazy_gettext("Send a token that is still valid, as “Authorization: Bearer …”."),
    "scope": lazy_gettext("The token was not made for this. Make one with the scope that is named."),
    "not-found": lazy_gettext("The interface has nothing at this address."),
    "method": lazy_gettext("The interface can be read only: use GET or HEAD."),
    "not-acceptable": lazy_gettext("Ask for application/json, or for anything."),
    "parameters": lazy_gettext("See “errors” for what is wrong with which parameter."),
    "too-many-requests": lazy_gettext("Wait as many seconds as Retry-After says. A token allows more requests."),
    "index": lazy_gettext("The search index is being prepared. Try again shortly, or ask without cursor and day."),
    "unexpected": lazy_gettext("We have a record of it. Please try again later."),
    "unavailable": lazy_gettext("Please try again in a moment."),
}
"""Code -> what to do about it."""

_STATUS: Mapping[type[DomainError], int] = {NotFound: 404, NotAllowed: 403, Conflict: 409, Invalid: 422}


class ParameterError(BaseModel):
    """What is wrong with one parameter."""

    pointer: str = Field(description="Where it is, such as `#/query/page`.")
    detail: str


class Problem(BaseModel):
    """Problem details as of RFC 9457."""

    type: str = Field(description="Address of an explanation.")
    title: str
    status: int
    code: str = Field(description="Stable name of what went wrong.")
    detail: str | None = None
    instance: str = Field(description="The path that was asked for.")
    errors: list[ParameterError] | None = None
    scope: str | None = Field(default=None, description="The scope that the token lacks.")
    pages: int | None = Field(default=None, description="How many pages there are.")


class BadParameters(Exception):  # noqa: N818 - as the domain's errors
    """Parameters that the interface cannot use, with what pydantic found."""

    def __init__(self, errors: Sequence[ErrorDetails]) -> None:
        super().__init__("bad parameters")
        self.errors = errors


def is_program() -> bool:
    """Whether this request is one to the interface for programs."""
    return request.path == ROOT or request.path.startswith(f"{ROOT}/")


def problem(status: int, code: str = "", retry_after: int = 0, **more: Any) -> Response:
    """The answer that tells of a problem; ``retry_after`` is in seconds."""
    speak_to_program()
    told = status if status in TITLES else (400 if status < 500 else 500)
    code = code or CODES[told]
    detail = DETAILS.get(code)
    content = Problem(
        type=f"{site_url()}{ROOT}/docs#{code}",
        title=str(TITLES[told]),
        status=status,
        code=code,
        detail=str(detail) if detail else None,
        instance=quote(request.path, safe="/!$&'()*+,;=:@"),
        **more,
    )
    response = Response(content.model_dump_json(exclude_none=True), status, mimetype=MEDIA_TYPE)
    response.headers["Cache-Control"] = "no-store"
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="api"'
    return response


def domain_problem(error: DomainError) -> Response:
    """A broken rule as a problem. Who is not known may come back with a token."""
    status = _STATUS.get(type(error), 400)
    if isinstance(error, NotAllowed) and (error.code == "token" or current_actor() == VISITOR):
        return problem(401)
    told = {name: value for name, value in error.values.items() if name in ("pages", "scope")}
    return problem(status, error.code if error.code in DETAILS else "", **told)


def http_problem(error: HTTPException) -> Response:
    """An error of the protocol as a problem, with the headers that belong to it."""
    response = problem(error.code or 500)
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            response.headers[name] = value
    return response


def parameter_problem(error: BadParameters) -> Response:
    """Bad parameters as a problem that names each."""
    errors = [
        ParameterError(pointer="#/query/" + "/".join(map(str, each["loc"])), detail=_parameter_words(each))
        for each in error.errors
    ]
    return problem(422, errors=errors)


def _parameter_words(error: ErrorDetails) -> str:
    values = error.get("ctx", {})
    kind = error["type"]
    if kind in _PARAMETER_WORDS:
        return str(_PARAMETER_WORDS[kind])
    if kind == "literal_error":
        return gettext("Use one of these: %(values)s.", values=values["expected"])
    if kind == "greater_than_equal":
        return gettext("Use a number from %(least)s on.", least=values["ge"])
    if kind == "less_than_equal":
        return gettext("Use a number up to %(most)s.", most=values["le"])
    if kind in ("string_too_long", "too_long"):
        return gettext("Use at most %(most)s.", most=values["max_length"])
    return gettext("This value cannot be used.")


_PARAMETER_WORDS: Mapping[str, LazyString] = {
    "extra_forbidden": lazy_gettext("There is no such parameter."),
    "given-twice": lazy_gettext("Give it only once."),
    "not-a-day": lazy_gettext("Write a day as 2026-01-31."),
    "not-a-switch": lazy_gettext("Use true or false."),
    "not-offered": lazy_gettext("The network does not offer this language."),
    "int_parsing": lazy_gettext("Use a whole number."),
    "missing": lazy_gettext("This parameter is needed."),
}
"""What pydantic calls an error, or we do -> what to say of it."""
