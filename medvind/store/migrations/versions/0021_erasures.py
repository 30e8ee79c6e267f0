"""Erasing one person: what proves it, what must not come back, what is still to be deleted at a provider, and the counts."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody was erased yet, nobody is held, and no noted call says whom it was about: in a day those are gone.

    Without the index each row of the inbox that is deleted would be looked for in all answers.
    """
    moment = sa.DateTime(timezone=True)
    op.add_column("participants", sa.Column("held_at", moment, nullable=True))
    op.add_column("idempotency", sa.Column("about", sa.String(length=64), nullable=True))
    op.create_table(
        "erasures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("erased_by", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_erasures"),
        sa.UniqueConstraint("public_id", name="uq_erasures_public_id"),
    )
    op.create_table(
        "erased_marks",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_erased_marks"),
    )
    op.create_table(
        "provider_copies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("provider_id", sa.String(length=80), nullable=False),
        sa.Column("since", moment, nullable=False),
        sa.Column("due_at", moment, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=100), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_provider_copies"),
        sa.UniqueConstraint("channel", "provider_id", name="uq_provider_copies_channel_provider_id"),
    )
    op.create_index("ix_provider_copies_due_at", "provider_copies", ["due_at"])
    op.create_index("ix_answers_inbox_id", "answers", ["inbox_id"])
    op.create_table(
        "counters",
        sa.Column("measure", sa.String(length=120), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("measure", name="pk_counters"),
    )
