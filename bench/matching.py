"""The matcher's speed and memory: ``python -m bench.matching --startups 18000 --partners 3000``.

Profiles are those of ``bench.corpus``, partners being rows that no startup uses. Measured are, one after the other
and over again (``--rounds``) so that a busy machine is unfair to nobody:

- all pairs, the ten nearest by words: ``argsort(-cosine_similarity)`` as most would write it, chunks with
  ``argpartition``, and ``sparse_dot_topn`` with both cores where it is installed (it is no requirement of the product);
- one startup against 30,000 partners: plain scikit-learn, and a product with the transposed rows;
- the product itself: a fit, one changed profile scored and placed on all lists.

A table, and as the last line one JSON object with everything, overlap of the lists with the exact ones included.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, vstack
from sklearn.metrics.pairwise import cosine_similarity

from bench import corpus
from bench.timing import machine, percentile, table
from webapp.matching import Matcher, PartnerFeatures, StartupFeatures
from webapp.matching.model import Space

TOP = 10
CHUNK = 1000
MANY_PARTNERS = 30_000
ASKED = 200
KINDS = ("investor", "mentor", "corporate")


def profiles(startups: int, partners: int) -> tuple[list[StartupFeatures], list[PartnerFeatures]]:
    rows = corpus.rows(startups + partners)
    found = [_startup(row) for row in islice(rows, startups)]
    return found, [_partner(row) for row in rows]


def _texts(row: corpus.Row) -> dict[str, str]:
    return {
        language: f"{row.pitch.get(language, '')} {row.description.get(language, '')}".strip()
        for language in sorted({*row.pitch, *row.description})
    }


def _startup(row: corpus.Row) -> StartupFeatures:
    terms = {"sectors": (row.sector,), "maturities": (row.stage,)}
    return StartupFeatures(row.id, _texts(row), terms, sites=(row.site,), regions=(row.region,), places=(row.region,))


def _partner(row: corpus.Row) -> PartnerFeatures:
    terms = {"sectors": (row.sector,), "maturities": (row.stage,)}
    return PartnerFeatures(row.id, KINDS[row.id % 3], _texts(row), terms, regions=(row.region,))


def naive(left: csr_matrix, right: csr_matrix) -> np.ndarray:
    return np.argsort(-cosine_similarity(left, right), axis=1)[:, :TOP]


def chunked(left: csr_matrix, right: csr_matrix) -> np.ndarray:
    columns = right.T.tocsr()
    found = []
    for start in range(0, left.shape[0], CHUNK):
        block = (left[start : start + CHUNK] @ columns).toarray()
        best = np.argpartition(-block, TOP, axis=1)[:, :TOP]
        order = np.argsort(-np.take_along_axis(block, best, axis=1), axis=1)
        found.append(np.take_along_axis(best, order, axis=1))
    return np.concatenate(found)


def top_n(left: csr_matrix, right: csr_matrix) -> np.ndarray:
    from sparse_dot_topn import sp_matmul_topn

    found = sp_matmul_topn(left, right.T.tocsr(), top_n=TOP, sort=True, n_threads=2)
    result = np.full((left.shape[0], TOP), -1)
    for row in range(left.shape[0]):
        columns = found.indices[found.indptr[row] : found.indptr[row + 1]]
        result[row, : len(columns)] = columns
    return result


def ways() -> dict[str, Callable[[csr_matrix, csr_matrix], np.ndarray]]:
    found: dict[str, Callable[[csr_matrix, csr_matrix], np.ndarray]] = {"naive": naive, "chunked": chunked}
    try:
        import sparse_dot_topn  # noqa: F401
    except ImportError:
        return found
    return found | {"sparse_dot_topn": top_n}


def overlap(found: np.ndarray, exact: np.ndarray) -> float:
    """The share of the exact lists that is found; equal scores may stand in any order, so a little is lost by lot."""
    return float(np.mean([len(set(mine) & set(right)) / TOP for mine, right in zip(found, exact, strict=True)]))


def all_pairs(left: csr_matrix, right: csr_matrix, rounds: int) -> dict[str, dict[str, float]]:
    seconds: dict[str, list[float]] = {name: [] for name in ways()}
    lists: dict[str, np.ndarray] = {}
    for _ in range(rounds):
        for name, way in ways().items():
            began = time.perf_counter()
            lists[name] = way(left, right)
            seconds[name].append(time.perf_counter() - began)
    exact = min(seconds["naive"])
    return {
        name: {
            "seconds": round(min(took), 3),
            "times_as_fast": round(exact / min(took), 2),
            "overlap": round(overlap(lists[name], lists["naive"]), 4),
        }
        for name, took in seconds.items()
    }


def one_against_many(left: csr_matrix, right: csr_matrix) -> dict[str, dict[str, float]]:
    many = vstack([right] * (1 + MANY_PARTNERS // right.shape[0]), format="csr")[:MANY_PARTNERS]
    columns = many.T.tocsr()

    def product(row: csr_matrix) -> np.ndarray:
        scores = (row @ columns).toarray()[0]
        best = np.argpartition(-scores, TOP)[:TOP]
        return best[np.argsort(-scores[best])]

    def plain(row: csr_matrix) -> np.ndarray:
        return np.argsort(-cosine_similarity(row, many)[0])[:TOP]

    found = {}
    for name, way in (("plain", plain), ("product", product)):
        seconds = []
        for number in range(ASKED):
            row = left[number % left.shape[0]]
            began = time.perf_counter()
            way(row)
            seconds.append(time.perf_counter() - began)
        found[name] = {f"p{share}_ms": round(percentile(seconds, share / 100) * 1000, 2) for share in (50, 95)}
    return found


def product_figures(startups: list[StartupFeatures], partners: list[PartnerFeatures]) -> dict[str, float]:
    """Seconds of a fit, of ranking everything, and of one changed startup or partner until its scores are known."""
    matcher = Matcher(per_profile=TOP, pack_digest="bench")
    steps: dict[str, Callable[[], Any]] = {
        "fit_s": lambda: matcher.fit(startups, partners),
        "rank_s": matcher.rank,
        "startup_s": lambda: _replace(matcher, startups[7]),
        "partner_s": lambda: _replace(matcher, partners[7]),
    }
    return {name: round(seconds, 3) for name, seconds in _timed(steps)}


def _replace(matcher: Matcher, profile: StartupFeatures | PartnerFeatures) -> None:
    if isinstance(profile, StartupFeatures):
        matcher.replace_startups([profile.id], [profile])
        matcher.rank([profile.id], [])
    else:
        matcher.replace_partners([profile.id], [profile])
        matcher.rank([], [profile.id])


def _timed(steps: dict[str, Callable[[], Any]]) -> Iterator[tuple[str, float]]:
    for name, step in steps.items():
        began = time.perf_counter()
        step()
        yield name, time.perf_counter() - began


def peak_megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--startups", type=int, default=18_000)
    parser.add_argument("--partners", type=int, default=3_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--skip-product", action="store_true")
    asked = parser.parse_args()
    startups, partners = profiles(asked.startups, asked.partners)
    figures: dict[str, Any] = {"startups": asked.startups, "partners": asked.partners, "machine": machine()}
    if not asked.skip_product:
        figures["product"] = product_figures(startups, partners) | {"peak_mb": peak_megabytes()}
    rows, columns = (side.words for side in Space().fit(startups, partners))
    figures["one"] = one_against_many(rows, columns)
    figures["all_pairs"] = all_pairs(rows, columns, asked.rounds)
    print(_tables(figures))
    print(json.dumps(figures))


def _tables(figures: dict[str, Any]) -> str:
    pairs = [[name, *map(str, found.values())] for name, found in figures["all_pairs"].items()]
    one = [[name, *map(str, found.values())] for name, found in figures["one"].items()]
    parts = [
        table(["all pairs", "s", "times as fast", "overlap@10"], pairs),
        table([f"one against {MANY_PARTNERS}", "p50 ms", "p95 ms"], one),
    ]
    if "product" in figures:
        parts.append(table(["the product", "figure"], [[name, str(one)] for name, one in figures["product"].items()]))
    return "\n\n".join(parts)


if __name__ == "__main__":
    main()
