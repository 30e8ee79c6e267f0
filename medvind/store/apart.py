"""What has happened since two records were joined, and what of it concerns both once they are taken apart again."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select

from medvind.model import AddressState, RecipientType, State, new_id
from medvind.store.database import Session
from medvind.store.facts import LEFT
from medvind.store.moved import Entry
from medvind.store.reach import BY_HAND
from medvind.store.tables import AddressRow, ConsentRow, InboxRow, OutboxRow, PauseRow

HOW = "undo"
"""How a no came to a record: it was said while that one was part of another."""


async def has_new_address(session: Session, kept: int, last: int) -> bool:
    """Whether somebody has brought in or joined another address since."""
    new = (AddressRow.participant_id == kept, AddressRow.id > last)
    return await session.scalar(select(AddressRow.id).where(*new).limit(1)) is not None


async def is_address_changed(session: Session, entries: Sequence[Entry]) -> bool:
    """Whether one that was moved is another's by now, or was chosen or given up by hand. What a provider gave up is none."""
    for entry in (entry for entry in entries if entry["table"] == AddressRow.__tablename__ and "is" in entry):
        became, was = entry["is"], entry["was"]
        row = (await session.execute(select(AddressRow.__table__).where(AddressRow.id == became["id"]))).mappings().first()
        if row is None:
            return True
        same = all(row[name] == became[name] for name in ("state", "reason", "preferred"))
        if not same and (row["state"] != AddressState.DEAD or row["reason"] in BY_HAND):
            return True
        lives = was.get("state", became["state"]) != AddressState.DEAD
        others = (AddressRow.blind == row["blind"], AddressRow.id != row["id"], AddressRow.state != AddressState.DEAD)
        if lives and await session.scalar(select(AddressRow.id).where(*others).limit(1)) is not None:
            return True
    return False


async def has_said_yes(session: Session, kept: int, last: int) -> bool:
    """Whether there has been a yes since: nobody could tell for which of the two."""
    yes = (ConsentRow.participant_id == kept, ConsentRow.id > last, ConsentRow.given)
    return await session.scalar(select(ConsentRow.id).where(*yes).limit(1)) is not None


async def said_already(session: Session, kept: int, entries: Sequence[Entry], since: datetime) -> list[int]:
    """The messages of the other record that an address which goes back to it has had since: they are not owed again."""
    back = [
        one["is"]["id"]
        for one in entries
        if one["table"] == AddressRow.__tablename__ and "participant_id" in one.get("was", ())
    ]
    living = (AddressRow.id.in_(back), AddressRow.state != AddressState.DEAD)
    there = select(AddressRow.channel).where(*living)
    theirs = (OutboxRow.recipient_type == RecipientType.PARTICIPANT, OutboxRow.recipient_id == kept)
    left = (OutboxRow.state.in_(LEFT), OutboxRow.channel.in_(there), OutboxRow.sent_at >= since)
    keys = {tuple(row) for row in await session.execute(select(OutboxRow.kind, OutboxRow.key).where(*theirs, *left))}
    ended = [one["is"]["id"] for one in entries if one["table"] == OutboxRow.__tablename__ and "state" in one.get("was", ())]
    rows = await session.execute(
        select(OutboxRow.id, OutboxRow.kind, OutboxRow.key).where(OutboxRow.id.in_(ended), OutboxRow.recipient_id != kept)
    )
    return [row.id for row in rows if (row.kind, row.key) in keys]


async def meanwhile(session: Session, kept: int, last: int, since: datetime) -> tuple[int, int]:
    """How much has come from the person since, and how much has gone to them; it stays where it is."""
    came = (InboxRow.participant_id == kept, InboxRow.id > last)
    theirs = (OutboxRow.recipient_type == RecipientType.PARTICIPANT, OutboxRow.recipient_id == kept)
    went = (*theirs, OutboxRow.state.in_(LEFT), OutboxRow.sent_at >= since, OutboxRow.carried_by.is_(None))
    counts = [await session.scalar(select(func.count()).where(*which)) or 0 for which in (came, went)]
    return counts[0], counts[1]


async def forget_stray(session: Session, other: int, known: Collection[int]) -> None:
    """What somebody was just planning for the other record when it was joined: nothing of it has ever left.

    `known`: the messages that it had right after that.
    """
    theirs = (OutboxRow.recipient_type == RecipientType.PARTICIPANT, OutboxRow.recipient_id == other)
    stray = (OutboxRow.state.in_((State.PLANNED, State.CANCELLED)), OutboxRow.attempts == 0, OutboxRow.id.not_in(known))
    await session.execute(delete(OutboxRow).where(*theirs, *stray))


async def carry_over(session: Session, kept: int, other: int, last: Mapping[str, int], now: datetime, today: date) -> bool:
    """A no that was said since holds for both, and so does a pause that still runs; whether there was any."""
    no = (ConsentRow.participant_id == kept, ConsentRow.id > last["consents"], ~ConsentRow.given)
    said = (await session.execute(select(ConsentRow.channel, ConsentRow.purpose).where(*no).distinct())).all()
    still = and_(PauseRow.until > today, or_(PauseRow.ended_at.is_(None), PauseRow.ended_at > now))
    pauses = await _rows(session, PauseRow, PauseRow.participant_id == kept, PauseRow.id > last["pauses"], still)
    words = [
        {"participant_id": other, "channel": channel, "purpose": purpose, "given": False, "at": now, "how": HOW}
        for channel, purpose in said
    ]
    copies = [{**pause, "participant_id": other, "public_id": new_id()} for pause in pauses]
    for table, rows in ((ConsentRow, words), (PauseRow, copies)):
        if rows:
            await session.execute(insert(table), rows)
    return bool(words or copies)


async def _rows(session: Session, table: Any, *which: ColumnElement[bool]) -> list[dict[str, Any]]:
    rows = (await session.execute(select(table.__table__).where(*which))).mappings()
    return [{name: cell for name, cell in row.items() if name != "id"} for row in rows]
