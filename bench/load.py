"""Servers and clients of a load test: processes that are always stopped, and a closed loop of requests."""

from __future__ import annotations

import http.client
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.corpus import CACHE
from bench.timing import summary

CLIENTS = 4
LOG = CACHE / "servers.log"
"""What the servers say."""
_START_SECONDS = 60.0
_HEADERS = {"Accept": "text/html", "Accept-Encoding": "identity", "Connection": "close"}
"""A connection a request: otherwise four lasting connections may all fall to one of two processes."""


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def get(port: int, path: str) -> tuple[int, bytes]:
    """Status and body of a page."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path, headers=_HEADERS)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


@contextmanager
def server(
    command: Sequence[str], port: int, path: str, *, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> Iterator[int]:
    """A server that answers on a port, from when it gives ``path`` until the block ends.

    Raises:
        RuntimeError: it ended, or did not answer within a minute.
    """
    with LOG.open("ab") as log:
        process = subprocess.Popen(command, cwd=cwd, env=env, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + _START_SECONDS
        while not _answers(port, path):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"no answer from {' '.join(command)}; see {LOG}")
            time.sleep(0.2)
        yield port
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(port: int, path: str) -> bool:
    try:
        return get(port, path)[0] == http.HTTPStatus.OK
    except OSError:
        return False


@dataclass
class Loaded:
    """What a stretch of load gave."""

    wall: float = 0.0
    """Seconds."""
    seconds: list[float] = field(default_factory=list)
    """One a request."""
    failures: int = 0
    size: int = 0
    """Bytes of all bodies."""

    def figures(self) -> dict[str, float]:
        """Requests a second, latencies and the mean size of a page."""
        count = len(self.seconds)
        return {
            "requests_s": round(count / self.wall, 2),
            **summary(self.seconds),
            "page_bytes": round(self.size / count),
            "failures": self.failures,
        }


def _client(ports: Sequence[int], paths: Sequence[str], first: int, until: float, into: Loaded) -> None:
    number = first
    while time.monotonic() < until:
        started = time.perf_counter()
        status, body = get(ports[number % len(ports)], paths[number % len(paths)])
        into.seconds.append(time.perf_counter() - started)
        into.size += len(body)
        into.failures += status != http.HTTPStatus.OK
        number += 1


def load(ports: Sequence[int], paths: Sequence[str], seconds: float) -> Loaded:
    """Four clients, each asking for the next page as soon as it has one, in turn from each port."""
    parts = [Loaded() for _ in range(CLIENTS)]
    started = time.monotonic()
    threads = [
        # Clients begin at different places, and those of one port do not all begin with it.
        threading.Thread(
            target=_client, args=(ports, paths, number * (len(paths) // CLIENTS + 1), started + seconds, part)
        )
        for number, part in enumerate(parts)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Loaded(
        time.monotonic() - started,
        [value for part in parts for value in part.seconds],
        sum(part.failures for part in parts),
        sum(part.size for part in parts),
    )
