"""Made-up people, coaches, meetings, questions and messages, put into the tables: a test says only what it is about."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, update

from medvind.channels import InboundKind
from medvind.model import (
    AddressState,
    Ask,
    ChannelName,
    Doubt,
    Language,
    MeetingKind,
    Milestone,
    PublicId,
    Purpose,
    RecipientType,
    Role,
    Rsvp,
    State,
    SupportType,
    TaskKind,
    new_id,
)
from medvind.store.database import Session
from medvind.store.tables import (
    AddressRow,
    AnswerRow,
    AttendeeRow,
    CoachRow,
    CohortRow,
    ConsentRow,
    InboxRow,
    MeetingRow,
    MeetingVersionRow,
    MilestoneRow,
    OutboxRow,
    ParticipantRow,
    Row,
    TaskRow,
)
from medvind.store.vault import Vault

ZONE = "Europe/Copenhagen"


@dataclass(frozen=True, slots=True)
class Made:
    """What was put in: the row inside, the name outside."""

    id: int
    public_id: PublicId


@dataclass(frozen=True, slots=True)
class Person(Made):
    """A participant."""

    external_id: str


async def add_coach(
    session: Session,
    vault: Vault,
    *,
    first_name: str = "Karin",
    email: str = "",
    phone: str | None = "+4501009001",
    role: Role = Role.COACH,
    now: datetime,
) -> Made:
    """A coach with a name and, unless it is None, a phone. Without an email one is made up."""
    public_id = new_id()
    email = email or f"{public_id}@kommune.example"
    row = {
        "public_id": public_id,
        "role": role,
        "email": vault.seal(CoachRow.email, public_id, email),
        "email_index": vault.blind("mail", email.lower()),
        "first_name": vault.seal(CoachRow.first_name, public_id, first_name),
        "phone": vault.seal(CoachRow.phone, public_id, phone) if phone else None,
        "created_at": now,
    }
    return Made(await _insert(session, CoachRow, row), public_id)


async def add_cohort(session: Session, name: str = "Hold 1") -> int:
    """A cohort by its name; its row's id."""
    return await _insert(session, CohortRow, {"name": name})


async def add_person(
    session: Session,
    vault: Vault,
    *,
    external_id: str = "d-001",
    first_name: str = "Maja",
    business_name: str | None = "Majas Keramik",
    language: Language = Language.DA,
    cohort_id: int | None = None,
    coach_id: int | None = None,
    phone: str | None = "+4501000001",
    telegram: str | None = None,
    consented: bool = True,
    purposes: Collection[Purpose] = tuple(Purpose),
    milestones: Mapping[Milestone, date] | None = None,
    support_type: SupportType | None = None,
    now: datetime,
) -> Person:
    """A participant since `now`. With `consented` the addresses are active and the yes to `purposes` holds on each.

    Telegram, where given, is the preferred way; without `consented` the addresses are unconfirmed and nothing was asked.
    """
    public_id = new_id()
    row = {
        "public_id": public_id,
        "external_id": external_id,
        "first_name": vault.seal(ParticipantRow.first_name, public_id, first_name),
        "business_name": vault.seal(ParticipantRow.business_name, public_id, business_name) if business_name else None,
        "language": language,
        "zone": ZONE,
        "cohort_id": cohort_id,
        "coach_id": coach_id,
        "support_type": support_type,
        "pays_b_tax": False,
        "created_at": now,
    }
    person = Person(await _insert(session, ParticipantRow, row), public_id, external_id)
    for channel, address in ((ChannelName.SMS, phone), (ChannelName.TELEGRAM, telegram)):
        if address is None:
            continue
        preferred = channel == ChannelName.TELEGRAM or telegram is None
        state = AddressState.ACTIVE if consented else AddressState.UNCONFIRMED
        await add_address(session, vault, person, channel, address, state=state, preferred=preferred, now=now)
        if consented:
            await add_consent(session, person, channel, purposes=purposes, now=now)
    for name, day in (milestones or {}).items():
        await _insert(session, MilestoneRow, {"participant_id": person.id, "name": name, "day": day})
    return person


