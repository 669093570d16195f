"""One whole demonstration, made once a test process in an SQLite database of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.config import ROOT
from webapp.models import Base
from webapp.services.demonstration import DemonstrationReport, make_demonstration
from webapp.services.network import load_pack
from webapp.services.network_pack import read_pack

PACK = ROOT / "networks" / "technopark"
TODAY = date(2026, 11, 24)


@contextmanager
def made_demonstration(
    file: Path, folder: Path = PACK / "demo", seed: int = 1
) -> Iterator[tuple[Session, DemonstrationReport]]:
    """A session on a new database with the demonstration in it."""
    engine = sa.create_engine(f"sqlite:///{file}")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        load_pack(session, read_pack(PACK))
        report = make_demonstration(session, folder, seed=seed, today=TODAY)
        session.commit()
        yield session, report
    engine.dispose()


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Session, DemonstrationReport]]:
    with made_demonstration(tmp_path_factory.mktemp("demonstration") / "demo.db") as made:
        yield made


@pytest.fixture
def demo(made: tuple[Session, DemonstrationReport]) -> Session:
    """A session on the whole demonstration; only for reading."""
    return made[0]
