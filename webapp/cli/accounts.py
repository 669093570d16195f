"""``flask accounts``: the first administrator, who has an account, second factors that were lost."""

from __future__ import annotations

import click
from flask import current_app, g, url_for
from flask.cli import with_appcontext
from flask_security import hash_password
from sqlalchemy import select

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.i18n import LANGUAGES
from webapp.models import Account
from webapp.permissions import SYSTEM
from webapp.services import demonstration_accounts as demonstration
from webapp.services.accounts import find_account
from webapp.services.administration import make_administrator
from webapp.services.administration import reset_second_factor as take_second_factor
from webapp.web.accounts import codes_of
from webapp.web.mail import base_url
from webapp.web.security_tokens import reset_token
from webapp.web.site import current_network, current_settings


@click.group()
def group() -> None:
    """Accounts: the first administrator, a list, second factors that were lost."""


@group.command("create-admin")
@click.option("--email", prompt="Mail address", help="Address with which the administrator signs in.")
@click.option("--name", prompt="Name", help="Name of the person.")
@click.option(
    "--language", type=click.Choice(list(LANGUAGES)), help="Language of mails (default: the network's first)."
)
@click.option("--ask-password", is_flag=True, help="Ask for a password here instead of printing a link.")
@with_appcontext
def create_admin(email: str, name: str, language: str | None, ask_password: bool) -> None:
    """Make somebody an administrator, with a new account if the address has none."""
    checked = _checked_address(email)
    network = current_network()
    language = language or (network.languages[0] if network else next(iter(LANGUAGES)))
    account = make_administrator(db.session, SYSTEM, email=checked, name=name, language=language)
    if ask_password:
        account.password = hash_password(_asked_password(account))
    db.session.commit()
    click.echo(f"{account.email} is an administrator.")
    if not ask_password:
        click.echo(f"Within a day, choose a password here: {_password_link(account)}")
    if not account.has_second_factor:
        click.echo("A second factor is asked for at the first sign-in.")


def _checked_address(email: str) -> str:
    with current_app.test_request_context():
        try:
            checked: str = current_app.extensions["security"]._mail_util.validate(email)
        except ValueError:
            raise click.ClickException(f"{email} is not a mail address.") from None
    return checked


def _asked_password(account: Account) -> str:
    while True:
        typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
        with current_app.test_request_context("/en/"):
            wrong, kept = current_app.extensions["security"]._password_util.validate(typed, False, user=account)
        if not wrong:
            return kept
        for text in wrong:
            click.echo(text, err=True)


def _password_link(account: Account) -> str:
    language = account.person.language
    with current_app.test_request_context(f"/{language}/", base_url=base_url()):
        g.language = LANGUAGES[language]
        token = reset_token(account)
        link: str = url_for("security.reset_password", lang=language, token=token, _external=True)
    return link


@group.command("list")
@click.option("--all", "everybody", is_flag=True, help="Not only those with a role for the network.")
@with_appcontext
def list_(everybody: bool) -> None:
    """List who works for the network, and in what state their accounts are."""
    statement = select(Account).order_by(Account.email)
    if not everybody:
        statement = statement.where(Account.roles.any())
    for account in db.session.scalars(statement):
        states = [
            *sorted(account.network_roles),
            *([] if account.active else ["closed"]),
            *([] if account.confirmed_at else ["not confirmed"]),
            *(["second factor"] if account.has_second_factor else []),
            *(["demonstration"] if account.is_demo else []),
        ]
        click.echo(f"{account.email}\t{account.person.name}\t{', '.join(states)}")


@group.command("reset-second-factor")
@click.argument("email")
@with_appcontext
def reset_second_factor(email: str) -> None:
    """Take the second factor of EMAIL away; its sessions end, and it sets up a new one at the next sign-in."""
    account = find_account(db.session, email)
    if account is None:
        raise click.ClickException(f"No account signs in with {email}.")
    take_second_factor(db.session, SYSTEM, account)
    db.session.commit()
    click.echo(f"{account.email} signs in with the password alone until a new second factor is set up.")


@group.command("make-demo")
@with_appcontext
def make_demo() -> None:
    """Make the demonstration accounts for demonstration data that has none (not in production)."""
    if current_settings().environment == "production":
        raise click.ClickException("There are no demonstration accounts in production.")
    if not demonstration.lacks_demonstration_accounts(db.session):
        click.echo("There is nothing to do.")
        return
    try:
        made = demonstration.make_demonstration_accounts(
            db.session,
            password=hash_password(demonstration.PASSWORD),
            totp_secret=codes_of().kept_secret(demonstration.TOTP_SECRET),
        )
    except NotFound:
        raise click.ClickException("Load the network pack first.") from None
    db.session.commit()
    click.echo(f"{len(made)} demonstration accounts made; the page for signing in lists them.")


@group.command("remove-demo")
@with_appcontext
def remove_demo() -> None:
    """Remove the demonstration accounts; a site in production does not start with them."""
    count = demonstration.remove_demonstration_accounts(db.session)
    db.session.commit()
    click.echo(f"{count} demonstration accounts removed.")
