"""The application factory: all wiring, in one readable order."""

from __future__ import annotations

from flask import Flask
from sqlalchemy.pool import NullPool
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp import cli
from webapp.blueprints import (
    account,
    administration,
    admissions,
    api,
    api_tokens,
    applications,
    audit,
    bulk_edits,
    challenge_reviews,
    challenges,
    claims,
    clusters,
    cohorts,
    comparison,
    desk,
    development,
    directory,
    duplicates,
    evidence,
    imports,
    introductions,
    mail_links,
    mailroom,
    matches,
    matchmaking,
    matchmaking_days,
    open_data,
    organisations,
    own_challenges,
    pack,
    pages,
    partners,
    privacy,
    profiles,
    quality,
    residents,
    reviews,
    saved_searches,
    sharing,
    short_links,
    shortlists,
    stale_profiles,
    suggestions,
    system,
    timetables,
    triage,
)
from webapp.config import ROOT, Settings
from webapp.extensions import babel, compress, csrf, db, migrate
from webapp.logs import configure_logging
from webapp.web import (
    access,
    accounts,
    alert_mails,
    application_mails,
    application_words,
    assets,
    audit_words,
    challenge_mails,
    challenge_words,
    day_mails,
    day_words,
    entries,
    errors,
    evidence_files,
    explanations,
    formats,
    framing,
    goals,
    introduction_links,
    introduction_messages,
    introduction_words,
    links,
    locale,
    mail_words,
    marks,
    organisation_mails,
    profile_addresses,
    profile_changes,
    profile_mails,
    profile_words,
    programs,
    reasons,
    requests,
    residency_mails,
    residency_words,
    saved_search_words,
    security,
    site,
    structured_data,
    waiting,
    workspace,
)

GLUE = (
    requests,
    security,
    assets,
    site,
    framing,
    structured_data,
    links,
    formats,
    marks,
    mail_words,
    introduction_words,
    entries,
    goals,
    reasons,
    explanations,
    accounts,
    programs,
    access,
    workspace,
    waiting,
    audit_words,
    organisation_mails,
    profile_words,
    profile_addresses,
    profile_changes,
    profile_mails,
    residency_mails,
    residency_words,
    introduction_messages,
    introduction_links,
    day_words,
    day_mails,
    challenge_words,
    challenge_mails,
    saved_search_words,
    alert_mails,
    application_words,
    application_mails,
    evidence_files,
    errors,
)
"""What binds the parts of ``webapp.web`` to an application, in this order."""

BLUEPRINTS = (
    account,
    administration,
    pages,
    directory,
    partners,
    matches,
    introductions,
    triage,
    mail_links,
    mailroom,
    desk,
    clusters,
    suggestions,
    system,
    matchmaking,
    matchmaking_days,
    timetables,
    privacy,
    organisations,
    claims,
    evidence,
    profiles,
    reviews,
    comparison,
    saved_searches,
    duplicates,
    bulk_edits,
    sharing,
    short_links,
    shortlists,
    api,
    api_tokens,
    open_data,
    applications,
    admissions,
    cohorts,
    challenges,
    own_challenges,
    challenge_reviews,
    audit,
    quality,
    residents,
    stale_profiles,
    imports,
    pack,
)


def create_app(settings: Settings | None = None) -> Flask:
    """A Multaqa application.

    Args:
        settings: what to run with; read from the environment if absent.

    Raises:
        pydantic.ValidationError: a setting is wrong, or production lacks a real secret.
        RuntimeError: production is to run with demonstration accounts.
    """
    settings = settings or Settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    configure_logging(settings)

    app = Flask(__name__, static_folder=str(ROOT / "static"))
    app.config.from_mapping(flask_config(settings))
    app.extensions["settings"] = settings
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies
        )

    bind_extensions(app)
    for glue in GLUE:
        glue.init_app(app)

    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint.blueprint)
    if settings.environment != "production":
        app.register_blueprint(development.blueprint)
        app.register_blueprint(development.entrance)
    cli.init_app(app)
    accounts.refuse_demonstration_accounts(app)
    return app


def bind_extensions(app: Flask) -> None:
    """Database, migrations, form tokens, compression and translations."""
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"), render_as_batch=True, compare_type=True)
    csrf.init_app(app)
    compress.init_app(app)
    locale.init_app(app, babel)


def flask_config(settings: Settings) -> dict[str, object]:
    """What Flask and its extensions want to know, from our settings."""
    production = settings.environment == "production"
    return {
        "SECRET_KEY": settings.secret_key,
        "TESTING": settings.environment == "test",
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings.database_url),
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "translations"),
        "SESSION_COOKIE_SECURE": production,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "MAX_CONTENT_LENGTH": 5 * 1024 * 1024,
        "COMPRESS_MIMETYPES": [
            "text/html",
            "text/css",
            "text/javascript",
            "application/json",
            "application/xml",
            "image/svg+xml",
        ],
        "COMPRESS_ALGORITHM": ["br", "gzip"],
    }


def engine_options(database_url: str) -> dict[str, object]:
    """How connections to a database are kept between requests.

    A connection that was kept to a SQLite file goes on reading that very file after another one, a restored backup
    perhaps, was put in its place. Opening it for each request costs half a millisecond and never tells old news.
    """
    # What people typed stays out of error messages, and with them out of the logs.
    hidden: dict[str, object] = {"hide_parameters": True}
    return hidden | ({"poolclass": NullPool} if database_url.startswith("sqlite") else {"pool_pre_ping": True})
