"""What was asked and what came back. A question is the message that asks it, from when that may have arrived."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, SQLColumnExpression, exists, func, or_, select, update

from medvind.model import Ask, PublicId, RecipientType, Rsvp, State
from medvind.rules.meanings import OpenQuestion
from medvind.rules.taking import in_order
from medvind.store import meeting_versions
from medvind.store.database import Session, insert_once
from medvind.store.outbox import REPLY
from medvind.store.tables import AnswerRow, AttendeeRow, MeetingRow, OutboxRow

SEED = "seed"
"""In a subject: what a code is made of. No question is about it."""
ASKED = (State.CLAIMED, State.UNKNOWN, State.SENT, State.DELIVERED)
NAME = func.coalesce(OutboxRow.asked_as, OutboxRow.public_id)
"""By which a question goes: on a button, and in the API."""
SINCE: SQLColumnExpression[Any] = OutboxRow.opened_at
"""When it was asked; of rows that have asked something it is always there."""


def asked_of_people(*asks: Ask) -> tuple[ColumnElement[bool], ...]:
    """The conditions for rows that have asked this; with none, anything. Of whom is the recipient's row."""
    opened = (OutboxRow.recipient_type == RecipientType.PARTICIPANT, OutboxRow.opened_at.is_not(None))
    return (*opened, OutboxRow.asks.in_(asks)) if asks else opened


def is_called(question: PublicId) -> ColumnElement[bool]:
    """The condition for the one that goes by this name."""
    return or_(OutboxRow.public_id == question, OutboxRow.asked_as == question)


def _asked_of(participant_id: int, *asks: Ask) -> tuple[ColumnElement[bool], ...]:
    return (OutboxRow.recipient_id == participant_id, *asked_of_people(*asks))


def _about(subject: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in subject.items() if key != SEED}


async def open_for(session: Session, participant_id: int, now: datetime) -> list[OpenQuestion]:
    """What is open with this person, the latest first; at most the last twenty. What was asked again is as late as that."""
    answered = exists().where(AnswerRow.outbox_id == OutboxRow.id)
    asked = (OutboxRow.asks, OutboxRow.subject, OutboxRow.opened_at, OutboxRow.closes_at, OutboxRow.text)
    query = (
        select(NAME, *asked, OutboxRow.kind == REPLY, answered, func.nullif(OutboxRow.public_id, NAME))
        .where(*_asked_of(participant_id), OutboxRow.closes_at > now, OutboxRow.state.in_(ASKED))
        .order_by(OutboxRow.opened_at.desc(), OutboxRow.id.desc())
        .limit(20)
    )
    rows = await session.execute(query)
    return in_order([OpenQuestion(name, ask, _about(subject), *more) for name, ask, subject, *more in rows])


async def answer(session: Session, question: PublicId, participant_id: int, inbox_id: int, value: str, now: datetime) -> None:
    """Keeps an answer beside the earlier ones; the last one counts."""
    row_id = await session.scalar(select(OutboxRow.id).where(is_called(question)))
    row = {"outbox_id": row_id, "participant_id": participant_id, "inbox_id": inbox_id, "value": value, "at": now}
    await insert_once(session, AnswerRow, [row], AnswerRow.id)


async def last_answer(session: Session, question: PublicId) -> tuple[str, datetime] | None:
    """The answer that counts now, and when it came."""
    query = select(AnswerRow.value, AnswerRow.at).join(OutboxRow, OutboxRow.id == AnswerRow.outbox_id)
    found = await session.execute(query.where(is_called(question)).order_by(AnswerRow.id.desc()).limit(1))
    row = found.first()
    return (row.value, row.at) if row else None


async def text_version(session: Session, question: PublicId) -> str | None:
    """The version of the text that asked: it goes into the record of a consent."""
    return await session.scalar(select(OutboxRow.text_version).where(is_called(question)))


async def close(session: Session, question: PublicId, now: datetime) -> None:
    """Ends one question: it has had its answer."""
    await session.execute(update(OutboxRow).where(is_called(question), OutboxRow.closes_at > now).values(closes_at=now))


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question was, open or not."""

    ask: Ask
    subject: Mapping[str, str]


async def asked(session: Session, question: PublicId, participant_id: int) -> Asked | None:
    """What this person was asked under this id, at any time; None where that was nobody, or somebody else."""
    mine = (is_called(question), *_asked_of(participant_id))
    row = (await session.execute(select(OutboxRow.asks, OutboxRow.subject).where(*mine))).first()
    return Asked(row.asks, _about(row.subject)) if row else None


async def meeting_ahead(session: Session, meeting: PublicId, participant_id: int, now: datetime) -> int | None:
    """The meeting's sequence now, where it is still to come and this person is invited; else None."""
    mine = (MeetingRow.public_id == meeting, AttendeeRow.participant_id == participant_id, MeetingRow.cancelled.is_(False))
    query = select(MeetingRow.starts_at, MeetingRow.zone, MeetingRow.sequence).join(
        AttendeeRow, AttendeeRow.meeting_id == MeetingRow.id
    )
    row = (await session.execute(query.where(*mine))).first()
    ahead = row is not None and row.starts_at.replace(tzinfo=ZoneInfo(row.zone)) > now
    return row.sequence if row is not None and ahead else None


async def close_all(session: Session, participant_id: int, ask: Ask, now: datetime) -> None:
    """Ends what is open of one kind: answered for good."""
    mine = (*_asked_of(participant_id, ask), OutboxRow.closes_at > now)
    await session.execute(update(OutboxRow).where(*mine).values(closes_at=now))


async def rsvp(
    session: Session, meeting: str, participant_id: int, said: Rsvp, now: datetime, asked: int | None = None
) -> bool:
    """The answer to a meeting's invitation, in place of the earlier one.

    `asked` is the sequence under which it was asked, None where it is about the meeting as it is now. False: that meeting is
    no longer so, and who said yes to it has not said yes to another time or place.
    """
    if asked is not None and not await meeting_versions.holds(session, PublicId(meeting), asked):
        return False
    meeting_id = select(MeetingRow.id).where(MeetingRow.public_id == PublicId(meeting)).scalar_subquery()
    mine = (AttendeeRow.meeting_id == meeting_id, AttendeeRow.participant_id == participant_id)
    await session.execute(update(AttendeeRow).where(*mine).values(rsvp=said, rsvp_at=now))
    return True
