"""evidence files

Revision ID: 0006
Revises: 0005
Create Date: 2026-11-28 20:39:27.907277
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "evidence_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=32), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=True),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        sa.Column("application_id", sa.Integer(), nullable=True),
        sa.Column("startup_id", sa.Integer(), nullable=True),
        sa.Column("partner_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "CASE WHEN claim_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN revision_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN application_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN startup_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN partner_id IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_evidence_file_one_holder"),
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_evidence_file_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_evidence_file_claim_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_evidence_file_partner_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_evidence_file_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_evidence_file_revision_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["startup_id"], ["startup.id"], name=op.f("fk_evidence_file_startup_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_file")),
        sa.UniqueConstraint("reference", name=op.f("uq_evidence_file_reference")),
    )
    with op.batch_alter_table("evidence_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_file_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_file_claim_id"), ["claim_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_file_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_file_partner_id"), ["partner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_file_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_file_revision_id"), ["revision_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_file_startup_id"), ["startup_id"], unique=False)

    with op.batch_alter_table("network", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "retention",
                sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
                server_default=sa.text("'{}'"),
                nullable=False,
            )
        )



def downgrade():
    with op.batch_alter_table("network", schema=None) as batch_op:
        batch_op.drop_column("retention")

    with op.batch_alter_table("evidence_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_file_startup_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_file_revision_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_file_person_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_file_partner_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_file_created_at"))
        batch_op.drop_index(batch_op.f("ix_evidence_file_claim_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_file_application_id"))

    op.drop_table("evidence_file")
