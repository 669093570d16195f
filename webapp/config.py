"""Typed settings, read from the environment (and from a ``.env`` file beside the project).

Each setting has help text, which ``docs/settings.md`` repeats; a test compares the two. In production a missing or
weak secret stops the start.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
DEVELOPMENT_SECRET = "development-only-secret-never-used-in-production"  # noqa: S105 - it protects nothing  # noqa: S105


class Settings(BaseSettings):
    """All settings of a Multaqa process; every name is read with the prefix ``MULTAQA_``."""

    model_config = SettingsConfigDict(env_prefix="MULTAQA_", env_file=ROOT / ".env", extra="ignore")

    environment: Literal["development", "production", "test"] = Field(
        "development", description="What kind of process this is. Production refuses weak secrets and debug pages."
    )
    secret_key: str = Field(
        DEVELOPMENT_SECRET, description="Signs sessions and form tokens. Production needs 32 random characters or more."
    )
    network: Path = Field(
        ROOT / "networks" / "technopark",
        description="Folder of the network pack that this site serves; relative to the project.",
    )
    data_dir: Path = Field(
        ROOT / "var",
        description="Folder for what the process writes (database, indexes, locks); relative to the project.",
    )
    database_url: str = Field(
        "",
        validation_alias=AliasChoices("MULTAQA_DATABASE_URL", "DATABASE_URL"),
        description="SQLAlchemy URL of the database, also read from DATABASE_URL. Empty: SQLite in the data folder.",
    )
    site_url: str = Field(
        "", description="Address of the site as its readers see it, for canonical links. Empty: taken from the request."
    )
    proxies: int = Field(
        0, ge=0, le=5, description="How many reverse proxies stand before the site and set X-Forwarded-*."
    )
    mail_server: str = Field(
        "",
        description="Mail server as smtp://user:password@host:587 (STARTTLS where offered) or smtps://… (TLS). "
        "Empty: mails are kept and, outside production, shown at /dev/mail.",
    )
    mail_sender: str = Field(
        "no-reply@localhost", description="Address that mails come from; a name may stand before it: Name <address>."
    )
    limiter_storage: str = Field(
        "memory://",
        description="Where attempts are counted to limit them: memory:// (each process for itself) or redis://…",
    )
    session_days: int = Field(
        30,
        ge=1,
        le=365,
        description="For how many days a device stays signed in if one asks for it; otherwise until the browser is "
        "closed, a day at most.",
    )
    introduction_days: int = Field(
        14, ge=3, le=90, description="After how many days without an answer a request for an introduction expires."
    )
    retention_months: int = Field(
        36,
        ge=6,
        le=120,
        description="After how many months without signing in an account is erased; its owner is warned twice before.",
    )
    page_size: int = Field(24, ge=6, le=100, description="How many entries a page of a directory shows.")
    matches_per_profile: int = Field(
        10, ge=1, le=50, description="How many matches of each kind are kept for a profile."
    )
    drain_seconds: float = Field(
        1.0, gt=0, le=3600, description="How often the worker brings the index and matches up to date, in seconds."
    )
    mail_seconds: float = Field(
        3.0, gt=0, le=3600, description="How often the worker looks for mail that is to be sent, in seconds."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="Least severe message that is logged."
    )
    log_format: Literal["console", "json"] = Field(
        "console", description="Logs for a person or one JSON object a line."
    )

    @model_validator(mode="after")
    def _fill_and_check(self) -> Settings:
        self.network, self.data_dir = ROOT / self.network, ROOT / self.data_dir
        if not self.database_url:
            self.database_url = f"sqlite:///{self.data_dir / 'multaqa.db'}"
        if self.database_url.startswith(("postgres://", "postgresql://")):
            self.database_url = "postgresql+psycopg://" + self.database_url.split("://", 1)[1]
        if self.environment == "production" and (self.secret_key == DEVELOPMENT_SECRET or len(self.secret_key) < 32):
            raise ValueError("MULTAQA_SECRET_KEY must be set to at least 32 random characters in production")
        return self

    @property
    def index_dir(self) -> Path:
        """Where the search indexes lie, one folder a noun."""
        return self.data_dir / "index"
