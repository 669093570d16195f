"""Search against other engines: ``python -m bench.search --documents 18000``. See ``bench/README.md``.

Prints tables, and one JSON object as its last line.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence

from bench import engines
from bench.build import ensure_built, index_folder
from bench.corpus import SIZES
from bench.engines.base import Engine, NotThereError
from bench.queries import CLASSES, EXACT, BenchQuery, queries
from bench.timing import machine, percentile, ratios, summary, table

OWN = engines.NAMES[0]
QUICK = 10
"""Queries a class without ``--full``."""
PATIENCE_SECONDS = 60.0
"""An engine that takes longer for one round of all queries is asked each of them once more only."""
SHOWN = 8

Samples = dict[tuple[str, int], list[tuple[float, float]]]
"""Engine and number of the query -> seconds of finding, and of finding and reading the page, one pair a round."""


class Agreement:
    """Compares what the engines find for the classes of which all must find the same."""

    def __init__(self) -> None:
        self.compared = 0
        self.disagreements: list[str] = []

    def compare(self, query: BenchQuery, found: dict[str, tuple[int, object]]) -> None:
        """Note whether totals, facet counts and, in the order of names, the ids of one query are the same."""
        if query.kind not in EXACT or len(found) < 2:
            return
        self.compared += 1
        first = next(iter(found.values()))
        if any(other != first for other in found.values()):
            totals = ", ".join(f"{name} {total}" for name, (total, _) in found.items())
            self.disagreements.append(f"{query.kind} “{query.text}” {dict(query.filters)}: {totals}")

    def report(self) -> str:
        """How many agree, and some that do not."""
        same = self.compared - len(self.disagreements)
        lines = [f"{same} of {self.compared} exact queries: same totals, facets and order of names"]
        return "\n".join(lines + [f"  differs: {line}" for line in self.disagreements[:SHOWN]])


def _offers(engine: Engine, query: BenchQuery) -> bool:
    return query.kind not in engine.lacks


def _ask(engine: Engine, query: BenchQuery) -> tuple[tuple[float, float], tuple[int, object]]:
    started = time.perf_counter()
    found = engine.find(query)
    middle = time.perf_counter()
    engine.read(found, query)
    ended = time.perf_counter()
    return (middle - started, ended - started), (found.total, (found.facets, () if query.text else found.ids))


def _round(opened: Sequence[Engine], asked: Sequence[BenchQuery], number: int) -> Iterable[tuple]:
    """One round: query by query, all engines, who comes first in turn."""
    for place, query in enumerate(asked):
        turn = (place + number) % len(opened)
        for engine in [*opened[turn:], *opened[:turn]]:
            if _offers(engine, query):
                yield place, engine, *_ask(engine, query)


def measure(opened: Sequence[Engine], asked: Sequence[BenchQuery], repeat: int) -> tuple[Samples, Agreement]:
    """A round to warm up and to compare, then ``repeat`` rounds that count."""
    agreement, used = Agreement(), dict.fromkeys((engine.name for engine in opened), 0.0)
    answers: dict[int, dict[str, tuple[int, object]]] = defaultdict(dict)
    for place, engine, (_, seconds), answer in _round(opened, asked, 0):
        answers[place][engine.name] = answer
        used[engine.name] += seconds
    for place, found in answers.items():
        agreement.compare(asked[place], found)
    answers.clear()
    gc.collect()
    gc.freeze()
    samples: Samples = defaultdict(list)
    for number in range(1, repeat + 1):
        patient = [engine for engine in opened if number == 1 or used[engine.name] <= PATIENCE_SECONDS]
        for place, engine, seconds, _ in _round(patient, asked, number):
            samples[engine.name, place].append(seconds)
    return samples, agreement


def summarise(samples: Samples, asked: Sequence[BenchQuery], names: Sequence[str]) -> dict[str, dict]:
    """Engine -> figures over all classes that all engines offer, and by class. A query counts with its median."""
    figures = {}
    offered = {
        kind
        for kind in CLASSES
        if all(
            any((name, place) in samples for place, query in enumerate(asked) if query.kind == kind) for name in names
        )
    }
    for name in names:
        by_class: dict[str, list[tuple[float, float]]] = defaultdict(list)
        for (engine, place), pairs in samples.items():
            if engine == name:
                finding, whole = zip(*pairs, strict=True)
                by_class[asked[place].kind].append((percentile(finding, 0.5), percentile(whole, 0.5)))
        shared = [pair for kind in offered for pair in by_class[kind]]
        figures[name] = {
            **summary([whole for _, whole in shared]),
            "find": summary([finding for finding, _ in shared]),
            "classes": {kind: summary([whole for _, whole in by_class[kind]]) for kind in CLASSES if by_class[kind]},
        }
    return figures


def report(figures: dict[str, dict], names: Sequence[str]) -> str:
    """Milliseconds by class, then how many times as quick as each peer the product is."""
    rows = []
    for kind in CLASSES:
        found = [figures[name]["classes"].get(kind) for name in names]
        rows.append([kind, *(f"{each['p50_ms']:.2f} / {each['p95_ms']:.2f}" if each else "-" for each in found)])
    for label, key in (("all (offered by all)", None), ("  of that, finding", "find")):
        found = [figures[name][key] if key else figures[name] for name in names]
        rows.append([label, *(f"{each['p50_ms']:.2f} / {each['p95_ms']:.2f}" for each in found)])
    text = table(["ms, p50 / p95", *names], rows)
    peers = [name for name in names if name != OWN]
    if OWN not in names or not peers:
        return text
    own, times = figures[OWN], []
    for kind in CLASSES:
        pairs = [(own["classes"].get(kind), figures[peer]["classes"].get(kind)) for peer in peers]
        times.append([kind, *(ratios(*pair) if all(pair) else "-" for pair in pairs)])
    times.append(["all (offered by all)", *(ratios(own, figures[peer]) for peer in peers)])
    times.append(["  of that, finding", *(ratios(own["find"], figures[peer]["find"]) for peer in peers)])
    return f"{text}\n\n{table([f'p50 of peer / p50 of {OWN}', *peers], times)}"


def _product(documents: int) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.product", "--documents", str(documents)]
    found = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(found.stdout.splitlines()[-1])


def _present(names: Iterable[str]) -> list[str]:
    """The engines that can take part; says of the others why they cannot."""
    present = []
    for name in names:
        try:
            engines.load(name).check()
            present.append(name)
        except ModuleNotFoundError as error:
            print(f"{name} is left out: {error.name} is not installed")
        except NotThereError as error:
            print(f"{name} is left out: {error}")
    return present


def _selected(documents: int, full: bool) -> list[BenchQuery]:
    """The queries of a run, classes mixed, in an order that is always the same."""
    found = queries(documents)
    if not full:
        found = [query for kind in CLASSES for query in [each for each in found if each.kind == kind][:QUICK]]
    random.Random(documents).shuffle(found)
    return found


def _run(names: Sequence[str], documents: int, asked: Sequence[BenchQuery], repeat: int) -> tuple[Samples, Agreement]:
    """Open all engines, measure, close them, and remove what must not outlive a run."""
    opened = [engines.load(name)(index_folder(name, documents), documents) for name in names]
    try:
        return measure(opened, asked, repeat)
    finally:
        for engine in opened:
            engine.close()
        for name in names:
            engines.load(name).discard(documents)


def main(arguments: argparse.Namespace) -> None:
    """Build what is missing, measure, print."""
    documents = arguments.documents
    names = _present(arguments.engines.split(","))
    alone = {name: ensure_built(name, documents, anew=arguments.rebuild) for name in names}
    asked, busy = _selected(documents, arguments.full), machine()
    samples, agreement = _run(names, documents, asked, arguments.repeat)
    if OWN in names:
        alone[OWN] |= _product(documents)
    figures = summarise(samples, asked, names)
    print(f"\n{documents} rows, {len(asked)} queries, {arguments.repeat} rounds\n\n{report(figures, names)}\n")
    print(agreement.report())
    for name in names:
        print(f"{name}: {alone[name]}")
        figures[name] |= alone[name]
    result = {"documents": documents, "queries": len(asked), "engines": figures, "machine": busy}
    print(json.dumps(result | {"disagreements": len(agreement.disagreements)}))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=SIZES[1])
    parser.add_argument("--engines", default=",".join(engines.NAMES), help="names, parted by commas")
    parser.add_argument("--repeat", type=int, default=5, help="rounds that count, after one to warm up")
    parser.add_argument("--full", action="store_true", help="forty queries a class instead of ten")
    parser.add_argument("--rebuild", action="store_true", help="build all indexes anew")
    main(parser.parse_args())
