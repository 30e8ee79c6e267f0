"""A question is the message that asks it: what stood in a table of its own stands in that message's row."""

import sqlalchemy as sa
from alembic import op

revision = "0024_0024"
down_revision = "0023"
branch_labels = None
depends_on = None

MOVED = """
    update outbox set
        opened_at = (select asked_at from questions where outbox_id = outbox.id),
        closes_at = (select open_until from questions where outbox_id = outbox.id),
        asked_as = (select public_id from questions where outbox_id = outbox.id)
    where id in (select outbox_id from questions)
"""


def upgrade() -> None:
    """Each question goes by its message's id from now on, and by the name it had: on buttons that can still be tapped."""
    for name in ("opened_at", "closes_at"):
        op.add_column("outbox", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("outbox", sa.Column("asked_as", sa.String(length=32), nullable=True))
    op.execute(MOVED)
    only = sa.text("asked_as is not null")
    op.create_index("ix_outbox_asked_as", "outbox", ["asked_as"], postgresql_where=only, sqlite_where=only)
    with op.batch_alter_table("answers") as answers:
        answers.drop_constraint("fk_answers_question_id", type_="foreignkey")
        answers.drop_index("ix_answers_question_id")
        answers.alter_column("question_id", new_column_name="outbox_id")
    op.execute("update answers set outbox_id = (select outbox_id from questions where questions.id = answers.outbox_id)")
    with op.batch_alter_table("answers") as answers:
        answers.create_foreign_key("fk_answers_outbox_id", "outbox", ["outbox_id"], ["id"])
        answers.create_index("ix_answers_outbox_id", ["outbox_id"])
    op.drop_table("questions")
    _forget_in_the_log_of_merges()


def _forget_in_the_log_of_merges() -> None:
    """What it says of rows that are no more: to take a merge back the messages are enough."""
    merges = sa.table("merges", sa.column("id", sa.Integer()), sa.column("log", sa.JSON()))
    for row, log in op.get_bind().execute(sa.select(merges.c.id, merges.c.log)).all():
        entries = [one for one in log["entries"] if one["table"] != "questions"]
        op.execute(sa.update(merges).where(merges.c.id == row).values(log={**log, "entries": entries}))
