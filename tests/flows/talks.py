"""A small world to talk in, through the same door as the real channels: who wrote what, what left for it, and what is kept."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import select
from structlog.testing import capture_logs

from medvind.channels import Inbound, InboundKind, Outgoing
from medvind.flows import meet
from medvind.flows.plan import load_policy, plan_all, plan_people
from medvind.flows.receive import receive, take_in
from medvind.model import ChannelName, Language, Milestone
from medvind.store import preferences
from medvind.store.database import Database
from medvind.store.reach import reach_of
from medvind.store.tables import InboxRow, OutboxRow
from medvind.texts import Catalogue
from tests.conversations.traces import traces
from tests.fakes import HandClock, Town
from tests.flows.steering import add_vat
from tests.people import Person, add_coach, add_person
from tests.spreadsheets import sheet_of

T = TypeVar("T")
ZONE = ZoneInfo("Europe/Copenhagen")
SMS, TELEGRAM = ChannelName.SMS, ChannelName.TELEGRAM
WAYS = {
    "Maja": ((SMS, "+4501000001"),),
    "Ibrahim": ((TELEGRAM, "7002"),),
    "Signe": ((SMS, "+4501000003"), (TELEGRAM, "7003")),
    "Yusuf": ((SMS, "+4501000004"),),
}
"""Who can be reached where; Yusuf has not been asked yet, and Signe has a word before her card."""
COACH_OF = {"Maja": "Karin", "Ibrahim": "Bente", "Signe": "Karin", "Yusuf": "Bente"}
SOMEBODY = {SMS: "+4501999999", TELEGRAM: "7999"}
COACHES = {"Karin": "+4501009001", "Bente": "+4501009002"}
WORD = "solsort"
WRONG = frozenset({"receive_failed", "quarantined", "plan_failed", "not_prepared", "not_replanned", "nobody_to_tell"})
"""What is logged where something failed."""


@dataclass(frozen=True)
class Heard:
    """One thing that somebody did, and the seconds of processor time that hearing it took."""

    who: str
    inbound: Inbound
    seconds: float


@dataclass(frozen=True)
class Kept:
    """What the outbox says of one message; `answers` is the inbox's name of what it answers."""

    text: str
    answers: str | None


