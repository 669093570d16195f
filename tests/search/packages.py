"""Runs the search tests against each of the packages that import as ``whoosh`` and read the same index format.

By hand: ``python -m tests.search.packages``, or with names, ``python -m tests.search.packages whoosh3``. Each package
is installed into a folder of its own under ``var/whoosh``, which comes first on the path; the environment stays as it
is.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import distributions
from pathlib import Path

from webapp.config import ROOT

FOLDER = ROOT / "var" / "whoosh"

PACKAGES: Mapping[str, str] = {
    "whoosh-reloaded": """\
cached-property==2.0.1 \\
    --hash=sha256:f617d70ab1100b7bcf6e42228f9ddcb78c676ffa167278d9f730d1c2fba69ccb
whoosh-reloaded==2.7.5 \\
    --hash=sha256:2ab6aeeafb359fbff4beb3c704b960fd88240354f3363f1c5bdb5c2325cae80e
""",
    "whoosh": """\
whoosh==2.7.4 \\
    --hash=sha256:aa39c3c3426e3fd107dcb4bde64ca1e276a65a889d9085a6e4b54ba82420a852
""",
    "whoosh3": """\
whoosh3==3.54.0 \\
    --hash=sha256:fb9656781a8f42a6ddc273e6e9e456edd0ad8976f4899d9593c424b59a445539
""",
}
"""Name of a package -> what pip installs, pinned by version and hash."""


def _installed(name: str) -> Path:
    """The folder with a package in it; installed first if need be, all or nothing."""
    requirements = PACKAGES[name]
    folder = FOLDER / f"{name}-{hashlib.sha256(requirements.encode()).hexdigest()[:12]}"
    if folder.is_dir():
        return folder
    FOLDER.mkdir(parents=True, exist_ok=True)
    temporary, listed = folder.with_suffix(".tmp"), folder.with_suffix(".txt")
    shutil.rmtree(temporary, ignore_errors=True)
    listed.write_text(requirements, "utf-8")
    options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes", "--only-binary", ":all:"]
    command = [sys.executable, "-m", "pip", "install", *options, "--target", str(temporary), "-r", str(listed)]
    subprocess.run(command, check=True)
    temporary.rename(folder)
    return folder


def _imported_from(environment: Mapping[str, str]) -> Path:
    command = [sys.executable, "-W", "ignore", "-c", "import whoosh; print(whoosh.__file__)"]
    printed = subprocess.run(command, env=dict(environment), check=True, capture_output=True, text=True, cwd=ROOT)
    return Path(printed.stdout.strip())


def passes(name: str, *arguments: str) -> bool:
    """Whether the search tests pass with this package; ``arguments`` go to pytest.

    Raises:
        KeyError: there is no such package.
        subprocess.CalledProcessError: it cannot be installed.
        RuntimeError: Python would import another package.
    """
    folder = _installed(name)
    path = os.pathsep.join(filter(None, (str(folder), os.environ.get("PYTHONPATH"))))
    environment = {**os.environ, "PYTHONPATH": path}
    if not _imported_from(environment).is_relative_to(folder):
        raise RuntimeError(f"whoosh is not imported from {folder}")
    # The evaluation compares with plain Whoosh as well, but with that of the environment only.
    tests = ("tests/search", "--ignore=tests/search/evaluation")
    command = [sys.executable, "-m", "pytest", "-q", *arguments, *tests]
    return subprocess.run(command, env=environment, cwd=ROOT, check=False).returncode == 0


def others() -> list[str]:
    """All but the package of the environment, with which the suite runs anyway."""
    installed = {distribution.name.lower() for distribution in distributions()}
    return [name for name in PACKAGES if name not in installed]


def main(names: Iterable[str] = ()) -> int:
    """Run the search tests with some packages, or with all; the exit code is 0 only if all passed."""
    failed = []
    for name in tuple(names) or PACKAGES:
        print(f"Search tests with {name}:", flush=True)  # noqa: T201
        if not passes(name, "-n", str(min(4, os.cpu_count() or 1))):
            failed.append(name)
    if failed:
        print(f"Failed with: {', '.join(failed)}", file=sys.stderr)  # noqa: T201
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
