"""Breakers: whether a channel's provider is away; and until when an allowance is slow after the provider asked for a rest."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds both. A channel without a row is well, and an allowance without a moment is not slow."""
    op.create_table(
        "breakers",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("away_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("probe_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("alarmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_breakers")),
    )
    op.add_column("allowances", sa.Column("slow_until", sa.DateTime(timezone=True), nullable=True))
