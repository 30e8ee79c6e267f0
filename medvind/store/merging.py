"""Records of people that are joined, and the log of it. Who may see and join them is asked in the queries themselves."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, insert, select, true, update
from sqlalchemy.orm import aliased

from medvind.errors import NotFoundError
from medvind.model import PublicId, RecipientType, Role, State, Viewer, new_id
from medvind.rules.joining import invite_key
from medvind.rules.merging import Record, Way
from medvind.store.database import Session, ask
from medvind.store.facts import LEFT
from medvind.store.outbox import OF_A_PLAN
from medvind.store.reach import SAID, reach_of
from medvind.store.tables import (
    AddressRow,
    AnswerRow,
    AttendeeRow,
    InboxRow,
    MergeRow,
    OutboxRow,
    ParticipantRow,
    PauseRow,
    TaskRow,
)
from medvind.store.views import NOT_FOUND, own_records, refusal

ON_ITS_WAY = (State.CLAIMED, State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Named:
    """A record and the names it goes by; `row` never leaves the service."""

    row: int
    id: PublicId
    external_id: str


@dataclass(frozen=True, slots=True)
class Merged:
    """What the log says of one merge. `kept` goes on, `other` was joined to it."""

    row: int
    id: PublicId
    kept: Named
    other: Named
    at: datetime
    made_by: str
    undone_at: datetime | None
    undone_by: str | None


def _theirs(viewer: Viewer) -> ColumnElement[bool]:
    """An administrator joins anybody's records, and reads nothing of them; a coach those of their own people."""
    return true() if viewer.role == Role.ADMIN else own_records(viewer)


async def named(session: Session, public_id: str, *, seen_by: Viewer) -> Named:
    """A record that stands for somebody. Raises NotFoundError, MergeRefusedError where it is part of another one."""
    into = select(ParticipantRow.external_id)
    query = select(ParticipantRow.id, ParticipantRow.public_id, ParticipantRow.external_id, ParticipantRow.merged_into)
    row = (await session.execute(query.where(ParticipantRow.public_id == PublicId(public_id), _theirs(seen_by)))).first()
    if row is None:
        raise NotFoundError(NOT_FOUND)
    if row.merged_into is not None:
        raise refusal(await session.scalar(into.where(ParticipantRow.id == row.merged_into)))
    return Named(row.id, row.public_id, row.external_id)


async def hold(session: Session, rows: Collection[int]) -> None:
    """Nobody else says, plans or sends anything of these people until the transaction ends, and what was under way is done."""
    people = select(ParticipantRow.id).where(ParticipantRow.id.in_(rows)).order_by(ParticipantRow.id)
    await session.execute(people.with_for_update())
    waiting = select(OutboxRow.id).where(*_to(rows), OutboxRow.state.in_((State.PLANNED, *ON_ITS_WAY)))
    await session.execute(waiting.order_by(OutboxRow.id).with_for_update())


def _to(rows: Collection[int]) -> tuple[ColumnElement[bool], ...]:
    return OutboxRow.recipient_type == RecipientType.PARTICIPANT, OutboxRow.recipient_id.in_(rows)


async def is_on_its_way(session: Session, rows: Collection[int]) -> bool:
    """Whether a message to one of them is just being sent, or nobody knows yet whether it was."""
    query = select(OutboxRow.id).where(*_to(rows), OutboxRow.state.in_(ON_ITS_WAY))
    return await session.scalar(query.limit(1)) is not None


async def record(session: Session, row: int) -> Record:
    """What the rules need of it."""
    reach = (await reach_of(session, [row]))[row]
    last = select(InboxRow.blind, func.max(InboxRow.received_at)).where(InboxRow.participant_id == row).group_by(InboxRow.blind)
    heard = dict((await session.execute(last)).all())
    blind = select(AddressRow.id, AddressRow.blind).where(AddressRow.participant_id == row)
    names = dict((await session.execute(blind)).all())
    ways = {
        one.channel: Way(one.id, one.state, one.preferred, max(one.since, heard.get(names[one.id], one.since)))
        for one in reversed(reach.addresses)
    }
    said = {(channel, purpose): given for _, channel, purpose, given, _ in await ask(session, SAID, [row])}
    return Record(ways, said, reach.numbers)


