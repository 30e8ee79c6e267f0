"""Caps: what a day's messages have cost so far, and what one person has said lately found without all that they ever said."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """An allowance without a day has let nothing go yet. The new index does all that the old one did."""
    op.add_column("allowances", sa.Column("spent_on", sa.Date(), nullable=True))
    op.add_column("allowances", sa.Column("spent", sa.Integer(), nullable=True))
    op.add_column("allowances", sa.Column("capped_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_inbox_said", "inbox", ["participant_id", "received_at"])
    op.drop_index("ix_inbox_participant_id", "inbox")