async def add_address(
    session: Session,
    vault: Vault,
    person: Made,
    channel: ChannelName,
    address: str,
    *,
    state: AddressState = AddressState.ACTIVE,
    preferred: bool = False,
    reason: str | None = None,
    now: datetime,
) -> Made:
    """One way to reach somebody."""
    public_id = new_id()
    row = {
        "public_id": public_id,
        "participant_id": person.id,
        "channel": channel,
        "value": vault.seal(AddressRow.value, public_id, address),
        "blind": vault.blind(channel, address),
        "state": state,
        "reason": reason,
        "preferred": preferred,
        "since": now,
    }
    return Made(await _insert(session, AddressRow, row), public_id)


async def add_consent(
    session: Session,
    person: Made,
    channel: ChannelName,
    *,
    purposes: Collection[Purpose] = tuple(Purpose),
    given: bool = True,
    how: str = "JA",
    now: datetime,
) -> None:
    """A yes, or with `given=False` a no, to these purposes on one channel."""
    row = {"participant_id": person.id, "channel": channel, "given": given, "at": now, "how": how}
    if purposes:
        await session.execute(insert(ConsentRow), [{**row, "purpose": purpose} for purpose in purposes])


async def add_meeting(
    session: Session,
    vault: Vault,
    *,
    external_id: str = "m-001",
    kind: MeetingKind = MeetingKind.MEETING,
    title: str = "Opfølgning",
    place: str = "Rådhuset, lokale 2",
    starts_at: datetime,
    zone: str = ZONE,
    minutes: int = 60,
    sequence: int = 1,
    cancelled: bool = False,
    coach_id: int | None = None,
    attendees: Collection[Made] = (),
    rsvp: Rsvp | None = None,
    now: datetime,
) -> Made:
    """A meeting at a local wall time (naive), known since `now` to those invited, who have all answered `rsvp`."""
    public_id = new_id()
    row = {
        "public_id": public_id,
        "external_id": external_id,
        "kind": kind,
        "title": vault.seal(MeetingRow.title, public_id, title),
        "place": vault.seal(MeetingRow.place, public_id, place),
        "starts_at": starts_at,
        "zone": zone,
        "minutes": minutes,
        "sequence": sequence,
        "cancelled": cancelled,
        "coach_id": coach_id,
        "created_at": now,
        "changed_at": now,
    }
    meeting = Made(await _insert(session, MeetingRow, row), public_id)
    told = {name: row[name] for name in ("sequence", "starts_at", "zone", "place", "cancelled")}
    await session.execute(insert(MeetingVersionRow).values(meeting_id=meeting.id, at=now, **told))
    for person in attendees:
        guest = {"meeting_id": meeting.id, "participant_id": person.id, "since": now, "rsvp": rsvp}
        await session.execute(insert(AttendeeRow).values(**guest))
    return meeting


async def add_duty(
    session: Session,
    vault: Vault,
    person: Made,
    *,
    kind: str = "check_in",
    key: str = "",
    text: str = "checkin",
    state: State = State.PLANNED,
    channel: ChannelName | None = None,
    sent_text: str | None = None,
    asks: Ask | None = None,
    subject: Mapping[str, str] | None = None,
    due_at: datetime,
    **columns: Any,
) -> Made:
    """A row of the outbox; with a `sent_text` it left at `due_at`. Further columns by name."""
    public_id = new_id()
    row = {
        "public_id": public_id,
        "recipient_type": RecipientType.PARTICIPANT,
        "recipient_id": person.id,
        "kind": kind,
        "key": key or f"{kind}:{public_id}",
        "chain": key or f"{kind}:{public_id}",
        "state": state,
        "channel": channel,
        "planned_for": due_at,
        "due_at": due_at,
        "valid_until": due_at + timedelta(days=1),
        "priority": 5,
        "doubt": Doubt.C,
        "text": text,
        "subject": dict(subject or {}),
        "why": {"key": "why_check_in", "values": {}},
        "asks": asks,
        "withdrawn": False,
        "attempts": 0,
        "sent_at": due_at if sent_text is not None else None,
        "sent_text": vault.seal(OutboxRow.sent_text, public_id, sent_text) if sent_text is not None else None,
        "created_at": due_at,
    }
    return Made(await _insert(session, OutboxRow, row | columns), public_id)


