import importlib.util

import pytest

from bench.corpus import BLOCK, REGIONS, STAGES, generate, sectors
from bench.corpus import vocabularies as real_vocabularies
from bench.documents import BOUNDARY, FIELDS, document, name_ranks, tokens
from webapp.language import analyze, sort_key
from webapp.search.documents import FACETS as PRODUCT_FACETS

needs_wordfreq = pytest.mark.skipif(
    importlib.util.find_spec("wordfreq") is None, reason="wordfreq, an extra of the benchmark, is not installed"
)


def test_the_first_rows_are_the_same_in_every_corpus(vocabularies):
    longer = list(generate(BLOCK + 40, vocabularies))
    assert longer[:30] == list(generate(30, vocabularies))
    assert [row.id for row in longer] == list(range(1, BLOCK + 41))


def test_blocks_differ(vocabularies):
    longer = list(generate(BLOCK + 40, vocabularies))
    assert [row.description for row in longer[:40]] != [row.description for row in longer[BLOCK:]]


def test_every_row_writes_in_three_languages_and_has_known_codes(rows):
    codes = {sector.code for sector in sectors()}
    assert len(codes) == 30
    for row in rows:
        assert all(row.pitch[language] and row.description[language] for language in ("ar", "fr", "en"))
        assert row.sector in codes
        assert row.region in REGIONS
        assert row.stage in STAGES


def test_frequent_words_are_much_more_frequent_than_rare_ones(rows, vocabularies):
    words = [word.lower().strip(".") for row in rows for word in row.description["en"].split()]
    known = vocabularies["en"].words
    assert words.count(known[0]) > 10 * words.count(known[60]) > 0


def test_a_big_corpus_has_many_sites_and_a_small_one_few(rows):
    assert len({row.facets(18_000)["site"] for row in rows}) == 8
    assert len({row.facets(180_000)["site"] for row in rows}) > 100


def test_facets_of_a_document_are_facets_of_the_product(rows):
    assert document(rows[0], 450).facets.keys() <= set(PRODUCT_FACETS["startup"])


def test_peers_get_the_stems_that_the_product_makes(rows):
    given = tokens(rows[0])
    assert tuple(given) == FIELDS
    assert given["description"].split(f" {BOUNDARY} ")[0].split() == analyze(rows[0].description["ar"])


def test_the_boundary_of_texts_is_one_word_that_nobody_writes(rows):
    assert analyze(BOUNDARY) == [BOUNDARY]
    assert not any(BOUNDARY in text for row in rows for text in row.description.values())


def test_ranks_put_names_in_order(rows):
    ranks = name_ranks(rows)
    in_order = sorted(rows, key=lambda row: ranks[row.id])
    names = [sort_key(row.name) for row in in_order]
    assert names == sorted(names)
    assert sorted(ranks.values()) == list(range(len(rows)))


@needs_wordfreq
def test_real_vocabularies_are_in_their_own_script_and_add_up():
    found = real_vocabularies(2_000)
    assert all("\u0621" <= word[0] <= "\u064a" for word in found["ar"].words)
    assert all(word[0] < "\u0250" for word in found["fr"].words)
    assert all(len(each.words) == 2_000 and each.shares.sum() == pytest.approx(1) for each in found.values())
