"""Who wrote down a yes that somebody gave on paper."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of what was entered before this nobody has kept by whom."""
    op.add_column("consents", sa.Column("entered_by", sa.String(80), nullable=True))