async def add_inbound(
    session: Session,
    vault: Vault,
    person: Made | None,
    text: str,
    *,
    meaning: str | None = "free_text",
    channel: ChannelName = ChannelName.SMS,
    sender: str = "+4501000001",
    kind: InboundKind = InboundKind.TEXT,
    at: datetime,
) -> Made:
    """Something that came in and was understood as `meaning`; without a person, from a stranger."""
    public_id = new_id()
    row = {
        "public_id": public_id,
        "channel": channel,
        "provider_id": f"in-{public_id}",
        "participant_id": person.id if person else None,
        "sender": vault.seal(InboxRow.sender, public_id, sender),
        "blind": vault.blind(channel, sender),
        "kind": kind,
        "raw": vault.seal(InboxRow.raw, public_id, text),
        "text": vault.seal(InboxRow.text, public_id, text),
        "meaning": meaning,
        "received_at": at,
    }
    return Made(await _insert(session, InboxRow, row), public_id)


async def add_question_and_answer(
    session: Session,
    vault: Vault,
    person: Made,
    *,
    ask: Ask = Ask.CHECK_IN,
    value: str | None = "4",
    state: State = State.SENT,
    channel: ChannelName = ChannelName.SMS,
    subject: Mapping[str, str] | None = None,
    asked_at: datetime,
    answered_at: datetime | None = None,
) -> Made:
    """A question that left at `asked_at` (or is in `state`) and, unless `value` is None, what came back an hour later."""
    sent = "Hvor meget mod har du?" if state in {State.SENT, State.DELIVERED, State.UNDELIVERED} else None
    question = await add_duty(
        session, vault, person, state=state, channel=channel, sent_text=sent, asks=ask, subject=subject, due_at=asked_at
    )
    opened = {"opened_at": asked_at, "closes_at": asked_at + timedelta(days=4)}
    await session.execute(update(OutboxRow).where(OutboxRow.id == question.id).values(opened))
    if value is not None:
        at = answered_at or asked_at + timedelta(hours=1)
        await add_answer(session, vault, person, question, value, channel=channel, at=at)
    return question


async def add_answer(
    session: Session,
    vault: Vault,
    person: Made,
    question: Made,
    value: str,
    *,
    channel: ChannelName = ChannelName.SMS,
    at: datetime,
) -> None:
    """What came back to a question, with the message it came in."""
    message = await add_inbound(session, vault, person, value, meaning="score", channel=channel, at=at)
    row = {"outbox_id": question.id, "participant_id": person.id, "inbox_id": message.id, "value": value, "at": at}
    await _insert(session, AnswerRow, row)


async def add_task(
    session: Session,
    person: Made | None,
    *,
    kind: TaskKind = TaskKind.CALL,
    key: str = "",
    why: Mapping[str, str] | None = None,
    due_at: datetime | None = None,
    done_at: datetime | None = None,
    now: datetime,
) -> Made:
    """Something on a coach's list."""
    public_id = new_id()
    row = {
        "public_id": public_id,
        "kind": kind,
        "key": key or f"{kind}:{public_id}",
        "participant_id": person.id if person else None,
        "why": dict(why or {"reason": "asked to be called"}),
        "created_at": now,
        "shows_at": now,
        "due_at": due_at,
        "done_at": done_at,
    }
    return Made(await _insert(session, TaskRow, row), public_id)


async def _insert(session: Session, table: type[Row], row: Mapping[str, Any]) -> int:
    made = await session.scalar(insert(table).values(**row).returning(next(iter(table.__table__.primary_key))))
    assert isinstance(made, int)
    return made
