"""``flask work``: the worker, which keeps index and matches in step with the database."""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

import click
import structlog
from apscheduler.schedulers.blocking import BlockingScheduler
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy.orm import sessionmaker

from webapp import work
from webapp.cli.back_off import BackOff
from webapp.config import Settings
from webapp.extensions import db
from webapp.matching import Matcher
from webapp.services.mail_delivery import Delivered
from webapp.services.smtp import ServerAway, SmtpTransport
from webapp.web.mail import render_mail
from webapp.web.preparation import prepare_if_asked
from webapp.web.site import current_network, current_search, current_settings

NIGHT_HOUR = 3
"""When the night's work begins, in the network's time zone."""

NIGHT_GRACE_SECONDS = 3600
"""How late the night's work may still begin, after a machine slept or was busy."""

IMPORT_SECONDS = 5
"""How often the worker looks whether somebody asked for a long import."""

log = structlog.get_logger(__name__)


@click.group()
def group() -> None:
    """The worker, which keeps index and matches in step with the database."""


def new_matcher() -> Matcher:
    """A matcher of this site, not fitted yet."""
    network = current_network()
    digest = network.digest if network else ""
    return Matcher(per_profile=current_settings().matches_per_profile, pack_digest=digest)


def workplace(matcher: Matcher) -> work.Workplace:
    """What the work of this site is done on."""
    settings = current_settings()
    return work.Workplace(
        sessionmaker(db.engine),
        current_search(),
        matcher,
        settings.data_dir,
        introduction_days=settings.introduction_days,
        retention_months=settings.retention_months,
    )


def send_mail(place: work.Workplace) -> Delivered:
    """Send the mail that is due, or keep it where there is no mail server; in production it waits for one."""
    settings = current_settings()
    if not settings.mail_server and settings.environment == "production":
        return Delivered()
    transport = SmtpTransport(settings.mail_server) if settings.mail_server else None
    return work.send_mail(place, render_mail, transport)


def _send_mail_or_pause(place: work.Workplace) -> None:
    """Send the mail that is due.

    Raises:
        ServerAway: the mail server could not be spoken to; it is left in peace for longer and longer.
    """
    if away := send_mail(place).server_away:
        raise ServerAway(away)


class Worker:
    """The jobs of one worker process, which keep the fitted matcher between them."""

    def __init__(self, app: Flask, clock: Callable[[], float] = time.monotonic) -> None:
        self._app = app
        self._matcher: Matcher | None = None
        settings: Settings = app.extensions["settings"]
        self._drain_pauses = BackOff(settings.drain_seconds, clock)
        self._mail_pauses = BackOff(settings.mail_seconds, clock)

    def catch_up(self) -> None:
        """Prepare what is missing, once at the start."""
        self._run("catch up", work.catch_up)

    def drain(self) -> None:
        """Bring index and matches in step with what changed."""
        if self._drain_pauses.is_due:
            self._run("drain", work.drain, self._drain_pauses)

    def mail(self) -> None:
        """Send the mail that is due."""
        if self._mail_pauses.is_due:
            self._run("mail", _send_mail_or_pause, self._mail_pauses)

    def figures(self) -> None:
        """Release the figures of regions and sectors, once at the start; drains go on meanwhile."""
        self._run("figures", work.release_figures)

    def advance(self) -> None:
        """Remind, expire, and ask what came of introductions."""
        self._run("advance", work.advance)

    def alerts(self) -> None:
        """Tell what is new in saved searches."""
        self._run("alerts", work.tell_news)

    def data(self) -> None:
        """Write the public data set anew if it has changed."""
        self._run("data", work.publish_data)

    def imports(self) -> None:
        """Carry out the long imports that staff asked for."""
        self._run("imports", work.carry_out_imports)

    def nightly(self) -> None:
        """Refit and check everything."""
        self._run("nightly", work.nightly)

    def _run(self, name: str, job: Callable[[work.Workplace], Any], pauses: BackOff | None = None) -> None:
        """Do a job; an error is logged, of a job with pauses only when it is news, and the next job gets its chance."""
        try:
            with self._app.app_context():
                job(workplace(self._current_matcher()))
        except ServerAway as error:
            if pauses is None or pauses.failed(error):
                log.warning("the mail server is away: mail waits", error=str(error))
        except Exception as error:
            if pauses is None or pauses.failed(error):
                log.exception("job failed", job=name)
        else:
            if pauses is not None and pauses.succeeded():
                log.info("job works again", job=name)

    def _current_matcher(self) -> Matcher:
        """The matcher kept from the job before, unless the network pack has changed since."""
        fresh = new_matcher()
        if self._matcher is None or self._matcher.pack_digest != fresh.pack_digest:
            self._matcher = fresh
        return self._matcher


