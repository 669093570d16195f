"""Handing messages to a mail server by SMTP, and what its refusals mean."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import unquote, urlsplit

TIMEOUT_SECONDS = 30


class RefusedForGood(Exception):  # noqa: N818 - it says what happened
    """The server will never take this message (5xx)."""


class RefusedForNow(Exception):  # noqa: N818
    """The server did not take this message now, and may later (4xx)."""


class ServerAway(Exception):  # noqa: N818
    """There is no server to speak to, or it stopped speaking; no message is to blame."""


class ConnectionLost(ServerAway):
    """The server stopped speaking while it was handed a message, which may be the reason and may have been taken."""


class Transport(Protocol):
    """What takes messages; a context in which a connection is open."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def send(self, message: EmailMessage, recipient: str) -> None:
        """Hand over a message.

        Raises:
            RefusedForGood, RefusedForNow: the server did not take it.
            ConnectionLost: it is not known whether the server took it.
            ServerAway: the server takes nothing from this site.
        """


class SmtpTransport:
    """A mail server by its address: ``smtp://user:password@host:587`` (STARTTLS where offered) or ``smtps://…``."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError("a mail server's address begins with smtp:// or smtps://")
        self._is_tls = parts.scheme == "smtps"
        self._host, self._port = parts.hostname, parts.port or (465 if self._is_tls else 25)
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        try:
            self._server = self._connect()
        except (OSError, smtplib.SMTPException) as error:
            raise ServerAway(str(error)) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            try:
                self._server.quit()
            except (OSError, smtplib.SMTPException):
                self._server.close()
            self._server = None

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self._is_tls:
            server: smtplib.SMTP = smtplib.SMTP_SSL(self._host, self._port, timeout=TIMEOUT_SECONDS, context=context)
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=TIMEOUT_SECONDS)
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=context)
        if self._user:
            server.login(self._user, self._password)
        return server

    def send(self, message: EmailMessage, recipient: str) -> None:
        """Hand over a message; see ``Transport``."""
        if self._server is None:
            raise ServerAway("not connected")
        try:
            self._server.send_message(message, to_addrs=[recipient])
        except smtplib.SMTPRecipientsRefused as error:
            raise _refusal(*next(iter(error.recipients.values()))) from error
        except smtplib.SMTPSenderRefused as error:
            raise _refusal_of_sender(error) from error
        except smtplib.SMTPResponseException as error:
            raise _refusal(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPNotSupportedError, UnicodeError) as error:  # an address in letters this server cannot write
            raise RefusedForGood(str(error)) from error
        except (OSError, smtplib.SMTPException) as error:
            raise ConnectionLost(str(error)) from error


def _refusal(code: int, said: bytes | str) -> Exception:
    text = _said(code, said)
    if code == 421:  # "closing the channel": nothing more can be handed over on this connection
        return ConnectionLost(text)
    return RefusedForGood(text) if code >= 500 else RefusedForNow(text)


def _refusal_of_sender(error: smtplib.SMTPSenderRefused) -> Exception:
    """A wrong password or sender is nobody's mail's fault; a message that is too large (552) is."""
    if error.smtp_code == 552:
        return _refusal(error.smtp_code, error.smtp_error)
    return ServerAway(_said(error.smtp_code, error.smtp_error))


def _said(code: int, said: bytes | str) -> str:
    return f"{code} {said.decode('utf-8', 'replace') if isinstance(said, bytes) else said}"
