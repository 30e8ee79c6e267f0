"""Somebody with something in every table, and a search for what is left of them."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import LargeBinary, insert, select, update

from medvind.model import (
    Adjust,
    ChannelName,
    Milestone,
    PauseReason,
    PublicId,
    RecipientType,
    State,
    SupportType,
    TaskKind,
    VatPeriod,
    new_id,
)
from medvind.store.database import Database, Session
from medvind.store.own_data import TABLES
from medvind.store.tables import (
    AdjustmentRow,
    AssignmentRow,
    AttemptRow,
    FeedRow,
    IdempotencyRow,
    InviteRow,
    MergeRow,
    OutboxRow,
    ParticipantRow,
    PauseRow,
    Row,
    SupportPeriodRow,
    VatPeriodRow,
    WordTryRow,
)
from tests import people
from tests.people import Made, Person

WORDS = ("Majken", "Majkens Keramik", "+4501000071", "700071", "Hvordan har Majken det?", "Jeg har det fint, Majken", "Stue 71")
"""Name, business, phone, Telegram, what was said to her, what she said, the place of a meeting of hers alone."""


async def add_life(
    session: Session, coach: Made, now: datetime, *, external_id: str = "d-71", words: tuple[str, ...] = WORDS
) -> Person:
    """A person, and rows of theirs in every table that holds any."""
    name, business, phone, telegram, told, said, place = words
    vault = session.vault
    person = await people.add_person(
        session,
        vault,
        external_id=external_id,
        first_name=name,
        business_name=business,
        phone=phone,
        telegram=telegram,
        coach_id=coach.id,
        support_type=SupportType.CASH_BENEFIT,
        milestones={Milestone.COURSE_ENDED: now.date()},
        now=now - timedelta(days=9),
    )
    await people.add_inbound(session, vault, None, said, meaning="stranger", sender=phone, at=now - timedelta(days=8))
    sent = await people.add_duty(
        session, vault, person, state=State.DELIVERED, channel=ChannelName.SMS, sent_text=told, due_at=now - timedelta(days=7)
    )
    await session.execute(
        update(OutboxRow)
        .where(OutboxRow.id == sent.id)
        .values(provider_id=f"SM{sent.public_id}", words=vault.seal(OutboxRow.words, sent.public_id, told), written_by=coach.id)
    )
    await people.add_question_and_answer(session, vault, person, asked_at=now - timedelta(days=3))
    await people.add_inbound(session, vault, person, said, sender=phone, at=now - timedelta(days=2))
    await people.add_duty(session, vault, person, key=f"vat:{external_id}", due_at=now + timedelta(days=2))
    starts_at = (now + timedelta(days=4)).replace(tzinfo=None)
    meeting = {"external_id": f"m-{external_id}", "title": f"{name} og Karin", "place": place, "starts_at": starts_at}
    await people.add_meeting(session, vault, attendees=[person], now=now, **meeting)  # type: ignore[arg-type]  # each fits
    await people.add_task(session, person, kind=TaskKind.CALL, now=now)
    await _add_rest(session, person, sent, coach, now)
    await _add_second_record(session, person, external_id, name, coach, now)
    return person


async def _add_second_record(session: Session, person: Person, external_id: str, name: str, coach: Made, now: datetime) -> None:
    """They were brought in twice, and somebody has joined the two."""
    twice = {"external_id": f"{external_id}-again", "first_name": name, "phone": None, "coach_id": coach.id}
    other = await people.add_person(session, session.vault, now=now, **twice)  # type: ignore[arg-type]  # each fits
    await session.execute(update(ParticipantRow).where(ParticipantRow.id == other.id).values(merged_into=person.id))
    joined = {"participant_id": person.id, "other_id": other.id, "at": now, "made_by": "t", "log": {}}
    await session.execute(insert(MergeRow).values(public_id=new_id(), **joined))


async def _add_rest(session: Session, person: Person, sent: Made, coach: Made, now: datetime) -> None:
    """What `people` has no words for."""
    theirs = {"participant_id": person.id}
    day, chain = now.date(), {"kind": "vat", "key": f"vat:{person.id}", "chain": "vat"}
    hash_ = {"hash": person.public_id.rjust(64, "0"), "created_at": now}
    rows: Iterable[tuple[type[Row], Mapping[str, Any]]] = (
        (AttemptRow, {"outbox_id": sent.id, "number": 1, "channel": "sms", "worker": "w", "at": now, "outcome": "sent"}),
        (IdempotencyRow, _call(session, f"about {person.external_id}", person.public_id, now)),
        (IdempotencyRow, _call(session, f"beside others: {person.public_id}, {person.external_id}", None, now)),
        (VatPeriodRow, theirs | {"since": day, "period": VatPeriod.QUARTERLY}),
        (SupportPeriodRow, theirs | {"public_id": new_id(), "months": 3, "granted_on": day, "created_at": now}),
        (InviteRow, theirs | hash_ | {"expires_at": now}),
        (FeedRow, theirs | hash_),
        (AssignmentRow, theirs | {"coach_id": coach.id, "since": now}),
        (WordTryRow, theirs | {"at": now}),
        (PauseRow, theirs | {"public_id": new_id(), "since": now, "until": day, "reason": PauseReason.AWAY, "created_at": now}),
        (AdjustmentRow, theirs | chain | {"action": Adjust.SKIP, "coach_id": coach.id, "at": now}),
    )
    for table, row in rows:
        await session.execute(insert(table).values(**row))


def _call(session: Session, answer: str, about: str | None, now: datetime) -> Mapping[str, Any]:
    """One that was answered so."""
    noted = new_id()
    sealed = session.vault.seal(IdempotencyRow.answer, noted, answer)
    return {
        "public_id": noted,
        "token": "t",
        "key": noted,
        "call": "c",
        "at": now,
        "status": 200,
        "answer": sealed,
        "about": about,
    }


async def opened(session: Session) -> dict[str, list[dict[str, Any]]]:
    """All that stands in the database, by table, with what is sealed opened."""
    found: dict[str, list[dict[str, Any]]] = {}
    for name, table in Row.metadata.tables.items():
        rows = (await session.execute(select(table).order_by(*table.primary_key.columns))).mappings()
        found[name] = [{column.name: _open(session, name, column, row) for column in table.columns} for row in rows]
    return found


def _open(session: Session, table: str, column: Any, row: Any) -> Any:
    value = row[column]
    if value is None or not isinstance(column.type, LargeBinary) or "public_id" not in row:
        return value
    return session.vault.open(getattr(TABLES[table], column.name), PublicId(row["public_id"]), value)


async def traces_of(session: Session, person: Person, words: tuple[str, ...] = WORDS) -> list[str]:
    """In which tables something of theirs can be read: a word, an address, an id, or the hash of one of these.

    The id they have elsewhere counts only as a word of its own: one as short as "d-1" stands within a drawn id now and then.
    """
    vault = session.vault
    hashes = {vault.blind(ChannelName.SMS, words[2]), vault.blind(ChannelName.TELEGRAM, words[3])}
    searched = {*words, person.public_id, *hashes}
    short = re.compile(rf"(?<![\w-]){re.escape(person.external_id)}(?![\w-])")
    found = {name: json.dumps(rows, default=str, ensure_ascii=False) for name, rows in (await opened(session)).items()}
    traces = {(name, one) for name, text in found.items() for one in searched if one in text}
    traces |= {(name, person.external_id) for name, text in found.items() if short.search(text)}
    return [f"{name}: {one}" for name, one in sorted(traces)]


async def sealed_of(session: Session, person: Person) -> list[bytes]:
    """Their sealed values as they lie in the file, and what stands readable there."""
    row = (await session.execute(select(ParticipantRow).where(ParticipantRow.id == person.id))).scalar_one()
    mine = (OutboxRow.recipient_type == RecipientType.PARTICIPANT, OutboxRow.recipient_id == person.id)
    texts = await session.scalars(select(OutboxRow.sent_text).where(*mine))
    sealed = [row.first_name, row.business_name, *texts]
    return [one for one in (*sealed, person.external_id.encode()) if one]


def in_files_of(db: Database, wanted: Iterable[bytes]) -> list[bytes]:
    """Which of these stand anywhere in the files of a database on SQLite, used pages or not."""
    path = Path(str(db.engine.url.database)).resolve()
    bytes_ = b"".join(one.read_bytes() for one in path.parent.glob(f"{path.name}*") if not one.name.endswith(".keys"))
    return [one for one in wanted if one in bytes_]
