"""The front of the queue: what is due of each priority is found without a look at all that is due.

And the providers' ids are looked up among the rows that have one, so that planning and claiming need not keep that index.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the one and makes the other anew. On PostgreSQL writing waits while it is made: some seconds for a million rows."""
    planned = sa.text("state = 'planned'")
    columns = ["priority", "due_at", "id"]
    op.create_index("ix_outbox_next", "outbox", columns, sqlite_where=planned, postgresql_where=planned)
    given = sa.text("provider_id is not null")
    op.drop_index("ix_outbox_provider", "outbox")
    op.create_index("ix_outbox_provider", "outbox", ["channel", "provider_id"], sqlite_where=given, postgresql_where=given)
