import pytest, gc
from webapp.app import create_app
from webapp.extensions import db
from tests.accounts import make_account, make_person

def test_a(app, session, settings):
    make_account(person=make_person(email="demo@mail.example"), is_demo=True)
    session.commit()
    production = settings.model_copy(update={"environment": "production", "secret_key": "x" * 40})
    with pytest.raises(RuntimeError, match="remove-demo"):
        create_app(production)

def test_b(app, session, settings, monkeypatch):
    account = make_account(person=make_person(email="demo@mail.example"), is_demo=True)
    session.commit()
    production = settings.model_copy(update={"environment": "production", "secret_key": "x" * 40})
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", "true")
    site = create_app(production)
    with site.app_context():
        assert site.extensions["security"].datastore.find_user(email="demo@mail.example") is None
        db.session.remove()
        db.engine.dispose()
