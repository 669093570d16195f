from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from webapp.config import DEVELOPMENT_SECRET, ROOT, Settings

DOCUMENT = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
FIELDS = list(Settings.model_fields.items())


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"MULTAQA_{name.upper()}", raising=False)
    monkeypatch.delenv("DATABASE_URL", raising=False)


def written_default(name: str, field: FieldInfo) -> str:
    if name == "secret_key":
        return "*for development only*"
    if field.default == "":
        return "*empty*"
    return f"`{field.default.relative_to(ROOT).as_posix() if isinstance(field.default, Path) else field.default}`"


@pytest.mark.parametrize(("name", "field"), FIELDS, ids=[name for name, _ in FIELDS])
def test_each_setting_is_documented_with_its_default_and_meaning(name: str, field: FieldInfo) -> None:
    assert f"| `MULTAQA_{name.upper()}` | {written_default(name, field)} | {field.description} |" in DOCUMENT


def test_no_setting_is_documented_that_does_not_exist() -> None:
    rows = [line for line in DOCUMENT.split("## In production")[0].splitlines() if line.startswith("| `")]
    assert len(rows) == len(FIELDS)


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("page_size", "12", 12),
        ("drain_seconds", "0.5", 0.5),
        ("log_format", "json", "json"),
        ("network", "/srv/pack", Path("/srv/pack")),
        ("site_url", "https://multaqa.example", "https://multaqa.example"),
    ],
)
def test_a_setting_is_read_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, read: object
) -> None:
    monkeypatch.setenv(f"MULTAQA_{name.upper()}", value)
    assert getattr(Settings(_env_file=None), name) == read


def test_a_setting_is_read_from_the_env_file_of_the_project(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("MULTAQA_PAGE_SIZE=48\nANOTHER_PROGRAM=1\n", encoding="utf-8")
    assert Settings(_env_file=file).page_size == 48
    assert Settings.model_config["env_file"] == ROOT / ".env"


def test_the_environment_wins_over_the_env_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("MULTAQA_PAGE_SIZE=48\n", encoding="utf-8")
    monkeypatch.setenv("MULTAQA_PAGE_SIZE", "12")
    assert Settings(_env_file=file).page_size == 12


@pytest.mark.parametrize("secret", [None, "", DEVELOPMENT_SECRET, "x" * 31])
def test_production_refuses_a_missing_or_weak_secret(monkeypatch: pytest.MonkeyPatch, secret: str | None) -> None:
    monkeypatch.setenv("MULTAQA_ENVIRONMENT", "production")
    if secret is not None:
        monkeypatch.setenv("MULTAQA_SECRET_KEY", secret)
    with pytest.raises(ValidationError, match="MULTAQA_SECRET_KEY must be set"):
        Settings(_env_file=None)


def test_production_starts_with_a_real_secret() -> None:
    secret = "0123456789abcdef0123456789abcdef"
    assert Settings(_env_file=None, environment="production", secret_key=secret).secret_key == secret


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
@pytest.mark.parametrize("variable", ["MULTAQA_DATABASE_URL", "DATABASE_URL"])
def test_a_postgresql_address_is_read_as_hosting_platforms_write_it(
    monkeypatch: pytest.MonkeyPatch, scheme: str, variable: str
) -> None:
    monkeypatch.setenv(variable, f"{scheme}://user:secret@host/name?sslmode=require")
    expected = "postgresql+psycopg://user:secret@host/name?sslmode=require"
    assert Settings(_env_file=None).database_url == expected


def test_without_a_database_address_the_data_folder_holds_a_sqlite_file(tmp_path: Path) -> None:
    assert Settings(_env_file=None, data_dir=tmp_path).database_url == f"sqlite:///{tmp_path}/multaqa.db"


def test_a_relative_folder_is_relative_to_the_project(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    settings = Settings(_env_file=None, data_dir=Path("elsewhere"), network=Path("tests/packs/harbour"))
    assert settings.network == ROOT / "tests" / "packs" / "harbour"
    assert settings.index_dir == ROOT / "elsewhere" / "index"
    assert settings.database_url == f"sqlite:///{ROOT}/elsewhere/multaqa.db"


@pytest.mark.parametrize(
    ("name", "value"),
    [("environment", "staging"), ("page_size", "0"), ("proxies", "-1"), ("drain_seconds", "0"), ("log_level", "LOUD")],
)
def test_a_wrong_value_stops_the_start_and_names_the_setting(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"MULTAQA_{name.upper()}", value)
    with pytest.raises(ValidationError, match=name):
        Settings(_env_file=None)
