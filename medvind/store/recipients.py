"""What a text may say to somebody: their name, their coach, their meeting. Opened for sending, and for nothing else."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import String, select

from medvind.model import ChannelName, Language, PublicId
from medvind.rules.cover import Cover
from medvind.store import deputies
from medvind.store.among import among
from medvind.store.database import Session, ask
from medvind.store.meeting_versions import versions_of
from medvind.store.tables import CoachRow, InboxRow, MeetingRow, ParticipantRow

PEOPLE = select(
    ParticipantRow.id,
    ParticipantRow.public_id,
    ParticipantRow.first_name,
    ParticipantRow.business_name,
    ParticipantRow.language,
    ParticipantRow.zone,
    ParticipantRow.quiet_hours,
    ParticipantRow.coach_id,
).where(among(ParticipantRow.id))
MEETINGS = select(MeetingRow.public_id, MeetingRow.starts_at, MeetingRow.zone, MeetingRow.place).where(
    among(MeetingRow.public_id, "names", String)
)
NOBODY = Cover()
STRANGERS = select(InboxRow.id, InboxRow.public_id, InboxRow.channel, InboxRow.sender).where(among(InboxRow.id))


class Recipient(NamedTuple):
    """Whom a message speaks to, and who looks after them: a text names whoever of these is there."""

    first_name: str
    business: str | None
    language: Language
    zone: str
    quiet_hours: str
    cover: Cover


class Appointment(NamedTuple):
    """What a text says of a meeting, as it is or as it was told. `starts_at` is aware, in the meeting's own zone."""

    starts_at: datetime
    place: str


@dataclass(frozen=True, slots=True)
class Sender:
    """Where a message came from: for an answer to somebody whom Medvind doesn't know."""

    channel: ChannelName
    address: str


async def recipients_of(session: Session, participant_ids: Collection[int], today: date) -> dict[int, Recipient]:
    """By person; who looks after them, from this day of the town hall on."""
    vault, rows = session.vault, await ask(session, PEOPLE, participant_ids)
    covers = await deputies.covers(session, {coach for *_, coach in rows if coach is not None}, today)
    return {
        person: Recipient(
            vault.open(ParticipantRow.first_name, name, first_name),
            vault.maybe(ParticipantRow.business_name, name, business),
            language,
            zone,
            quiet_hours or "",
            covers.get(coach, NOBODY),
        )
        for person, name, first_name, business, language, zone, quiet_hours, coach in rows
    }


async def appointments(session: Session, meeting_ids: Collection[str]) -> dict[str, Appointment]:
    """By the meeting's public id."""
    if not meeting_ids:
        return {}
    vault = session.vault
    return {
        name: Appointment(starts_at.replace(tzinfo=ZoneInfo(zone)), vault.open(MeetingRow.place, name, place))
        for name, starts_at, zone, place in await ask(session, MEETINGS, names=list(meeting_ids))
    }


async def told_before(session: Session, told: Collection[tuple[str, int]]) -> dict[tuple[str, int], Appointment]:
    """What was told under an earlier sequence, by the meeting's public id and that; what was never written down is missing."""
    versions = await versions_of(session, {PublicId(meeting) for meeting, _ in told})
    return {
        (meeting, sequence): Appointment(was.start, was.place_in_words(session))
        for meeting, sequence in told
        if (was := versions.get((PublicId(meeting), sequence)))
    }


async def coach_of(session: Session, participant_id: int) -> int | None:
    """The row of the coach who follows this person."""
    return await session.scalar(select(ParticipantRow.coach_id).where(ParticipantRow.id == participant_id))


async def coach_phones(session: Session, coach_ids: Collection[int]) -> dict[int, str | None]:
    """The coaches' own numbers; None where somebody has none."""
    query = select(CoachRow.id, CoachRow.public_id, CoachRow.phone).where(CoachRow.id.in_(coach_ids))
    vault = session.vault
    return {row.id: vault.maybe(CoachRow.phone, row.public_id, row.phone) for row in await session.execute(query)}


async def coach_name(session: Session, coach_id: int) -> str | None:
    """What this coach is called in texts; None where nobody has said it."""
    row = (await session.execute(select(CoachRow.public_id, CoachRow.first_name).where(CoachRow.id == coach_id))).first()
    return session.vault.maybe(CoachRow.first_name, row.public_id, row.first_name) if row else None


async def senders(session: Session, inbox_ids: Collection[int]) -> dict[int, Sender]:
    """By the row of the inbox."""
    return {
        row.id: Sender(row.channel, session.vault.open(InboxRow.sender, row.public_id, row.sender))
        for row in await ask(session, STRANGERS, inbox_ids)
    }
