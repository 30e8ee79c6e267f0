"""Plays a transcript against the real flows, on a clock that is moved, and compares every word that comes out."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from structlog.testing import capture_logs

from medvind.flows.deliver import deliver_due
from medvind.flows.plan import plan_all
from medvind.flows.settle import settle_doubts, sweep
from medvind.flows.unread import remind
from medvind.model import ChannelName
from medvind.store.database import Database
from medvind.texts import Catalogue
from tests.conversations.app import App
from tests.conversations.cast import Cast, move_in
from tests.conversations.coaching import Coaching
from tests.conversations.doing import GROUP
from tests.conversations.phones import Thread
from tests.conversations.reminding import next_word
from tests.conversations.steps import (
    ZONE,
    Arrives,
    Bot,
    Coach,
    Edits,
    Happens,
    Listed,
    Minute,
    Moves,
    Notes,
    Plans,
    Sends,
    Step,
    Taps,
    Told,
    Transcript,
    Writes,
)
from tests.conversations.traces import traces
from tests.fakes import HandClock, Town

MINUTE = timedelta(minutes=1)
WRONG = frozenset({"receive_failed", "quarantined", "plan_failed", "not_prepared", "not_replanned", "telegram_not_told"})
"""What is logged where something failed."""
Opens = Callable[[], Awaitable[Database]]


class Player(Coaching):
    """One transcript on one database."""

    def __init__(self, transcript: Transcript, opens: Opens, catalogue: Catalogue) -> None:
        super().__init__(transcript, catalogue)
        self.opens = opens
        self.logs: list[Any] = []
        self.swept: date | None = None
        self.tells_at: datetime | None = None
        self.looked_at = 0

    async def play(self) -> int:
        """How many steps were looked at. Raises TranscriptError at the first that is not what happens."""
        async with App.open() as self.app:
            with capture_logs() as self.logs:
                await self._play()
        return self.looked_at

    async def _play(self) -> None:
        first = self.transcript.steps[0]
        assert isinstance(first, Minute), f"{self.transcript.file}: begins without a time"
        self.clock = HandClock(_moment(first))
        await self._open()
        await self._everybody_comes()
        for step in self.transcript.steps:
            self.step = step
            await self._take(step)
            self.looked_at += 1
            self._nothing_went_wrong()
        self.all_was_said()

    async def _everybody_comes(self) -> None:
        self.cast: Cast = await move_in(self.town, self.transcript, self.clock.now())
        self.threads.update({name: Thread(one.channels[-1]) for name, one in self.cast.people.items()})
        for one in self.transcript.people:
            if ChannelName.TELEGRAM in one.channels and one.standing != "not asked yet":
                self.app.starts(self.cast.address(one.name, ChannelName.TELEGRAM))

    async def _open(self) -> None:
        self.town = Town(await self.opens(), self.clock, self.catalogue, self.sms, self.app)

    async def _take(self, step: Step) -> None:
        match step:
            case Minute():
                await self._go_on_to(step)
            case Arrives():
                for _ in range(step.times):
                    self.arrives(step)
            case Told():
                self.told(step)
            case Listed():
                await self.listed(step)
            case Happens():
                await self._happens(step)
            case _:
                await self._acts(step)

    async def _acts(self, step: Step) -> None:
        """Somebody does something; all that leaves because of it is on its way before the next step."""
        match step:
            case Writes():
                for _ in range(step.times):
                    await self.writes(step)
                    await self._send()
            case Edits():
                await self.edits(step)
            case Taps():
                await self.taps(step)
            case Sends():
                await self.sends(step)
            case Bot():
                await self.has_to_do_with_the_bot(step)
            case Plans():
                await self.meeting(step.at, step.place, step.who)
            case Moves():
                await self.meeting(step.at, step.place)
            case Notes():
                await self.notes(step)
            case Coach():
                await self.coach(step)
            case _:
                raise self.fault(f"no way to play {type(step).__name__}")
        await self._send()

    # Time

    async def _go_on_to(self, step: Minute) -> None:
        """Minute by minute where something is due; what arrives on the way is no step of this transcript."""
        self.all_was_said()
        moment = _moment(step)
        self.tells_at = await next_word(self.town.db, self.clock.now())
        while (due := await self._next()) is not None and due < moment:
            self.clock.moment = max(self.clock.now(), due)
            await self._tell_of_unread()
            await deliver_due(self.town.db, self.town.machine, self.catalogue, self.clock)
            self.gather()
            self.all_was_said(f"until {moment.astimezone(ZONE):%d.%m. kl. %H.%M}")
            await plan_all(self.town.db, self.clock)
        self.clock.moment = moment
        await self._beats()
        await self._send()

    async def _next(self) -> datetime | None:
        """When a message is due, or somebody is told of what nobody has read."""
        return min([one for one in (await self.town.next_due(), self.tells_at) if one is not None], default=None)

    async def _tell_of_unread(self) -> None:
        if self.tells_at is not None and self.tells_at <= self.clock.now():
            await remind(self.town.db, self.town.worker, self.clock)
            self.tells_at = await next_word(self.town.db, self.clock.now())

    async def _beats(self) -> None:
        """As they are in production, but as seldom as something may come of them: what is in doubt once a day."""
        today = self.clock.now().astimezone(ZONE).date()
        if today != self.swept:
            self.swept = today
            await sweep(self.town.db, self.clock)
            await settle_doubts(self.town.db, self.town.machine, self.clock)
        await self._tell_of_unread()
        await plan_all(self.town.db, self.clock)

    async def _send(self) -> None:
        """All that leaves within this minute."""
        end = self.clock.now().replace(second=0, microsecond=0) + MINUTE
        while (due := await self.town.next_due()) is not None and due < end:
            self.clock.moment = max(self.clock.now(), due)
            if not await deliver_due(self.town.db, self.town.machine, self.catalogue, self.clock):
                raise self.fault(f"something is due since {due.astimezone(ZONE):%d.%m. %H.%M.%S}, and nobody looks at it")
            self.gather()

    async def _happens(self, step: Happens) -> None:
        match step.what:
            case "nothing comes":
                await self._send()
                self.all_was_said()
            case "the service restarts":
                await self.town.db.engine.dispose()
                await self._open()
                self.note("the service restarts")
            case "the same message arrives again":
                await self.again()
                await self._send()
            case "the keyboard is gone":
                self.keyboard_is_gone()
            case "the keyboard stays":
                self.keyboard_stays()
            case "the bot leaves the group":
                if not self.app.left(GROUP):
                    raise self.fault("expected: the bot leaves\n  came: it stays")
            case "no trace":
                if found := await traces(self.town.db, step.about) + [
                    str(line) for line in self.logs if step.about in str(line)
                ]:
                    raise self.fault(f"expected: no trace of {step.about}\n  stands in: {', '.join(found)}")
            case other:
                raise self.fault(f"no way to play ({other})")

    def _nothing_went_wrong(self) -> None:
        for line in self.logs:
            if line["event"] in {
                "receive_failed",
                "quarantined",
                "plan_failed",
                "not_prepared",
                "not_replanned",
                "telegram_not_told",
            }:
                raise self.fault(f"the service failed: {line}")


def _moment(step: Minute) -> datetime:
    return step.at.replace(tzinfo=ZONE).astimezone(UTC)
