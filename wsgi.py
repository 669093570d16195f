"""The WSGI entry point: ``gunicorn wsgi:app``, and what the ``flask`` command loads."""

import gc

from webapp.app import create_app

# Werkzeug compiles each route out of so many small objects that looking for garbage takes four fifths of the time.
gc.disable()
app = create_app()
gc.enable()
