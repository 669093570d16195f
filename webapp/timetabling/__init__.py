"""Timetables of matchmaking days: who meets whom, and when. Pure functions over numbers; SciPy's HiGHS does the sums.

Nothing here reads the database or knows of requests. The web process loads this package only when somebody plans a day
(ADR 15): ``webapp.services.day_planning`` imports it inside the function that needs it.
"""

from webapp.timetabling.planner import plan
from webapp.timetabling.problem import Attendee, Lock, Plan, Planned, Problem

__all__ = ["Attendee", "Lock", "Plan", "Planned", "Problem", "plan"]
