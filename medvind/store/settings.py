"""What the municipality has decided, where it isn't the default."""

from datetime import datetime

from sqlalchemy import Integer, String, cast, null, select, union_all

from medvind.store.database import Session, ask, upsert
from medvind.store.tables import CohortRow, ProgrammeRow, SettingRow

ALL = select(SettingRow.key, SettingRow.value)
POLICY = union_all(
    select(cast(null(), Integer), SettingRow.key, SettingRow.value),
    select(ProgrammeRow.id, ProgrammeRow.name, cast(ProgrammeRow.steps, String)).where(
        ProgrammeRow.id.in_(select(CohortRow.programme_id).where(CohortRow.programme_id.is_not(None)))
    ),
)


async def policy(session: Session) -> tuple[dict[str, str], dict[int, tuple[str, str]]]:
    """The settings that differ from the defaults; by row, name and text of each version of a programme that a cohort follows.

    In one question, since every look and every answer begins with it. A text is JSON, and the same for ever.
    """
    rows = await ask(session, POLICY)
    decided = {name: value for row, name, value in rows if row is None}
    return decided, {row: (name, value) for row, name, value in rows if row is not None}


async def decided(session: Session) -> dict[str, str]:
    """The settings that differ from the defaults."""
    return dict(await ask(session, ALL))


async def put(session: Session, key: str, value: str, now: datetime) -> None:
    """Keeps a decision. Whether it makes sense is for the rules to say first."""
    await upsert(session, SettingRow, {"key": key, "value": value, "changed_at": now}, ["key"])
