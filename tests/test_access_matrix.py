"""Every route with its methods and the permission that it asks for, and every role with the permissions that it has.

A route that is not here, or not as here, fails. What a role may do to one object but not to another is tested with the
services and in ``tests/test_object_access.py``.
"""

from __future__ import annotations

import pytest
from flask import Flask

from webapp.models import MembershipRole, NetworkRole
from webapp.permissions import VISITOR, Actor, Permission, can
from webapp.web.access import permission_of

READ = frozenset({"GET"})
WRITE = frozenset({"POST"})
FORM = READ | WRITE

Row = tuple[frozenset[str], Permission]

MATRIX: dict[str, Row] = {
    "static": (READ, Permission.BROWSE),
    "pages.entrance": (READ, Permission.BROWSE),
    "pages.home": (READ, Permission.BROWSE),
    "pages.about": (READ, Permission.BROWSE),
    "pages.robots": (READ, Permission.BROWSE),
    "pages.sitemap": (READ, Permission.BROWSE),
    "pages.sitemap_part": (READ, Permission.BROWSE),
    "directory.startups": (READ, Permission.BROWSE),
    "directory.startup": (READ, Permission.BROWSE),
    "partners.partners": (READ, Permission.BROWSE),
    "suggestions.suggestions": (READ, Permission.BROWSE),
    "partners.partner": (READ, Permission.BROWSE),
    "clusters.regions": (READ, Permission.BROWSE),
    "clusters.regions_file": (READ, Permission.BROWSE),
    "clusters.region": (READ, Permission.BROWSE),
    "clusters.region_file": (READ, Permission.BROWSE),
    "clusters.sector": (READ, Permission.BROWSE),
    "clusters.sector_file": (READ, Permission.BROWSE),
    "clusters.compare": (READ, Permission.BROWSE),
    "clusters.compare_file": (READ, Permission.BROWSE),
    "clusters.network": (READ, Permission.BROWSE),
    "clusters.network_file": (READ, Permission.BROWSE),
    "clusters.regions_chart": (READ, Permission.BROWSE),
    "clusters.region_chart": (READ, Permission.BROWSE),
    "clusters.sector_chart": (READ, Permission.BROWSE),
    "clusters.network_chart": (READ, Permission.BROWSE),
    # the interface for programs
    "api.openapi": (READ, Permission.BROWSE),
    "api.docs": (READ, Permission.BROWSE),
    "api.startups": (READ, Permission.BROWSE),
    "api.startup": (READ, Permission.BROWSE),
    "api.startup_matches": (READ, Permission.BROWSE),
    "api.startup_similar": (READ, Permission.BROWSE),
    "api.partners": (READ, Permission.BROWSE),
    "api.partner": (READ, Permission.BROWSE),
    "api.partner_matches": (READ, Permission.BROWSE),
    "api.regions": (READ, Permission.BROWSE),
    "api.region_clusters": (READ, Permission.BROWSE),
    "api.sector_clusters": (READ, Permission.BROWSE),
    "api.suggest": (READ, Permission.BROWSE),
    "api.network": (READ, Permission.BROWSE),
    "api.my_introductions": (READ, Permission.USE_ACCOUNT),
    "api.my_saved_searches": (READ, Permission.USE_ACCOUNT),
    "api_tokens.documentation": (READ, Permission.BROWSE),
    "api_tokens.tokens": (FORM, Permission.USE_ACCOUNT),
    "api_tokens.revoke": (FORM, Permission.USE_ACCOUNT),
    "system.healthz": (READ, Permission.OPERATE),
    "system.readyz": (READ, Permission.OPERATE),
    "development.components": (READ, Permission.DEVELOP),
    # accounts (routes of Flask-Security)
    "security.static": (READ, Permission.BROWSE),
    "security.login": (FORM, Permission.SIGN_IN),
    "security.register": (FORM, Permission.SIGN_IN),
    "security.forgot_password": (FORM, Permission.SIGN_IN),
    "security.reset_password": (FORM, Permission.SIGN_IN),
    "security.send_confirmation": (FORM, Permission.SIGN_IN),
    "security.confirm_email": (FORM, Permission.SIGN_IN),
    "security.logout": (WRITE, Permission.SIGN_IN),
    "security.change_email_confirm": (FORM, Permission.SIGN_IN),
    "security.two_factor_setup": (FORM, Permission.SIGN_IN),
    "security.two_factor_token_validation": (FORM, Permission.SIGN_IN),
    "security.two_factor_rescue": (FORM, Permission.SIGN_IN),
    "security.tf_select": (FORM, Permission.SIGN_IN),
    "security.mf_recovery": (FORM, Permission.SIGN_IN),
    "security.wan_signin": (FORM, Permission.SIGN_IN),
    "security.wan_signin_response": (WRITE, Permission.SIGN_IN),
    "security.change_password": (FORM, Permission.USE_ACCOUNT),
    "security.verify": (FORM, Permission.USE_ACCOUNT),
    "security.change_email": (FORM, Permission.USE_ACCOUNT),
    "security.two_factor_setup_validate": (WRITE, Permission.USE_ACCOUNT),
    "security.mf_recovery_codes": (FORM, Permission.USE_ACCOUNT),
    "security.wan_register": (FORM, Permission.USE_ACCOUNT),
    "security.wan_register_response": (WRITE, Permission.USE_ACCOUNT),
    "security.wan_delete": (FORM, Permission.USE_ACCOUNT),
    "security.wan_verify": (FORM, Permission.USE_ACCOUNT),
    "security.wan_verify_response": (WRITE, Permission.USE_ACCOUNT),
    # account settings
    "account.home": (READ, Permission.USE_ACCOUNT),
    "account.settings": (FORM, Permission.USE_ACCOUNT),
    "account.mails": (FORM, Permission.USE_ACCOUNT),
    "account.sign_out_everywhere": (WRITE, Permission.USE_ACCOUNT),
    "administration.accounts": (READ, Permission.ADMINISTER),
    "administration.account": (FORM, Permission.ADMINISTER),
    "administration.close": (WRITE, Permission.ADMINISTER),
    "administration.open": (WRITE, Permission.ADMINISTER),
    "administration.second_factor": (WRITE, Permission.ADMINISTER),
    # what people keep for themselves
    "saved_searches.searches": (READ, Permission.USE_ACCOUNT),
    "saved_searches.news": (READ, Permission.USE_ACCOUNT),
    "saved_searches.save": (FORM, Permission.USE_ACCOUNT),
    "saved_searches.save_matches": (FORM, Permission.ASK),
    "saved_searches.edit": (FORM, Permission.USE_ACCOUNT),
    "saved_searches.delete": (FORM, Permission.USE_ACCOUNT),
    "saved_searches.mark_seen": (WRITE, Permission.USE_ACCOUNT),
    "saved_searches.pause": (WRITE, Permission.USE_ACCOUNT),
    "saved_searches.resume": (WRITE, Permission.USE_ACCOUNT),
    "shortlists.shortlists": (FORM, Permission.USE_ACCOUNT),
    "shortlists.shortlist": (READ, Permission.USE_ACCOUNT),
    "shortlists.shortlist_file": (READ, Permission.USE_ACCOUNT),
    "shortlists.rename": (FORM, Permission.USE_ACCOUNT),
    "shortlists.delete": (FORM, Permission.USE_ACCOUNT),
    "shortlists.note": (FORM, Permission.USE_ACCOUNT),
    "shortlists.remove": (WRITE, Permission.USE_ACCOUNT),
    "shortlists.add": (FORM, Permission.USE_ACCOUNT),
    "comparison.compare": (READ, Permission.BROWSE),
    "comparison.compare_file": (READ, Permission.BROWSE),
    # mail and links
    "mail_links.link": (FORM, Permission.FOLLOW_LINK),
    "mail_links.unsubscribe": (FORM, Permission.FOLLOW_LINK),
    "desk.desk": (READ, Permission.STAFF),
    "mailroom.mails": (READ, Permission.STAFF),
    "mailroom.retry": (WRITE, Permission.STAFF),
    "mailroom.give_up": (WRITE, Permission.STAFF),
    "development.mailbox": (READ, Permission.DEVELOP),
    "development.mail": (READ, Permission.DEVELOP),
    "development.mail_html": (READ, Permission.DEVELOP),
    "development_entrance.mail": (READ, Permission.DEVELOP),
    # matches
    "pages.matching": (READ, Permission.BROWSE),
    "matches.matches": (READ, Permission.ASK),
    "matches.set_aside": (WRITE, Permission.ASK),
    "matches.put_off": (WRITE, Permission.ASK),
    "matches.take_back": (WRITE, Permission.ASK),
    # organisations and claims
    "organisations.overview": (READ, Permission.USE_ACCOUNT),
    "organisations.find": (READ, Permission.USE_ACCOUNT),
    "organisations.create": (FORM, Permission.USE_ACCOUNT),
    "organisations.claim": (FORM, Permission.USE_ACCOUNT),
    "organisations.withdraw_claim": (WRITE, Permission.USE_ACCOUNT),
    "organisations.discard": (FORM, Permission.MANAGE_MEMBERS),
    "organisations.members": (READ, Permission.EDIT_PROFILE),
    "organisations.invite": (FORM, Permission.MANAGE_MEMBERS),
    "organisations.add": (FORM, Permission.STAFF),
    "organisations.change_role": (WRITE, Permission.MANAGE_MEMBERS),
    "organisations.remove": (FORM, Permission.EDIT_PROFILE),
    "organisations.revoke": (WRITE, Permission.MANAGE_MEMBERS),
    "organisations.resend": (WRITE, Permission.MANAGE_MEMBERS),
    "claims.claims": (READ, Permission.STAFF),
    "claims.claim": (FORM, Permission.STAFF),
    # profiles and reviews
    "profiles.edit": (READ, Permission.EDIT_PROFILE),
    "profiles.section": (FORM, Permission.EDIT_PROFILE),
    "profiles.autosave": (WRITE, Permission.EDIT_PROFILE),
    "profiles.logo": (FORM, Permission.EDIT_PROFILE),
    "profiles.remove_logo": (WRITE, Permission.EDIT_PROFILE),
    "profiles.preview": (READ, Permission.EDIT_PROFILE),
    "profiles.changes": (READ, Permission.EDIT_PROFILE),
    "profiles.submit": (WRITE, Permission.EDIT_PROFILE),
    "profiles.publish": (WRITE, Permission.STAFF),
    "profiles.take_back": (WRITE, Permission.EDIT_PROFILE),
    "profiles.discard": (FORM, Permission.EDIT_PROFILE),
    "profiles.confirm": (WRITE, Permission.EDIT_PROFILE),
    "profiles.verify": (FORM, Permission.STAFF),
    "profiles.rename": (FORM, Permission.STAFF),
    "short_links.startup": (READ, Permission.BROWSE),
    "short_links.partner": (READ, Permission.BROWSE),
    "duplicates.duplicates": (READ, Permission.STAFF),
    "duplicates.pair": (FORM, Permission.STAFF),
    "duplicates.apart": (WRITE, Permission.STAFF),
    "bulk_edits.edits": (READ, Permission.STAFF),
    "bulk_edits.choose": (READ, Permission.STAFF),
    "bulk_edits.preview": (FORM, Permission.STAFF),
    "bulk_edits.edit": (READ, Permission.STAFF),
    "bulk_edits.undo": (WRITE, Permission.STAFF),
    "profiles.history": (READ, Permission.EDIT_PROFILE),
    "profiles.go_back": (WRITE, Permission.EDIT_PROFILE),
    "profiles.logo_file": (READ, Permission.BROWSE),
    "audit.entries": (READ, Permission.STAFF),
    "audit.file": (READ, Permission.STAFF),
    "quality.report": (READ, Permission.STAFF),
    "quality.file": (READ, Permission.STAFF),
    "quality.nonconformities": (READ, Permission.STAFF),
    "quality.new": (FORM, Permission.STAFF),
    "quality.nonconformity": (FORM, Permission.STAFF),
    "stale_profiles.profiles": (READ, Permission.STAFF),
    "stale_profiles.ask": (WRITE, Permission.STAFF),
    "stale_profiles.vouch": (WRITE, Permission.STAFF),
    "reviews.reviews": (READ, Permission.STAFF),
    "reviews.review": (FORM, Permission.STAFF),
    # introductions and triage
    "triage.queue": (READ, Permission.STAFF),
    "triage.all": (READ, Permission.STAFF),
    "triage.propose": (FORM, Permission.STAFF),
    "triage.figures": (READ, Permission.STAFF),
    "triage.figures_file": (READ, Permission.STAFF),
    "triage.request": (READ, Permission.STAFF),
    "triage.note": (WRITE, Permission.STAFF),
    "triage.move": (WRITE, Permission.STAFF),
    "introductions.introductions": (READ, Permission.READ_INTRODUCTION),
    "introductions.new": (FORM, Permission.ASK),
    "introductions.introduction": (READ, Permission.READ_INTRODUCTION),
    "introductions.save": (WRITE, Permission.READ_INTRODUCTION),
    "introductions.calendar": (READ, Permission.READ_INTRODUCTION),
    "introductions.outcome": (WRITE, Permission.READ_INTRODUCTION),
    "introductions.move": (WRITE, Permission.READ_INTRODUCTION),
    # applications for a place
    "applications.start": (READ, Permission.APPLY),
    "applications.begin": (FORM, Permission.APPLY),
    "applications.send_link": (FORM, Permission.APPLY),
    "applications.application": (READ, Permission.APPLY),
    "applications.step": (FORM, Permission.APPLY),
    "applications.submit": (WRITE, Permission.APPLY),
    "applications.withdraw": (WRITE, Permission.APPLY),
    "applications.delete": (WRITE, Permission.APPLY),
    "admissions.applications": (READ, Permission.STAFF),
    "admissions.application": (READ, Permission.STAFF),
    "admissions.evaluate": (WRITE, Permission.STAFF),
    "admissions.decide": (WRITE, Permission.STAFF),
    "admissions.enter": (WRITE, Permission.STAFF),
    "admissions.cohort": (READ, Permission.STAFF),
    "cohorts.cohorts": (READ, Permission.STAFF),
    "cohorts.create": (FORM, Permission.STAFF),
    "cohorts.edit": (FORM, Permission.STAFF),
    # challenges
    "challenges.challenges": (READ, Permission.BROWSE),
    "challenges.challenge": (READ, Permission.BROWSE),
    "challenges.choose": (READ, Permission.ASK),
    "challenges.answer": (FORM, Permission.ASK),
    "challenges.withdraw": (WRITE, Permission.ASK),
    "own_challenges.challenges": (READ, Permission.USE_ACCOUNT),
    "own_challenges.create": (FORM, Permission.POST_CHALLENGE),
    "own_challenges.challenge": (READ, Permission.POST_CHALLENGE),
    "own_challenges.edit": (FORM, Permission.POST_CHALLENGE),
    "own_challenges.move": (WRITE, Permission.POST_CHALLENGE),
    "own_challenges.delete": (WRITE, Permission.POST_CHALLENGE),
    "own_challenges.fitting": (FORM, Permission.POST_CHALLENGE),
    "own_challenges.answer": (FORM, Permission.POST_CHALLENGE),
    "challenge_reviews.challenges": (READ, Permission.STAFF),
    "challenge_reviews.review": (FORM, Permission.STAFF),
    # matchmaking days
    "matchmaking_days.days": (READ, Permission.BROWSE),
    "matchmaking_days.calendar": (READ, Permission.BROWSE),
    "matchmaking_days.feed": (READ, Permission.FOLLOW_LINK),
    "timetables.timetables": (READ, Permission.USE_ACCOUNT),
    "timetables.timetable": (READ, Permission.USE_ACCOUNT),
    "timetables.calendar": (READ, Permission.USE_ACCOUNT),
    "timetables.feedback": (FORM, Permission.USE_ACCOUNT),
    "matchmaking.days": (READ, Permission.STAFF),
    "matchmaking.create": (FORM, Permission.STAFF),
    "matchmaking.day": (READ, Permission.STAFF),
    "matchmaking.edit": (FORM, Permission.STAFF),
    "matchmaking.end": (FORM, Permission.STAFF),
    "matchmaking.act": (WRITE, Permission.STAFF),
    "matchmaking.grid": (READ, Permission.STAFF),
    "matchmaking.print_all": (READ, Permission.STAFF),
    "matchmaking.slot": (FORM, Permission.STAFF),
    "matchmaking.participants": (FORM, Permission.STAFF),
    "matchmaking.participant": (FORM, Permission.STAFF),
    "matchmaking.remove_participant": (WRITE, Permission.STAFF),
    "matchmaking.keep_apart": (WRITE, Permission.STAFF),
    "matchmaking.allow_again": (WRITE, Permission.STAFF),
    "matchmaking.add_meeting": (WRITE, Permission.STAFF),
    "matchmaking.meeting": (FORM, Permission.STAFF),
    "matchmaking.lock": (WRITE, Permission.STAFF),
    "matchmaking.remove_meeting": (WRITE, Permission.STAFF),
    # privacy
    "privacy.notice": (READ, Permission.BROWSE),
    "privacy.terms": (READ, Permission.BROWSE),
    "privacy.erased": (READ, Permission.BROWSE),
    "privacy.my_data": (READ, Permission.USE_ACCOUNT),
    "privacy.my_data_file": (READ, Permission.USE_ACCOUNT),
    "privacy.erase": (FORM, Permission.USE_ACCOUNT),
}