class Talks:
    """Four people, two coaches, and a stranger on each channel."""

    def __init__(self, opens: Callable[[], Awaitable[Database]], catalogue: Catalogue, begins: datetime) -> None:
        self._runner = asyncio.Runner()
        self._opens, self._catalogue = opens, catalogue
        self.town = Town(self.run(self._open()), HandClock(begins), catalogue)
        self.people: dict[str, Person] = {}
        self.heard: list[Heard] = []
        self.run(self._settle_in())

    def run(self, doing: Coroutine[Any, Any, T]) -> T:
        """In this world's own loop; nothing may fail behind anybody's back."""
        with capture_logs() as logs:
            done = self._runner.run(doing)
        failed = [line for line in logs if line["event"] in WRONG]
        assert not failed, failed
        return done

    async def _open(self) -> Database:
        return await self._opens()

    def close(self) -> None:
        self.run(self.town.db.engine.dispose())
        self._runner.close()

    def restart(self) -> None:
        """A new engine over the same store; all else that a process holds is gone with the old one."""
        self.run(self.town.db.engine.dispose())
        self.town = replace(self.town, db=self.run(self._open()))

    @property
    def now(self) -> datetime:
        return self.town.clock.now()

    async def _settle_in(self) -> None:
        town, today = self.town, self.now.astimezone(ZONE).date()
        async with town.db.begin() as session:
            coaches = {
                name: (await add_coach(session, town.db.vault, first_name=name, phone=phone, now=self.now)).id
                for name, phone in COACHES.items()
            }
            for name, ways in WAYS.items():
                self.people[name] = await add_person(
                    session,
                    town.db.vault,
                    external_id=f"d-{name}",
                    first_name=name,
                    business_name=None,
                    language=Language.EN if name == "Ibrahim" else Language.DA,
                    coach_id=coaches[COACH_OF[name]],
                    phone=dict(ways).get(SMS),
                    telegram=dict(ways).get(TELEGRAM),
                    consented=name != "Yusuf",
                    milestones=_milestones(name, today),
                    now=self.now - timedelta(days=0 if name == "Yusuf" else 100),
                )
            await add_vat(session, self.people["Signe"], since=today - timedelta(days=400))
            await preferences.set_private_word(session, self.people["Signe"].public_id, WORD)
        await self._meet(1, timedelta(days=1, hours=4), "Torvet 1")
        await plan_all(town.db, town.clock)
        await town.deliver()

    def meets(self, number: int, ahead: timedelta, place: str) -> None:
        """The coach plans a meeting with everybody, or moves it."""
        self.run(self._meet(number, ahead, place))
        self.run(self.town.deliver())

    async def _meet(self, number: int, ahead: timedelta, place: str) -> None:
        at = (self.now + ahead).astimezone(ZONE)
        cells = {"external_id": f"m-{number}", "starts_at": f"{at:%Y-%m-%d %H:%M}", "place": place}
        cells["participants"] = " ".join(one.external_id for one in self.people.values())
        async with self.town.db.begin() as session:
            done = await meet.bring_in(session, sheet_of(cells), self.now, zone=ZONE.key)
            await plan_people(session, done.participant_ids, await load_policy(session), self.now)

    def does(self, who: str, channel: ChannelName, kind: InboundKind, text: str = "", ago: timedelta | None = None) -> None:
        """Somebody writes, taps or blocks; `ago`: it is heard of only afterwards. All that follows leaves."""
        sender = dict(WAYS.get(who, tuple(SOMEBODY.items())))[channel]
        at = self.now - ago if ago is not None else None
        inbound = Inbound(channel, f"in-{len(self.heard)}", sender, kind, text, f"raw of {text}", at)
        began = time.process_time()
        assert self.run(take_in(self.town.db, inbound, self.town.clock))
        self.heard.append(Heard(who, inbound, time.process_time() - began))
        self.run(self.town.deliver())

    def arrives_again(self, number: int) -> None:
        """The provider says something over again: nothing is done, and nothing leaves."""
        before = len(self.sent())
        assert not self.run(take_in(self.town.db, self.heard[number % len(self.heard)].inbound, self.town.clock))
        self.run(self.town.deliver())
        assert len(self.sent()) == before

    def takes(self, inbound: Inbound, times: int) -> list[float]:
        """The seconds of processor time that hearing this takes, each time as if for the first: it is taken back."""
        return [self.run(self._takes(replace(inbound, provider_id=f"{inbound.provider_id}-again"))) for _ in range(times)]

    async def _takes(self, inbound: Inbound) -> float:
        with suppress(_TakenBackError):
            async with self.town.db.begin() as session:
                began = time.process_time()
                await receive(session, inbound, self.now)
                took = time.process_time() - began
                raise _TakenBackError
        return took

    def time_goes_by(self, span: timedelta) -> None:
        """What falls due meanwhile leaves when it does."""
        self.run(self.town.run_until(self.now + span, timedelta(minutes=5)))
        self.run(plan_all(self.town.db, self.town.clock))
        self.run(self.town.deliver())

    # What there is to see

    def sent(self) -> list[Outgoing]:
        """All that the channels have taken: by SMS first."""
        return [*self.town.sms.sent, *self.town.telegram.sent]

    def to(self, who: str) -> list[Outgoing]:
        """What has reached this person, by all of their ways."""
        return [one for one in self.sent() if one.to in dict(WAYS[who]).values()]

    def buttons(self) -> list[str]:
        """All that could ever be tapped, the newest last."""
        return [button.data for one in self.town.telegram.sent for button in one.buttons]

    def understood(self) -> dict[str, str]:
        """What was made of each thing that was heard, by the inbox's name of it, in order."""

        async def look() -> dict[str, str]:
            async with self.town.db.read() as session:
                rows = await session.execute(select(InboxRow.public_id, InboxRow.meaning).order_by(InboxRow.id))
            return {str(name): str(meaning) for name, meaning in rows}

        return self.run(look())

    def kept(self) -> dict[str, Kept]:
        """All that is or was owed to anybody, by the name that the channels see."""

        async def look() -> dict[str, Kept]:
            async with self.town.db.read() as session:
                rows = await session.execute(select(OutboxRow.public_id, OutboxRow.text, OutboxRow.kind, OutboxRow.key))
            return {str(name): Kept(text, key.split(":")[1] if kind == "reply" else None) for name, text, kind, key in rows}

        return self.run(look())

    def wants_nothing(self, who: str) -> bool:
        """Whether no yes of theirs stands on any channel."""

        async def look() -> bool:
            async with self.town.db.read() as session:
                reach = (await reach_of(session, [self.people[who].id]))[self.people[who].id]
            return not any(reach.consent(channel).purposes for channel in ChannelName)

        return self.run(look())

    def stands_anywhere(self, words: Sequence[str]) -> list[str]:
        """The tables in which one of these stands in clear, sealed values opened."""

        async def look() -> list[str]:
            return [place for one in words for place in await traces(self.town.db, one)]

        return self.run(look())


class _TakenBackError(Exception):
    pass


def _milestones(name: str, today: date) -> dict[Milestone, date]:
    match name:
        case "Maja" | "Ibrahim":
            return {Milestone.COURSE_ENDED: today - timedelta(days=10)}
        case "Signe":
            return {Milestone.BUSINESS_STARTED: today - timedelta(days=500)}
        case _:
            return {}


BEGINNINGS = [
    datetime(2026, 11, 24, 9, 0, tzinfo=UTC),
    datetime(2026, 10, 24, 21, 30, tzinfo=UTC),
    datetime(2027, 3, 27, 22, 30, tzinfo=UTC),
    datetime(2026, 12, 31, 22, 50, tzinfo=UTC),
]
"""A Tuesday morning, the nights on which the clocks go back and forward, and ten minutes to midnight at New Year."""
