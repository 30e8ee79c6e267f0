"""Where a meeting is online, how many it has room for, and which meetings belong together."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of the meetings there are, nobody has said any of it."""
    op.add_column("meetings", sa.Column("link", sa.LargeBinary(), nullable=True))
    op.add_column("meetings", sa.Column("capacity", sa.Integer(), nullable=True))
    op.add_column("meetings", sa.Column("series", sa.String(100), nullable=True))
    op.create_index("ix_meetings_series", "meetings", ["series"])
