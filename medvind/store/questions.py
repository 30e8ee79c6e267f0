"""What was asked and what came back. A question counts as asked once its message may have arrived."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import exists, select, update
from sqlalchemy.dialects import postgresql, sqlite

from medvind.model import Ask, PublicId, Rsvp, State, new_ids
from medvind.rules.meanings import OpenQuestion
from medvind.rules.taking import in_order
from medvind.store import database, meeting_versions
from medvind.store.among import among
from medvind.store.claims import Claimed
from medvind.store.database import Session, insert_once
from medvind.store.each import EachRow
from medvind.store.outbox import REPLY
from medvind.store.tables import AnswerRow, AttendeeRow, MeetingRow, OutboxRow, QuestionRow

_OPENING = {column.key: column.type for column in QuestionRow.__table__.c if column.key != "id"}
OPENING = EachRow(
    _OPENING,
    lambda of: (
        sqlite.insert(QuestionRow)
        .values({name: of(name) for name in _OPENING})
        .on_conflict_do_nothing(index_elements=["outbox_id"])
    ),
    lambda of: (
        postgresql.insert(QuestionRow)
        .from_select(list(_OPENING), select(*(of(name) for name in _OPENING)))
        .on_conflict_do_nothing(index_elements=["outbox_id"])
    ),
)
OPENED = select(QuestionRow.outbox_id, QuestionRow.public_id).where(among(QuestionRow.outbox_id))
SEED = "seed"
"""In a subject: what a code is made of. No question is about it."""
ASKED = (State.CLAIMED, State.UNKNOWN, State.SENT, State.DELIVERED)


async def ask(session: Session, claims: Sequence[Claimed], now: datetime) -> dict[int, PublicId]:
    """Opens the question of each of these duties, once, before it leaves; its public id by the duty's row."""
    asking = [claim for claim in claims if claim.asks is not None]
    if not asking:
        return {}
    rows: list[dict[str, Any]] = [
        {
            "public_id": public_id,
            "outbox_id": claim.id,
            "participant_id": claim.recipient_id,
            "ask": claim.asks,
            "subject": {key: value for key, value in claim.subject.items() if key != SEED},
            "asked_at": now,
            "open_until": claim.open_until or claim.valid_until,
        }
        for claim, public_id in zip(asking, new_ids(len(asking)), strict=True)
    ]
    if await OPENING.run(session, rows) == len(rows):
        return {row["outbox_id"]: row["public_id"] for row in rows}
    return dict(await database.ask(session, OPENED, [claim.id for claim in asking]))


async def open_for(session: Session, participant_id: int, now: datetime) -> list[OpenQuestion]:
    """What is open with this person, the latest first; at most the last twenty. What was asked again is as late as that."""
    answered = exists().where(AnswerRow.question_id == QuestionRow.id)
    asked = (QuestionRow.public_id, QuestionRow.ask, QuestionRow.subject, QuestionRow.asked_at, QuestionRow.open_until)
    query = (
        select(*asked, OutboxRow.text, OutboxRow.kind == REPLY, answered)
        .join(OutboxRow, OutboxRow.id == QuestionRow.outbox_id)
        .where(QuestionRow.participant_id == participant_id, QuestionRow.open_until > now, OutboxRow.state.in_(ASKED))
        .order_by(QuestionRow.asked_at.desc(), QuestionRow.id.desc())
        .limit(20)
    )
    return in_order([OpenQuestion(*row) for row in (await session.execute(query))])


async def answer(session: Session, question: PublicId, participant_id: int, inbox_id: int, value: str, now: datetime) -> None:
    """Keeps an answer beside the earlier ones; the last one counts."""
    question_id = await session.scalar(select(QuestionRow.id).where(QuestionRow.public_id == question))
    row = {"question_id": question_id, "participant_id": participant_id, "inbox_id": inbox_id, "value": value, "at": now}
    await insert_once(session, AnswerRow, [row], AnswerRow.id)


async def last_answer(session: Session, question: PublicId) -> tuple[str, datetime] | None:
    """The answer that counts now, and when it came."""
    query = select(AnswerRow.value, AnswerRow.at).join(QuestionRow, QuestionRow.id == AnswerRow.question_id)
    found = await session.execute(query.where(QuestionRow.public_id == question).order_by(AnswerRow.id.desc()).limit(1))
    row = found.first()
    return (row.value, row.at) if row else None


async def text_version(session: Session, question: PublicId) -> str | None:
    """The version of the text that asked: it goes into the record of a consent."""
    query = select(OutboxRow.text_version).join(QuestionRow, QuestionRow.outbox_id == OutboxRow.id)
    return await session.scalar(query.where(QuestionRow.public_id == question))


async def close(session: Session, question: PublicId, now: datetime) -> None:
    """Ends one question: it has had its answer."""
    open_still = (QuestionRow.public_id == question, QuestionRow.open_until > now)
    await session.execute(update(QuestionRow).where(*open_still).values(open_until=now))


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question was, open or not."""

    ask: Ask
    subject: Mapping[str, str]


async def asked(session: Session, question: PublicId, participant_id: int) -> Asked | None:
    """What this person was asked under this id, at any time; None where that was nobody, or somebody else."""
    mine = (QuestionRow.public_id == question, QuestionRow.participant_id == participant_id)
    row = (await session.execute(select(QuestionRow.ask, QuestionRow.subject).where(*mine))).first()
    return Asked(*row) if row else None


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
    mine = (QuestionRow.participant_id == participant_id, QuestionRow.ask == ask, QuestionRow.open_until > now)
    await session.execute(update(QuestionRow).where(*mine).values(open_until=now))


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
