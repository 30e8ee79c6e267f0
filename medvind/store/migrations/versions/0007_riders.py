"""Who goes along in somebody's message is found without a look at all that this person is owed."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds an index of the few that wait to go along."""
    riding = sa.text("state = 'planned' and carried_by is not null")
    op.create_index("ix_outbox_riding", "outbox", ["recipient_id"], sqlite_where=riding, postgresql_where=riding)
