"""When each beat last came through, and who holds a job that only one process may do."""

from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import delete, func, or_, select

from medvind.store.database import Session, upsert
from medvind.store.tables import BeatRow


async def beat(session: Session, name: str, owner: str, now: datetime) -> None:
    """Writes down that this beat came through."""
    await upsert(session, BeatRow, {"name": name, "owner": owner, "at": now}, ["name"])


async def hold(session: Session, name: str, owner: str, now: datetime, lease: timedelta) -> bool:
    """Takes or keeps a job of which there may be one at a time; False while another owner's lease runs."""
    mine_or_over = or_(BeatRow.owner == owner, BeatRow.at < now - lease)
    return await upsert(session, BeatRow, {"name": name, "owner": owner, "at": now}, ["name"], only_if=mine_or_over)


async def let_go(session: Session, name: str, owner: str) -> None:
    """Gives the job back at once, so that the next one need not wait for the lease."""
    await session.execute(delete(BeatRow).where(BeatRow.name == name, BeatRow.owner == owner))


async def last(session: Session) -> dict[str, datetime]:
    """Each beat's last time."""
    return dict((await session.execute(select(BeatRow.name, BeatRow.at))).all())


async def database_time(session: Session) -> datetime:
    """What the database's own clock shows, for comparing with ours."""
    if session.on_postgresql:
        return cast("datetime", await session.scalar(select(func.now())))
    return datetime.fromisoformat(str(await session.scalar(select(func.strftime("%Y-%m-%dT%H:%M:%f+00:00", "now")))))
