"""Attendance: whether somebody came to a meeting, and when that was entered."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of nobody is it known yet. Code that knows nothing of it goes on as before."""
    op.add_column("attendees", sa.Column("attendance", sa.String(length=32), nullable=True))
    op.add_column("attendees", sa.Column("attendance_at", sa.DateTime(timezone=True), nullable=True))
