"""The parts of Flask-Security that we replace: who is created, which passwords are good, passkeys, codes, mails."""

from __future__ import annotations

import secrets
import unicodedata
from typing import Any, cast

from flask import Response, after_this_request, request
from flask_babel import gettext
from flask_security import MailUtil, PasswordUtil, Security, SQLAlchemyUserDatastore, WebauthnUtil
from flask_security.totp import Totp
from flask_security.utils import get_message, hash_password
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from webapp.extensions import db
from webapp.models import Account
from webapp.services.accounts import new_person, normalised, order_account_mail
from webapp.services.administration import administrators
from webapp.services.passwords import weakness
from webapp.web.site import current_settings

PASSKEY_NAME = ("L", "M", "N", "Pd", "Zs")
"""Categories of the characters in names of passkeys: letters of every script with their marks, digits, - and space."""


class AccountSecurity(Security):
    """Flask-Security without nh3, with which it would clean names of passkeys; ours hold no mark-up to begin with."""

    def _check_modules(self, module: str, config_name: str) -> Any:
        parent: Any = super()
        return module == "nh3" or parent._check_modules(module, config_name)


class AccountDatastore(SQLAlchemyUserDatastore):
    """Makes a person with each account, in the same transaction."""

    def create_user(self, **values: Any) -> Account:
        """An account that signed up, from ``email``, ``password`` (hashed), ``name`` and ``language``."""
        person = new_person(name=values.pop("name"), email=values["email"], language=values.pop("language"))
        account: Any = super().create_user(person=person, **values)
        db.session.flush()
        return cast("Account", account)

    def find_user(self, case_insensitive: bool = False, **values: Any) -> Account | None:
        """An account; in production none that exists for demonstration, whatever the database holds.

        Addresses are kept in lower case, so that looking for them needs no function and can use the index.
        """
        if "email" in values:
            values["email"] = normalised(values["email"] or "")
        account: Any = super().find_user(case_insensitive=False, **values)
        if account is not None and account.is_demo and current_settings().environment == "production":
            return None
        return cast("Account | None", account)


class PasswordRules(PasswordUtil):
    """Refuses what is too easy to guess, and says why."""

    def validate(self, password: str, is_register: bool, **values: Any) -> tuple[list[str] | None, str]:
        """What is wrong with a new password, and the password in the form in which it is kept."""
        wrong, kept = super().validate(password, is_register, **values)
        if wrong:
            return wrong, kept
        found = weakness(kept, **_owner(is_register, values))
        return ([_weakness_text(found)] if found else None), kept


def _owner(is_register: bool, values: dict[str, Any]) -> dict[str, str]:
    if is_register:
        return {"email": values.get("email") or "", "name": request.form.get("full_name", "")}
    account: Account = values["user"]
    return {"email": account.email, "name": account.person.name}


def _weakness_text(code: str) -> str:
    texts = {
        "digits": gettext("Digits alone are quickly guessed. Take words as well."),
        "repetition": gettext("This password repeats the same few characters."),
        "own-name": gettext("This password is little more than your name or address."),
    }
    return texts.get(code) or gettext("Many people use this password, so it is tried first. Take another one.")


class Passkeys(WebauthnUtil):
    """What we ask of passkeys, and how they may be named."""

    def name_svn(self, value: str) -> tuple[str | None, str | None]:
        """What is wrong with a name, and the name in the form in which it is kept."""
        name = unicodedata.normalize("NFC", value.strip())
        if len(name) > 64 or not all(unicodedata.category(each).startswith(PASSKEY_NAME) for each in name):
            return get_message("WEBAUTHN_NAME_DISALLOWED_CHARACTERS")[0], None
        return None, name

    def authenticator_selection(self, user: Any, usage: str) -> AuthenticatorSelectionCriteria:
        """Of a passkey that replaces the password: that it knows its owner and is found without an address."""
        if usage == "first":
            return AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            )
        return AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED, user_verification=UserVerificationRequirement.DISCOURAGED
        )


class OneTimeCodes(Totp):
    """Codes of authenticator apps; each is good once only."""

    def get_last_counter(self, user: Any) -> int | None:
        """Of the last code that was used. Demonstration accounts are shared, and their codes with them."""
        last: int | None = None if user.is_demo else user.tf_last_counter
        return last

    def set_last_counter(self, user: Any, tmatch: Any) -> None:
        """Remember that a code was used."""
        user.tf_last_counter = tmatch.counter

    def kept_secret(self, base32: str) -> str:
        """A given secret in the form in which it is kept."""
        kept: str = self._totp(key=base32, format="base32").to_json(encrypt=True)
        return kept


class QueuedMail(MailUtil):
    """Orders mails instead of sending them. Their templates, in Flask-Security's settings, are kinds of ours.

    The links that Flask-Security made are dropped: tokens in the database would be as good as passwords. The worker
    makes new ones when it puts a mail into words.
    """

    def normalize(self, email: str) -> str:
        """An address as it is looked for."""
        return normalised(super().normalize(email.strip()))

    def validate(self, email: str) -> str:
        """An address as it is kept."""
        return normalised(super().validate(email.strip()))

    def send_mail(
        self, template: str, subject: str, recipient: Any, sender: Any, body: Any, html: Any, **context: Any
    ) -> None:
        """Order the mail; it is committed with the answer."""
        account: Account = context["user"]
        account = getattr(account, "_get_current_object", lambda: account)()
        if template == "account-second-factor-lost":
            for administrator in administrators(db.session):
                order_account_mail(db.session, template, administrator, lost_by=account.id)
        elif template == "account-email-change":
            order_account_mail(db.session, template, account, address=recipient, address_wanted=recipient)
        else:
            order_account_mail(db.session, template, account)
        if template == "account-reset":
            hash_password(secrets.token_hex(8))  # as much work as Flask-Security does for an unknown address
        after_this_request(_commit)


def _commit(response: Response) -> Response:
    db.session.commit()
    return response
