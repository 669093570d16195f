"""Attaching files with a browser that only has links and buttons, and who receives them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.orm import Session

from tests.accounts import join, make_account, signed_in
from tests.applications import make_draft, make_sent
from tests.blueprints.test_applications import path_of
from tests.evidence import PDF, body_of, chosen, scan
from tests.pages import opened, said, sent
from tests.profiles import save
from webapp.models import ApplicationState, Claim, ClaimState, EvidenceFile, NetworkRole, Startup
from webapp.services.actors import actor_of
from webapp.services.evidence_content import LARGEST_FILE
from webapp.services.revisions import submit

Maker = Callable[..., Any]
WORDS = {"position": "Co-founder", "statement": "My name is on the website."}


@pytest.fixture
def startup(make_startup: Maker) -> Startup:
    found: Startup = make_startup("Atlas Water")
    return found


@pytest.fixture
def somebody(app: Flask) -> FlaskClient:
    return signed_in(app, make_account())


@pytest.fixture
def staff(app: Flask) -> FlaskClient:
    return signed_in(app, make_account(NetworkRole.STAFF))


def files(session: Session) -> list[EvidenceFile]:
    return list(session.scalars(sa.select(EvidenceFile).order_by(EvidenceFile.id)))


def token_on(client: FlaskClient, page: str) -> str:
    """The token of the forms of a page."""
    found = re.search(r'name="csrf_token"[^>]*?value="([^"]+)"', opened(client, page).text)
    assert found is not None
    return found.group(1)


def pressed(client: FlaskClient, page: str, action: str) -> Any:
    """What comes of a button that stands on a page."""
    return client.post(action, data={"csrf_token": token_on(client, page)})


def test_a_claim_is_sent_with_its_files_and_staff_save_them(
    somebody: FlaskClient, staff: FlaskClient, session: Session, startup: Startup
) -> None:
    answer = sent(
        somebody, f"/en/my/claim/startup/{startup.slug}", **WORDS, files=chosen((PDF, "proof.pdf"), (scan(), "b.png"))
    )
    assert answer.status_code == 303, said(answer)
    claim = session.scalars(sa.select(Claim)).one()
    first, second = files(session)
    assert {first.claim_id, second.claim_id} == {claim.id}
    page = opened(staff, f"/en/staff/claims/{claim.id}")
    assert "<bdi>proof.pdf</bdi>" in page.text
    received = staff.get(f"/en/evidence/{first.reference}")
    assert received.data == PDF
    assert received.mimetype == "application/pdf"
    assert received.headers["Content-Disposition"] == "attachment; filename=proof.pdf"
    assert received.headers["X-Content-Type-Options"] == "nosniff"
    assert received.headers["Cache-Control"] == "private, no-store"
    assert "sandbox" in received.headers["Content-Security-Policy"]


def test_files_that_are_in_order_stay_when_something_else_is_wrong(
    somebody: FlaskClient, session: Session, startup: Startup
) -> None:
    path = f"/en/my/claim/startup/{startup.slug}"
    answer = sent(
        somebody, path, position="", statement="Ask Rim.", files=chosen((PDF, "proof.pdf"), (b"MZ", "virus.pdf"))
    )
    assert answer.status_code == 422
    assert "Please write what you do there." in answer.text
    assert "\u2068virus.pdf\u2069: This is not a PDF" in answer.text
    assert "Ask Rim." in answer.text
    assert "<bdi>proof.pdf</bdi>" in answer.text
    answer = sent(somebody, path, **WORDS)
    assert answer.status_code == 303
    assert [file.claim_id is not None for file in files(session)] == [True]


def test_removing_a_file_of_a_claim_that_is_being_written_keeps_what_was_typed(
    somebody: FlaskClient, session: Session, startup: Startup
) -> None:
    path = f"/en/my/claim/startup/{startup.slug}"
    sent(somebody, path, files=chosen((PDF, "wrong.pdf")))
    wrong = files(session)[0].reference
    answer = sent(somebody, path, **WORDS, remove=wrong, files=chosen((scan(), "right.png")))
    assert answer.status_code == 200
    assert WORDS["statement"] in answer.text
    assert WORDS["position"] in answer.text
    assert [file.name for file in files(session)] == ["right.png"]
    assert sent(somebody, path, **WORDS, remove=wrong).status_code == 200, "a second press"
    session.expire_all()
    assert session.scalars(sa.select(Claim)).all() == []
    other = signed_in(somebody.application, make_account())
    assert sent(other, path, remove=files(session)[0].reference).status_code == 200
    assert len(files(session)) == 1


def test_a_claim_needs_no_file(somebody: FlaskClient, session: Session, startup: Startup) -> None:
    assert sent(somebody, f"/en/my/claim/startup/{startup.slug}", **WORDS).status_code == 303
    assert files(session) == []


def test_a_file_that_is_too_large_is_named_and_nothing_that_was_typed_is_lost(
    somebody: FlaskClient, session: Session, startup: Startup
) -> None:
    large, path = PDF + b" " * (LARGEST_FILE + 1), f"/en/my/claim/startup/{startup.slug}"
    values = WORDS | {"csrf_token": token_on(somebody, path)}
    answer = somebody.post(path, **body_of(values, (large, "a.pdf"), (large + b" ", "b.pdf"), (PDF, "c.pdf")))
    assert answer.status_code == 422
    assert "\u2068a.pdf\u2069: The file is larger than 5 MB." in answer.text
    assert WORDS["statement"] in answer.text
    assert [file.name for file in files(session)] == ["c.pdf"]
    assert session.scalars(sa.select(Claim)).all() == []


def test_other_forms_take_no_more_than_before(somebody: FlaskClient) -> None:
    answer = somebody.post("/en/my/new", **body_of({}, (b" " * 6_000_000, "a")))
    assert answer.status_code == 413


def test_a_claimant_adds_and_removes_files_until_the_park_has_decided(
    somebody: FlaskClient, session: Session, startup: Startup
) -> None:
    sent(somebody, f"/en/my/claim/startup/{startup.slug}", **WORDS)
    claim = session.scalars(sa.select(Claim)).one()
    path = f"/en/evidence/claims/{claim.id}"
    assert path in opened(somebody, "/en/my").text
    assert "Please choose a file." in sent(somebody, path).text
    assert sent(somebody, path, files=chosen((PDF, "proof.pdf"))).status_code == 303
    page = opened(somebody, path)
    assert "1 file is attached." in page.text
    removal = re.search(r'action="(/en/evidence/\w+/remove)"', page.text)
    assert removal is not None
    assert pressed(somebody, path, removal.group(1)).location == path
    assert files(session) == []
    claim.state = ClaimState.REFUSED
    session.commit()
    assert "nothing can be attached any more" in opened(somebody, path).text
    late = sent(somebody, path, page="/en/my/new", files=chosen((PDF, "late.pdf")))
    assert late.status_code == 422
    assert files(session) == []


def test_a_member_attaches_to_changes_and_staff_see_it_beside_them(
    app: Flask, staff: FlaskClient, session: Session, startup: Startup
) -> None:
    account, colleague = make_account(), make_account()
    join(account, startup)
    join(colleague, startup)
    member, page = signed_in(app, account), f"/en/my/startup/{startup.slug}/profile"
    assert member.get(f"{page}/evidence").location == page
    actor = actor_of(session, account)
    save(session, actor, startup, "texts", pitch={"en": "Other words."})
    revision = submit(session, actor, startup)
    session.commit()
    assert f"{page}/evidence" in opened(member, page).text
    assert sent(member, f"{page}/evidence", files=chosen((scan("JPEG"), "سجل.jpeg"))).status_code == 303
    file = files(session)[0]
    assert "<bdi>سجل.jpg</bdi>" in opened(staff, f"/en/staff/reviews/{revision.id}").text
    received = staff.get(f"/en/evidence/{file.reference}")
    assert received.headers["Content-Disposition"].startswith("attachment; filename=")
    assert "filename*=UTF-8''%D8%B3%D8%AC%D9%84.jpg" in received.headers["Content-Disposition"]
    with Image.open(io.BytesIO(received.data)) as picture:
        assert picture.format == "JPEG"
    other = signed_in(app, colleague)
    seen = opened(other, f"{page}/evidence")
    assert "<bdi>سجل.jpg</bdi>" in seen.text
    assert file.reference not in seen.text
    assert other.get(f"/en/evidence/{file.reference}").status_code == 404


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_an_applicant_attaches_through_the_mailed_link(client: FlaskClient, session: Session, language: str) -> None:
    application = make_draft(session)
    session.commit()
    path = path_of(application, "/documents", language=language)
    assert path in opened(client, path_of(application, language=language)).text
    assert sent(client, path, files=chosen((PDF, "plan.pdf"), (scan(), "team.png"))).status_code == 303
    page = opened(client, path)
    assert "<bdi>plan.pdf</bdi>" in page.text
    assert "<bdi>team.png</bdi>" in page.text
    first, second = files(session)
    received = client.get(f"{path}/{first.reference}")
    assert received.data == PDF
    assert received.headers["Content-Disposition"].startswith("attachment;")
    assert received.headers["Cache-Control"] == "no-store"
    assert pressed(client, path, f"{path}/{second.reference}/remove").status_code == 303
    assert [file.name for file in files(session)] == ["plan.pdf"]
    assert "plan.pdf" in opened(client, path_of(application, language=language)).text


def test_the_link_of_one_application_opens_no_file_of_another(client: FlaskClient, session: Session) -> None:
    first, second = make_draft(session), make_draft(session)
    session.commit()
    sent(client, path_of(first, "/documents"), files=chosen((PDF, "plan.pdf")))
    reference = files(session)[0].reference
    path = path_of(second, "/documents")
    assert client.get(f"{path}/{reference}").status_code == 404
    assert pressed(client, path, f"{path}/{reference}/remove").status_code == 404
    for ending in ("", f"/{reference}"):
        assert client.get(f"/en/apply/made-up/documents{ending}").status_code == 404
    assert len(files(session)) == 1


def test_staff_read_what_was_attached_to_an_application_and_erasing_its_words_erases_it(
    client: FlaskClient, staff: FlaskClient, session: Session
) -> None:
    application = make_sent(session)
    session.commit()
    sent(client, path_of(application, "/documents"), files=chosen((PDF, "plan.pdf")))
    page = opened(staff, f"/en/staff/applications/{application.reference}")
    assert "<bdi>plan.pdf</bdi>" in page.text
    assert staff.get(f"/en/evidence/{files(session)[0].reference}").data == PDF
    application.state = ApplicationState.REFUSED
    session.commit()
    assert "plan.pdf" in opened(client, path_of(application)).text
    assert "nothing can be attached any more" in opened(client, path_of(application, "/documents")).text
