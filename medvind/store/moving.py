"""Moves what one record has to another one of the same person. Each statement is about both of them and nobody else.

History moves whole. Of what a person has once (a date, an answer to one meeting, a decision about one message) what the record
that stays says holds, and the other one's is taken over where it says nothing.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, select, tuple_, update

from medvind.model import AddressState, ChannelName, PauseReason, Purpose, RecipientType, State
from medvind.rules.merging import Joined, Record, Whose
from medvind.store.database import Session
from medvind.store.facts import LEFT
from medvind.store.outbox import COACH_WORD, REPLY
from medvind.store.reach import BESIDE, BESIDE_UNPROVEN, BY_HAND
from medvind.store.tables import (
    AddressRow,
    AdjustmentRow,
    AnswerRow,
    AssignmentRow,
    AttendeeRow,
    ConsentRow,
    InboxRow,
    InviteRow,
    MilestoneRow,
    OutboxRow,
    ParticipantRow,
    PauseRow,
    SupportPeriodRow,
    TaskRow,
    VatPeriodRow,
    WordTryRow,
)
from medvind.store.tasks import WARNED

HOW = "merge"
"""Why something holds or is owed no longer: two records were joined."""
WHOLE = (ConsentRow, InviteRow, WordTryRow, AnswerRow, InboxRow)
ONLY_WHERE_NONE = (VatPeriodRow, SupportPeriodRow)
"""A history is one person's telling: half of one in the middle of another would be nobody's."""
FILLED = ("support_type", "cohort_id", "coach_id", "quiet_hours")
"""What the record that stays takes over where it has none. A business's name is sealed to its own record."""
MAY_COME_BACK = (State.PLANNED, State.CANCELLED)


async def move(
    session: Session, kept: int, other: int, joined: Joined, numbers: Mapping[Whose, Record], now: datetime, today: date
) -> None:
    """All of it, but the plan that follows. `today` is local."""
    rows = {Whose.KEPT: kept, Whose.OTHER: other}
    for table in WHOLE:
        await _take(session, table, kept, other)
    await _addresses(session, rows, joined, numbers)
    await _withdraw(session, kept, joined.withdrawn, now)
    await _facts(session, kept, other)
    await _attendance(session, kept, other)
    await _pauses(session, kept, other, today)
    await _tasks(session, kept, other, now)
    await _messages(session, kept, other)
    await _itself(session, kept, other, now)


async def _take(session: Session, table: Any, kept: int, other: int, *which: ColumnElement[bool]) -> None:
    await session.execute(update(table).where(table.participant_id == other, *which).values(participant_id=kept))


async def _addresses(session: Session, rows: Mapping[Whose, int], joined: Joined, before: Mapping[Whose, Record]) -> None:
    """What a provider gave up comes alive again by a yes of its person's: of two records nobody could tell whose."""
    kept, both = rows[Whose.KEPT], AddressRow.participant_id.in_(rows.values())
    on_both = select(AddressRow.channel).where(both).group_by(AddressRow.channel)
    on_both = on_both.having(func.count(AddressRow.participant_id.distinct()) > 1)
    channels = list(await session.scalars(on_both))
    given_up = (both, AddressRow.state == AddressState.DEAD, AddressRow.reason.not_in((*BY_HAND, *BESIDE)))
    await session.execute(update(AddressRow).where(*given_up, AddressRow.channel.in_(channels)).values(reason=BESIDE_UNPROVEN))
    await session.execute(update(AddressRow).where(both).values(preferred=False))
    await _take(session, AddressRow, kept, rows[Whose.OTHER])
    for way in joined.beside:
        reason = BESIDE_UNPROVEN if way.state == AddressState.UNCONFIRMED else BESIDE[0]
        changes = {"state": AddressState.DEAD, "reason": reason}
        await session.execute(update(AddressRow).where(AddressRow.id == way.id).values(changes))
    if joined.preferred is not None:
        first = before[joined.written_to[joined.preferred]].ways[joined.preferred]
        await session.execute(update(AddressRow).where(AddressRow.id == first.id).values(preferred=True))


async def _withdraw(session: Session, kept: int, withdrawn: Collection[tuple[ChannelName, Purpose]], now: datetime) -> None:
    said = [
        {"participant_id": kept, "channel": channel, "purpose": purpose, "given": False, "at": now, "how": HOW}
        for channel, purpose in sorted(withdrawn)
    ]
    if said:
        await session.execute(insert(ConsentRow), said)


async def _facts(session: Session, kept: int, other: int) -> None:
    for table in ONLY_WHERE_NONE:
        has = await session.scalar(select(table.id).where(table.participant_id == kept).limit(1))
        if has is None:
            await _take(session, table, kept, other)
    named = select(MilestoneRow.name).where(MilestoneRow.participant_id == kept)
    await _take(session, MilestoneRow, kept, other, MilestoneRow.name.not_in(named))
    decided = select(AdjustmentRow.kind, AdjustmentRow.key).where(AdjustmentRow.participant_id == kept)
    await _take(session, AdjustmentRow, kept, other, tuple_(AdjustmentRow.kind, AdjustmentRow.key).not_in(decided))


async def _attendance(session: Session, kept: int, other: int) -> None:
    """Invited to the same meeting twice they are invited once, with the last answer and what was entered last."""
    mine, theirs = await _invited(session, kept), await _invited(session, other)
    for meeting in mine.keys() & theirs.keys():
        said: dict[str, Any] = {}
        for what, at in (("rsvp", "rsvp_at"), ("attendance", "attendance_at")):
            later = _is_later(theirs[meeting][at], mine[meeting][at]) or mine[meeting][what] is None
            said |= {name: (theirs if later else mine)[meeting][name] for name in (what, at)}
        both = AttendeeRow.meeting_id == meeting
        await session.execute(update(AttendeeRow).where(both, AttendeeRow.participant_id == kept).values(said))
        await session.execute(delete(AttendeeRow).where(both, AttendeeRow.participant_id == other))
    await _take(session, AttendeeRow, kept, other)


