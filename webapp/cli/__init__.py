"""The ``flask`` commands, one click group a noun. A group is imported only when it is used.

The web process loads this package too; importing the groups there would cost it the start-up time and the memory of
scikit-learn, which only commands and the worker need.
"""

from __future__ import annotations

from importlib import import_module

import click
from flask import Flask


class LazyGroup(click.Group):
    """A group whose commands live in a module of this package that is imported on first use."""

    def __init__(self, name: str, help: str) -> None:
        super().__init__(name, help=help)
        self._module = f"{__name__}.{name}"

    def _loaded(self) -> click.Group:
        group: click.Group = import_module(self._module).group
        return group

    def list_commands(self, ctx: click.Context) -> list[str]:
        return self._loaded().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return self._loaded().get_command(ctx, cmd_name)


GROUPS = {
    "accounts": "Accounts: the first administrator, a list, second factors that were lost.",
    "network": "Check a network pack and load it.",
    "data": "Demonstration data, imports and exports.",
    "index": "The search index: build it, check it against the database.",
    "matches": "The matches between startups and partners.",
    "mail": "Mail that is to be sent: what failed, trying again, bounces.",
    "work": "The worker, which keeps index and matches in step with the database.",
    "site": "Get the site ready to start.",
}


def init_app(app: Flask) -> None:
    """Add the commands."""
    for name, help_text in GROUPS.items():
        app.cli.add_command(LazyGroup(name, help_text))
