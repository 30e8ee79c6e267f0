"""A coach's own words wait sealed in the row of their message, beside who wrote them."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has written yet; what Medvind says by itself has neither. The index counts what a coach writes in a day."""
    op.add_column("outbox", sa.Column("words", sa.LargeBinary(), nullable=True))
    op.add_column("outbox", sa.Column("written_by", sa.Integer(), nullable=True))
    of_coaches = sa.text("written_by is not null")
    op.create_index(
        "ix_outbox_written", "outbox", ["written_by", "created_at"], postgresql_where=of_coaches, sqlite_where=of_coaches
    )
