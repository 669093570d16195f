"""residency, staff's work and open interfaces

Revision ID: 0005
Revises: 0004
Create Date: 2026-11-28 16:05:34.035031
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "slug_redirect",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("noun", sa.String(length=12), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("object_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slug_redirect")),
        sa.UniqueConstraint("noun", "slug", name=op.f("uq_slug_redirect_noun_slug")),
    )
    with op.batch_alter_table("slug_redirect", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_slug_redirect_object_id"), ["object_id"], unique=False)

    op.create_table(
        "unknown_term",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(length=160), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("adopted_as", sa.String(length=40), nullable=True),
        sa.Column("ignored_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unknown_term")),
        sa.UniqueConstraint("kind", "text", name=op.f("uq_unknown_term_kind_text")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("noun", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=160), nullable=False),
        sa.Column("action", sa.String(length=8), nullable=False),
        sa.Column("changes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_audit_entry_person_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_at"), ["at"], unique=False)
        batch_op.create_index("ix_audit_entry_noun_object_id", ["noun", "object_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_person_id"), ["person_id"], unique=False)

    op.create_table(
        "bulk_edit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("noun", sa.String(length=12), nullable=False),
        sa.Column("operation", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("selection", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_bulk_edit_person_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_edit")),
        sa.UniqueConstraint("reference", name=op.f("uq_bulk_edit_reference")),
    )
    op.create_table(
        "import_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("mapping", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("publish", sa.Boolean(), nullable=False),
        sa.Column("report", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("outcomes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_import_run_person_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
        sa.UniqueConstraint("reference", name=op.f("uq_import_run_reference")),
    )
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_run_state"), ["state"], unique=False)

    op.create_table(
        "nonconformity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=160), nullable=False),
        sa.Column("service", sa.String(length=40), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["person.id"], name=op.f("fk_nonconformity_closed_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["person.id"], name=op.f("fk_nonconformity_opened_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nonconformity")),
        sa.UniqueConstraint("reference", name=op.f("uq_nonconformity_reference")),
    )
    with op.batch_alter_table("nonconformity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_nonconformity_found_on"), ["found_on"], unique=False)

    op.create_table(
        "profile_merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("noun", sa.String(length=12), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("gone_id", sa.Integer(), nullable=False),
        sa.Column("gone_slug", sa.String(length=80), nullable=False),
        sa.Column("gone_name", sa.String(length=160), nullable=False),
        sa.Column("said", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("history", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_profile_merge_person_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_merge")),
        sa.UniqueConstraint("noun", "gone_id", name=op.f("uq_profile_merge_noun_gone_id")),
    )
    with op.batch_alter_table("profile_merge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_profile_merge_kept_id"), ["kept_id"], unique=False)

    op.create_table(
        "not_duplicate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("noun", sa.String(length=12), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_not_duplicate_person_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_not_duplicate")),
        sa.UniqueConstraint("noun", "first_id", "second_id", name=op.f("uq_not_duplicate_noun_first_id_second_id")),
    )
    op.create_table(
        "shortlist",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_shortlist_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shortlist")),
    )
    with op.batch_alter_table("shortlist", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shortlist_person_id"), ["person_id"], unique=False)

    op.create_table(
        "api_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("beginning", sa.String(length=12), nullable=False),
        sa.Column("scopes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_api_token_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_token_digest")),
    )
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_token_account_id"), ["account_id"], unique=False)

    op.create_table(
        "bulk_edit_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edit_id", sa.Integer(), nullable=False),
        sa.Column("object_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("after", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edit_id"], ["bulk_edit.id"], name=op.f("fk_bulk_edit_row_edit_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_edit_row")),
    )
    with op.batch_alter_table("bulk_edit_row", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bulk_edit_row_edit_id"), ["edit_id"], unique=False)

    op.create_table(
        "cohort",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("names", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=True),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_cohort_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort")),
        sa.UniqueConstraint("code", name=op.f("uq_cohort_code")),
    )
    with op.batch_alter_table("cohort", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cohort_site_id"), ["site_id"], unique=False)

    op.create_table(
        "import_run_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("cells", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("problems", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_as", sa.String(length=12), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"], ["import_run.id"], name=op.f("fk_import_run_row_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run_row")),
    )
    with op.batch_alter_table("import_run_row", schema=None) as batch_op:
        batch_op.create_index("ix_import_run_row_run_id_settled_at", ["run_id", "settled_at"], unique=False)

    op.create_table(
        "matchmaking_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("names", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("begins", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("tables", sa.Integer(), nullable=True),
        sa.Column("startup_meetings", sa.Integer(), nullable=False),
        sa.Column("partner_meetings", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_matchmaking_day_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matchmaking_day")),
        sa.UniqueConstraint("code", name=op.f("uq_matchmaking_day_code")),
    )
    with op.batch_alter_table("matchmaking_day", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_matchmaking_day_on"), ["on"], unique=False)
        batch_op.create_index(batch_op.f("ix_matchmaking_day_site_id"), ["site_id"], unique=False)

    op.create_table(
        "pulse",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("startup_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=12), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_pulse_person_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["startup_id"], ["startup.id"], name=op.f("fk_pulse_startup_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pulse")),
        sa.UniqueConstraint("startup_id", "year", name=op.f("uq_pulse_startup_id_year")),
    )
    op.create_table(
        "saved_search",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("noun", sa.String(length=12), nullable=False),
        sa.Column("startup_id", sa.Integer(), nullable=True),
        sa.Column("partner_id", sa.Integer(), nullable=True),
        sa.Column("parameters", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("frequency", sa.String(length=8), nullable=False),
        sa.Column("seen", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("told", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_saved_search_partner_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_saved_search_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["startup_id"], ["startup.id"], name=op.f("fk_saved_search_startup_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
    )
    with op.batch_alter_table("saved_search", schema=None) as batch_op:
        batch_op.create_index("ix_saved_search_frequency_checked_on", ["frequency", "checked_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_saved_search_person_id"), ["person_id"], unique=False)

    op.create_table(
        "shortlist_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shortlist_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("startup_id", sa.Integer(), nullable=True),
        sa.Column("partner_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(startup_id IS NULL) <> (partner_id IS NULL)", name=op.f("ck_shortlist_entry_one_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_shortlist_entry_partner_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["shortlist_id"], ["shortlist.id"], name=op.f("fk_shortlist_entry_shortlist_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["startup_id"], ["startup.id"], name=op.f("fk_shortlist_entry_startup_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shortlist_entry")),
        sa.UniqueConstraint("shortlist_id", "partner_id", name=op.f("uq_shortlist_entry_shortlist_id_partner_id")),
        sa.UniqueConstraint("shortlist_id", "startup_id", name=op.f("uq_shortlist_entry_shortlist_id_startup_id")),
    )
    with op.batch_alter_table("shortlist_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shortlist_entry_partner_id"), ["partner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_shortlist_entry_startup_id"), ["startup_id"], unique=False)

    op.create_table(
        "application",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=True),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("contact_name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("values", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("eligibility", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("early_reason", sa.String(), nullable=False),
        sa.Column("enters_on", sa.Date(), nullable=True),
        sa.Column("startup_id", sa.Integer(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_application_cohort_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_application_decided_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_application_site_id")),
        sa.ForeignKeyConstraint(
            ["startup_id"], ["startup.id"], name=op.f("fk_application_startup_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("reference", name=op.f("uq_application_reference")),
    )
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_application_cohort_id"), ["cohort_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_site_id"), ["site_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_startup_id"), ["startup_id"], unique=False)
        batch_op.create_index("ix_application_state_submitted_at", ["state", "submitted_at"], unique=False)

    op.create_table(
        "challenge_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("challenge_id", sa.Integer(), nullable=False),
        sa.Column("startup_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["challenge_id"], ["challenge.id"], name=op.f("fk_challenge_answer_challenge_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_challenge_answer_decided_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_challenge_answer_person_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["startup_id"], ["startup.id"], name=op.f("fk_challenge_answer_startup_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge_answer")),
        sa.UniqueConstraint("challenge_id", "startup_id", name=op.f("uq_challenge_answer_challenge_id_startup_id")),
    )
    with op.batch_alter_table("challenge_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_challenge_answer_startup_id"), ["startup_id"], unique=False)

    op.create_table(
        "challenge_invitation",
        sa.Column("challenge_id", sa.Integer(), nullable=False),
        sa.Column("startup_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["challenge_id"], ["challenge.id"], name=op.f("fk_challenge_invitation_challenge_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["startup_id"], ["startup.id"], name=op.f("fk_challenge_invitation_startup_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("challenge_id", "startup_id", name=op.f("pk_challenge_invitation")),
    )
    with op.batch_alter_table("challenge_invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_challenge_invitation_startup_id"), ["startup_id"], unique=False)

    op.create_table(
        "challenge_term",
        sa.Column("challenge_id", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["challenge_id"], ["challenge.id"], name=op.f("fk_challenge_term_challenge_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["term_id"], ["term.id"], name=op.f("fk_challenge_term_term_id")),
        sa.PrimaryKeyConstraint("challenge_id", "term_id", name=op.f("pk_challenge_term")),
    )
    with op.batch_alter_table("challenge_term", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_challenge_term_term_id"), ["term_id"], unique=False)

    op.create_table(
        "day_participant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day_id", sa.Integer(), nullable=False),
        sa.Column("meetings", sa.Integer(), nullable=True),
        sa.Column("away", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("told", sa.String(length=64), nullable=False),
        sa.Column("startup_id", sa.Integer(), nullable=True),
        sa.Column("partner_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(startup_id IS NULL) <> (partner_id IS NULL)", name=op.f("ck_day_participant_one_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["day_id"], ["matchmaking_day.id"], name=op.f("fk_day_participant_day_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_day_participant_partner_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_day_participant_person_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["startup_id"], ["startup.id"], name=op.f("fk_day_participant_startup_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_participant")),
        sa.UniqueConstraint("day_id", "partner_id", name=op.f("uq_day_participant_day_id_partner_id")),
        sa.UniqueConstraint("day_id", "startup_id", name=op.f("uq_day_participant_day_id_startup_id")),
    )
    with op.batch_alter_table("day_participant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_day_participant_partner_id"), ["partner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_day_participant_startup_id"), ["startup_id"], unique=False)

    op.create_table(
        "day_exclusion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day_id", sa.Integer(), nullable=False),
        sa.Column("startup_participant_id", sa.Integer(), nullable=False),
        sa.Column("partner_participant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["day_id"], ["matchmaking_day.id"], name=op.f("fk_day_exclusion_day_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["partner_participant_id"],
            ["day_participant.id"],
            name=op.f("fk_day_exclusion_partner_participant_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["startup_participant_id"],
            ["day_participant.id"],
            name=op.f("fk_day_exclusion_startup_participant_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_exclusion")),
        sa.UniqueConstraint(
            "startup_participant_id",
            "partner_participant_id",
            name=op.f("uq_day_exclusion_startup_participant_id_partner_participant_id"),
        ),
    )
    with op.batch_alter_table("day_exclusion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_day_exclusion_day_id"), ["day_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_day_exclusion_partner_participant_id"), ["partner_participant_id"], unique=False
        )

    op.create_table(
        "day_meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day_id", sa.Integer(), nullable=False),
        sa.Column("startup_participant_id", sa.Integer(), nullable=False),
        sa.Column("partner_participant_id", sa.Integer(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("table", sa.Integer(), nullable=True),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("is_locked", sa.Boolean(), nullable=False),
        sa.Column("result", sa.String(length=20), nullable=True),
        sa.Column("uid", sa.String(length=80), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["day_id"], ["matchmaking_day.id"], name=op.f("fk_day_meeting_day_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["partner_participant_id"],
            ["day_participant.id"],
            name=op.f("fk_day_meeting_partner_participant_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["startup_participant_id"],
            ["day_participant.id"],
            name=op.f("fk_day_meeting_startup_participant_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_meeting")),
        sa.UniqueConstraint(
            "startup_participant_id",
            "partner_participant_id",
            name=op.f("uq_day_meeting_startup_participant_id_partner_participant_id"),
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_day_meeting_uid")),
    )
    with op.batch_alter_table("day_meeting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_day_meeting_day_id"), ["day_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_day_meeting_partner_participant_id"), ["partner_participant_id"], unique=False
        )

    op.create_table(
        "evaluation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("scores", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("recommends", sa.Boolean(), nullable=True),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_evaluation_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_evaluation_person_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation")),
        sa.UniqueConstraint("application_id", "person_id", name=op.f("uq_evaluation_application_id_person_id")),
    )
    with op.batch_alter_table("evaluation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evaluation_person_id"), ["person_id"], unique=False)

    op.create_table(
        "day_feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=8), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("wants_more", sa.Boolean(), nullable=False),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["day_meeting.id"], name=op.f("fk_day_feedback_meeting_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_day_feedback_person_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_feedback")),
        sa.UniqueConstraint("meeting_id", "side", name=op.f("uq_day_feedback_meeting_id_side")),
    )
    with op.batch_alter_table("challenge", schema=None) as batch_op:
        batch_op.add_column(sa.Column("slug", sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column("state", sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("terms", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True))
        batch_op.add_column(sa.Column("budget_min", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("budget_max", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("currency", sa.String(length=3), nullable=True))
        batch_op.add_column(sa.Column("note", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("created_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("reminded_on", sa.Date(), nullable=True))

    # Challenges that stood on partners' profiles were public: they are open, until their deadline.
    challenge = sa.table(
        "challenge",
        sa.column("id", sa.Integer),
        sa.column("slug", sa.String),
        sa.column("state", sa.String),
        sa.column("version", sa.Integer),
        sa.column("terms", sa.JSON().with_variant(postgresql.JSONB(), "postgresql")),
        sa.column("note", sa.String),
        sa.column("created_at", sa.DateTime(timezone=True)),
        sa.column("opened_at", sa.DateTime(timezone=True)),
    )
    now = datetime.now(UTC)
    op.execute(
        challenge.update().values(
            slug=sa.literal("challenge-") + sa.cast(challenge.c.id, sa.String),
            state="open",
            version=1,
            terms={},
            note="",
            created_at=now,
            opened_at=now,
        )
    )
    with op.batch_alter_table("challenge", schema=None) as batch_op:
        for name, kind in (
            ("slug", sa.String(length=80)),
            ("state", sa.String(length=12)),
            ("version", sa.Integer()),
            ("terms", sa.JSON().with_variant(postgresql.JSONB(), "postgresql")),
            ("note", sa.String()),
            ("created_at", sa.DateTime(timezone=True)),
        ):
            batch_op.alter_column(name, existing_type=kind, nullable=False)
        batch_op.create_check_constraint(batch_op.f("ck_challenge_budget_in_order"), "budget_min <= budget_max")
        batch_op.create_index(batch_op.f("ix_challenge_state"), ["state"], unique=False)
        batch_op.create_unique_constraint(batch_op.f("uq_challenge_slug"), ["slug"])

    with op.batch_alter_table("network", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "data_licence",
                sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
                server_default=sa.text("'{}'"),
                nullable=False,
            )
        )
        batch_op.add_column(
            sa.Column(
                "applications",
                sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
                server_default=sa.text("'{}'"),
                nullable=False,
            )
        )
        batch_op.add_column(
            sa.Column(
                "residency",
                sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
                server_default=sa.text("'{}'"),
                nullable=False,
            )
        )
        batch_op.add_column(
            sa.Column(
                "service_levels",
                sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
                server_default=sa.text("'{}'"),
                nullable=False,
            )
        )
        batch_op.add_column(
            sa.Column(
                "holidays",
                sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
                server_default=sa.text("'[]'"),
                nullable=False,
            )
        )

    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.add_column(sa.Column("evidence", sa.String(), server_default=sa.text("''"), nullable=False))

    with op.batch_alter_table("residency_event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("note", sa.String(), server_default=sa.text("''"), nullable=False))
        batch_op.add_column(sa.Column("voids_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("recorded_by_id", sa.Integer(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_residency_event_voids_id"), ["voids_id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_residency_event_voids_id"), "residency_event", ["voids_id"], ["id"], ondelete="CASCADE"
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_residency_event_recorded_by_id"), "person", ["recorded_by_id"], ["id"], ondelete="SET NULL"
        )


def downgrade():
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.drop_column("evidence")

    with op.batch_alter_table("residency_event", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_residency_event_recorded_by_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_residency_event_voids_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_residency_event_voids_id"), type_="unique")
        batch_op.drop_column("recorded_by_id")
        batch_op.drop_column("voids_id")
        batch_op.drop_column("note")
        batch_op.drop_column("until")

    with op.batch_alter_table("network", schema=None) as batch_op:
        batch_op.drop_column("holidays")
        batch_op.drop_column("service_levels")
        batch_op.drop_column("residency")
        batch_op.drop_column("applications")
        batch_op.drop_column("data_licence")

    with op.batch_alter_table("challenge", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_challenge_budget_in_order"), type_="check")
        batch_op.drop_constraint(batch_op.f("uq_challenge_slug"), type_="unique")
        batch_op.drop_index(batch_op.f("ix_challenge_state"))
        batch_op.drop_column("reminded_on")
        batch_op.drop_column("closed_at")
        batch_op.drop_column("opened_at")
        batch_op.drop_column("submitted_at")
        batch_op.drop_column("created_at")
        batch_op.drop_column("note")
        batch_op.drop_column("currency")
        batch_op.drop_column("budget_max")
        batch_op.drop_column("budget_min")
        batch_op.drop_column("terms")
        batch_op.drop_column("version")
        batch_op.drop_column("state")
        batch_op.drop_column("slug")

    op.drop_table("day_feedback")
    with op.batch_alter_table("evaluation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evaluation_person_id"))

    op.drop_table("evaluation")
    with op.batch_alter_table("day_meeting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_day_meeting_partner_participant_id"))
        batch_op.drop_index(batch_op.f("ix_day_meeting_day_id"))

    op.drop_table("day_meeting")
    with op.batch_alter_table("day_exclusion", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_day_exclusion_partner_participant_id"))
        batch_op.drop_index(batch_op.f("ix_day_exclusion_day_id"))

    op.drop_table("day_exclusion")
    with op.batch_alter_table("day_participant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_day_participant_startup_id"))
        batch_op.drop_index(batch_op.f("ix_day_participant_partner_id"))

    op.drop_table("day_participant")
    with op.batch_alter_table("challenge_term", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_challenge_term_term_id"))

    op.drop_table("challenge_term")
    with op.batch_alter_table("challenge_invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_challenge_invitation_startup_id"))

    op.drop_table("challenge_invitation")
    with op.batch_alter_table("challenge_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_challenge_answer_startup_id"))

    op.drop_table("challenge_answer")
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.drop_index("ix_application_state_submitted_at")
        batch_op.drop_index(batch_op.f("ix_application_startup_id"))
        batch_op.drop_index(batch_op.f("ix_application_site_id"))
        batch_op.drop_index(batch_op.f("ix_application_cohort_id"))

    op.drop_table("application")
    with op.batch_alter_table("shortlist_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shortlist_entry_startup_id"))
        batch_op.drop_index(batch_op.f("ix_shortlist_entry_partner_id"))

    op.drop_table("shortlist_entry")
    with op.batch_alter_table("saved_search", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_saved_search_person_id"))
        batch_op.drop_index("ix_saved_search_frequency_checked_on")

    op.drop_table("saved_search")
    op.drop_table("pulse")
    with op.batch_alter_table("matchmaking_day", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_matchmaking_day_site_id"))
        batch_op.drop_index(batch_op.f("ix_matchmaking_day_on"))

    op.drop_table("matchmaking_day")
    with op.batch_alter_table("import_run_row", schema=None) as batch_op:
        batch_op.drop_index("ix_import_run_row_run_id_settled_at")

    op.drop_table("import_run_row")
    with op.batch_alter_table("cohort", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cohort_site_id"))

    op.drop_table("cohort")
    with op.batch_alter_table("bulk_edit_row", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bulk_edit_row_edit_id"))

    op.drop_table("bulk_edit_row")
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_token_account_id"))

    op.drop_table("api_token")
    with op.batch_alter_table("shortlist", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shortlist_person_id"))

    op.drop_table("shortlist")
    op.drop_table("not_duplicate")
    with op.batch_alter_table("profile_merge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_profile_merge_kept_id"))

    op.drop_table("profile_merge")
    with op.batch_alter_table("nonconformity", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_nonconformity_found_on"))

    op.drop_table("nonconformity")
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_run_state"))

    op.drop_table("import_run")
    op.drop_table("bulk_edit")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_person_id"))
        batch_op.drop_index("ix_audit_entry_noun_object_id")
        batch_op.drop_index(batch_op.f("ix_audit_entry_at"))

    op.drop_table("audit_entry")
    op.drop_table("unknown_term")
    with op.batch_alter_table("slug_redirect", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_slug_redirect_object_id"))

    op.drop_table("slug_redirect")
