"""What the municipality decides, and what follows from it at once; the plans that follow are made anew by `plan_all`."""

from datetime import datetime

from medvind.rules.policy import DAILY_SEGMENTS
from medvind.store import allowances, settings
from medvind.store.database import Session


async def decide(session: Session, key: str, value: str, now: datetime) -> None:
    """Keeps a decision that makes sense. Where it is another cap, what waits for that is looked at again."""
    await settings.put(session, key, value, now)
    if key == DAILY_SEGMENTS.key:
        await allowances.look_again(session, now)
