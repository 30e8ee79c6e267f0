"""All of a person out of the tables, in one transaction, and what is left: a proof with an opaque id, hashes, and counts."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.orm import aliased

from medvind.model import AddressState, ChannelName, PublicId, RecipientType
from medvind.rules.erasing import EraseReason
from medvind.store import copies, counters, figures, marks
from medvind.store.database import Session, insert_new
from medvind.store.own_data import OF_NOBODY, TABLES
from medvind.store.reach import BY_HAND, reach_of
from medvind.store.tables import (
    AddressRow,
    AttemptRow,
    AttendeeRow,
    CoachRow,
    ErasureRow,
    IdempotencyRow,
    InboxRow,
    MarkKind,
    MarkRow,
    MeetingRow,
    MeetingVersionRow,
    MergeRow,
    OutboxRow,
    ParticipantRow,
    ProviderCopyRow,
    Row,
)
from medvind.store.views import STANDS, refusal

ALSO = frozenset({"idempotency", "meeting_versions"})
"""Tables of nobody that hold something of a person all the same: answers to calls about them, their own meetings of before."""
NAMES = [table.name for table in reversed(Row.metadata.sorted_tables) if table.name not in OF_NOBODY - ALSO]
"""What points to others comes first."""


@dataclass(frozen=True, slots=True)
class Living:
    """Somebody who can be erased; `row` is the name inside. `held_at`: since when they are kept for a case."""

    row: int
    public_id: PublicId
    external_id: str
    held_at: datetime | None


JOINED = aliased(ParticipantRow)
HELD_AT = func.coalesce(
    ParticipantRow.held_at, select(func.min(JOINED.held_at)).where(JOINED.merged_into == ParticipantRow.id).scalar_subquery()
)
LIVING = select(ParticipantRow.id, ParticipantRow.public_id, ParticipantRow.external_id, HELD_AT)


@dataclass(frozen=True, slots=True)
class Erased:
    """That somebody was erased, and what proves it; nothing says who they were."""

    id: PublicId
    at: datetime
    reason: EraseReason
    rows: Mapping[str, int]
    copies: int
    erased_by: PublicId | None


@dataclass(frozen=True, slots=True)
class _Theirs:
    """Whose rows: the person's, with all records that were joined with theirs, and what is found only by others of their rows.

    `joined`: the other records. `blinds`: their addresses, hashed. `alone`: meetings that nobody else is invited to. `unnamed`:
    answers to what they wrote before anybody knew whose number it was. `named`: answers to calls in which they stand beside
    others.
    """

    rows: Sequence[int]
    public_ids: Sequence[PublicId]
    joined: Sequence[Living]
    blinds: Sequence[str]
    alone: Sequence[int]
    unnamed: Sequence[int]
    named: Sequence[int]


async def living(session: Session, *where: ColumnElement[bool], held: bool = True) -> Living | None:
    """The person of this condition. `held`: until the transaction ends nobody else changes or points to their row.

    Raises MergeRefusedError for a record that was joined with another one: it is erased with that, and not by itself.
    """
    query = LIVING.where(*where, STANDS)
    row = (await session.execute(query.with_for_update(of=ParticipantRow) if held else query)).first()
    if row is None and (into := await joined_with(session, *where)):
        raise refusal(into)
    return Living(*row) if row else None


async def joined_with(session: Session, *where: ColumnElement[bool]) -> str | None:
    """The external id of the person whose second record this condition finds; None where it finds none."""
    kept = aliased(ParticipantRow)
    return await session.scalar(
        select(kept.external_id).join(ParticipantRow, ParticipantRow.merged_into == kept.id).where(*where)
    )


async def hold(session: Session, person: Living, since: datetime | None) -> None:
    """Keeps them for a case from then on, or with None no longer."""
    theirs = or_(ParticipantRow.id == person.row, ParticipantRow.merged_into == person.row)
    await session.execute(update(ParticipantRow).where(theirs).values(held_at=since))


async def find(session: Session, public_id: str) -> Erased | None:
    """The proof that whoever had this id was erased."""
    proof = (ErasureRow.public_id, ErasureRow.at, ErasureRow.reason, ErasureRow.rows, ErasureRow.copies, ErasureRow.erased_by)
    row = (await session.execute(select(*proof).where(ErasureRow.public_id == PublicId(public_id)))).first()
    return Erased(*row) if row else None


async def all_of_them(session: Session) -> list[tuple[PublicId, datetime]]:
    """Who was erased, by their opaque ids, and when, the first one first."""
    query = select(ErasureRow.public_id, ErasureRow.at).order_by(ErasureRow.at, ErasureRow.id)
    return [(name, at) for name, at in await session.execute(query)]


async def last_at(session: Session) -> datetime | None:
    """When somebody was last erased."""
    return await session.scalar(select(func.max(ErasureRow.at)))


async def has_stopped(session: Session, person: Living) -> bool:
    """Whether they want nothing from us on any channel."""
    return (await reach_of(session, [person.row]))[person.row].has_stopped


async def who(session: Session, coach_id: int | None) -> PublicId | None:
    """The public id of whoever signed in."""
    return await session.scalar(select(CoachRow.public_id).where(CoachRow.id == coach_id)) if coach_id else None


async def counted(session: Session, person: Living) -> tuple[dict[str, int], int]:
    """How many rows are theirs, by table, and how many copies a provider keeps."""
    theirs = await _theirs(session, person)
    found: dict[str, int] = {}
    for name in NAMES:
        kept = TABLES[name]
        found[name] = await session.scalar(select(func.count()).select_from(kept).where(_of(theirs, kept))) or 0
    kept_there = await copies.kept_of(session, _of(theirs, OutboxRow), _of(theirs, InboxRow))
    return {name: count for name, count in sorted(found.items()) if count}, len(kept_there)


async def remove(
    session: Session, person: Living, reason: EraseReason, now: datetime, *, erased_by: PublicId | None, silent: bool
) -> Erased:
    """All of it, at once. `silent`: they are not written to again on the strength of an old yes.

    What a worker has in hand is known from here on, since none takes more of theirs. Counts are put aside first, and so is
    what a provider keeps. The proof is there from the same moment.
    """
    theirs = await _theirs(session, person)
    outbox, inbox = _of(theirs, OutboxRow), _of(theirs, InboxRow)
    await session.execute(select(OutboxRow.id).where(outbox).order_by(OutboxRow.id).with_for_update())
    only = partial(_of, theirs)
    counts = await figures.counted(session, only) | await figures.tries(session, only)
    await counters.add(session, figures.lasting(counts))
    owed = await copies.owe(session, copies.KEEPS, await copies.kept_of(session, outbox, inbox), now)
    await _mark(session, person, theirs, now, silent=silent)
    direct, gone = await session.direct(), Counter[str]()
    for name in NAMES:
        kept = TABLES[name]
        gone[name] = (await direct.execute(delete(kept.__table__).where(_of(theirs, kept)))).rowcount
    rows = {name: count for name, count in sorted(gone.items()) if count}
    proof = {"at": now, "erased_by": erased_by, "reason": reason}
    whole = {**proof, "public_id": person.public_id, "rows": rows, "copies": owed}
    # in a backup from before they were joined the others stand by themselves
    parts = [{**proof, "public_id": one.public_id, "rows": dict[str, int](), "copies": 0} for one in theirs.joined]
    await insert_new(session, ErasureRow, [whole, *parts])
    return Erased(person.public_id, now, reason, rows, owed, erased_by)


async def _mark(session: Session, person: Living, theirs: _Theirs, now: datetime, *, silent: bool) -> None:
    vault, outbox, inbox = session.vault, _of(theirs, OutboxRow), _of(theirs, InboxRow)
    came = await session.execute(select(InboxRow.channel, InboxRow.provider_id).where(inbox))
    await marks.add(session, MarkKind.INBOUND, [marks.of_inbound(vault, *one) for one in came], now)
    flying = await copies.under_way(session, outbox)
    await marks.add(session, MarkKind.MESSAGE, [marks.of_message(vault, one) for one in flying], now)
    names = [marks.of_person(vault, one.external_id) for one in (person, *theirs.joined)]
    await marks.renew(session, MarkKind.PERSON, names, now)
    if silent:
        await marks.renew(session, MarkKind.NUMBER, await _numbers(session, theirs), now)


async def _numbers(session: Session, theirs: _Theirs) -> list[str]:
    """The hashes of the numbers that were theirs to the end. One that a coach took away may be somebody else's."""
    own = or_(AddressRow.state != AddressState.DEAD, AddressRow.reason.is_(None), AddressRow.reason.not_in(BY_HAND))
    mine = (AddressRow.participant_id.in_(theirs.rows), AddressRow.channel == ChannelName.SMS, own)
    found = await session.execute(select(AddressRow.public_id, AddressRow.value).where(*mine))
    vault = session.vault
    return sorted({marks.of_number(vault, vault.open(AddressRow.value, name, value)) for name, value in found})


