"""The WSGI entry point: ``gunicorn wsgi:app``, and what the ``flask`` command loads."""

from webapp.app import create_app

app = create_app()
