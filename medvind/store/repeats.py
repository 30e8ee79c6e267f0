"""Calls made again with the key of the first one: what that one was answered, for a day, committed with its effect."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, select, update

from medvind.errors import FieldError
from medvind.model import PublicId, new_id
from medvind.store.database import Session, insert_once
from medvind.store.tables import IdempotencyRow

KEPT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Call:
    """Whose call it is, the key they gave it, and all that makes it this call: method, path, query and body.

    `about` is the participant that the path names: what was answered goes with them.
    """

    token: str
    key: str
    said: bytes
    about: str | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """What the first call was answered. `body` may hold personal data and secrets."""

    status: int
    body: str


async def first(session: Session, call: Call, now: datetime) -> Answered | PublicId:
    """What this call was answered before; where it is the first one, the name under which it is noted, to be `answer`ed.

    Where the same call is under way elsewhere, this waits for its end. Raises FieldError where the key was used for
    another call within a day.
    """
    key = sha256(call.key.encode()).hexdigest()
    said = session.vault.blind("call", sha256(call.said).hexdigest())  # a plain hash of a private word could be guessed
    mine = (IdempotencyRow.token == call.token, IdempotencyRow.key == key)
    await session.execute(delete(IdempotencyRow).where(*mine, IdempotencyRow.at <= now - KEPT))
    noted = new_id()
    row = {"public_id": noted, "token": call.token, "key": key, "call": said, "at": now, "about": call.about}
    if await insert_once(session, IdempotencyRow, [row], IdempotencyRow.id):
        return noted
    before = (await session.execute(select(IdempotencyRow).where(*mine))).scalar_one()
    if before.call != said or before.status is None:
        raise FieldError("idempotency_key", "was used for another call within a day; take a new one")
    return Answered(before.status, session.vault.maybe(IdempotencyRow.answer, before.public_id, before.answer) or "")


async def answer(session: Session, noted: PublicId, answered: Answered) -> None:
    """Notes what the call that was the first one is answered, in the transaction of its effect."""
    sealed = session.vault.seal(IdempotencyRow.answer, noted, answered.body)
    this = IdempotencyRow.public_id == noted
    await session.execute(update(IdempotencyRow).where(this).values(status=answered.status, answer=sealed))


async def forget(session: Session, now: datetime) -> None:
    """What is a day old is gone."""
    await session.execute(delete(IdempotencyRow).where(IdempotencyRow.at <= now - KEPT))
