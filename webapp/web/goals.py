"""The short names of the United Nations' Sustainable Development Goals, which are the same in every network."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext

GOALS = (
    lazy_gettext("No poverty"),
    lazy_gettext("Zero hunger"),
    lazy_gettext("Good health and well-being"),
    lazy_gettext("Quality education"),
    lazy_gettext("Gender equality"),
    lazy_gettext("Clean water and sanitation"),
    lazy_gettext("Affordable and clean energy"),
    lazy_gettext("Decent work and economic growth"),
    lazy_gettext("Industry, innovation and infrastructure"),
    lazy_gettext("Reduced inequalities"),
    lazy_gettext("Sustainable cities and communities"),
    lazy_gettext("Responsible consumption and production"),
    lazy_gettext("Climate action"),
    lazy_gettext("Life below water"),
    lazy_gettext("Life on land"),
    lazy_gettext("Peace, justice and strong institutions"),
    lazy_gettext("Partnerships for the goals"),
)


def goal_name(number: int) -> str:
    """The name of a goal, 1 to 17; its number if there is no such goal."""
    return str(GOALS[number - 1]) if 1 <= number <= len(GOALS) else str(number)


def init_app(app: Flask) -> None:
    """Give templates the names."""
    app.add_template_global(goal_name)
