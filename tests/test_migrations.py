"""The migrations build exactly the tables that the models describe, and take them away again."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade

from webapp.app import create_app
from webapp.config import Settings
from webapp.extensions import db
from webapp.models import Base
from webapp.web.readiness import migrations_are_current

SERVER = os.environ.get("MULTAQA_TEST_DATABASE_URL", "")


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("postgresql", marks=[pytest.mark.postgresql, pytest.mark.skipif(not SERVER, reason="no server")]),
    ]
)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path, worker_id: str) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'migrations.db'}"
        return
    name = f"multaqa_migrations_{os.getpid()}_{worker_id}"
    engine = sa.create_engine(SERVER, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    yield sa.make_url(SERVER).set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    engine.dispose()


@pytest.fixture
def migrated(empty_database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An application on a database that the migrations have just built."""
    settings = Settings(
        _env_file=None, environment="test", data_dir=tmp_path, database_url=empty_database_url, log_level="ERROR"
    )
    app = create_app(settings)
    with app.app_context():
        upgrade()
        yield app
        db.session.remove()
        db.engine.dispose()


def tables() -> set[str]:
    return set(sa.inspect(db.engine).get_table_names()) - {"alembic_version"}


def test_an_upgrade_from_nothing_gives_what_the_models_describe(migrated: Flask) -> None:
    assert tables() == set(Base.metadata.tables)
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_constraints_and_indexes_are_those_of_the_models(migrated: Flask) -> None:
    """``compare_metadata`` does not look at checks and at what happens on deletion."""
    inspector = sa.inspect(db.engine)
    for table in Base.metadata.tables.values():
        checks = {check.name for check in table.constraints if isinstance(check, sa.CheckConstraint)}
        assert {check["name"] for check in inspector.get_check_constraints(table.name)} == checks
        on_delete = {(key.parent.name, key.ondelete) for key in table.foreign_keys}
        found = inspector.get_foreign_keys(table.name)
        assert {(key["constrained_columns"][0], key["options"].get("ondelete")) for key in found} == on_delete


def test_a_downgrade_leaves_no_table_and_an_upgrade_brings_all_back(migrated: Flask) -> None:
    downgrade(revision="base")
    assert tables() == set()
    upgrade()
    assert tables() == set(Base.metadata.tables)


def test_each_migration_can_be_taken_back_alone(migrated: Flask) -> None:
    def indexes() -> set[str | None]:
        return {index["name"] for index in sa.inspect(db.engine).get_indexes("startup")}

    added = "ix_startup_state_residency_entered_on"
    assert added in indexes()
    downgrade(revision="0001")
    assert added not in indexes()
    assert "cluster_release" not in tables()
    assert "person" not in tables()
    assert not migrations_are_current()
    upgrade(revision="0002")
    assert added in indexes()
    assert "cluster_release" not in tables()
    upgrade()
    assert added in indexes()


def test_the_site_knows_whether_its_migrations_are_current(migrated: Flask) -> None:
    assert migrations_are_current()
    downgrade(revision="base")
    assert not migrations_are_current()


def test_migrating_leaves_the_logging_of_the_application_alone(migrated: Flask) -> None:
    before = logging.getLogger().handlers
    upgrade()
    assert logging.getLogger().handlers is before
    assert not logging.getLogger("webapp").disabled
