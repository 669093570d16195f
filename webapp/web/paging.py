"""Which page numbers a pager offers."""

from __future__ import annotations


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
