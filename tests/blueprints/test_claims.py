"""Claims as staff see them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts import make_account, make_person, signed_in
from tests.pages import opened, said, sent
from webapp.models import Account, Claim, ClaimState, Membership, MembershipRole, NetworkRole
from webapp.services.actors import actor_of
from webapp.services.claims import make_claim

Maker = Callable[..., Any]


def _claim(session: Session, startup: Any, account: Account | None = None, name: str = "Salma Idrissi") -> Claim:
    account = account or make_account(person=make_person(name=name))
    return make_claim(session, actor_of(session, account), startup, position="Founder", statement="Ask at the desk.")


def test_the_queue_is_oldest_first_and_one_claim_is_one_screen(
    app: Flask, session: Session, make_startup: Maker
) -> None:
    startup = make_startup("Nour", website="https://nour.ma")
    first = _claim(session, startup, make_account(person=make_person(name="Ada Berrada", email="ada@nour.ma")))
    second = _claim(session, startup)
    client = signed_in(app, make_account(NetworkRole.STAFF))
    queue = said(opened(client, "/en/staff/claims"))
    assert queue.index("Ada Berrada") < queue.index("Salma Idrissi")
    page = opened(client, f"/en/staff/claims/{first.id}")
    for text in ("Ada Berrada", "ada@nour.ma", "Ask at the desk.", "Nour", "At the domain of the website Yes"):
        assert text in said(page)
    assert f"/en/staff/claims/{second.id}" in page.text


def test_staff_approve_and_the_second_decision_reads_what_happened(
    app: Flask, session: Session, make_startup: Maker
) -> None:
    claim = _claim(session, make_startup("Nour"))
    client, path = signed_in(app, make_account(NetworkRole.STAFF)), f"/en/staff/claims/{claim.id}"
    assert sent(client, path, decision="owner", note="Welcome.").status_code == 303
    assert session.scalars(select(Membership)).one().role == MembershipRole.OWNER
    late = sent(client, path, page="/en/my/new", decision="refuse", note="We do not know them.")
    assert late.status_code == 409
    assert "decided meanwhile: Approved" in said(late)
    assert "We do not know them." in said(late), "what was typed can be copied"


def test_a_refusal_needs_a_reason(app: Flask, session: Session, make_startup: Maker) -> None:
    claim = _claim(session, make_startup("Nour"))
    client, path = signed_in(app, make_account(NetworkRole.STAFF)), f"/en/staff/claims/{claim.id}"
    answer = sent(client, path, decision="refuse", note=" ")
    assert answer.status_code == 422
    assert "Please write why" in said(answer)
    assert sent(client, path, decision="refuse", note="The website names somebody else.").status_code == 303
    session.expire_all()
    refused = session.get(Claim, claim.id)
    assert refused is not None
    assert (refused.state, refused.note) == (ClaimState.REFUSED, "The website names somebody else.")


def test_claimants_and_others_do_not_come_here(app: Flask, session: Session, make_startup: Maker) -> None:
    account = make_account()
    claim = _claim(session, make_startup("Nour"), account)
    client = signed_in(app, account)
    for path in ("/en/staff/claims", f"/en/staff/claims/{claim.id}"):
        assert opened(client, path).status_code == 403
    assert sent(client, f"/en/staff/claims/{claim.id}", page="/en/my/new", decision="owner").status_code == 403


def test_a_claim_that_is_not_there_is_not_found(app: Flask) -> None:
    assert opened(signed_in(app, make_account(NetworkRole.STAFF)), "/en/staff/claims/99").status_code == 404
