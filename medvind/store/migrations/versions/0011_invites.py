"""A code says whether a coach made it for another account than the one that is joined."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Codes that are there already were made for a first account, and so are those of the version before."""
    op.add_column("invites", sa.Column("changes", sa.Boolean(), nullable=True))
