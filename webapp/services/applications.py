"""Applications for a place, as applicants write them: begun by anybody, resumed through a link that is mailed.

Only the mailed link proves whose address it is. Until it was used, whoever began a draft may go on in their browser;
from then on the draft, and whatever was sent, opens through the mailed link alone.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from webapp.errors import Conflict, Invalid, NotFound
from webapp.models import (
    Account,
    Application,
    ApplicationState,
    DbSession,
    Network,
    Residency,
    Startup,
    utc_now,
)
from webapp.permissions import Actor, Permission, can, require
from webapp.services.applicants import Applicant, check_open, write_applicant
from webapp.services.application_fields import CONTACT, cleaned, fields_in, missing_in, values_of_startup
from webapp.services.application_moves import EDITABLE, ENDED, Move, check_move, take, written
from webapp.services.cohorts import rules_of
from webapp.services.eligibility import Finding, examine
from webapp.services.mail import order_mail_to

MOST_DRAFTS = 5
"""How many drafts one address may have at a time."""
_REFERENCE_LENGTH = 12


def own_startups(session: DbSession, actor: Actor) -> Sequence[Startup]:
    """The startups that an actor decides for and that sit in no park: these can apply with their profile."""
    ids = [row_id for (noun, row_id) in actor.memberships if noun == Startup.noun]
    if not ids:
        return []
    statement = sa.select(Startup).where(Startup.id.in_(ids), Startup.residency != Residency.RESIDENT)
    found = session.scalars(statement.order_by(Startup.sort_name, Startup.id)).all()
    return [startup for startup in found if can(actor, Permission.MANAGE_MEMBERS, startup)]


def begin(
    session: DbSession,
    actor: Actor,
    network: Network | None,
    applicant: Applicant,
    *,
    today: date,
    startup: Startup | None = None,
) -> Application:
    """Begin a draft and mail the link that leads back to it.

    Args:
        startup: of the actor, which applies with what its profile says.

    Raises:
        NotAllowed: the startup is not theirs.
        Conflict: ``closed``: one cannot apply, or not to this cohort, today; ``already-resident``;
            ``too-many-drafts``: of this address (``most``).
        Invalid: see ``save_applicant``.
    """
    require(actor, Permission.APPLY)
    reference = secrets.token_hex(_REFERENCE_LENGTH // 2)
    application = Application(reference=reference, state=ApplicationState.DRAFT, values={})
    if startup is not None:
        require(actor, Permission.MANAGE_MEMBERS, startup)
        if startup.residency == Residency.RESIDENT:
            raise Conflict("already-resident")
        application.startup = startup
        application.values = values_of_startup(startup, applicant.language)
    write_applicant(session, network, application, applicant, today)
    drafts = sa.select(sa.func.count()).where(
        Application.email == application.email, Application.state == ApplicationState.DRAFT
    )
    if (session.scalar(drafts) or 0) >= MOST_DRAFTS:
        raise Conflict("too-many-drafts", most=MOST_DRAFTS)
    if _is_known_address(session, actor, application.email):
        application.confirmed_at = utc_now()
    session.add(application)
    session.flush()
    _order(session, application, "application-draft")
    return application


def address_proof(application: Application) -> str:
    """What the mailed link carries of the address, so that it ends when the address changes; tells nothing of it."""
    return hashlib.sha256(f"{application.reference} {application.email}".encode()).hexdigest()[:20]


def open_application(session: DbSession, reference: str, proof: str | None) -> Application:
    """The application that a link leads to.

    Args:
        reference: of the application.
        proof: of the mailed link; nothing of the one that only whoever began it in a browser knows.

    Raises:
        NotFound: ``application``: there is none, or the address was changed since.
        Conflict: ``mailed-link``: it now opens through the mailed link alone.
    """
    found = session.scalar(sa.select(Application).where(Application.reference == reference))
    if found is None or not found.email:
        raise NotFound("application")
    if proof is None and (found.confirmed_at is not None or found.state != ApplicationState.DRAFT):
        raise Conflict("mailed-link")
    if proof is not None and not hmac.compare_digest(proof, address_proof(found)):
        raise NotFound("application")
    return found


def confirm_address(session: DbSession, actor: Actor, application: Application) -> None:
    """Note that somebody came through the mailed link and pressed a button there."""
    require(actor, Permission.APPLY, application)
    # Not a change of what it says: neither its version nor its date moves.
    unconfirmed = Application.id == application.id, Application.confirmed_at.is_(None)
    values = {"confirmed_at": utc_now(), "updated_at": Application.updated_at}
    statement = sa.update(Application).where(*unconfirmed).values(values)
    session.execute(statement.execution_options(synchronize_session=False))
    session.refresh(application, ["confirmed_at"])


def save_applicant(
    session: DbSession,
    actor: Actor,
    network: Network | None,
    application: Application,
    applicant: Applicant,
    *,
    version: int | None,
    today: date,
) -> None:
    """Save the first page. Another address must be confirmed anew: it gets a link, and the earlier link ends.

    Raises:
        Conflict: ``application-changed``; ``closed``: the cohort cannot be chosen (any more).
        Invalid: ``value``: of a ``field`` that has no such value.
    """
    _take_to_edit(session, actor, application, version)
    before = application.email
    write_applicant(session, network, application, applicant, today)
    if application.email != before:
        application.confirmed_at = utc_now() if _is_known_address(session, actor, application.email) else None
        _order(session, application, "application-draft")
    written(session)


def save_step(
    session: DbSession, actor: Actor, application: Application, step: str, values: Mapping[str, Any], *, version: int
) -> None:
    """Save one of the other pages, complete or not.

    Raises:
        Conflict: ``application-changed``: it is no longer as the actor saw it.
        Invalid: ``value``: of a ``field`` that has no such value.
    """
    _take_to_edit(session, actor, application, version)
    here = {field.name for field in fields_in(step)}
    others = {name: value for name, value in application.values.items() if name not in here}
    application.values = others | cleaned(session, step, values)
    written(session)


def examine_application(network: Network | None, application: Application, today: date) -> list[Finding]:
    """What the pack's rules find in what an application says now."""
    values = application.values | {"site": application.site.code if application.site else None}
    return examine(rules_of(network), application.kind, values, today)


