"""What the municipality has decided, where it isn't the default."""

from datetime import datetime

from sqlalchemy import select

from medvind.store.database import Session, ask, upsert
from medvind.store.tables import SettingRow

ALL = select(SettingRow.key, SettingRow.value)


async def decided(session: Session) -> dict[str, str]:
    """The settings that differ from the defaults."""
    return dict(await ask(session, ALL))


async def put(session: Session, key: str, value: str, now: datetime) -> None:
    """Keeps a decision. Whether it makes sense is for the rules to say first."""
    await upsert(session, SettingRow, {"key": key, "value": value, "changed_at": now}, ["key"])
