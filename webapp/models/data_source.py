"""Data sets that profiles were imported from, with what their licences ask us to say."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base


class DataSource(Base):
    """A data set, known by the name that its mapping gives it."""

    __tablename__ = "data_source"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    attribution: Mapped[str] = mapped_column(String(300))
    licence: Mapped[str] = mapped_column(String(120))
    url: Mapped[str] = mapped_column(String(300))
    """Empty if it has no address."""
