"""an index of residents for the home page

Revision ID: 0002
Revises: 0001
Create Date: 2026-11-24 19:30:00
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INDEX = "ix_startup_state_residency_entered_on"


def upgrade():
    with op.batch_alter_table("startup", schema=None) as batch_op:
        batch_op.create_index(INDEX, ["state", "residency", "entered_on"], unique=False)


def downgrade():
    with op.batch_alter_table("startup", schema=None) as batch_op:
        batch_op.drop_index(INDEX)
