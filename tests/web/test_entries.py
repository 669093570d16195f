from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from webapp.i18n import LANGUAGES
from webapp.web.entries import Entry, EntryCache, Key
from webapp.web.formats import LocalizedText


def entry(number: int, letters: int = 100) -> Entry:
    return Entry(
        id=number,
        url=f"/en/startups/{number}",
        name=str(number),
        other_name=None,
        other_language="",
        tone=0,
        monogram="A",
        logo=None,
        marks=(),
        text=LocalizedText("", LANGUAGES["en"]),
        others=({"en": "a" * letters},),
        tags=(),
    )


def key(number: int, stamp: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> Key:
    return Key("startup", number, stamp, "en")


def test_an_entry_is_found_under_its_stamp_alone() -> None:
    cache, made = EntryCache(), entry(1)
    cache.put(key(1), made)
    assert cache.get(key(1)) is made
    assert cache.get(key(1, key(1).stamp + timedelta(microseconds=1))) is None
    assert cache.get(key(2)) is None


def test_who_was_seen_last_is_kept_longest() -> None:
    cache = EntryCache(limit=3 * entry(0).size)
    for number in range(3):
        cache.put(key(number), entry(number))
    cache.get(key(0))
    cache.put(key(3), entry(3))
    assert [number for number in range(4) if cache.get(key(number))] == [0, 2, 3]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9_000)), max_size=60), st.integers(0, 40_000))
def test_there_is_never_more_than_the_limit_nor_less_than_what_is_kept(puts: list[tuple[int, int]], limit: int) -> None:
    cache = EntryCache(limit)
    for number, letters in puts:
        cache.put(key(number), entry(number, letters))
        kept = [found for each in range(10) if (found := cache.get(key(each)))]
        assert cache.size == sum(each.size for each in kept) <= limit


def test_an_entry_is_drawn_once() -> None:
    made, drawn = entry(1), []

    def draw(each: Entry) -> str:
        drawn.append(each)
        return f"<li>{each.name}</li>"

    assert made.drawn(draw) == made.drawn(draw) == "<li>1</li>"  # type: ignore[arg-type]
    assert drawn == [made]
