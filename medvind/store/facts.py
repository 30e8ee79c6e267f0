"""All that the rules need to know, for a batch of people in a fixed number of questions. One person is a batch of one."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime

from sqlalchemy import func, select

from medvind.model import (
    AddressState,
    Ask,
    ChannelName,
    Milestone,
    PersonFacts,
    VatRegistration,
)
from medvind.store.database import Session
from medvind.store.meeting_facts import meetings_of
from medvind.store.reach import Reach, reach_of
from medvind.store.tables import (
    AddressRow,
    AnswerRow,
    MilestoneRow,
    ParticipantRow,
    QuestionRow,
    VatPeriodRow,
)


async def facts_of(session: Session, participant_ids: Collection[int]) -> dict[int, PersonFacts]:
    """By person. Whoever isn't there any more is missing in the answer."""
    people = (
        await session.execute(
            select(ParticipantRow.id, ParticipantRow.zone, ParticipantRow.language, ParticipantRow.created_at).where(
                ParticipantRow.id.in_(participant_ids)
            )
        )
    ).all()
    reach = await reach_of(session, participant_ids)
    numbers = await _numbers(session, participant_ids)
    milestones = await _milestones(session, participant_ids)
    vat = await _vat(session, participant_ids)
    done = await _vat_done(session, participant_ids)
    meetings = await meetings_of(session, participant_ids)
    facts = {}
    for person, zone, language, created_at in people:
        way = reach[person].way()
        consent = reach[person].consent(way.channel) if way else None
        facts[person] = PersonFacts(
            id=person,
            zone=zone,
            language=language,
            created_at=created_at,
            joined_at=max(consent.since, created_at) if consent and consent.since else None,
            invite_since=_invite_since(reach[person]),
            numbers=numbers.get(person, 1),
            consents=consent.purposes if consent else frozenset(),
            milestones=milestones[person],
            vat=tuple(vat[person]),
            done=frozenset(done[person]),
            meetings=tuple(meetings[person]),
        )
    return facts


def _invite_since(reach: Reach) -> datetime | None:
    """Since when there is a number and no answer yet: then, and only then, an invitation is owed."""
    address = reach.on(ChannelName.SMS)
    owed = address is not None and address.state == AddressState.UNCONFIRMED and not reach.answered
    return address.since if owed and address else None


async def _numbers(session: Session, people: Collection[int]) -> Mapping[int, int]:
    """How many phone numbers each has had."""
    theirs = (AddressRow.participant_id.in_(people), AddressRow.channel == ChannelName.SMS)
    query = select(AddressRow.participant_id, func.count()).where(*theirs).group_by(AddressRow.participant_id)
    return dict((await session.execute(query)).all())


async def _milestones(session: Session, people: Collection[int]) -> Mapping[int, Mapping[Milestone, date]]:
    found: dict[int, dict[Milestone, date]] = defaultdict(dict)
    for person, name, day in await session.execute(
        select(MilestoneRow.participant_id, MilestoneRow.name, MilestoneRow.day).where(MilestoneRow.participant_id.in_(people))
    ):
        found[person][name] = day
    return found


async def _vat(session: Session, people: Collection[int]) -> Mapping[int, list[VatRegistration]]:
    found: dict[int, list[VatRegistration]] = defaultdict(list)
    for person, since, period in await session.execute(
        select(VatPeriodRow.participant_id, VatPeriodRow.since, VatPeriodRow.period)
        .where(VatPeriodRow.participant_id.in_(people))
        .order_by(VatPeriodRow.since)
    ):
        found[person].append(VatRegistration(since, period))
    return found


async def _vat_done(session: Session, people: Collection[int]) -> Mapping[int, set[str]]:
    """The periods of which somebody has said that they are filed."""
    found: dict[int, set[str]] = defaultdict(set)
    for person, subject in await session.execute(
        select(AnswerRow.participant_id, QuestionRow.subject)
        .join(QuestionRow, QuestionRow.id == AnswerRow.question_id)
        .where(AnswerRow.participant_id.in_(people), QuestionRow.ask == Ask.VAT)
    ):
        found[person].add(subject["period"])
    return found
