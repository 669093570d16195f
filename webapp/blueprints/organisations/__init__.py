"""The organisations of those who signed in: which they are, how to get one, and who acts for it."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint

from webapp.blueprints.organisations import begin, members, routes, words

blueprint = Blueprint("organisations", __name__, url_prefix="/<lang>/my", template_folder="templates")

FORM = ["GET", "POST"]
ONE = "/<any(startup, partner):noun>/<slug>"

blueprint.add_url_rule("", "overview", routes.overview)
blueprint.add_url_rule("/find", "find", begin.find)
blueprint.add_url_rule("/new", "create", begin.create, methods=FORM)
blueprint.add_url_rule(f"/claim{ONE}", "claim", begin.claim, methods=FORM)
blueprint.add_url_rule("/claims/<int:claim_id>/withdraw", "withdraw_claim", begin.withdraw, methods=["POST"])
blueprint.add_url_rule(f"{ONE}/discard", "discard", routes.discard, methods=FORM)
blueprint.add_url_rule(f"{ONE}/members", "members", members.members)
blueprint.add_url_rule(f"{ONE}/members/invite", "invite", members.invite, methods=FORM)
blueprint.add_url_rule(f"{ONE}/members/add", "add", members.add, methods=FORM)
blueprint.add_url_rule(f"{ONE}/members/<int:membership_id>/role", "change_role", members.change, methods=["POST"])
blueprint.add_url_rule(f"{ONE}/members/<int:membership_id>/remove", "remove", members.remove, methods=FORM)
blueprint.add_url_rule(f"{ONE}/invitations/<int:invitation_id>/revoke", "revoke", members.revoke, methods=["POST"])
blueprint.add_url_rule(f"{ONE}/invitations/<int:invitation_id>/resend", "resend", members.again, methods=["POST"])


@blueprint.context_processor
def _words() -> dict[str, Callable[..., object]]:
    """The words for the templates of this blueprint only."""
    return {function.__name__: function for function in words.FUNCTIONS}