async def _invited(session: Session, person: int) -> dict[int, Any]:
    theirs = select(AttendeeRow.__table__).where(AttendeeRow.participant_id == person)
    return {row["meeting_id"]: row for row in (await session.execute(theirs)).mappings()}


def _is_later(one: datetime | None, than: datetime | None) -> bool:
    return one is not None and (than is None or one > than)


async def _pauses(session: Session, kept: int, other: int, today: date) -> None:
    """Of two that run for the same thing the longer one holds. Rest ends at a moment of its own and stands beside any."""
    mine = {pause.topic: pause for pause in await _running(session, kept, today)}
    stays = []
    for pause in await _running(session, other, today):
        same = mine.get(pause.topic)
        if same is None:
            continue
        stays.append(pause.id)
        if pause.until > same.until:
            changes = {"until": pause.until, "reason": pause.reason}
            await session.execute(update(PauseRow).where(PauseRow.id == same.id).values(changes))
    await _take(session, PauseRow, kept, other, PauseRow.id.not_in(stays))


async def _running(session: Session, person: int, today: date) -> list[Any]:
    runs = (PauseRow.participant_id == person, PauseRow.until > today, PauseRow.ended_at.is_(None))
    query = select(PauseRow.id, PauseRow.topic, PauseRow.until, PauseRow.reason).where(*runs)
    return list((await session.execute(query.where(PauseRow.reason != PauseReason.REST))).all())


async def _tasks(session: Session, kept: int, other: int, now: datetime) -> None:
    """What is only said of a plan ends with the plan; the one that follows says it anew."""
    of_its_plan = (TaskRow.kind.in_(WARNED), TaskRow.key.startswith("warning:"))
    still = (TaskRow.participant_id == other, TaskRow.done_at.is_(None))
    await session.execute(update(TaskRow).where(*still, *of_its_plan).values(done_at=now))
    await _take(session, TaskRow, kept, other, ~(of_its_plan[0] & of_its_plan[1]))


async def _messages(session: Session, kept: int, other: int) -> None:
    """What left, and what somebody wrote, becomes part of the one thread; what was only planned is owed no longer.

    What the other record was sent under a key is sent under that key: of the plan that stays it will not leave again. Two that
    left under one key both stand there, the second under a name of its own.
    """
    there = {(row.kind, row.key): row for row in await _outbox(session, kept)}
    renamed, moves, ends = dict[str, str](), list[Any](), list[int]()
    for row in await _outbox(session, other):
        if row.kind in {REPLY, COACH_WORD}:
            moves.append(row)
        elif row.state in {*LEFT, State.FAILED}:
            moves.append(row)
            mine = there.get((row.kind, row.key))
            if row.state in LEFT and (mine is None or mine.state in MAY_COME_BACK):
                await _step_aside(session, mine)
            else:
                renamed[row.key] = f"{row.key}~{row.public_id}"
        elif row.state == State.PLANNED:
            ends.append(row.id)
    for row in moves:
        place = {"key": renamed.get(row.key, row.key), "carried_by": renamed.get(row.carried_by, row.carried_by)}
        await session.execute(update(OutboxRow).where(OutboxRow.id == row.id).values(recipient_id=kept, **place))
    await session.execute(update(OutboxRow).where(OutboxRow.id.in_(ends)).values(state=State.EXPIRED, reason=HOW))


async def _step_aside(session: Session, mine: Any) -> None:
    """Its message has left to the same person. A state of no return: whoever is just planning can't bring it back."""
    if mine is not None:
        changes = {"key": f"{mine.key}~{mine.public_id}", "state": State.EXPIRED, "reason": HOW}
        await session.execute(update(OutboxRow).where(OutboxRow.id == mine.id).values(changes))


async def _outbox(session: Session, person: int) -> list[Any]:
    columns = (OutboxRow.id, OutboxRow.public_id, OutboxRow.kind, OutboxRow.key, OutboxRow.state, OutboxRow.carried_by)
    theirs = (OutboxRow.recipient_type == RecipientType.PARTICIPANT, OutboxRow.recipient_id == person)
    return list((await session.execute(select(*columns).where(*theirs).order_by(OutboxRow.id))).all())


async def _itself(session: Session, kept: int, other: int, now: datetime) -> None:
    """The record points at the one that stays from now on, and so does what pointed at it."""
    columns = [getattr(ParticipantRow, name) for name in (*FILLED, "talked_at")]
    mine, theirs = [(await session.execute(select(*columns).where(ParticipantRow.id == row))).one() for row in (kept, other)]
    filled = {name: getattr(theirs, name) for name in FILLED if getattr(mine, name) is None and getattr(theirs, name)}
    filled |= {"talked_at": theirs.talked_at} if _is_later(theirs.talked_at, mine.talked_at) else {}
    if filled:
        await session.execute(update(ParticipantRow).where(ParticipantRow.id == kept).values(filled))
    if "coach_id" in filled:
        begins = {"participant_id": kept, "coach_id": filled["coach_id"], "since": now}
        await session.execute(insert(AssignmentRow).values(begins))
    points = (ParticipantRow.id == other) | (ParticipantRow.merged_into == other)
    await session.execute(update(ParticipantRow).where(points).values(merged_into=kept))
