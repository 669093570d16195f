from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from webapp.web.directories import STARTUPS
from webapp.web.facets import SHOWN_AT_ONCE, chips, facet_views
from webapp.web.listing_form import LONGEST_TEXT
from webapp.web.paging import page_numbers
from webapp.web.selection import Selection


def _selection(query: str) -> Selection:
    form = STARTUPS.form(MultiDict(pair.split("=", 1) for pair in query.split("&") if pair))
    return Selection.from_form(form, STARTUPS.endpoint, STARTUPS.names)


@pytest.fixture
def in_english(app: Flask) -> object:
    with app.test_request_context("/en/startups"):
        app.preprocess_request()
        yield


@pytest.mark.usefixtures("in_english")
class TestSelections:
    def test_reading_an_address_and_writing_it_again_changes_nothing(self) -> None:
        address = _selection("q=eau&region=MA-09&sector=fintech&sector=edtech&sort=name&view=cards&page=3").url
        assert address == "/en/startups?q=eau&region=MA-09&sector=fintech&sector=edtech&sort=name&view=cards&page=3"

    def test_another_filter_or_order_begins_at_the_first_page(self) -> None:
        selection = _selection("sector=fintech&page=3")
        assert selection.without("sector", "fintech").page == 1
        assert selection.sorted_by("name").page == 1
        assert selection.without_text().page == 1

    def test_clearing_keeps_the_density(self) -> None:
        assert _selection("q=x&sector=fintech&sort=name&view=cards").cleared().url == "/en/startups?view=cards"

    def test_the_most_frequent_options_stand_in_front_and_chosen_ones_always(self) -> None:
        counts = {"sector": {f"s{number}": 100 - number for number in range(20)}}
        views = list(facet_views(STARTUPS.facets, counts, _selection("sector=s19&sector=none")))
        assert [view.name for view in views] == ["sector"]
        assert len(views[0].first) == SHOWN_AT_ONCE + 2
        assert {"s0", "s19", "none"} <= {option.code for option in views[0].first}
        assert len(views[0].rest) == 11

    def test_stages_keep_their_order_and_empty_options_are_left_out(self) -> None:
        counts = {"stage": {"growth": 9, "idea": 1, "mvp": 0}}
        view = next(facet_views(STARTUPS.facets, counts, _selection("")))
        assert [option.code for option in view.first] == ["idea", "growth"]

    def test_each_chip_takes_one_filter_away(self) -> None:
        found = chips(STARTUPS.facets, _selection("sector=fintech&site=agadir"))
        assert [(str(chip.title), chip.name, chip.url) for chip in found] == [
            ("Park", "Technopark Agadir", "/en/startups?sector=fintech"),
            ("Sector", "Fintech", "/en/startups?site=agadir"),
        ]


_TEXT = st.text(max_size=400)


@given(q=_TEXT, page=_TEXT, sort=_TEXT, codes=st.lists(_TEXT, max_size=5))
def test_no_query_string_is_refused(q: str, page: str, sort: str, codes: list[str]) -> None:
    # A form needs the translations of an application, but nothing else of it.
    app = Flask("forms")
    app.secret_key = "forms"
    with app.test_request_context():
        pairs = [("q", q), ("page", page), ("sort", sort), *(("sector", code) for code in codes)]
        selection = Selection.from_form(STARTUPS.form(MultiDict(pairs)), "x", STARTUPS.names)
    assert len(selection.text) <= LONGEST_TEXT
    assert selection.page >= 1
    assert selection.query(24).text == selection.text
    assert all(code.isprintable() for _, code in selection.chosen)


@pytest.mark.parametrize(
    ("page", "pages", "shown"),
    [
        (1, 1, [1]),
        (1, 3, [1, 2, 3]),
        (7, 20, [1, None, 6, 7, 8, None, 20]),
        (4, 20, [1, 2, 3, 4, 5, None, 20]),
        (20, 20, [1, None, 19, 20]),
    ],
)
def test_a_pager_names_the_ends_and_the_neighbours(page: int, pages: int, shown: list[int | None]) -> None:
    assert page_numbers(page, pages) == shown
