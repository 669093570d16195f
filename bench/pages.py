"""The whole directory page against Datasette: ``python -m bench.pages --startups 18000``. See ``bench/README.md``.

Prints a table, and one JSON object as its last line.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode

from bench.corpus import SIZES
from bench.directory import DATASETTE_FACETS, Pack, datasette_file, environment, product_folder, session_of
from bench.load import free_port, get, load, server
from bench.queries import BenchQuery, queries
from bench.timing import machine, percentile, table
from webapp import config

PROCESSES = 2
"""Of the product's server, and of Datasette's unless told otherwise."""
PER_PAGE = 24
MIXES = {"text": ("common", "two_terms", "rare", "filtered"), "browsing": ("browse_first",)}


def product_path(query: BenchQuery, pack: Pack) -> str:
    """The address of the directory page that answers a query."""
    parameters = {"q": query.text, **_codes(query, pack)}
    return f"/fr/startups?{urlencode({name: value for name, value in parameters.items() if value})}"


def datasette_path(query: BenchQuery, pack: Pack) -> str:
    """The address of the table page that answers a query: text in the order of rows, browsing by name."""
    parameters = [("_search", query.text)] if query.text else [("_sort", "name")]
    parameters += _codes(query, pack).items()
    parameters += [("_facet", facet) for facet in DATASETTE_FACETS]
    return f"/directory/startup?{urlencode(parameters)}"


def _codes(query: BenchQuery, pack: Pack) -> dict[str, str]:
    codes = dict(query.filters)
    if "sector" in codes:
        codes["sector"] = pack.sector_code(codes["sector"])
    return codes


@contextmanager
def product(folder: Path) -> Iterator[list[int]]:
    """The product under gunicorn, two processes behind one port."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "wsgi:app"]
    env = environment(folder, PORT=str(port), WEB_CONCURRENCY=str(PROCESSES), MULTAQA_PAGE_SIZE=str(PER_PAGE))
    with server(command, port, "/fr/startups", cwd=config.ROOT, env=env):
        yield [port]


@contextmanager
def datasette(file: Path, processes: int) -> Iterator[list[int]]:
    """Datasette, which knows no workers: processes with a port each, that the clients ask in turn."""
    settings = {
        "default_page_size": PER_PAGE,
        "suggest_facets": "off",
        "default_facet_size": 50,
        "facet_time_limit_ms": 20_000,
        "sql_time_limit_ms": 20_000,
        "truncate_cells_html": 200,
        "cache_size_kb": 200_000,
    }
    options = [part for name, value in settings.items() for part in ("--setting", name, str(value))]
    with ExitStack() as stack:
        ports = [free_port() for _ in range(processes)]
        for port in ports:
            command = [sys.executable, "-m", "datasette", "serve", "-i", str(file), "-p", str(port), *options]
            stack.enter_context(server(command, port, "/-/versions.json"))
        yield ports


def _addresses(documents: int, pack: Pack, kinds: Sequence[str]) -> dict[str, list[str]]:
    """Server -> the pages that clients ask it for, in one order."""
    asked = queries(documents, kinds)
    random.Random(documents).shuffle(asked)
    return {
        "multaqa": [product_path(query, pack) for query in asked],
        "datasette": [datasette_path(query, pack) for query in asked],
    }


def _check(ports: Sequence[int], paths: Sequence[str], shows: Callable[[str], bool]) -> None:
    """Warm a server up with every page once.

    Raises:
        RuntimeError: pages fail, or too many show no results: then the comparison is void.
    """
    empty = 0
    for number, path in enumerate(path for path in paths for _ in ports):
        status, body = get(ports[number % len(ports)], path)
        if status != HTTPStatus.OK:
            raise RuntimeError(f"{status} for {path}")
        empty += not shows(body.decode())
    if empty > 0.1 * len(paths) * len(ports):
        raise RuntimeError(f"{empty} of {len(paths) * len(ports)} pages show no results")


SHOWS: dict[str, Callable[[str], bool]] = {
    "multaqa": lambda page: "/fr/startups/startup-" in page,
    "datasette": lambda page: "col-description" in page and "facet-results" in page,
}
"""How a page with results is told from one without."""


def measure(
    ports: dict[str, list[int]], addresses: dict[str, list[str]], rounds: int, seconds: float
) -> dict[str, dict[str, float]]:
    """Figures of each server: the round with the median of requests a second; servers take turns."""
    found: dict[str, list[dict[str, float]]] = {name: [] for name in ports}
    for name in ports:
        _check(ports[name], addresses[name], SHOWS[name])
    for _ in range(rounds):
        for name in ports:
            found[name].append(load(ports[name], addresses[name], seconds).figures())
    medians = {name: percentile([each["requests_s"] for each in found[name]], 0.5) for name in ports}
    return {name: next(each for each in found[name] if each["requests_s"] == medians[name]) for name in ports}


def main(arguments: argparse.Namespace) -> None:
    """Fill both databases, start both servers, measure, stop them, print."""
    documents = arguments.startups
    folder = product_folder(documents, anew=arguments.rebuild)
    with session_of(folder) as session:
        pack = Pack.read(session)
        file = datasette_file(folder, pack, documents)
        mixes = {mix: _addresses(documents, pack, kinds) for mix, kinds in MIXES.items()}
    busy = machine()
    figures = {}
    with product(folder) as own, datasette(file, arguments.datasette_processes) as peer:
        for mix, addresses in mixes.items():
            ports = {"multaqa": own, "datasette": peer}
            figures[mix] = measure(ports, addresses, arguments.rounds, arguments.seconds)
    rows = [
        [f"{mix}: {name}", *(str(value) for value in found.values())]
        for mix, servers in figures.items()
        for name, found in servers.items()
    ]
    print(f"\n{documents} startups, {arguments.rounds} rounds of {arguments.seconds} seconds\n")
    print(table(["", "requests/s", "p50 ms", "p95 ms", "bytes a page", "failures"], rows))
    times = {
        mix: round(found["multaqa"]["requests_s"] / found["datasette"]["requests_s"], 2)
        for mix, found in figures.items()
    }
    print(f"requests/s, multaqa / datasette: {times}")
    print(json.dumps({"startups": documents, "mixes": figures, "ratios": times, "machine": busy}))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--startups", type=int, default=SIZES[1])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=10.0, help="how long each server is loaded in a round")
    parser.add_argument("--datasette-processes", type=int, default=PROCESSES, help="it is run with one as a rule")
    parser.add_argument("--rebuild", action="store_true", help="make the databases anew")
    main(parser.parse_args())
