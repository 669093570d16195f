"""The engines that are compared, one module each; see ``bench.engines.base`` for what an engine is."""

from __future__ import annotations

from importlib import import_module

from bench.engines.base import Engine

NAMES = ("multaqa", "tantivy", "sqlite_fts5", "postgresql", "whoosh_plain")
"""Modules of this package, the product first."""


def load(name: str) -> type[Engine]:
    """The engine of that name.

    Raises:
        ModuleNotFoundError: there is none, or its package is not installed.
    """
    found: type[Engine] = import_module(f"bench.engines.{name}").ENGINE
    return found
