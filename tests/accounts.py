"""People with accounts for tests, and browsers in which they are signed in."""

from __future__ import annotations

import itertools
import time
from functools import cache
from typing import Any

from flask import Flask, g
from flask.testing import FlaskClient
from flask_security import hash_password
from sqlalchemy import select
from werkzeug.test import TestResponse

from webapp.extensions import db
from webapp.models import Account, Membership, MembershipRole, NetworkRole, Partner, Person, Role, Startup, utc_now

PASSWORD = "a long enough sentence"


@cache
def _password_hash() -> str:
    """The hash of ``PASSWORD``; made once, since it is meant to take long."""
    hashed: str = hash_password(PASSWORD)
    return hashed


class Browser(FlaskClient):
    """A browser that brings nothing along from another one.

    The tests hold an application context open, which Flask uses for the requests made within it, so that what one
    request keeps in ``g``, such as who is signed in, would still be there in the next, of whomever.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Ask for a page."""
        for name in list(g):
            g.pop(name)
        return super().open(*args, **kwargs)


_numbers = itertools.count(1)


def make_person(**values: Any) -> Person:
    """A person with an address of their own."""
    number = next(_numbers)
    person = Person(**{"name": f"Person {number}", "email": f"person{number}@mail.example", "language": "en"} | values)
    db.session.add(person)
    db.session.flush()
    return person


def make_account(
    *roles: NetworkRole, person: Person | None = None, second_factor: bool | None = None, **values: Any
) -> Account:
    """A confirmed account; of staff with a second factor unless told otherwise."""
    person = person or make_person()
    if second_factor is None:
        second_factor = bool(roles)
    account = Account(
        **{
            "person": person,
            "email": person.email,
            "password": _password_hash(),
            "confirmed_at": utc_now(),
            "fs_uniquifier": f"account-{person.id}",
            "tf_primary_method": "authenticator" if second_factor else None,
        }
        | values
    )
    for name in roles:
        role = db.session.scalar(select(Role).filter_by(name=name)) or Role(name=name)
        account.roles.append(role)
    db.session.add(account)
    db.session.flush()
    return account


def join(
    account_or_person: Account | Person,
    organisation: Startup | Partner,
    role: MembershipRole = MembershipRole.OWNER,
) -> Membership:
    """Make somebody a member."""
    person_id = account_or_person.person_id if isinstance(account_or_person, Account) else account_or_person.id
    membership = Membership(person_id=person_id, role=role, **Membership.columns_for(organisation))
    db.session.add(membership)
    db.session.flush()
    return membership


def signed_in(app: Flask, account: Account) -> FlaskClient:
    """A browser in which an account is signed in just now; what was added so far is committed."""
    db.session.commit()
    client = Browser(app, app.response_class)
    with client.session_transaction() as session:
        session["_user_id"] = account.fs_uniquifier
        session["_fresh"] = True
        session["fs_cc"] = "set"
        session["fs_paa"] = time.time()
        session["identity.id"] = account.fs_uniquifier
    return client