async def counts(session: Session, row: int) -> tuple[Mapping[str, int], int]:
    """How much of each kind there is of this record, and how many messages of its plan wait."""
    mine: Mapping[str, Any] = {
        "messages_in": InboxRow,
        "answers": AnswerRow,
        "meetings": AttendeeRow,
        "tasks": TaskRow,
        "pauses": PauseRow,
    }
    number = select(func.count())
    moves = {what: await session.scalar(number.where(table.participant_id == row)) or 0 for what, table in mine.items()}
    moves["messages_out"] = await session.scalar(number.where(*_to([row]), OutboxRow.state.in_(LEFT))) or 0
    return moves, await session.scalar(number.where(*_to([row]), OF_A_PLAN, OutboxRow.state == State.PLANNED)) or 0


async def messages_of(session: Session, row: int) -> list[int]:
    """The rows of all that this record was ever owed and still is."""
    return list(await session.scalars(select(OutboxRow.id).where(*_to([row])).order_by(OutboxRow.id)))


async def invitation(session: Session, row: int, numbers: int) -> int | None:
    """The row of the invitation that the last of this record's numbers was sent; None where it was sent none."""
    asked = (OutboxRow.kind == "invite", OutboxRow.key == invite_key(numbers), OutboxRow.state.in_(LEFT))
    return await session.scalar(select(OutboxRow.id).where(*_to([row]), *asked))


async def invited(session: Session, invitation: int, numbers: int) -> None:
    """From now on this is the invitation to the last of so many numbers: that one has been asked."""
    await session.execute(update(OutboxRow).where(OutboxRow.id == invitation).values(key=invite_key(numbers)))


async def keep(session: Session, kept: Named, other: Named, log: Mapping[str, Any], made_by: str, now: datetime) -> PublicId:
    """Writes down that it was done; the name under which it can be undone."""
    public_id = new_id()
    row = {"public_id": public_id, "participant_id": kept.row, "other_id": other.row, "at": now, "made_by": made_by}
    await session.execute(insert(MergeRow).values(**row, log=dict(log)))
    return public_id


_KEPT, _OTHER = aliased(ParticipantRow), aliased(ParticipantRow)
_LOGGED = (
    select(
        MergeRow,
        *(getattr(of, name) for of in (_KEPT, _OTHER) for name in ("id", "public_id", "external_id")),
    )
    .join(_KEPT, _KEPT.id == MergeRow.participant_id)
    .join(_OTHER, _OTHER.id == MergeRow.other_id)
)


async def listed(session: Session, kept: Named) -> list[Merged]:
    """What was joined to this record, undone or not, the last first."""
    found = await session.execute(_LOGGED.where(MergeRow.participant_id == kept.row).order_by(MergeRow.id.desc()))
    return [_merged(row) for row in found]


async def get(session: Session, kept: Named, public_id: str, *, seen_by: Viewer) -> tuple[Merged, Mapping[str, Any]]:
    """One of them, and its log. Raises NotFoundError, also where this viewer may not see the other record."""
    theirs = select(ParticipantRow.id).where(_theirs(seen_by))
    which = (MergeRow.participant_id == kept.row, MergeRow.public_id == PublicId(public_id), MergeRow.other_id.in_(theirs))
    row = (await session.execute(_LOGGED.where(*which))).first()
    if row is None:
        raise NotFoundError(NOT_FOUND)
    return _merged(row), row[0].log


def _merged(row: Any) -> Merged:
    of, *names = row
    kept, other = Named(*names[:3]), Named(*names[3:])
    return Merged(of.id, of.public_id, kept, other, of.at, of.made_by, of.undone_at, of.undone_by)


async def is_last(session: Session, merged: Merged) -> bool:
    """Whether nothing was joined to the same record after it that still holds."""
    after = (MergeRow.participant_id == merged.kept.row, MergeRow.id > merged.row, MergeRow.undone_at.is_(None))
    return await session.scalar(select(MergeRow.id).where(*after).limit(1)) is None


async def undone(session: Session, merged: Merged, by: str, now: datetime) -> None:
    """Writes down that it was taken back."""
    await session.execute(update(MergeRow).where(MergeRow.id == merged.row).values(undone_at=now, undone_by=by))
