"""Background work: draining the change log into index, matches and figures, and what is done anew every night.

Everything here owns its transaction, works under one lock, and can be repeated: index, matches and figures are derived
from the database, so doing a change twice does no harm. When the work is done is decided by ``webapp.cli.work``.
"""

from webapp.work.alerts import tell_news
from webapp.work.changes import Drained, catch_up, drain, refit
from webapp.work.data_set import publish_data
from webapp.work.figures import release_figures
from webapp.work.imports import carry_out_imports
from webapp.work.mail import send_mail
from webapp.work.night import Night, nightly
from webapp.work.passing import advance, forget_what_was_kept_long_enough, freshen
from webapp.work.place import Workplace

__all__ = [
    "Drained",
    "Night",
    "Workplace",
    "advance",
    "carry_out_imports",
    "catch_up",
    "drain",
    "forget_what_was_kept_long_enough",
    "freshen",
    "nightly",
    "publish_data",
    "refit",
    "release_figures",
    "send_mail",
    "tell_news",
]
