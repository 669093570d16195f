"""How the web server runs: a few processes with threads, sharing what they loaded before they parted."""

import os

from webapp.web.preparation import prepare_if_asked

bind = os.environ.get("MULTAQA_BIND", f"127.0.0.1:{os.environ.get('PORT', '8000')}")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = 4
preload_app = True
timeout = 30
graceful_timeout = 10
errorlog = "-"
loglevel = "warning"


def on_starting(server):
    """Make what is missing, if asked to, before the port is bound; the application is loaded already."""
    prepare_if_asked(server.app.wsgi())


def when_ready(server):
    """Say what to open as soon as the server answers."""
    host, port = server.address[0] if isinstance(server.address, list) else server.address
    shown = "localhost" if host == "127.0.0.1" else host
    print(f"\n  Multaqa is running. Open http://{shown}:{port}/  (Ctrl-C stops it)\n", flush=True)
