"""Demonstration data: an invented directory that agrees with the network's published figures.

The same seed and day give the same directory. Everything is marked as demonstration data; the texts are the network
pack's own (its ``demo`` folder), this package only chooses and combines them.
"""

from webapp.services.demonstration.applications import make_demonstration_applications
from webapp.services.demonstration.challenges import make_demonstration_challenges
from webapp.services.demonstration.days import make_demonstration_days
from webapp.services.demonstration.directory import DemonstrationReport, make_demonstration
from webapp.services.demonstration.introductions import make_demonstration_introductions
from webapp.services.demonstration.kept import make_demonstration_kept
from webapp.services.demonstration.moderation import make_demonstration_moderation
from webapp.services.demonstration.pulse import make_demonstration_pulse

__all__ = [
    "DemonstrationReport",
    "make_demonstration",
    "make_demonstration_applications",
    "make_demonstration_challenges",
    "make_demonstration_days",
    "make_demonstration_introductions",
    "make_demonstration_kept",
    "make_demonstration_moderation",
    "make_demonstration_pulse",
]
