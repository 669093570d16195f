"""The views for load balancers and monitoring."""

from __future__ import annotations

from flask import Response, jsonify

from webapp.permissions import Permission
from webapp.web.access import allow
from webapp.web.readiness import readiness


@allow(Permission.OPERATE)
def healthz() -> Response:
    """The process answers; nothing else is asked."""
    return Response("ok", mimetype="text/plain", headers={"Cache-Control": "no-store"})


@allow(Permission.OPERATE)
def readyz() -> tuple[Response, int, dict[str, str]]:
    """Whether the process can serve, and if not, what is missing."""
    parts = readiness()
    missing = [name for name, is_there in parts.items() if not is_there]
    status = 503 if missing else 200
    return jsonify(ready=not missing, missing=missing, **parts), status, {"Cache-Control": "no-store"}
