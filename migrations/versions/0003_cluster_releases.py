"""released figures of regions and sectors

Revision ID: 0003
Revises: 0002
Create Date: 2026-11-24 20:10:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "cluster_release",
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("form", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("as_of", name=op.f("pk_cluster_release")),
    )


def downgrade():
    op.drop_table("cluster_release")
