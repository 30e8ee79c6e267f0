"""Somebody's own data, for the hand of their coach: never into a chat, where others read along."""

from datetime import datetime
from typing import Any

import orjson

from medvind.model import Viewer
from medvind.store import own_data, views
from medvind.store.database import Session


async def copy_for(session: Session, viewer: Viewer, public_id: str, now: datetime) -> bytes:
    """All that is kept of one of the coach's own people, as JSON in UTF-8. Raises NotFoundError for anybody else."""
    return await copy_of(session, (await views.person(session, public_id, seen_by=viewer)).row, now)


async def copy_of(session: Session, person: int, now: datetime) -> bytes:
    """The same, where it was asked before whether the reader may."""
    kept: dict[str, Any] = await own_data.of_person(session, person)
    return orjson.dumps({"made_at": now, "kept": kept}, option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z)
