"""All that the rules need to know, for a batch of people in a fixed number of questions. One person is a batch of one."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select

from medvind.model import (
    Ask,
    GaveWay,
    Milestone,
    PersonFacts,
    RecipientType,
    Sent,
    State,
    VatRegistration,
    Waits,
)
from medvind.store.adjustments import adjustments_of
from medvind.store.among import among
from medvind.store.assignments import HANDED_OVER, coaches_of
from medvind.store.database import Session, ask
from medvind.store.meeting_facts import meetings_of
from medvind.store.outbox import GAVE_WAY, OF_A_PLAN
from medvind.store.pauses import pauses_of
from medvind.store.reach import Reach, reach_of
from medvind.store.support import extensions_of
from medvind.store.tables import (
    AdjustmentRow,
    AnswerRow,
    AttendeeRow,
    CohortRow,
    MilestoneRow,
    OutboxRow,
    ParticipantRow,
    PauseRow,
    Row,
    SupportPeriodRow,
    VatPeriodRow,
)
from medvind.store.types import Utc

COUNTED = timedelta(days=14)
"""So long what was sent is looked at: longer than the week in which messages are counted."""
REMEMBERED, SETTLING_IN = timedelta(days=366), timedelta(days=90)
"""So long where one was chosen of all that waited, for the end of a pause or for somebody who joined lately: what gave way to
it then may be true for long, and must not come after all."""
LEFT = (State.SENT, State.DELIVERED, State.UNDELIVERED, State.UNKNOWN, State.REVIEW)


def _some(table: type[Row]) -> ColumnElement[bool]:
    """Whether this person has any: most have nothing of most, and then nothing more is asked."""
    theirs: Any = table.__table__.c["participant_id"]
    return exists().where(theirs == ParticipantRow.id).label(table.__tablename__)


PEOPLE = (
    select(
        ParticipantRow.id,
        ParticipantRow.zone,
        ParticipantRow.language,
        ParticipantRow.created_at,
        ParticipantRow.quiet_hours,
        ParticipantRow.support_type,
        ParticipantRow.pays_b_tax,
        ParticipantRow.sells_to_eu,
        ParticipantRow.talked_at,
        CohortRow.programme_id,
        HANDED_OVER,
        *map(_some, (VatPeriodRow, AnswerRow, AttendeeRow, SupportPeriodRow, PauseRow, AdjustmentRow)),
    )
    .join(CohortRow, CohortRow.id == ParticipantRow.cohort_id, isouter=True)
    .where(among(ParticipantRow.id), ParticipantRow.merged_into.is_(None))
)
MILESTONES = select(MilestoneRow.participant_id, MilestoneRow.name, MilestoneRow.day).where(among(MilestoneRow.participant_id))
VAT = (
    select(VatPeriodRow.participant_id, VatPeriodRow.since, VatPeriodRow.period)
    .where(among(VatPeriodRow.participant_id))
    .order_by(VatPeriodRow.since)
)
DONE = (
    select(AnswerRow.participant_id, OutboxRow.subject, AnswerRow.value)
    .join(OutboxRow, OutboxRow.id == AnswerRow.outbox_id)
    .where(among(AnswerRow.participant_id), OutboxRow.asks.in_((Ask.VAT, Ask.TAX_RETURN)))
    .order_by(AnswerRow.id)
)
LEFT_AT = func.coalesce(OutboxRow.sent_at, OutboxRow.unknown_since)
GONE_OUT = (
    select(
        OutboxRow.recipient_id,
        OutboxRow.kind,
        OutboxRow.key,
        OutboxRow.planned_for,
        LEFT_AT.label("at"),
        OutboxRow.carried_by,
    )
    .where(
        OutboxRow.recipient_type == RecipientType.PARTICIPANT,
        among(OutboxRow.recipient_id),
        OF_A_PLAN,
        OutboxRow.state.in_(LEFT),
        or_(bindparam("since", type_=Utc) < LEFT_AT, OutboxRow.valid_until > bindparam("now", type_=Utc)),
    )
    .order_by(OutboxRow.id)
)


HELD_UP = select(
    OutboxRow.recipient_id, OutboxRow.kind, OutboxRow.key, OutboxRow.planned_for, OutboxRow.state, OutboxRow.reason
).where(
    OutboxRow.recipient_type == RecipientType.PARTICIPANT,
    among(OutboxRow.recipient_id),
    OF_A_PLAN,
    OutboxRow.planned_for <= bindparam("now", type_=Utc),
    OutboxRow.valid_until > bindparam("now", type_=Utc),
    or_(
        OutboxRow.state.in_((State.PLANNED, State.CLAIMED)),
        and_(OutboxRow.state == State.CANCELLED, OutboxRow.reason.startswith(GAVE_WAY)),
    ),
)


async def facts_of(session: Session, participant_ids: Collection[int], now: datetime | None = None) -> dict[int, PersonFacts]:
    """By person. Whoever isn't there any more is missing in the answer.

    For planning hand in `now`: what was sent in the last days counts then, and what waits; without it neither is looked up.
    """
    people = await ask(session, PEOPLE, participant_ids)
    reach = await reach_of(session, participant_ids)
    milestones = await _milestones(session, participant_ids)
    vat = await _vat(session, _with(VatPeriodRow, people))
    done = await _done(session, _with(AnswerRow, people))
    meetings = await meetings_of(session, _with(AttendeeRow, people))
    extensions = await extensions_of(session, _with(SupportPeriodRow, people))
    pauses = await pauses_of(session, _with(PauseRow, people))
    adjustments = await adjustments_of(session, _with(AdjustmentRow, people))
    coaches = await coaches_of(session, [row.id for row in people if row.handed_over])
    joined = {row.id: _joined(reach[row.id], row.created_at) for row in people}
    sent = await _sent(session, participant_ids, _chosen_for(people, joined, now), now) if now else {}
    waits = await _waits(session, participant_ids, now) if now else {}
    facts = {}
    for row in people:
        way = reach[row.id].way()
        facts[row.id] = PersonFacts(
            id=row.id,
            zone=row.zone,
            language=row.language,
            created_at=row.created_at,
            joined_at=joined[row.id],
            invite_since=_invite_since(reach[row.id]),
            numbers=reach[row.id].numbers or 1,
            moved=reach[row.id].has_moved,
            way=way.channel if way else None,
            consents=reach[row.id].consent(way.channel).purposes if way else frozenset(),
            quiet_hours=row.quiet_hours or "",
            programme=row.programme_id or 0,
            milestones=milestones.get(row.id, {}),
            support_type=row.support_type,
            extensions=extensions.get(row.id, ()),
            vat=tuple(vat.get(row.id, ())),
            pays_b_tax=row.pays_b_tax,
            sells_to_eu=row.sells_to_eu,
            done=frozenset(done.get(row.id, ())),
            meetings=tuple(meetings.get(row.id, ())),
            pauses=pauses.get(row.id, ()),
            adjustments=adjustments.get(row.id, ()),
            sent=tuple(sent.get(row.id, ())),
            waits=tuple(waits.get(row.id, ())),
            talked_at=row.talked_at,
            coaches=coaches.get(row.id, ()),
        )
    return facts


def _invite_since(reach: Reach) -> datetime | None:
    """Since when there is a number that must be asked first: then, and only then, an invitation is owed."""
    address = reach.to_invite()
    return address.since if address else None


def _joined(reach: Reach, created_at: datetime) -> datetime | None:
    way = reach.way()
    since = reach.consent(way.channel).since if way else None
    return max(since, created_at) if since else None


def _chosen_for(people: Iterable[Any], joined: Mapping[int, datetime | None], now: datetime) -> set[int]:
    """For whom one message may have been chosen of several that waited."""
    lately = {person for person, since in joined.items() if since and now - since < SETTLING_IN}
    return {*_with(PauseRow, people), *lately}


def _with(table: type[Row], people: Iterable[Any]) -> list[int]:
    """Those who have any of it."""
    return [row.id for row in people if getattr(row, table.__tablename__)]


async def _milestones(session: Session, people: Collection[int]) -> Mapping[int, Mapping[Milestone, date]]:
    found: dict[int, dict[Milestone, date]] = defaultdict(dict)
    for person, name, day in await ask(session, MILESTONES, people):
        found[person][name] = day
    return found


async def _vat(session: Session, people: Collection[int]) -> Mapping[int, list[VatRegistration]]:
    found: dict[int, list[VatRegistration]] = defaultdict(list)
    for person, since, period in await ask(session, VAT, people):
        found[person].append(VatRegistration(since, period))
    return found


async def _done(session: Session, people: Collection[int]) -> Mapping[int, set[str]]:
    """The periods of which somebody has said last that they are filed: `2026Q1`, `tax_return:2026`."""
    found: dict[int, set[str]] = defaultdict(set)
    for person, subject, value in await ask(session, DONE, people):
        if value == "done":
            found[person].add(subject["period"])
        else:
            found[person].discard(subject["period"])
    return found


async def _waits(session: Session, people: Collection[int], now: datetime) -> Mapping[int, list[Waits]]:
    """What should have left by now and has not, and what gave way at its time and could still be true."""
    found: dict[int, list[Waits]] = defaultdict(list)
    for person, kind, key, meant, state, reason in await ask(session, HELD_UP, people, now=now):
        gave_way = GaveWay(reason.removeprefix(GAVE_WAY)) if state == State.CANCELLED else None
        found[person].append(Waits(kind, key, meant, gave_way))
    return found


async def _sent(
    session: Session, people: Collection[int], chosen_for: Collection[int], now: datetime
) -> Mapping[int, list[Sent]]:
    """What has left, or may have, in the last days, or long ago and is still true; answers to somebody are none of it.

    `chosen_for`: for whom more than the last days counts.
    """
    found: dict[int, list[Sent]] = defaultdict(list)
    others = [person for person in people if person not in chosen_for]
    for some, span in ((others, COUNTED), (list(chosen_for), REMEMBERED)):
        for person, *sent in await ask(session, GONE_OUT, some, since=now - span, now=now):
            found[person].append(Sent(*sent))
    return found
