"""People by the thousand, put straight into the tables: what is timed is planning and sending, not the import."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any

from sqlalchemy import String, cast, func, insert, literal, select, true

from medvind.model import (
    AddressState,
    ChannelName,
    Language,
    MeetingKind,
    Milestone,
    Purpose,
    SupportType,
    VatPeriod,
    new_id,
)
from medvind.store.database import Session
from medvind.store.tables import (
    AddressRow,
    AttendeeRow,
    ConsentRow,
    MeetingRow,
    MeetingVersionRow,
    MilestoneRow,
    OutboxRow,
    ParticipantRow,
    Row,
    VatPeriodRow,
)
from tests.people import ZONE, add_coach

GROUP = 20
"""People at one meeting."""
STRANGERS = 1_000_000
"""From here on ids belong to nobody."""
WAITING = 8
"""One in so many waits for the money; the others are in business."""
BUSINESS = (VatPeriod.QUARTERLY, VatPeriod.HALF_YEARLY, VatPeriod.QUARTERLY, VatPeriod.MONTHLY)
SUPPORT = (SupportType.CASH_BENEFIT, SupportType.DISABILITY_PENSION, None)


async def add_mixed(session: Session, count: int, now: datetime) -> None:
    """A municipality's people: some wait for the money and are asked weekly, the others file VAT and pay B-tax.

    All go to a meeting. Of those in business a third gets support that ends, so that their coach is warned.
    """
    await _add_people(session, count, now)
    days, vat = [], []
    for person in range(1, count + 1):
        if person % WAITING == 0:
            ended = {"name": Milestone.COURSE_ENDED, "day": now.date() - timedelta(person // WAITING % 28)}
            days.append({"participant_id": person, **ended})
        else:
            started = {"name": Milestone.BUSINESS_STARTED, "day": now.date() - timedelta(30 + person % 150)}
            days.append({"participant_id": person, **started})
            vat.append({"participant_id": person, "since": date(2026, 1, 1), "period": BUSINESS[person % len(BUSINESS)]})
    groups = [range(first, min(first + GROUP, count + 1)) for first in range(1, count + 1, GROUP)]
    await _insert(session, MilestoneRow, days)
    await _insert(session, VatPeriodRow, vat)
    await _add_meetings(session, [(now, group, 10 + number % 30) for number, group in enumerate(groups)], now)


async def add_invited(session: Session, moments: Sequence[datetime], now: datetime) -> None:
    """One person for each moment: then they are owed the invitation to a meeting of their own, and nothing else for days."""
    await _add_people(session, len(moments), now)
    await _add_meetings(session, [(moment, [person], 14) for person, moment in enumerate(moments, 1)], now)


async def add_crowd(session: Session, wanted: int) -> None:
    """The duties that there are, again and again for people whom nobody asks about, until so many are stored."""
    table: Any = OutboxRow.__table__
    there = await session.scalar(select(func.count()).select_from(table)) or 0
    first = select(literal(1).label("number")).cte("copies", recursive=True)
    copies = first.union_all(select(first.c.number + 1).where(first.c.number < ceil(wanted / there) - 1))
    other = {
        "public_id": table.c.public_id + "-" + cast(copies.c.number, String),
        "recipient_id": table.c.recipient_id + copies.c.number * STRANGERS,
    }
    names = [column.name for column in table.columns if not column.primary_key]
    rows = select(*(other.get(name, table.c[name]) for name in names)).join_from(table, copies, true())
    await session.execute(insert(table).from_select(names, rows))


def phone_of(person: int) -> str:
    """A made-up number of their own."""
    return f"+450{person:07}"


async def _add_people(session: Session, count: int, now: datetime) -> None:
    """Everybody has said yes to text messages, and has a coach whom the texts name."""
    coach = await add_coach(session, session.vault, now=now - timedelta(60))
    people = range(1, count + 1)
    await _insert(session, ParticipantRow, [_person(session, person, coach.id, now) for person in people])
    await _insert(session, AddressRow, [_address(session, person, now) for person in people])
    yes = [_consent(person, purpose, now) for person in people for purpose in Purpose]
    await _insert(session, ConsentRow, yes)


def _person(session: Session, person: int, coach: int, now: datetime) -> Mapping[str, Any]:
    public_id = new_id()
    return {
        "id": person,
        "public_id": public_id,
        "external_id": f"p-{person}",
        "first_name": session.vault.seal(ParticipantRow.first_name, public_id, "Kim"),
        "language": Language.DA,
        "zone": ZONE,
        "coach_id": coach,
        "support_type": SUPPORT[person // len(BUSINESS) % len(SUPPORT)],
        "pays_b_tax": person % WAITING > 0,
        "sells_to_eu": False,
        "created_at": now - timedelta(30),
    }


def _address(session: Session, person: int, now: datetime) -> Mapping[str, Any]:
    public_id, phone = new_id(), phone_of(person)
    return {
        "public_id": public_id,
        "participant_id": person,
        "channel": ChannelName.SMS,
        "value": session.vault.seal(AddressRow.value, public_id, phone),
        "blind": session.vault.blind(ChannelName.SMS, phone),
        "state": AddressState.ACTIVE,
        "preferred": True,
        "since": now - timedelta(30),
    }


def _consent(person: int, purpose: Purpose, now: datetime) -> Mapping[str, Any]:
    said = {"channel": ChannelName.SMS, "purpose": purpose, "given": True, "how": "JA"}
    return {"participant_id": person, "at": now - timedelta(30), **said}


async def _add_meetings(session: Session, meetings: Iterable[tuple[datetime, Collection[int], int]], now: datetime) -> None:
    """Meetings by when they become known, who comes, and in how many days they are."""
    rows, versions, guests = [], [], []
    for number, (known, people, days) in enumerate(meetings, 1):
        public_id = new_id()
        told = {
            "starts_at": now.replace(hour=14, minute=0, second=0, microsecond=0, tzinfo=None) + timedelta(days),
            "zone": ZONE,
            "place": session.vault.seal(MeetingRow.place, public_id, "Rådhuset, lokale 2"),
            "sequence": 1,
            "cancelled": False,
        }
        fixed = {
            "public_id": public_id,
            "external_id": f"m-{number}",
            "kind": MeetingKind.MEETING,
            "title": session.vault.seal(MeetingRow.title, public_id, "Samtale"),
            "minutes": 60,
            "created_at": now,
            "changed_at": now - timedelta(1),
        }
        rows.append({"id": number, **fixed, **told})
        versions.append({"meeting_id": number, "at": now, **told})
        guests += [{"meeting_id": number, "participant_id": person, "since": known, "rsvp": None} for person in people]
    await _insert(session, MeetingRow, rows)
    await _insert(session, MeetingVersionRow, versions)
    await _insert(session, AttendeeRow, guests)


async def _insert(session: Session, table: type[Row], rows: Iterable[Mapping[str, Any]]) -> None:
    await (await session.connection()).execute(insert(table), [dict(row) for row in rows])
