"""Runs the whole suite, as ``make test`` does: on SQLite, on PostgreSQL where there is one, and in the browser.

With CI set, a service that is missing is an error; without, its tests are skipped and the run says so at its end. With
CI set, the search tests also run with the other packages that import as ``whoosh`` (``tests.search.packages``).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import sqlalchemy as sa

from tests.search import packages

POSTGRESQL = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"

WITHOUT_DATABASE = ("bench", "clusters", "language", "matching", "search")
"""Tests of packages that know no database: once is enough."""


def _postgresql_url() -> str | None:
    url = os.environ.get("MULTAQA_TEST_DATABASE_URL", POSTGRESQL)
    try:
        engine = sa.create_engine(url, connect_args={"connect_timeout": 3})
        with engine.connect():
            return url
    except sa.exc.OperationalError:
        return None


def _pytest(*arguments: str, **environment: str) -> bool:
    command = [sys.executable, "-m", "pytest", "-q", "-n", str(min(4, os.cpu_count() or 1)), *arguments]
    clean = {key: value for key, value in os.environ.items() if key != "MULTAQA_TEST_DATABASE_URL"}
    return subprocess.run(command, env=clean | environment, check=False).returncode == 0


def main() -> int:
    """Run everything; the exit code is 0 only if all of it passed."""
    strict = bool(os.environ.get("CI"))
    postgresql = _postgresql_url()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    missing = [name for name, there in (("PostgreSQL", postgresql), ("Chromium", chromium)) if not there]
    if strict and missing:
        print(f"Missing on this machine, but CI must test with it: {', '.join(missing)}", file=sys.stderr)  # noqa: T201
        return 1
    passed = _pytest("-m", "not browser")
    if postgresql:
        ignored = [f"--ignore=tests/{package}" for package in WITHOUT_DATABASE]
        passed &= _pytest("-m", "not browser", *ignored, MULTAQA_TEST_DATABASE_URL=postgresql)
    if chromium:
        passed &= _pytest("-m", "browser", MULTAQA_CHROMIUM=chromium)
    if strict:
        passed &= packages.main(packages.others()) == 0
    for name in missing:
        print(f"Skipped: the tests that need {name}, which this machine does not have.", file=sys.stderr)  # noqa: T201
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