def _stop(signal_number: int, frame: object) -> NoReturn:
    raise SystemExit(0)


def _scheduler(worker: Worker) -> BlockingScheduler:
    network = current_network()
    scheduler = BlockingScheduler(timezone=ZoneInfo(network.timezone) if network else UTC)
    once = {"coalesce": True, "max_instances": 1}
    seconds = current_settings().drain_seconds
    scheduler.add_job(worker.drain, "interval", seconds=seconds, next_run_time=datetime.now(UTC), **once)
    mail_seconds = current_settings().mail_seconds
    scheduler.add_job(worker.mail, "interval", seconds=mail_seconds, next_run_time=datetime.now(UTC), **once)
    scheduler.add_job(worker.imports, "interval", seconds=IMPORT_SECONDS, **once)
    scheduler.add_job(worker.figures, next_run_time=datetime.now(UTC), misfire_grace_time=NIGHT_GRACE_SECONDS)
    scheduler.add_job(worker.advance, "interval", hours=1, next_run_time=datetime.now(UTC), **once)
    scheduler.add_job(worker.alerts, "interval", hours=1, next_run_time=datetime.now(UTC), **once)
    scheduler.add_job(worker.data, "interval", hours=1, next_run_time=datetime.now(UTC), **once)
    scheduler.add_job(worker.nightly, "cron", hour=NIGHT_HOUR, misfire_grace_time=NIGHT_GRACE_SECONDS, **once)
    return scheduler


@group.command()
@with_appcontext
def run() -> None:
    """Keep index and matches in step until stopped, and do the night's work at three o'clock."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # The proxy is bound to this thread.
    prepare_if_asked(app)
    # A line for every second's job, and a warning for each that waits for a longer one, would drown everything else.
    logging.getLogger("apscheduler").setLevel("ERROR")
    signal.signal(signal.SIGTERM, _stop)
    worker = Worker(app)
    scheduler = _scheduler(worker)
    settings: Settings = app.extensions["settings"]
    if not settings.mail_server and settings.environment == "production":
        log.warning("no mail server is set: mail waits until there is one", setting="MULTAQA_MAIL_SERVER")
    log.info("worker started")
    try:
        worker.catch_up()
        scheduler.start()
    except (KeyboardInterrupt, SystemExit):
        if scheduler.running:
            scheduler.shutdown(wait=True)
        log.info("worker stopped")


@group.command()
@with_appcontext
def drain() -> None:
    """Bring index and matches in step once, with everything that has changed so far."""
    began = time.perf_counter()
    drained = work.drain(workplace(new_matcher()))
    for noun in drained.rebuilt:
        click.echo(f"The index of {noun}s could not be read and was built anew.")
    seconds = time.perf_counter() - began
    click.echo(f"{drained.changes} changes of {drained.profiles} profiles handled in {seconds:.1f} s.")


@group.command()
@with_appcontext
def data() -> None:
    """Write the public data set for download anew, if something in it has changed."""
    written = work.publish_data(workplace(new_matcher()))
    click.echo("The data set was written." if written else "Nothing in the data set has changed.")


@group.command()
@click.option("--past", is_flag=True, help="Also of all quarters gone by, which takes a while the first time.")
@with_appcontext
def figures(past: bool) -> None:
    """Release the figures of regions and sectors that lack or are no longer true."""
    began = time.perf_counter()
    number = work.release_figures(workplace(new_matcher()), past=past)
    click.echo(f"Figures of {number} days released in {time.perf_counter() - began:.1f} s.")
