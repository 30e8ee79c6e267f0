"""Room in the indexes of what is owed, on PostgreSQL: every row is written three times, and each time stands there anew."""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

WHOLE = ("pk_outbox", "uq_outbox_public_id", "uq_outbox_recipient_type_recipient_id_kind_key")
"""Those that hold every row. In a full page a further version costs a split, or a look for those that are dead."""


def upgrade() -> None:
    """Pages that are begun from now on are left half empty; what is there stays as it is."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for name in WHOLE:
        op.execute(f"ALTER INDEX {name} SET (fillfactor = 50)")
