"""Some thirty people with meetings, VAT, B-tax and check-ins, on both channels, and an engine that can be off for a while."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from medvind.channels import Outgoing
from medvind.flows import meet, report
from medvind.flows.enrol import enrol
from medvind.flows.plan import plan_all
from medvind.flows.report import Reader
from medvind.flows.settle import settle_doubts, sweep
from medvind.model import ChannelName, Doubt, Language, PublicId, RecipientType, Role, State, TaskKind, Topic, Viewer
from medvind.store import coaches, front
from medvind.store.participants import ids_of
from medvind.store.tables import MeetingRow, OutboxRow, TaskRow
from tests.fakes import FakeChannel, FakeSms, HandClock, Town
from tests.people import ZONE
from tests.spreadsheets import sheet_of

KARIN = "karin@kommune.example"
BEGINS = datetime(2026, 10, 19, 8, 0, tzinfo=UTC)
"""More than four weeks before any outage: who was asked and has said nothing since is silent by then."""
FIRST, LAST = date(2026, 11, 19), date(2026, 12, 4)
HOURS = ("09:00", "11:15", "13:00", "15:30")
PEOPLE, WAIT_ONLY = 30, 4
"""The last four only wait: nothing but a check-in is ever asked of them."""
STEP, NIGHT = timedelta(minutes=30), timedelta(hours=2)
QUIET_FROM, QUIET_UNTIL = 20, 6
"""Long before the quiet hours end everybody looks as often as by day again."""


class Post(FakeSms):
    """Notes by its own clock when each message was handed to it."""

    def __init__(self, clock: HandClock) -> None:
        super().__init__()
        self.clock, self.left = clock, list[tuple[datetime, Outgoing]]()

    async def send(self, message: Outgoing) -> str:
        self.left.append((self.clock.now(), message))
        return await super().send(message)


class Chat(FakeChannel):
    """The same for Telegram."""

    def __init__(self, clock: HandClock) -> None:
        super().__init__(ChannelName.TELEGRAM)
        self.clock, self.left = clock, list[tuple[datetime, Outgoing]]()

    async def send(self, message: Outgoing) -> str:
        self.left.append((self.clock.now(), message))
        return await super().send(message)


@dataclass(frozen=True)
class Row:
    """What the outbox says of one message to a person. `starts`: when the meeting begins that it is about."""

    id: PublicId
    person: int
    key: str
    chain: str
    state: State
    planned_for: datetime
    due_at: datetime
    valid_until: datetime
    doubt: Doubt
    topic: Topic | None
    carried_by: str | None
    sent_at: datetime | None
    starts: datetime | None


@dataclass(frozen=True)
class Arrival:
    """One message as a channel saw it: when, to whom, and the rows that are in it, the one that carries the others first."""

    at: datetime
    to: str
    rows: tuple[Row, ...]

    @property
    def automatic(self) -> bool:
        """No answer to what somebody wrote."""
        return self.rows[0].topic is not None


@dataclass
class Municipality:
    """A town of its own, with the beats of a worker."""

    town: Town
    post: Post
    chat: Chat
    coach: int = 0
    looked: Counter[str] = field(default_factory=Counter)

    @classmethod
    async def begin(cls, town: Town) -> "Municipality":
        """On a Monday morning everybody and every meeting comes from the coach's files."""
        town.clock.moment = BEGINS
        post, chat = Post(town.clock), Chat(town.clock)
        town.sms, town.telegram = post, chat
        here = cls(town, post, chat)
        async with town.db.begin() as session:
            here.coach = await coaches.add(session, Role.COACH, KARIN, "Karin", "+4501009001", BEGINS)
            await enrol(session, sheet_of(*map(_person, range(1, PEOPLE + 1))), BEGINS, env="test", by="test")
            await meet.bring_in(session, sheet_of(*_meetings()), BEGINS, zone=ZONE)
        await plan_all(town.db, town.clock)
        return here

    async def live_until(self, end: datetime) -> None:
        """Nothing is wrong: what falls due is sent when it does."""
        clock = self.town.clock
        while True:
            async with self.town.db.read() as session:
                due = await front.next_due(session)
            if due is None or due >= end:
                break
            clock.moment = max(clock.now(), due)
            await sweep(self.town.db, clock)
            await self.town.deliver()
        clock.moment = end

    async def catch_up(self, span: timedelta) -> None:
        """The worker is back: it plans and sweeps at once and every hour, and looks every half hour, at night more seldom."""
        clock, begins = self.town.clock, self.town.clock.now()
        while clock.now() <= begins + span:
            if (clock.now() - begins) % timedelta(hours=1) == timedelta():
                await plan_all(self.town.db, clock)
                await settle_doubts(self.town.db, self.town.machine, clock)
                await sweep(self.town.db, clock)
            due = await self.town.next_due()
            if due is not None and due <= clock.now():
                await self.town.deliver()
            self.looked["steps"] += 1
            awake = QUIET_UNTIL <= clock.now().astimezone(ZoneInfo(ZONE)).hour < QUIET_FROM
            clock.moment += STEP if awake else NIGHT

    async def write_for_help(self, people: int) -> None:
        """So many of those on SMS write, and will be answered."""
        for number in range(1, people + 1):
            await self.town.hear("HJÆLP", f"+45010001{2 * number:02}")

    async def numbers(self) -> dict[str, int]:
        """The people's rows, by their names in the files."""
        async with self.town.db.read() as session:
            return await ids_of(session, list(map(name, range(1, PEOPLE + 1))))

    async def rows(self) -> list[Row]:
        async with self.town.db.read() as session:
            meetings = await session.execute(select(MeetingRow.public_id, MeetingRow.starts_at, MeetingRow.zone))
            starts = {one.public_id: one.starts_at.replace(tzinfo=ZoneInfo(one.zone)).astimezone(UTC) for one in meetings}
            found = await session.scalars(select(OutboxRow).where(OutboxRow.recipient_type == RecipientType.PARTICIPANT))
            return [_row(one, starts) for one in found]

    async def arrivals(self) -> list[Arrival]:
        """All that reached a channel, in order of time."""
        rows = await self.rows()
        by_id = {row.id: row for row in rows}
        found = []
        for at, message in [*self.post.left, *self.chat.left]:
            host = by_id[message.id]
            along = [row for row in rows if row.person == host.person and row.carried_by == host.key and row.sent_at]
            found.append(Arrival(at, message.to, (host, *along)))
        return sorted(found, key=lambda one: (one.at, one.to))

    async def missed(self) -> list[tuple[PublicId, datetime]]:
        """What stands on the coach's list as not sent in time, by its message, and since when."""
        async with self.town.db.read() as session:
            query = select(TaskRow.why, TaskRow.created_at).where(TaskRow.kind == TaskKind.MISSED)
            return [(why["message"], at) for why, at in await session.execute(query)]

    async def signals(self) -> dict[str, set[str]]:
        """Who asks for a look, and why."""
        viewer = Viewer(self.coach, Role.COACH)
        reader = Reader(viewer, Language.DA, self.town.catalogue, self.town.clock.now())
        async with self.town.db.read() as session:
            page = await report.signals(session, reader, None, PEOPLE)
        return {one.participant.external_id: {reason.kind for reason in one.signal.reasons} for one in page.items}


