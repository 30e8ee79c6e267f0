"""When a person has read what came in, who it was, and who is told next while nobody has."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What is there counts as read, and nobody is told of it. PostgreSQL writes no row for that, however many there are."""
    moment = sa.DateTime(timezone=True)
    if op.get_bind().dialect.name == "postgresql":
        op.add_column("inbox", sa.Column("read_at", moment, nullable=True, server_default=sa.func.now()))
        op.alter_column("inbox", "read_at", server_default=None)
    else:
        op.add_column("inbox", sa.Column("read_at", moment, nullable=True))
        op.execute("update inbox set read_at = received_at")
    op.add_column("inbox", sa.Column("read_by", sa.Integer(), nullable=True))
    op.add_column("inbox", sa.Column("waits_for", sa.String(length=32), nullable=True))
    waiting = sa.text("waits_for is not null")
    op.create_index("ix_inbox_unread", "inbox", ["received_at"], postgresql_where=waiting, sqlite_where=waiting)
