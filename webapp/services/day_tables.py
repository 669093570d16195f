"""Tables of a matchmaking day: a partner keeps its own all day while there are enough; startups go round."""

from __future__ import annotations

from collections import Counter

from webapp.models import DayMeeting, MatchmakingDay


def assign_tables(day: MatchmakingDay) -> None:
    """Number the tables of all meetings; who has one keeps it as far as possible."""
    own = _own_tables(day)
    for slot in range(len(day.begins)):
        here = sorted(
            (each for each in day.meetings if each.slot == slot), key=lambda each: each.partner_participant_id
        )
        taken = {own[each.partner_participant_id] for each in here if each.partner_participant_id in own}
        free = (number for number in range(1, len(here) + len(taken) + 1) if number not in taken)
        for meeting in here:
            _seat(meeting, own.get(meeting.partner_participant_id) or next(free))


def _seat(meeting: DayMeeting, table: int) -> None:
    if meeting.table is not None and meeting.table != table:
        meeting.sequence += 1
    meeting.table = table


def _own_tables(day: MatchmakingDay) -> dict[int, int]:
    """Partner -> its table, as far as there are enough: those with most meetings first, so that fewest go about."""
    counts = Counter(each.partner_participant_id for each in day.meetings)
    own: dict[int, int] = {}
    for meeting in day.meetings:
        if (
            meeting.table is not None
            and meeting.partner_participant_id not in own
            and meeting.table not in own.values()
        ):
            own[meeting.partner_participant_id] = meeting.table
    most = day.tables or len(counts) + len(own)
    own = {partner: table for partner, table in own.items() if table <= most}
    free = iter([number for number in range(1, most + 1) if number not in own.values()])
    for partner in sorted(counts, key=lambda each: (-counts[each], each)):
        if partner not in own and (table := next(free, None)) is not None:
            own[partner] = table
    return own
