"""Structured logs: one event a line, for a person or as JSON, each with the id of the request it belongs to."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from webapp.config import Settings

_ADDRESS = re.compile(r"([\w.+'-])[\w.+'-]*(@|%40)([\w-])[\w-]*(?:\.[\w-]+)+")


def mask_addresses(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Leave of each mail address, wherever it stands, the first letters: ``a***@d***``.

    Errors of databases and of mail servers quote what they were given.
    """
    for name, value in event.items():
        if name not in ("_record", "_from_structlog"):
            event[name] = _masked(value)
    return event


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return _ADDRESS.sub(r"\1***\2\3***", value) if "@" in value or "%40" in value else value
    if isinstance(value, dict):
        return {key: _masked(each) for key, each in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_masked(each) for each in value]
    if isinstance(value, BaseException):
        return _masked(str(value))
    return value


def configure_logging(settings: Settings) -> None:
    """Send the logs of the product and of its libraries to standard error in one format."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        mask_addresses,
    ]
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level)
    for noisy in ("alembic", "apscheduler", "werkzeug", "charset_normalizer"):
        logging.getLogger(noisy).setLevel("WARNING")