_EVERYBODY = {
    Permission.BROWSE,
    Permission.OPERATE,
    Permission.DEVELOP,
    Permission.SIGN_IN,
    Permission.FOLLOW_LINK,
    Permission.APPLY,
}
_MEMBER = _EVERYBODY | {
    Permission.USE_ACCOUNT,
    Permission.EDIT_PROFILE,
    Permission.MANAGE_MEMBERS,
    Permission.ASK,
    Permission.POST_CHALLENGE,
    Permission.READ_INTRODUCTION,
}
_STAFF = _MEMBER | {Permission.READ_REGION, Permission.STAFF, Permission.WRITE}


def _person(*roles: NetworkRole, noun: str = "startup") -> Actor:
    memberships = {} if roles else {(noun, 1): MembershipRole.OWNER}
    return Actor("person", account_id=1, person_id=1, memberships=memberships, network_roles=frozenset(roles))


ROLES: dict[str, tuple[Actor, set[Permission]]] = {
    "visitor": (VISITOR, _EVERYBODY),
    "member of a startup": (_person(), _MEMBER),
    "investor, mentor or corporate partner": (_person(noun="partner"), _MEMBER),
    "regional authority": (_person(NetworkRole.AUTHORITY), _MEMBER | {Permission.READ_REGION}),
    "staff": (_person(NetworkRole.STAFF), _STAFF),
    "administrator": (_person(NetworkRole.ADMINISTRATOR), _STAFF | {Permission.ADMINISTER}),
}
"""What each role may ask for at all; without an object, so that only the door is meant, not each room."""


def test_every_route_is_written_here_with_its_methods_and_permission(app: Flask) -> None:
    found: dict[str, Row] = {}
    for rule in app.url_map.iter_rules():
        methods = frozenset(rule.methods or ()) - {"HEAD", "OPTIONS"}
        known = found.get(rule.endpoint, (frozenset(), None))[0]
        found[rule.endpoint] = (known | methods, permission_of(app, rule.endpoint))  # type: ignore[assignment]
    assert found == MATRIX


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("permission", Permission)
def test_every_role_has_exactly_the_permissions_written_here(role: str, permission: Permission) -> None:
    actor, allowed = ROLES[role]
    assert can(actor, permission) == (permission in allowed)
