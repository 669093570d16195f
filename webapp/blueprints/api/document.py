"""The OpenAPI 3.1 document: made of the operations and of the models of what they understand and answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from webapp.blueprints.api.operations import Operation
from webapp.blueprints.api.texts import ALL
from webapp.services.api_tokens import Scope
from webapp.web.problems import MEDIA_TYPE, Problem
from webapp.web.programs import TOKENS, VISITORS

Schema = dict[str, Any]

VERSION = "1.0.0"
_REFERENCE = "#/components/schemas/{model}"
_PROBLEMS = {
    "401": "The token is missing or not valid.",
    "403": "The token lacks the scope.",
    "404": "There is no such thing.",
    "406": "The program does not take JSON.",
    "422": "A parameter cannot be used.",
    "429": "Too many requests.",
    "503": "Not available at the moment.",
}
_COUNTED = {
    "RateLimit-Limit": "Requests allowed a minute.",
    "RateLimit-Remaining": "How many of them are left.",
    "RateLimit-Reset": "Seconds until there are more.",
}
_DESCRIPTION = f"""What the site publishes, for programs: same services, same permissions and same numbers as its pages.

Texts come in the language of `lang`, or else of `Accept-Language`, and say which language they are in. Every error is
a problem of RFC 9457 with a stable `code`. Answers have an `ETag` and mostly `Last-Modified`: ask again
with `If-None-Match`, or else with `If-Modified-Since`. Visitors may ask {VISITORS}, a token {TOKENS}.
"""


def document(operations: Iterable[Operation], *, title: str, url: str, languages: list[str]) -> Schema:
    """The document of a site.

    Args:
        operations: what programs can ask.
        title: what the network is called.
        url: the address below which the operations are.
        languages: those that the network offers.
    """
    operations = list(operations)
    models: list[type[BaseModel]] = [Problem, *(operation.model for operation in operations)]
    named, definitions = models_json_schema([(model, "serialization") for model in models], ref_template=_REFERENCE)
    queries = {operation.query: operation.query.model_json_schema(ref_template=_REFERENCE) for operation in operations}
    for schema in queries.values():
        schema["properties"]["lang"]["anyOf"][0]["enum"] = [*languages, ALL]
    references = {model: named[model, "serialization"] for model in models}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": VERSION,
            "description": _DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": url}],
        "tags": [{"name": tag} for tag in dict.fromkeys(operation.tag for operation in operations)],
        "paths": {
            operation.path: {"get": _operation(operation, queries[operation.query], references)}
            for operation in operations
        },
        "components": {
            "schemas": definitions["$defs"],
            "responses": {status: _problem(text, references[Problem]) for status, text in _PROBLEMS.items()},
            "headers": {name: _header(text) for name, text in _COUNTED.items()},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": _tokens()}},
        },
    }


def _tokens() -> str:
    scopes = ", ".join(f"`{scope}`" for scope in Scope)
    return f"A personal token, made in one's settings on the site, for some of the scopes {scopes}."


def _operation(operation: Operation, query: Schema, references: dict[type[BaseModel], Schema]) -> Schema:
    statuses = ["404", "406", "422", "429", "503"] + (["401", "403"] if operation.scope else [])
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in _COUNTED}
    described: Schema = {
        "operationId": operation.name,
        "summary": operation.title,
        "description": operation.description or operation.title,
        "tags": [operation.tag],
        "parameters": [*_path_parameters(operation), *_query_parameters(query)],
        "responses": {
            "200": {
                "description": operation.title,
                "headers": headers | _KNOWN_AGAIN,
                "content": {"application/json": {"schema": references[operation.model]}},
            },
            "304": {"description": "What the program has is still the answer."},
        }
        | {status: {"$ref": f"#/components/responses/{status}"} for status in sorted(statuses)},
    }
    if operation.scope:
        described["security"] = [{"token": []}]
        described["description"] += f" Needs a token with the scope `{operation.scope}`."
    return described


def _path_parameters(operation: Operation) -> Iterator[Schema]:
    for name, parameter in operation.parameters.items():
        yield {
            "name": name,
            "in": "path",
            "required": True,
            "description": parameter.description,
            "schema": {"type": "string", "pattern": parameter.pattern},
            "example": parameter.example,
        }


def _query_parameters(query: Schema) -> Iterator[Schema]:
    """The properties of a model as parameters. What may be left out is not null: there is no null in an address."""
    for name, schema in query["properties"].items():
        kept = {key: value for key, value in schema.items() if key not in ("title", "description", "default", "anyOf")}
        kept |= next((choice for choice in schema.get("anyOf", ()) if choice.get("type") != "null"), {})
        if schema.get("default") is not None:
            kept["default"] = schema["default"]
        yield {
            "name": name,
            "in": "query",
            "required": name in query.get("required", ()),
            "description": schema.get("description", ""),
            "schema": kept,
        }


def _problem(text: str, reference: Schema) -> Schema:
    return {"description": text, "content": {MEDIA_TYPE: {"schema": reference}}}


def _header(text: str, kind: str = "integer") -> Schema:
    return {"description": text, "schema": {"type": kind}}


_KNOWN_AGAIN = {
    "ETag": _header("Of this answer.", "string"),
    "Last-Modified": _header("Since when it is as it is; absent while that is not known.", "string"),
}