def name(number: int) -> str:
    """How the files call somebody; two digits, so that lists are in order."""
    return f"d-{number:02}"


def only_waiting() -> list[str]:
    return [name(number) for number in range(PEOPLE - WAIT_ONLY + 1, PEOPLE + 1)]


def _person(number: int) -> dict[str, str]:
    by_phone = number % 2 == 0
    way = {"phone": f"+45010001{number:02}", "channel": "sms"} if by_phone else {"telegram_id": f"70{number:02}"}
    row = {"external_id": name(number), "first_name": "Kim", "coach_email": KARIN, "consent_on": "01.10.2026"}
    row |= {"channel": "telegram"} | way
    if name(number) in only_waiting():
        return row | {"course_ended_on": "2026-11-17"}
    period = ("", "monthly", "quarterly", "half_yearly", "quarterly")[number % 5]
    if number % 4:
        row["course_ended_on"] = "2026-11-14" if period == "quarterly" else f"2026-11-{10 + number % 9}"
    if period:
        row |= {"business_started_on": "2026-02-01", "vat_registered_on": "2026-02-01", "vat_period": period}
    if number % 3 == 0:
        row["pays_b_tax"] = "ja"
    return row


def _meetings() -> Iterator[dict[str, str]]:
    """Four on each weekday, for two people each."""
    number = 0
    for day in (FIRST + timedelta(days) for days in range((LAST - FIRST).days + 1)):
        for hour in HOURS if day.weekday() < 5 else ():
            guests = {(number * 2 + place) % (PEOPLE - WAIT_ONLY) + 1 for place in range(2)}
            yield {
                "external_id": f"m-{number}",
                "starts_at": f"{day} {hour}",
                "place": "Vestergade 58",
                "participants": " ".join(map(name, sorted(guests))),
            }
            number += 1


def _row(row: OutboxRow, starts: dict[str, datetime]) -> Row:
    return Row(
        row.public_id,
        row.recipient_id,
        row.key,
        row.chain,
        row.state,
        row.planned_for,
        row.due_at,
        row.valid_until,
        row.doubt,
        row.topic,
        row.carried_by,
        row.sent_at,
        starts.get(row.subject.get("meeting", "")),
    )
