"""Two records of one person, joined: which points at which, and what that changed."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every record there is stands for itself."""
    op.add_column("participants", sa.Column("merged_into", sa.Integer(), nullable=True))
    op.create_table(
        "merges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=32), nullable=False),
        sa.Column("log", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["participant_id"], ["participants.id"], name="fk_merges_participant_id"),
        sa.ForeignKeyConstraint(["other_id"], ["participants.id"], name="fk_merges_other_id"),
        sa.PrimaryKeyConstraint("id", name="pk_merges"),
        sa.UniqueConstraint("public_id", name="uq_merges_public_id"),
    )
    op.create_index("ix_merges_participant_id", "merges", ["participant_id"])
    op.create_index("ix_merges_other_id", "merges", ["other_id"])