async def _theirs(session: Session, person: Living) -> _Theirs:
    joined = [Living(*row) for row in await session.execute(LIVING.where(ParticipantRow.merged_into == person.row))]
    rows, names = [[getattr(one, name) for one in (person, *joined)] for name in ("row", "public_id")]
    blinds = list(await session.scalars(select(AddressRow.blind).where(AddressRow.participant_id.in_(rows)).distinct()))
    invited = select(AttendeeRow.meeting_id).where(AttendeeRow.participant_id.in_(rows))
    others = select(AttendeeRow.meeting_id).where(AttendeeRow.participant_id.not_in(rows))
    own = (MeetingRow.id.in_(invited), MeetingRow.id.not_in(others), MeetingRow.cohort_id.is_(None))
    alone = list(await session.scalars(select(MeetingRow.id).where(*own)))
    asked = select(InboxRow.id).where(InboxRow.participant_id.is_(None), InboxRow.blind.in_(blinds))
    answers = (OutboxRow.recipient_type == RecipientType.STRANGER, OutboxRow.recipient_id.in_(asked))
    unnamed = list(await session.scalars(select(OutboxRow.id).where(*answers)))
    return _Theirs(rows, names, joined, blinds, alone, unnamed, await _named(session, names))


async def _named(session: Session, public_ids: Sequence[PublicId]) -> list[int]:
    """They are sealed, and kept for a day: few, and each is opened."""
    columns = (IdempotencyRow.id, IdempotencyRow.public_id, IdempotencyRow.answer)
    answered = await session.execute(select(*columns).where(IdempotencyRow.answer.is_not(None)))
    opened = ((row, session.vault.maybe(IdempotencyRow.answer, name, answer) or "") for row, name, answer in answered)
    return [row for row, text in opened if any(one in text for one in public_ids)]


