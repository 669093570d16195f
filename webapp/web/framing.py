"""Pages that other sites may show in a frame: the only ones, and without anything of whoever looks at them."""

from __future__ import annotations

from flask import Flask, Response, make_response
from markupsafe import Markup

from webapp.web.security import CONTENT_SECURITY_POLICY

FOR_FRAMES = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors *").replace(
    "script-src 'self'", "script-src 'none'"
)
SECONDS = 900
WIDTH, HEIGHT = 480, 220
"""Of a card, in pixels."""


def framed(html: str) -> Response:
    """A page for frames of other sites: no scripts, no cookies, kept for some minutes by whoever passes it on."""
    response = make_response(html)
    response.headers["Content-Security-Policy"] = FOR_FRAMES
    response.headers["Cross-Origin-Opener-Policy"] = "unsafe-none"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    response.cache_control.public, response.cache_control.max_age = True, SECONDS
    return response


def embed_code(url: str, title: str, width: int = WIDTH, height: int = HEIGHT) -> Markup:
    """The HTML that shows a page of this site in a frame of another one."""
    return Markup(
        '<iframe src="{url}" title="{title}" width="{width}" height="{height}" frameborder="0" loading="lazy"></iframe>'
    ).format(url=url, title=title, width=width, height=height)


def init_app(app: Flask) -> None:
    """Give templates the embed code."""
    app.add_template_global(embed_code)
