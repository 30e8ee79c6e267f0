"""What coaches are asked to look at. A task's key is made of facts, so that one cause makes one task."""

from collections.abc import Mapping
from datetime import datetime

from medvind.model import TaskKind, new_id
from medvind.store.database import Session, insert_once
from medvind.store.tables import TaskRow


async def raise_task(
    session: Session,
    kind: TaskKind,
    key: str,
    participant_id: int | None,
    why: Mapping[str, str],
    now: datetime,
    due_at: datetime | None = None,
    shows_at: datetime | None = None,
) -> bool:
    """Puts it on the coach's list, now or from `shows_at` on; False where it stands there already.

    `why` holds ids, dates and codes, no words.
    """
    row = {
        "public_id": new_id(),
        "kind": kind,
        "key": key,
        "participant_id": participant_id,
        "why": dict(why),
        "created_at": now,
        "shows_at": shows_at or now,
        "due_at": due_at,
    }
    return bool(await insert_once(session, TaskRow, [row], TaskRow.id))
