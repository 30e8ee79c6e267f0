"""Keys for trying out, whose calls change nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every key there is is a real one."""
    op.add_column("tokens", sa.Column("test", sa.Boolean(), nullable=False, server_default=sa.false()))
