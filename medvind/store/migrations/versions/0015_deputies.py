"""Who stands in for a coach and how long, and on which days a coach is away."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has a deputy yet, and nobody is away."""
    op.create_table(
        "deputies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("coach_id", sa.Integer(), nullable=False),
        sa.Column("deputy_id", sa.Integer(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["coach_id"], ["coaches.id"], name="fk_deputies_coach_id"),
        sa.ForeignKeyConstraint(["deputy_id"], ["coaches.id"], name="fk_deputies_deputy_id"),
        sa.PrimaryKeyConstraint("id", name="pk_deputies"),
        sa.UniqueConstraint("coach_id", name="uq_deputies_coach_id"),
    )
    op.create_index("ix_deputies_deputy_id", "deputies", ["deputy_id"])
    op.create_table(
        "absences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("coach_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["coach_id"], ["coaches.id"], name="fk_absences_coach_id"),
        sa.PrimaryKeyConstraint("id", name="pk_absences"),
        sa.UniqueConstraint("coach_id", "first_day", "last_day", name="uq_absences_coach_id_first_day_last_day"),
        sa.UniqueConstraint("public_id", name="uq_absences_public_id"),
    )
