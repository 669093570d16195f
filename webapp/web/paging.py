"""Cutting lists into pages, and which page numbers a pager offers."""

from __future__ import annotations

from typing import NamedTuple

from flask import request

from webapp.search.query import page_count


def page_numbers(page: int, pages: int, around: int = 1) -> list[int | None]:
    """The pages to link to, ``None`` standing for a gap: ``page_numbers(7, 20)`` is 1 … 6 7 8 … 20."""
    wanted = {1, pages, *range(page - around, page + around + 1)}
    shown: list[int | None] = []
    previous = 0
    for number in sorted(n for n in wanted if 1 <= n <= pages):
        if number - previous == 2:
            shown.append(number - 1)
        elif number - previous > 2:
            shown.append(None)
        shown.append(number)
        previous = number
    return shown


class Cut(NamedTuple):
    """The page of a list that a request asks for, or the nearest that there is."""

    page: int
    """From 1."""
    pages: int
    size: int

    @property
    def offset(self) -> int:
        """How many entries stand before it."""
        return (self.page - 1) * self.size

    @property
    def numbers(self) -> list[int | None]:
        """The pages to link to; see ``page_numbers``."""
        return page_numbers(self.page, self.pages)


def asked_cut(total: int, size: int) -> Cut:
    """Where ``page=`` of the query string cuts a list of so many entries."""
    pages = page_count(total, size)
    return Cut(min(max(request.args.get("page", 1, type=int), 1), pages), pages, size)
