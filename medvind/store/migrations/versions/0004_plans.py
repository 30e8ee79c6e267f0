"""Plans: programmes as data, pauses, extensions, what a coach adjusts, what meetings were before, calendar feeds."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def _programmes() -> None:
    op.create_table(
        "programmes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programmes")),
        sa.UniqueConstraint("name", "version", name=op.f("uq_programmes_name_version")),
    )
    # spelled out: Alembic would make SQLite's table anew, and SQLite drops none that rows of others point to
    op.execute(
        "alter table cohorts add column programme_id integer constraint fk_cohorts_programme_id references programmes (id)"
    )


def _participants() -> None:
    op.add_column("participants", sa.Column("sells_to_eu", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("participants", sa.Column("quiet_hours", sa.String(length=500), nullable=True))
    op.add_column("participants", sa.Column("talked_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "support_periods",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("granted_on", sa.Date(), nullable=False),
        sa.Column("coach_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["participant_id"], ["participants.id"], name=op.f("fk_support_periods_participant_id")),
        sa.ForeignKeyConstraint(["coach_id"], ["coaches.id"], name=op.f("fk_support_periods_coach_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_periods")),
        sa.UniqueConstraint("public_id", name=op.f("uq_support_periods_public_id")),
        sa.UniqueConstraint("participant_id", "granted_on", name=op.f("uq_support_periods_participant_id_granted_on")),
    )
    op.create_table(
        "feeds",
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["participant_id"], ["participants.id"], name=op.f("fk_feeds_participant_id")),
        sa.PrimaryKeyConstraint("participant_id", name=op.f("pk_feeds")),
        sa.UniqueConstraint("hash", name=op.f("uq_feeds_hash")),
    )


def _decisions() -> None:
    op.create_table(
        "pauses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=32), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["participant_id"], ["participants.id"], name=op.f("fk_pauses_participant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pauses")),
        sa.UniqueConstraint("public_id", name=op.f("uq_pauses_public_id")),
    )
    op.create_index(op.f("ix_pauses_participant_id"), "pauses", ["participant_id"])
    op.create_table(
        "adjustments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("chain", sa.String(length=200), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("moved_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("coach_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["participant_id"], ["participants.id"], name=op.f("fk_adjustments_participant_id")),
        sa.ForeignKeyConstraint(["coach_id"], ["coaches.id"], name=op.f("fk_adjustments_coach_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustments")),
        sa.UniqueConstraint("participant_id", "kind", "key", name=op.f("uq_adjustments_participant_id_kind_key")),
    )


def _meetings() -> None:
    op.add_column("meetings", sa.Column("cancelled", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "meeting_versions",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.String(length=32), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("place", sa.LargeBinary(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_meeting_versions_meeting_id")),
        sa.PrimaryKeyConstraint("meeting_id", "sequence", name=op.f("pk_meeting_versions")),
    )
    op.execute(
        "insert into meeting_versions (meeting_id, sequence, starts_at, zone, place, cancelled, at) "
        "select id, sequence, starts_at, zone, place, cancelled, changed_at from meetings"
    )


def _messages() -> None:
    op.add_column("outbox", sa.Column("carried_by", sa.String(length=200), nullable=True))
    one = sa.text("state = 'claimed' and carried_by is null")
    op.drop_index("uq_outbox_in_flight", "outbox")
    op.create_index(
        "uq_outbox_in_flight",
        "outbox",
        ["recipient_type", "recipient_id"],
        unique=True,
        sqlite_where=one,
        postgresql_where=one,
    )
    with op.batch_alter_table("tasks") as table:
        table.add_column(sa.Column("shows_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("update tasks set shows_at = created_at")
    with op.batch_alter_table("tasks") as table:
        table.alter_column("shows_at", nullable=False)
    op.create_index(op.f("ix_tasks_shows_at"), "tasks", ["shows_at"])


def upgrade() -> None:
    """Adds them. Meetings that are there begin their history with what holds now."""
    _programmes()
    _participants()
    _decisions()
    _meetings()
    _messages()
