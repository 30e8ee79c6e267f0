"""The word behind which a person's card is, as a keyed hash."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has one yet."""
    op.add_column("participants", sa.Column("private_word", sa.String(64), nullable=True))
