"""Participants as a file of theirs needs them: found by their external id, with all that a file can change."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from medvind.errors import NotFoundError
from medvind.model import (
    AddressState,
    ChannelName,
    Language,
    Milestone,
    PublicId,
    Purpose,
    SupportType,
    VatRegistration,
)
from medvind.store.database import Session
from medvind.store.tables import AddressRow, CohortRow, ConsentRow, MilestoneRow, ParticipantRow, VatPeriodRow

CHUNK = 1000
"""Names in a question: fewer than either database takes at once."""

Name = TypeVar("Name", str, int)


@dataclass(frozen=True, slots=True)
class Way:
    """A channel and the address on it, living or dead. Without an `id` it is still to be written down."""

    channel: ChannelName
    value: str = field(repr=False)
    state: AddressState
    reason: str | None = None
    preferred: bool = False
    id: int | None = None

    @property
    def lives(self) -> bool:
        """Whether it is the person's address still."""
        return self.state != AddressState.DEAD


@dataclass(frozen=True, slots=True)
class Said:
    """A yes or a no to one purpose on one channel."""

    channel: ChannelName
    purpose: Purpose
    given: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """All of a person that a file can change. `ways` and `said` stand in the order in which they were written down."""

    external_id: str
    first_name: str = field(repr=False)
    language: Language
    zone: str
    quiet_hours: str | None = None
    business_name: str | None = field(default=None, repr=False)
    cohort: str | None = None
    coach_id: int | None = None
    support_type: SupportType | None = field(default=None, repr=False)
    pays_b_tax: bool = False
    sells_to_eu: bool = False
    milestones: Mapping[Milestone, date] = field(default_factory=dict)
    vat: tuple[VatRegistration, ...] = ()
    ways: tuple[Way, ...] = ()
    said: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """A person in the database: the row inside, the name that values are bound to, and what is known of them."""

    id: int
    public_id: PublicId
    person: Person


async def external_ids(session: Session) -> Mapping[int, str]:
    """Everybody's own name in the municipality, by the row inside."""
    return dict((await session.execute(select(ParticipantRow.id, ParticipantRow.external_id))).all())


async def get_id(session: Session, external_id: str) -> int:
    """The row inside of the person with this external id.

    Raises NotFoundError where nobody has it, or where that record is part of another one by now.
    """
    found = await session.scalar(select(ParticipantRow.id).where(ParticipantRow.external_id == external_id))
    if found is None:
        raise NotFoundError("no participant has this external id; 'medvind import participants FILE' brings them in")
    if into := (await merged(session, [external_id])).get(external_id):
        raise NotFoundError(f"this participant's record was joined with {into}; use that external id")
    return found


async def merged(session: Session, names: Collection[str]) -> dict[str, str]:
    """Which of these external ids are of records that were joined with another one, and that one's."""
    found, into = dict[str, str](), aliased(ParticipantRow)
    for some in chunks(names):
        query = select(ParticipantRow.external_id, into.external_id).join(into, into.id == ParticipantRow.merged_into)
        found |= dict((await session.execute(query.where(ParticipantRow.external_id.in_(some)))).all())
    return found


async def zone_of(session: Session, participant_id: int) -> str:
    """The zone in which this person lives, by its IANA name."""
    return (await session.scalars(select(ParticipantRow.zone).where(ParticipantRow.id == participant_id))).one()


async def ids_of(session: Session, names: Collection[str]) -> dict[str, int]:
    """The rows inside of those who exist, by external id; of a record that was joined with another one, that one's."""
    found: dict[str, int] = {}
    row = func.coalesce(ParticipantRow.merged_into, ParticipantRow.id)
    for some in chunks(names):
        query = select(ParticipantRow.external_id, row).where(ParticipantRow.external_id.in_(some))
        found |= dict((await session.execute(query)).all())
    return found


async def cohort_ids(session: Session) -> dict[str, int]:
    """All cohorts, by name."""
    return dict((await session.execute(select(CohortRow.name, CohortRow.id))).all())


async def owners(session: Session, addresses: Collection[tuple[ChannelName, str]]) -> dict[tuple[ChannelName, str], int]:
    """Whose these addresses are now; those that nobody has are missing."""
    blind = {session.vault.blind(*address): address for address in addresses}
    found: dict[tuple[ChannelName, str], int] = {}
    for some in chunks(blind):
        query = select(AddressRow.blind, AddressRow.participant_id)
        living = query.where(AddressRow.blind.in_(some), AddressRow.state != AddressState.DEAD)
        found |= {blind[index]: person for index, person in await session.execute(living)}
    return found


