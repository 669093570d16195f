"""What people have and keep for themselves: their account, their choices, what is sent to them."""

from __future__ import annotations

from collections.abc import Mapping

from webapp.models import (
    Account,
    ApiToken,
    Consent,
    MailPreference,
    MatchChoice,
    OneTimeLink,
    OutgoingMail,
    Passkey,
    Person,
    SavedSearch,
    Shortlist,
    ShortlistEntry,
)
from webapp.services.personal_data_register.told import NAMED, NOT_OF_PERSON, ORGANISATION, OURS, SECRET, SELF, Told

OWN: Mapping[str, Told] = {
    "person": Told(
        Person,
        ("name", "position", "email", "phone", "language", "created_at", "is_demo"),
        {"id": OURS, "erased_at": "empty as long as somebody can ask"},
    ),
    "account": Told(
        Account,
        (
            "email",
            "active",
            "confirmed_at",
            "created_at",
            "signed_in_at",
            "tf_primary_method",
            "idle_warnings",
            "idle_warned_at",
            "is_demo",
        ),
        {
            "id": OURS,
            "person_id": SELF,
            "region_id": NAMED,
            "fs_webauthn_user_handle": OURS,
            **dict.fromkeys(("password", "fs_uniquifier", "mf_recovery_codes"), SECRET),
            **dict.fromkeys(("tf_totp_secret", "tf_last_counter"), SECRET),
        },
    ),
    "passkey": Told(
        Passkey,
        ("name", "usage", "device_type", "backup_state", "transports", "create_datetime", "lastuse_datetime"),
        {
            **dict.fromkeys(("id", "user_id", "sign_count", "extensions"), OURS),
            **dict.fromkeys(("credential_id", "public_key"), SECRET),
        },
    ),
    "api_token": Told(
        ApiToken,
        ("name", "scopes", "created_at", "expires_at", "used_at", "revoked_at"),
        {"id": OURS, "account_id": SELF, **dict.fromkeys(("digest", "beginning"), SECRET)},
    ),
    "consent": Told(Consent, ("purpose", "version", "given_at", "withdrawn_at"), {"id": OURS, "person_id": SELF}),
    "mail_preference": Told(MailPreference, ("kind", "at"), {"id": OURS, "person_id": SELF}),
    "saved_search": Told(
        SavedSearch,
        ("name", "noun", "parameters", "frequency", "paused_at", "told_at", "created_at"),
        {
            **ORGANISATION,
            **dict.fromkeys(("seen", "told", "checked_on"), OURS),
        },
    ),
    "shortlist": Told(Shortlist, ("name", "created_at"), {"id": OURS, "person_id": SELF}),
    "shortlist_entry": Told(
        ShortlistEntry, ("note", "at"), {**NOT_OF_PERSON, "shortlist_id": "told by the name of the shortlist"}
    ),
    "match_choice": Told(MatchChoice, ("at", "side", "reason", "until"), ORGANISATION),
    "outgoing_mail": Told(
        OutgoingMail,
        ("kind", "address", "language", "state", "created_at", "sent_at"),
        {
            **dict.fromkeys(("id", "message_id", "values", "due_at", "attempts", "error"), OURS),
            "person_id": SELF,
        },
    ),
    "one_time_link": Told(
        OneTimeLink,
        ("purpose", "created_at", "expires_at", "used_at"),
        {"id": SECRET, "person_id": SELF, "subject_id": OURS},
    ),
}
"""Table -> what is told of it, in the order of the page."""
