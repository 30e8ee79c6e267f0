"""Wrong tries at the word behind which a person's card is: when, and nothing of what was tried."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has tried yet."""
    op.create_table(
        "word_tries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["participant_id"], ["participants.id"], name="fk_word_tries_participant_id"),
        sa.PrimaryKeyConstraint("id", name="pk_word_tries"),
    )
    op.create_index("ix_word_tries_participant_id", "word_tries", ["participant_id"])