async def known(session: Session, names: Collection[str]) -> dict[str, Kept]:
    """Those who exist already, by external id, in a fixed number of questions for each thousand."""
    found: dict[str, Kept] = {}
    for some in chunks(names):
        query = select(ParticipantRow.__table__, CohortRow.name.label("cohort")).join(
            CohortRow, CohortRow.id == ParticipantRow.cohort_id, isouter=True
        )
        rows: Any = (await session.execute(query.where(ParticipantRow.external_id.in_(some)))).all()
        ids = [row.id for row in rows]
        milestones, vat = await _milestones(session, ids), await _vat(session, ids)
        ways, said = await _ways(session, ids), await _said(session, ids)
        for row in rows:
            person = _person(session, row, milestones[row.id], vat[row.id], ways[row.id], said[row.id])
            found[row.external_id] = Kept(row.id, row.public_id, person)
    return found


def _person(
    session: Session,
    row: Any,
    milestones: Mapping[Milestone, date],
    vat: Sequence[VatRegistration],
    ways: Sequence[Way],
    said: Sequence[Said],
) -> Person:
    return Person(
        external_id=row.external_id,
        first_name=session.vault.open(ParticipantRow.first_name, row.public_id, row.first_name),
        language=row.language,
        zone=row.zone,
        quiet_hours=row.quiet_hours,
        business_name=session.vault.maybe(ParticipantRow.business_name, row.public_id, row.business_name),
        cohort=row.cohort,
        coach_id=row.coach_id,
        support_type=row.support_type,
        pays_b_tax=row.pays_b_tax,
        sells_to_eu=row.sells_to_eu,
        milestones=milestones,
        vat=tuple(vat),
        ways=tuple(ways),
        said=tuple(said),
    )


async def _milestones(session: Session, people: Collection[int]) -> Mapping[int, dict[Milestone, date]]:
    found: dict[int, dict[Milestone, date]] = defaultdict(dict)
    query = select(MilestoneRow.participant_id, MilestoneRow.name, MilestoneRow.day)
    for person, name, day in await session.execute(query.where(MilestoneRow.participant_id.in_(people))):
        found[person][name] = day
    return found


async def _vat(session: Session, people: Collection[int]) -> Mapping[int, list[VatRegistration]]:
    query = select(VatPeriodRow.participant_id, VatPeriodRow.since, VatPeriodRow.period)
    theirs = query.where(VatPeriodRow.participant_id.in_(people)).order_by(VatPeriodRow.since)
    return _by_person((person, VatRegistration(since, period)) for person, since, period in await session.execute(theirs))


async def _ways(session: Session, people: Collection[int]) -> Mapping[int, list[Way]]:
    query = select(AddressRow.__table__).where(AddressRow.participant_id.in_(people)).order_by(AddressRow.id)
    rows: Any = await session.execute(query)
    return _by_person(
        (
            row.participant_id,
            Way(
                row.channel,
                session.vault.open(AddressRow.value, row.public_id, row.value),
                row.state,
                row.reason,
                row.preferred,
                row.id,
            ),
        )
        for row in rows
    )


async def _said(session: Session, people: Collection[int]) -> Mapping[int, list[Said]]:
    query = select(ConsentRow.participant_id, ConsentRow.channel, ConsentRow.purpose, ConsentRow.given, ConsentRow.at).order_by(
        ConsentRow.at, ConsentRow.id
    )
    rows = await session.execute(query.where(ConsentRow.participant_id.in_(people)))
    return _by_person((row.participant_id, Said(row.channel, row.purpose, row.given, row.at)) for row in rows)


Thing = TypeVar("Thing")


def _by_person(found: Iterator[tuple[int, Thing]]) -> Mapping[int, list[Thing]]:
    by_person: dict[int, list[Thing]] = defaultdict(list)
    for person, thing in found:
        by_person[person].append(thing)
    return by_person


def chunks(names: Collection[Name]) -> Iterator[list[Name]]:
    """As many names as fit into one question at a time."""
    every = list(names)
    for start in range(0, len(every), CHUNK):
        yield every[start : start + CHUNK]