def _of(theirs: _Theirs, kept: Any) -> ColumnElement[bool]:
    """The condition of their rows in one table."""
    written = and_(OutboxRow.recipient_type == RecipientType.PARTICIPANT, OutboxRow.recipient_id.in_(theirs.rows))
    outbox = or_(written, OutboxRow.id.in_(theirs.unnamed))
    conditions: Mapping[Any, ColumnElement[bool]] = {
        ParticipantRow: ParticipantRow.id.in_(theirs.rows),
        MergeRow: or_(MergeRow.participant_id.in_(theirs.rows), MergeRow.other_id.in_(theirs.rows)),
        OutboxRow: outbox,
        AttemptRow: AttemptRow.outbox_id.in_(select(OutboxRow.id).where(outbox)),
        InboxRow: or_(
            InboxRow.participant_id.in_(theirs.rows),
            and_(InboxRow.participant_id.is_(None), InboxRow.blind.in_(theirs.blinds)),
        ),
        MeetingRow: MeetingRow.id.in_(theirs.alone),
        MeetingVersionRow: MeetingVersionRow.meeting_id.in_(theirs.alone),
        IdempotencyRow: or_(
            and_(IdempotencyRow.about.in_(theirs.public_ids), IdempotencyRow.status.is_not(None)),
            IdempotencyRow.id.in_(theirs.named),
        ),
    }
    if kept in conditions:
        return conditions[kept]
    own: ColumnElement[bool] = kept.participant_id.in_(theirs.rows)
    return own


CARRIED = (ErasureRow, MarkRow, ProviderCopyRow)
"""What a database knows of the erased that an older backup of it doesn't."""


async def kept_of_all(session: Session) -> dict[type[Row], list[dict[str, Any]]]:
    """What is left of everybody who was erased here, to be brought into a backup that is put in this database's place."""
    found: dict[type[Row], list[dict[str, Any]]] = {}
    for kept in CARRIED:
        columns = [column for column in kept.__table__.columns if column.name != "id"]
        found[kept] = [dict(row) for row in (await session.execute(select(*columns))).mappings()]
    return found


async def erase_again(
    session: Session, left: Mapping[type[Row], Sequence[dict[str, Any]]], named: Collection[str], now: datetime
) -> int:
    """Brings that in, and erases whoever of them, or of those `named` by their opaque ids, is here still; how many were."""
    for kept, rows in left.items():
        await insert_new(session, kept, rows)
    blank: dict[str, Any] = {"at": now, "erased_by": None, "reason": EraseReason.DECIDED, "rows": {}, "copies": 0}
    listed = [{"public_id": one, **blank} for one in dict.fromkeys(named)]
    gone = [str(row["public_id"]) for row in [*left.get(ErasureRow, ()), *listed]]
    found = 0
    for public_id in dict.fromkeys(gone):
        its = ParticipantRow.public_id == PublicId(public_id)
        if await joined_with(session, its) is None and (person := await living(session, its)):
            found += 1
            await remove(session, person, EraseReason.DECIDED, now, erased_by=None, silent=True)
    await insert_new(session, ErasureRow, listed)
    return found
