"""Requests: writing them, who sees what of them, limits, mails."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.accounts import join, make_account
from tests.introductions import PLANTED, TODAY, Pair, make_pair
from webapp.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from webapp.models import (
    Change,
    Introduction,
    IntroductionState,
    MailState,
    Network,
    NetworkRole,
    OutgoingMail,
    Partner,
    PublicationState,
    Side,
    Startup,
)
from webapp.services.introduction_effects import check_no_contact_details
from webapp.services.introduction_limits import (
    add_months,
    asking_hindrance,
    monthly_incoming,
    monthly_requests,
    open_requests,
)
from webapp.services.introduction_moves import KNOWN_TO_EACH_OTHER
from webapp.services.introductions import (
    Move,
    answer_shown,
    contacts_for,
    count_introductions,
    count_to_check,
    count_waiting_for,
    draft_introduction,
    get_introduction,
    list_introductions,
    propose_introduction,
    queue,
    save_draft,
    timeline,
)

State = IntroductionState
Makers = tuple[Callable[..., Startup], Callable[..., Partner]]


@pytest.fixture
def pair(session: Session, make_startup: Callable[..., Startup], make_partner: Callable[..., Partner]) -> Pair:
    return make_pair(session, make_startup, make_partner)


def mails(session: Session, **criteria: Any) -> list[tuple[str, str]]:
    rows = session.scalars(sa.select(OutgoingMail).filter_by(state=MailState.WAITING, **criteria))
    return sorted((row.kind, row.address) for row in rows)


def rules(session: Session, **changed: Any) -> None:
    network = session.scalars(sa.select(Network)).one()
    network.introductions = network.introductions | changed
    session.flush()


@pytest.fixture
def usual_rules(session: Session) -> Any:
    network = session.scalars(sa.select(Network)).one()
    before = dict(network.introductions)
    yield
    session.rollback()
    session.scalars(sa.select(Network)).one().introductions = before
    session.commit()


def raised(code: str, call: Callable[[], object]) -> DomainError:
    with pytest.raises(DomainError) as caught:
        call()
    assert caught.value.code == code
    return caught.value


# Writing


def test_beginning_twice_gives_the_same_draft(pair: Pair, session: Session) -> None:
    first = pair.draft()
    again = draft_introduction(session, pair.actor("founder"), pair.startup, pair.partner, language="fr", today=TODAY)
    assert again is first
    assert session.scalar(sa.select(sa.func.count()).select_from(Introduction)) == 1


def test_only_members_of_the_asking_side_write(pair: Pair, session: Session) -> None:
    introduction = pair.draft()
    for who in ("investor", "stranger", "staff"):
        with pytest.raises(NotAllowed):
            draft_introduction(session, pair.actor(who), pair.startup, pair.partner, language="en", today=TODAY)
        with pytest.raises(NotAllowed):
            save_draft(session, pair.actor(who), introduction, reason="Mine", message="now")


@pytest.mark.parametrize("state", [PublicationState.DRAFT, PublicationState.WITHDRAWN])
def test_only_published_profiles_ask_and_are_asked(pair: Pair, session: Session, state: PublicationState) -> None:
    actor = pair.actor("founder")
    pair.partner.state = state
    with pytest.raises(NotFound):
        draft_introduction(session, actor, pair.startup, pair.partner, language="en", today=TODAY)
    pair.partner.state, pair.startup.state = PublicationState.PUBLISHED, state
    raised(
        "asking-not-published",
        lambda: draft_introduction(session, actor, pair.startup, pair.partner, language="en", today=TODAY),
    )


def test_who_was_withdrawn_meanwhile_cannot_be_asked(pair: Pair, session: Session) -> None:
    introduction = pair.draft()
    pair.partner.state = PublicationState.WITHDRAWN
    session.flush()
    raised("asked-not-published", lambda: pair.make(introduction, "founder", Move.SUBMIT))


def test_nobody_asks_themselves(pair: Pair, session: Session) -> None:
    join(pair.accounts["founder"], pair.partner)
    actor = pair.actor("founder")
    raised(
        "own-organisation",
        lambda: draft_introduction(session, actor, pair.startup, pair.partner, language="en", today=TODAY),
    )


def test_an_empty_request_cannot_be_submitted(pair: Pair, session: Session) -> None:
    introduction = pair.draft()
    for reason, message, field in (("", "text", "reason"), ("text", "  \n ", "message")):
        save_draft(session, pair.actor("founder"), introduction, reason=reason, message=message)
        assert raised("missing", lambda: pair.make(introduction, "founder", Move.SUBMIT)).values == {"field": field}


@pytest.mark.parametrize(
    "text",
    ["Write to me: a.b@mail.example", "06 12 34 56 78", "+212 (0)6-12-34-56-78", "هاتفي ٠٦١٢٣٤٥٦٧٨", "00212612345678"],
)
def test_contact_details_cannot_go_round_the_consent(pair: Pair, session: Session, text: str) -> None:
    introduction = pair.draft()
    save_draft(session, pair.actor("founder"), introduction, reason="Because", message=f"Hello. {text}. Bye")
    assert raised("contact-details", lambda: pair.make(introduction, "founder", Move.SUBMIT)).values == {
        "field": "message"
    }


@pytest.mark.parametrize(
    "text", ["We raise 10 000 000 MAD", "from 2026-11-28 on", "0.5 to 1.25 %", "ICE 001 234", "@tazrii", "20,000.00"]
)
def test_other_numbers_are_no_contact_details(text: str) -> None:
    check_no_contact_details(text, "message")


def test_a_text_that_is_too_long_is_refused(pair: Pair, session: Session) -> None:
    introduction = pair.draft()
    error = raised(
        "too-long",
        lambda: save_draft(session, pair.actor("founder"), introduction, reason="x" * 1001, message="y"),
    )
    assert error.values == {"field": "reason", "most": 1000}


def test_a_submitted_request_cannot_be_written_to_any_more(pair: Pair, session: Session) -> None:
    introduction = pair.at(State.SUBMITTED)
    raised(
        "introduction-moved",
        lambda: save_draft(session, pair.actor("founder"), introduction, reason="a", message="b"),
    )


def test_a_returned_request_is_changed_and_submitted_again(pair: Pair, session: Session) -> None:
    introduction = pair.at(State.RETURNED)
    assert answer_shown(introduction, Side.STARTUP).note == "Say more."
    save_draft(session, pair.actor("founder"), introduction, reason="More", message="And more")
    pair.make(introduction, "founder", Move.SUBMIT)
    assert introduction.state == State.SUBMITTED


# Who may ask whom


def test_a_kind_that_the_pack_leaves_out_asks_nobody(pair: Pair, session: Session, usual_rules: None) -> None:
    rules(session, may_ask={"startup": ["mentor"], "mentor": ["startup"]})
    for who, asking, asked in (
        ("founder", pair.startup, pair.partner),
        ("investor", pair.partner, pair.startup),
    ):
        actor = pair.actor(who)
        hindrance = asking_hindrance(session, actor, asking, asked, TODAY)
        assert hindrance is not None
        assert hindrance.code == "may-not-ask"
        with pytest.raises(Invalid):
            draft_introduction(session, actor, asking, asked, language="en", today=TODAY)


@pytest.mark.parametrize("kind", ["investor", "mentor", "corporate"])
def test_startups_ask_partners_of_each_kind_and_are_asked_by_them(
    session: Session, make_startup: Callable[..., Startup], make_partner: Callable[..., Partner], kind: str
) -> None:
    pair = make_pair(session, make_startup, make_partner, kind=kind)
    assert asking_hindrance(session, pair.actor("founder"), pair.startup, pair.partner, TODAY) is None
    assert asking_hindrance(session, pair.actor("investor"), pair.partner, pair.startup, TODAY) is None
    assert asking_hindrance(session, pair.actor("founder"), pair.startup, pair.startup, TODAY) is not None


# One at a time


def test_a_pair_has_one_introduction_under_way(pair: Pair, session: Session) -> None:
    theirs = pair.draft(asked_by=Side.PARTNER)
    ours = pair.at(State.SUBMITTED)
    error = raised("introduction-open", lambda: pair.make(theirs, "investor", Move.SUBMIT))
    assert error.values["reference"] == "", "the partner does not learn of a request that was not sent"
    error = raised(
        "introduction-open",
        lambda: draft_introduction(
            session, pair.actor("founder"), pair.startup, pair.partner, language="en", today=TODAY
        ),
    )
    assert error.values["reference"] == ours.reference
    pair.make(ours, "staff", Move.SEND)
    error = raised("introduction-open", lambda: pair.make(theirs, "investor", Move.SUBMIT))
    assert error.values["reference"] == ours.reference


def test_after_a_decline_one_asks_again_only_later(pair: Pair, session: Session) -> None:
    pair.at(State.DECLINED)
    actor = pair.actor("founder")
    hindrance = asking_hindrance(session, actor, pair.startup, pair.partner, TODAY + timedelta(days=30))
    assert hindrance is not None
    assert (hindrance.code, hindrance.values) == ("asked-recently", {"again_on": add_months(TODAY, 6)})
    assert asking_hindrance(session, actor, pair.startup, pair.partner, add_months(TODAY, 6)) is None
    # The other side, who declined, may ask at once.
    assert asking_hindrance(session, pair.actor("investor"), pair.partner, pair.startup, TODAY) is None


def test_months_end_where_they_end() -> None:
    from datetime import date

    assert add_months(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert add_months(date(2026, 12, 31), 12) == date(2027, 12, 31)
    assert add_months(date(2026, 11, 30), 0) == date(2026, 11, 30)


# Limits


def another(pair: Pair, make_partner: Callable[..., Partner]) -> Introduction:
    return replace(pair, partner=make_partner()).draft()


def test_open_requests_are_limited_and_withdrawn_ones_give_the_place_back(
    pair: Pair, session: Session, make_partner: Callable[..., Partner], usual_rules: None
) -> None:
    rules(session, open_requests=2)
    first, second, third = (another(pair, make_partner) for _ in range(3))
    pair.make(first, "founder", Move.SUBMIT)
    pair.make(second, "founder", Move.SUBMIT)
    assert raised("too-many-open", lambda: pair.make(third, "founder", Move.SUBMIT)).values == {"most": 2}
    assert open_requests(session, pair.startup).is_full
    pair.make(first, "founder", Move.WITHDRAW)
    pair.make(third, "founder", Move.SUBMIT)
    assert open_requests(session, pair.startup).used == 2


def test_requests_a_month_are_limited_and_refused_ones_give_the_place_back(
    pair: Pair, session: Session, make_partner: Callable[..., Partner], usual_rules: None
) -> None:
    rules(session, monthly_requests=2)
    first, second, third = (another(pair, make_partner) for _ in range(3))
    pair.make(first, "founder", Move.SUBMIT)
    pair.make(second, "founder", Move.SUBMIT)
    raised("too-many-this-month", lambda: pair.make(third, "founder", Move.SUBMIT))
    pair.make(second, "staff", Move.REFUSE, return_note="No.")
    pair.make(third, "founder", Move.SUBMIT)
    next_month = add_months(TODAY.replace(day=1), 1)
    assert monthly_requests(session, pair.startup, TODAY).used == 2
    assert monthly_requests(session, pair.startup, next_month).used == 0


def test_a_full_partner_is_asked_later_and_nothing_is_lost(
    pair: Pair, session: Session, make_startup: Callable[..., Startup]
) -> None:
    pair.partner.monthly_introductions = 1
    first = pair.at(State.SENT)
    other = replace(pair, startup=make_startup())
    join(pair.accounts["founder"], other.startup)
    waiting = other.at(State.SUBMITTED)
    error = raised("partner-full", lambda: pair.make(waiting, "staff", Move.SEND))
    assert error.values == {"used": 1, "most": 1}
    assert (waiting.state, waiting.sent_at) == (State.SUBMITTED, None)
    assert waiting in queue(session)
    pair.make(first, "founder", Move.WITHDRAW)
    assert monthly_incoming(session, pair.partner, TODAY).used == 0
    pair.make(waiting, "staff", Move.SEND)
    assert waiting.state == State.SENT


def test_a_profile_without_members_cannot_be_asked_yet(
    pair: Pair, session: Session, make_partner: Callable[..., Partner]
) -> None:
    introduction = another(pair, make_partner)
    pair.make(introduction, "founder", Move.SUBMIT)
    raised("nobody-to-ask", lambda: pair.make(introduction, "staff", Move.SEND))
    join(pair.accounts["investor"], introduction.partner)
    pair.make(introduction, "staff", Move.SEND)


# Proposals


def propose(pair: Pair, session: Session, **values: Any) -> Introduction:
    given = {"asked_by": Side.STARTUP, "reason": "Both farm.", "message": "You should meet.", "language": "en"}
    return propose_introduction(session, pair.actor("staff"), pair.startup, pair.partner, today=TODAY, **given | values)


def test_a_proposal_is_sent_as_soon_as_it_is_submitted(pair: Pair, session: Session) -> None:
    introduction = propose(pair, session)
    assert (introduction.state, introduction.requester_id) == (State.DRAFT, None)
    assert mails(session) == [("introduction-proposed", PLANTED["founder"][0])]
    assert count_waiting_for(session, pair.actor("founder")) == 1
    pair.make(introduction, "founder", Move.SUBMIT)
    assert introduction.state == State.SENT
    assert introduction.requester_id == pair.accounts["founder"].person_id
    assert [(move.move, move.side) for move in introduction.moves] == [
        ("propose", Side.STAFF),
        ("submit", Side.STARTUP),
        ("send", Side.SYSTEM),
    ]


def test_a_proposal_with_other_words_is_checked_again(pair: Pair, session: Session) -> None:
    introduction = propose(pair, session)
    save_draft(session, pair.actor("founder"), introduction, reason="Both farm.", message="Send money.")
    pair.make(introduction, "founder", Move.SUBMIT)
    assert introduction.state == State.SUBMITTED


def test_a_proposal_to_a_full_partner_waits_with_staff(pair: Pair, session: Session) -> None:
    pair.partner.monthly_introductions = 0
    introduction = propose(pair, session)
    pair.make(introduction, "founder", Move.SUBMIT)
    assert introduction.state == State.SUBMITTED
    assert queue(session) == [introduction]


def test_only_staff_propose_and_only_where_nothing_is_under_way(pair: Pair, session: Session) -> None:
    with pytest.raises(NotAllowed):
        propose_introduction(
            session,
            pair.actor("founder"),
            pair.startup,
            pair.partner,
            asked_by=Side.PARTNER,
            reason="a",
            message="b",
            language="en",
            today=TODAY,
        )
    pair.draft()
    raised("draft-exists", lambda: propose(pair, session))
    assert propose(pair, session, asked_by=Side.PARTNER).asking is pair.partner


# Seeing


def test_the_asked_side_knows_nothing_before_it_is_asked(pair: Pair, session: Session) -> None:
    for state in (State.DRAFT, State.SUBMITTED, State.IN_REVIEW):
        session.execute(sa.delete(Introduction))
        session.expire_all()
        introduction = pair.at(state)
        for who in ("investor", "stranger"):
            with pytest.raises(NotFound):
                get_introduction(session, pair.actor(who), introduction.reference)
            assert list_introductions(session, pair.actor(who)) == []
        with pytest.raises(NotFound):
            answer_shown(introduction, Side.PARTNER)
    pair.make(introduction, "staff", Move.SEND)
    assert get_introduction(session, pair.actor("investor"), introduction.reference) is introduction
    assert [move.move for move in timeline(introduction, Side.PARTNER)] == ["send"]
    with pytest.raises(NotFound):
        get_introduction(session, pair.actor("stranger"), introduction.reference)


@pytest.mark.parametrize("state", list(State))
def test_contact_details_are_for_both_sides_once_they_agreed_and_for_nobody_else(pair: Pair, state: State) -> None:
    introduction = pair.at(state)
    known = state in KNOWN_TO_EACH_OTHER
    for who, other in (("founder", "investor"), ("investor", "founder")):
        contact = contacts_for(pair.actor(who), introduction)
        assert (contact and (contact.email, contact.phone)) == (PLANTED[other] if known else None)
    assert contacts_for(pair.actor("stranger"), introduction) is None
    assert contacts_for(pair.actor("staff"), introduction) is None


def test_who_was_erased_is_not_shown(pair: Pair, session: Session) -> None:
    introduction = pair.at(State.INTRODUCED)
    pair.accounts["investor"].person.erased_at = introduction.introduced_at
    assert contacts_for(pair.actor("founder"), introduction) is None


def test_the_asking_side_reads_the_same_words_of_every_decline(pair: Pair) -> None:
    introduction = pair.at(State.DECLINED)
    shown = answer_shown(introduction, Side.STARTUP)
    assert (shown.code, shown.note, shown.decline_code) == ("not-this-time", "", None)
    for side in (Side.STAFF, Side.PARTNER):
        shown = answer_shown(introduction, side)
        assert (shown.note, shown.decline_code) == ("Secret reason", "no-time")


def test_lists_have_boxes_states_and_pages(pair: Pair, session: Session, make_partner: Callable[..., Partner]) -> None:
    sent, draft = pair.at(State.SENT), another(pair, make_partner)
    founder, investor, staff = (pair.actor(who) for who in ("founder", "investor", "staff"))
    assert set(list_introductions(session, founder)) == {sent, draft}
    assert list_introductions(session, founder, box="in") == []
    assert list_introductions(session, founder, state=State.DRAFT) == [draft]
    assert list_introductions(session, investor, box="in") == [sent]
    assert list_introductions(session, investor, box="out") == []
    assert list_introductions(session, staff, box="staff") == [sent], "drafts are the asking side's own"
    assert list_introductions(session, staff, box="staff", organisation=pair.startup) == [sent]
    assert list_introductions(session, staff) == []
    assert len(list_introductions(session, founder, limit=1, offset=1)) == 1
    assert count_introductions(session, founder) == 2
    for actor, values in ((founder, {"box": "staff"}), (founder, {"organisation": pair.partner})):
        with pytest.raises(NotAllowed):
            list_introductions(session, actor, **values)


def test_a_list_takes_a_fixed_number_of_queries(
    pair: Pair, session: Session, make_partner: Callable[..., Partner], count_queries: Callable[[], int]
) -> None:
    for _ in range(5):
        another(pair, make_partner)
    actor = pair.actor("founder")

    def queries(limit: int) -> int:
        session.expire_all()
        count_queries()
        for one in list_introductions(session, actor, limit=limit):
            assert one.startup.slug
            assert one.partner.slug
            assert one.meeting is None
        return count_queries()

    assert queries(5) == queries(1)


def test_counts_say_what_waits_for_whom(pair: Pair, session: Session) -> None:
    introduction = pair.at(State.SUBMITTED)
    assert count_to_check(session) == 1
    pair.make(introduction, "staff", Move.SEND)
    assert count_to_check(session) == 0
    assert [count_waiting_for(session, pair.actor(who)) for who in ("founder", "investor", "staff")] == [0, 1, 0]


# Versions and mails


def test_a_version_that_is_no_longer_true_is_refused(pair: Pair) -> None:
    introduction = pair.at(State.SENT)
    seen = introduction.version
    pair.make(introduction, "system", Move.REMIND)
    assert introduction.version == seen + 1
    with pytest.raises(Conflict, match="introduction-moved"):
        pair.make(introduction, "investor", Move.ACCEPT, version=seen)
    pair.make(introduction, "investor", Move.ACCEPT, version=introduction.version)


def test_a_second_click_does_nothing_more(pair: Pair, session: Session) -> None:
    introduction = pair.at(State.SENT)
    pair.make(introduction, "investor", Move.ACCEPT)
    before = (len(introduction.moves), mails(session))
    raised("illegal-move", lambda: pair.make(introduction, "investor", Move.ACCEPT))
    assert (len(introduction.moves), mails(session)) == before


def test_a_value_that_a_move_does_not_know_is_a_mistake(pair: Pair) -> None:
    with pytest.raises(TypeError):
        pair.make(pair.draft(), "founder", Move.SUBMIT, until=TODAY)


@pytest.mark.parametrize("days", [0, -1, 366])
def test_not_now_is_until_a_day_within_a_year(pair: Pair, days: int) -> None:
    introduction = pair.at(State.SENT)
    raised(
        "until-out-of-range",
        lambda: pair.make(introduction, "investor", Move.NOT_NOW, until=TODAY + timedelta(days=days)),
    )
    raised("missing", lambda: pair.make(introduction, "investor", Move.NOT_NOW))
    assert introduction.state == State.SENT


def test_mails_go_to_those_whom_a_move_concerns(pair: Pair, session: Session) -> None:
    colleague = make_account()
    join(colleague, pair.partner)
    founder, investor = PLANTED["founder"][0], PLANTED["investor"][0]
    introduction = pair.at(State.SUBMITTED)
    assert mails(session) == []
    pair.make(introduction, "staff", Move.SEND)
    asked = sorted([("introduction-request", investor), ("introduction-request", colleague.email)])
    assert mails(session) == [*asked, ("introduction-sent", founder)]
    pair.make(introduction, "investor", Move.ACCEPT)
    # The request that nobody has read yet is no longer to be answered.
    assert mails(session) == [
        ("introduction-made", founder),
        ("introduction-made", investor),
        ("introduction-sent", founder),
    ]


def test_each_reader_of_a_request_gets_links_of_their_own(pair: Pair, session: Session) -> None:
    join(make_account(), pair.partner)
    pair.at(State.SENT)
    requests = session.scalars(sa.select(OutgoingMail).filter_by(kind="introduction-request")).all()
    links = [tuple(mail.values["links"].values()) for mail in requests]
    assert len(requests) == 2
    assert len({link for found in links for link in found}) == 6


def test_no_mail_keeps_a_contact_detail_or_a_text_of_somebody(pair: Pair, session: Session) -> None:
    for state in State:
        session.execute(sa.delete(Introduction))
        session.expire_all()
        pair.at(state)
    told = json.dumps([mail.values for mail in session.scalars(sa.select(OutgoingMail))])
    assert "planted" not in told
    assert "Secret" not in told
    assert "olives" not in told


def test_the_matcher_looks_again_at_both_after_an_answer(pair: Pair, session: Session) -> None:
    introduction = pair.at(State.SENT)
    session.execute(sa.delete(Change))
    pair.make(introduction, "investor", Move.DECLINE)
    changed = {(row.noun, row.object_id) for row in session.scalars(sa.select(Change))}
    assert changed == {("startup", pair.startup.id), ("partner", pair.partner.id)}


def test_a_colleague_takes_over_when_the_requester_has_left(pair: Pair, session: Session) -> None:
    introduction = pair.at(State.SENT)
    colleague = make_account()
    join(colleague, pair.startup)
    session.execute(sa.text("DELETE FROM membership WHERE person_id = :id"), {"id": pair.accounts["founder"].person_id})
    pair.make(introduction, "investor", Move.ACCEPT)
    assert introduction.requester_id == colleague.person_id
    assert make_account(NetworkRole.STAFF).person_id != introduction.requester_id
