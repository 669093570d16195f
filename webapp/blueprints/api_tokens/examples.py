"""Examples of answers and of requests, made from the OpenAPI document."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]

_BY_FORMAT = {"date": "2026-01-31", "date-time": "2026-01-31T09:30:00Z", "uri": "https://example.com/"}
_BY_TYPE: Mapping[str, Any] = {"integer": 1, "number": 0.5, "boolean": False, "string": "…", "null": None}


def example_of(schema: Schema, document: Schema) -> Any:
    """A value that a schema of the document allows: its own example, or else one made of its parts."""
    if "$ref" in schema:
        return example_of(document["components"]["schemas"][schema["$ref"].rpartition("/")[2]], document)
    if schema.get("examples"):
        return schema["examples"][0]
    if "anyOf" in schema:
        return example_of(schema["anyOf"][0], document)
    if "properties" in schema:
        return {name: example_of(part, document) for name, part in schema["properties"].items()}
    if schema.get("type") == "array":
        return [example_of(schema["items"], document)]
    if schema.get("type") == "object":
        return {}
    return _BY_FORMAT.get(schema.get("format", ""), _BY_TYPE.get(schema.get("type", "string")))


def example_answer(operation: Schema, document: Schema) -> str:
    """The answer of an operation as an example, as JSON to be read."""
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    return json.dumps(example_of(schema, document), indent=2, ensure_ascii=False)


def example_request(path: str, operation: Schema, server: str) -> str:
    """How to ask it with curl."""
    needed = [each for each in operation["parameters"] if each["in"] == "query" and each["required"]]
    for each in operation["parameters"]:
        if each["in"] == "path":
            path = path.replace("{" + each["name"] + "}", each["example"])
    query = "&".join(["lang=en", *(f"{each['name']}=agri" for each in needed)])
    token = "-H 'Authorization: Bearer mq_…' " if operation.get("security") else ""
    return f"curl {token}'{server}{path}?{query}'"
