"""Static files: their addresses carry a digest of their content, so browsers may keep them for a year."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, request, url_for

YEAR = 365 * 24 * 3600


@lru_cache(maxsize=256)
def _digest(path: Path, _modified: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def asset_url(filename: str) -> str:
    """The address of a file in ``static/``, which changes when the file does."""
    path = Path(current_app.static_folder or "") / filename
    return url_for("static", filename=filename, v=_digest(path, path.stat().st_mtime_ns))


def logo_url(name: str) -> str:
    """The address of a logo; its name changes with the picture."""
    return url_for("profiles.logo_file", name=name)


def _keep(response: Response) -> Response:
    if request.endpoint == "static" and response.status_code == 200:
        if "v" in request.args:
            response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
        else:
            response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def init_app(app: Flask) -> None:
    """Give templates ``asset_url`` and ``logo_url``."""
    app.add_template_global(asset_url)
    app.add_template_global(logo_url)
    app.after_request(_keep)