def missing_of(application: Application) -> list[str]:
    """What must be said before it can be sent."""
    missing = [name for name in CONTACT if not getattr(application, name)]
    return missing + missing_in(application.values)


def submit(
    session: DbSession, actor: Actor, network: Network | None, application: Application, *, version: int, today: date
) -> None:
    """Send it to the park.

    Raises:
        Conflict: ``application-changed``; ``unconfirmed``: nobody has used the mailed link; ``closed``: applications,
            or those to its cohort, have closed. What staff gave back may be sent again at any time.
        Invalid: ``incomplete`` (``missing``); ``not-eligible`` (``rules``: codes of strict rules that do not hold).
    """
    _take_to_edit(session, actor, application, version)
    line = check_move(application, Move.SUBMIT)
    if application.confirmed_at is None:
        raise Conflict("unconfirmed")
    if missing := missing_of(application):
        raise Invalid("incomplete", missing=missing)
    if application.state == ApplicationState.DRAFT:
        check_open(session, network, application.cohort, today)
    findings = examine_application(network, application, today)
    if hindrances := [each.rule.code for each in findings if each.is_in_the_way]:
        raise Invalid("not-eligible", rules=hindrances)
    application.eligibility = [
        {"code": each.rule.code, "holds": each.holds, "is_strict": each.rule.is_strict} for each in findings
    ]
    application.state, application.submitted_at, application.note = line.target, utc_now(), ""
    written(session)
    _order(session, application, line.mail)


def withdraw(session: DbSession, actor: Actor, application: Application, *, version: int) -> None:
    """Take it back from the park.

    Raises:
        Conflict: ``application-changed``: it was decided, or changed, meanwhile.
    """
    require(actor, Permission.APPLY, application)
    take(session, application, version)
    application.state = check_move(application, Move.WITHDRAW).target
    application.decided_at = utc_now()
    written(session)


def discard(session: DbSession, actor: Actor, application: Application) -> None:
    """Delete a draft, with all that was typed.

    Raises:
        Conflict: ``application-changed``: it was sent meanwhile.
    """
    require(actor, Permission.APPLY, application)
    take(session, application)
    if application.state != ApplicationState.DRAFT:
        raise Conflict("application-changed", state=str(application.state))
    session.delete(application)
    written(session)


def send_links(session: DbSession, actor: Actor, email: str) -> None:
    """Mail the links of all applications of an address that are not over. Whether there are any, nobody is told."""
    require(actor, Permission.APPLY)
    running = Application.state.not_in(ENDED), Application.email == email.strip().lower()
    for application in session.scalars(sa.select(Application).where(*running).order_by(Application.id)):
        _order(session, application, "application-draft")


def _order(session: DbSession, application: Application, kind: str) -> None:
    values = {"application_id": application.id, "proof": address_proof(application)}
    order_mail_to(session, kind, application.email, application.language, values)


def _take_to_edit(session: DbSession, actor: Actor, application: Application, version: int | None) -> None:
    require(actor, Permission.APPLY, application)
    take(session, application, version)
    if application.state not in EDITABLE:
        raise Conflict("application-changed", state=str(application.state))


def _is_known_address(session: DbSession, actor: Actor, email: str) -> bool:
    """Whether the actor has confirmed that the address is theirs by signing up with it."""
    account = session.get(Account, actor.account_id) if actor.account_id else None
    return account is not None and account.confirmed_at is not None and account.email.lower() == email
