"""How quickly a matchmaking day is planned, and how near the plan comes to the best there can be.

    python -m bench.matchmaking [--startups 450] [--partners 100] [--slots 8] [--days 5]

Scores resemble those of prepared matches: startups and partners have a taste each in twelve dimensions, a few of them
strong, and a pair is known only if it is on the list of one of the two.
"""

from __future__ import annotations

import argparse
import json
import time

import numpy as np

from bench.timing import machine
from webapp.timetabling import Attendee, Plan, Problem, plan

TASTES, OF_STARTUP, OF_PARTNER = 12, 30, 50


def invent(startups: int, partners: int, slots: int, seed: int, *, hard: bool, dense: bool = False) -> Problem:
    """A day: capacities 4 and as many as there are slots; a hard one has absences, tables and people who come twice."""
    random = np.random.default_rng(seed)
    tastes = (
        random.dirichlet(np.full(TASTES, 0.3), size=startups),
        random.dirichlet(np.full(TASTES, 0.3), size=partners),
    )
    raw = tastes[0] @ tastes[1].T + random.normal(0, 0.05, (startups, partners))
    scores = np.clip(0.2 + 0.8 * raw, 0.01, 0.99).round(4)
    rows = np.argsort(-scores, axis=1)[:, :OF_STARTUP]
    columns = np.argsort(-scores, axis=0)[:OF_PARTNER]
    known = {(one, int(other)) for one in range(startups) for other in rows[one]}
    known |= {(int(one), other) for other in range(partners) for one in columns[:, other]}
    if dense:
        known = {(one, other) for one in range(startups) for other in range(partners)}

    def attendee(capacity: int, number: int) -> Attendee:
        if not hard:
            return Attendee(capacity)
        away = frozenset(range(slots // 2)) if random.random() < 0.1 else frozenset()
        return Attendee(capacity, away, person=number // 2 if number < 20 else None)

    return Problem(
        slots=slots,
        startups=[attendee(4, number) for number in range(startups)],
        partners=[attendee(slots, number + 10) for number in range(partners)],
        scores={pair: float(scores[pair]) for pair in sorted(known)},
        tables=int(partners * 0.9) if hard else None,
    )


def check(problem: Problem, made: Plan) -> None:
    """Stop if the plan breaks a rule."""
    seen: set[tuple[object, int]] = set()
    for meeting in made.meetings:
        for side, number in (("startup", meeting.startup), ("partner", meeting.partner)):
            attendee = (problem.startups if side == "startup" else problem.partners)[number]
            who = (side, number) if attendee.person is None else ("person", attendee.person)
            if (who, meeting.slot) in seen or meeting.slot in attendee.away:
                raise SystemExit(f"a clash: {meeting}")
            seen.add((who, meeting.slot))
    for side in ("startup", "partner"):
        attendees = problem.startups if side == "startup" else problem.partners
        counts = np.bincount([getattr(each, side) for each in made.meetings], minlength=len(attendees))
        if any(counts > [each.capacity for each in attendees]):
            raise SystemExit(f"too many meetings for a {side}")


def main() -> None:
    """Plan some days and print how that went."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--startups", type=int, default=450)
    parser.add_argument("--partners", type=int, default=100)
    parser.add_argument("--slots", type=int, default=8)
    parser.add_argument("--days", type=int, default=5)
    asked = parser.parse_args()
    print(f"{asked.startups} startups, {asked.partners} partners, {asked.slots} slots")
    print("day          pairs  meetings  left out  dropped    score    bound   ratio   seconds  processor")
    for kind in ("plain", "hard", "all pairs"):
        for seed in range(asked.days):
            size = asked.startups, asked.partners, asked.slots
            problem = invent(*size, seed, hard=kind == "hard", dense=kind == "all pairs")
            began = time.perf_counter(), time.process_time()
            made = plan(problem)
            seconds, processor = time.perf_counter() - began[0], time.process_time() - began[1]
            check(problem, made)
            met = {("startup", each.startup) for each in made.meetings} | {
                ("p", each.partner) for each in made.meetings
            }
            out = asked.startups + asked.partners - len(met)
            print(
                f"{kind:10} {seed} {len(problem.scores):6} {len(made.meetings):9} {out:9} {len(made.dropped):8} "
                f"{made.score:8.2f} {made.bound:8.2f} {made.score / made.bound:7.4f} {seconds:9.2f} {processor:9.2f}"
            )
    print(json.dumps({"machine": machine()}))


if __name__ == "__main__":
    main()
