"""YAML with line numbers: what a file says, and on which line it says it. What it ought to say is known elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import yaml


class _Loader(yaml.CSafeLoader):
    """The safe loader, stricter in three points that are slips of the pen in a file written by hand.

    A key that comes twice, an alias (``*name``, which could also make a file endless) and a value that is not what it
    looks like (``2024-13-01``) are errors with a line.
    """

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except (ValueError, LookupError, ArithmeticError, AttributeError, TypeError) as error:
            raise yaml.constructor.ConstructorError(None, None, str(error), node.start_mark) from error

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                message = f"the key {key.value} comes twice"
                raise yaml.constructor.ConstructorError(None, None, message, key.start_mark)
            seen.add(key.value if isinstance(key, yaml.ScalarNode) else id(key))
        return super().construct_mapping(node, deep)


def parse_yaml(content: bytes) -> tuple[yaml.Node | None, Any]:
    """The nodes of a file, which know their lines, and what it says.

    Raises:
        yaml.YAMLError: it is not YAML, or not YAML as written by hand; with a ``problem_mark`` where there is a place.
    """
    try:
        for event in yaml.parse(content, yaml.CSafeLoader):
            if isinstance(event, yaml.AliasEvent):
                message = "an alias is not allowed"
                raise yaml.constructor.ConstructorError(None, None, message, event.start_mark)  # type: ignore[arg-type]
        loader = _Loader(content)
        try:
            node = loader.get_single_node()
            return node, loader.construct_document(node) if node is not None else None
        finally:
            loader.dispose()
    except RecursionError:
        raise yaml.YAMLError("nested too deeply") from None


def compose_lines(content: bytes) -> yaml.Node | None:
    """The nodes of a file that some other parser reads, such as JSON; nothing if it is not YAML as well."""
    try:
        node: yaml.Node | None = yaml.compose(content, yaml.CSafeLoader)
    except (yaml.YAMLError, RecursionError):
        return None
    return node


def line_of(node: yaml.Node | None, location: tuple[int | str, ...]) -> int:
    """The line of the deepest part of a location that exists in the file, from 1."""
    line = node.start_mark.line + 1 if node is not None else 1
    for part in location:
        if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
        elif isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == part), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        else:
            break
    return line


def localized_mappings(
    node: yaml.Node | None, languages: Collection[str]
) -> Iterator[tuple[tuple[int | str, ...], list[str]]]:
    """Every mapping in a file of which a key is a language code, with its place and its keys, from top to bottom."""
    waiting: list[tuple[tuple[int | str, ...], yaml.Node | None]] = [((), node)]
    while waiting:
        location, node = waiting.pop()
        if isinstance(node, yaml.SequenceNode):
            waiting += [((*location, position), child) for position, child in enumerate(node.value)][::-1]
        elif isinstance(node, yaml.MappingNode):
            keys = [key.value for key, _ in node.value]
            if any(key in languages for key in keys):
                yield location, keys
            else:
                waiting += [((*location, key.value), child) for key, child in node.value][::-1]
