"""The sending loop: claim and gate, call, record, side by side; then sleep until the next duty or a wake-up."""

import asyncio
from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

import structlog

from medvind.clock import Clock
from medvind.errors import ConflictError, DatabaseAwayError, OtherSchemaError
from medvind.flows.deliver import Machine, Places, Prepared, Slot, call, prepare, record
from medvind.flows.turns import turn_comes
from medvind.model import ChannelName
from medvind.store.claims import Claimed, Result
from medvind.store.database import Database
from medvind.texts import Catalogue
from scheduler.leaps import Trust, always

BLOCKED = 1.0
"""Seconds to wait where something is due that can't be taken now: another message to that person is in doubt or in flight."""
LEAD = timedelta(seconds=0.05)
"""What is due is looked for so much earlier. Half of what is taken in hand early (`turns.EARLY`): so several come at once."""
PACED = timedelta(seconds=0.1)
"""Where the last turn of a batch is farther off than this, its channel's allowance is what it waits for."""
BEATEN = 0.005
"""Seconds, doubled each time, after which it looks again where another worker was quicker and took somebody it wanted too."""
OFTEN = 5
"""So often in a row is no bad luck."""
LARGE = 2
"""Batches that a look takes at once where calls are quicker than looks: much of what it costs is the same for any number."""
GATHER = 0.05
"""Seconds for which answers are gathered before they are written down together, as long as more are on their way.

All that long a worker that dies leaves them in doubt: they are asked about then. To write down fewer at once costs more.
"""
AGAIN = 1.0
"""Seconds after which what could not be written down is tried again, until its lease is over."""

log = structlog.get_logger()


async def work(
    db: Database,
    machine: Machine,
    catalogue: Catalogue,
    clock: Clock,
    *,
    wake: asyncio.Event,
    stop: asyncio.Event,
    look: float,
    trust: Trust = always,
) -> None:
    """Sends until it is told to stop; what it has in hand is finished first. `look`: the longest sleep, in seconds.

    While the clock can't be trusted nothing is claimed.
    """
    await _Sender(db, machine, catalogue, clock, wake, stop, look, machine.places(), trust).run()


class _Answered(NamedTuple):
    """What came of a call, what went along in it, and when its lease ends, on the monotonic clock."""

    result: Result
    riders: Sequence[Claimed]
    lease_ends: float


class _Waiting(NamedTuple):
    """A message whose turn has come or will, and what goes along in it."""

    slot: Slot
    riders: Sequence[Claimed]


@dataclass(slots=True)
class _Sender:
    """Three stages. While one batch is called the next is claimed and the last is written down: no slow call holds up others.

    In hand are about two batches: more would only wait here, where nobody else can take it. Where an allowance paces the calls
    the next batch is begun half a one sooner, for a turn that nobody takes is lost. Where calls are quicker than a look, which
    spends half its time waiting for the database, a second one begins beside it, and each takes more.
    """

    db: Database
    machine: Machine
    catalogue: Catalogue
    clock: Clock
    wake: asyncio.Event
    stop: asyncio.Event
    look: float
    places: Places
    trust: Trust
    in_hand: int = 0
    next: datetime | None = None
    beaten: int = 0
    many: bool = False
    paced: bool = False
    batch: int = 0
    calling: int = 0
    hungry: asyncio.Event = field(default_factory=asyncio.Event)
    recorded: asyncio.Event = field(default_factory=asyncio.Event)
    answers: list[_Answered] = field(default_factory=list)
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    all_answered: asyncio.Event = field(default_factory=asyncio.Event)
    lines: dict[ChannelName, deque[_Waiting]] = field(default_factory=lambda: defaultdict(deque))
    callers: Counter[ChannelName] = field(default_factory=Counter)
    fault: Exception | None = None

    async def run(self) -> None:
        """Until it is time to stop; then claims nothing more and ends what it has begun. Raises what ended its looks."""
        self.batch = self.machine.batch
        async with asyncio.TaskGroup() as group:
            group.create_task(self._write_down())
            beside = group.create_task(self._take_beside(group))
            while not self.stop.is_set():
                await self._take(group)
            self.hungry.set()
            await beside
            while self.in_hand:
                await self._until_recorded()
            self.answered.set()
        if self.fault is not None:
            raise self.fault

    async def _take(self, group: asyncio.TaskGroup) -> None:
        """A batch, where there is room for one and something is due; else sleeps."""
        if self.in_hand > self.batch * (3 if self.paced else 2) // 2:
            await self._until_recorded()
            return
        prepared = await self._look(group)
        if prepared is None:
            return
        if prepared.blocked:
            await _pause(min(self.look, BLOCKED), self.wake, self.stop, self.recorded)
        elif not prepared.more:
            await _pause(self._until_next(), self.wake, self.stop)

    async def _take_beside(self, group: asyncio.TaskGroup) -> None:
        """One more batch while another one is looked at, each time that few calls are left. Only where that helps."""
        while not self.stop.is_set():
            await self.hungry.wait()
            self.hungry.clear()
            if self.db.side_by_side and self.many and self.in_hand <= 2 * self.batch and not self.stop.is_set():
                await self._look(group)
                self.wake.set()  # the other may have gone to sleep meanwhile, by what it saw before this one

    async def _look(self, group: asyncio.TaskGroup) -> Prepared | None:
        """Takes a batch in hand and begins its calls; None where it could not, after a rest.

        What ends looks for good (a newer version has taken what this one asks for) cuts off no call: it is raised at the end.
        """
        try:
            prepared = await self._prepare()
        except Exception as fault:  # noqa: BLE001 - raised once all that is in hand is written down
            self.fault = self.fault or fault
            self.stop.set()
            return None
        if prepared is not None:
            self._begin(group, prepared)
        return prepared

    async def _prepare(self) -> Prepared | None:
        if not await self.trust():
            await _pause(self.look, self.stop)
            return None
        self.wake.clear()
        self.recorded.clear()
        try:
            prepared = await prepare(self.db, self.machine, self.catalogue, self.clock, many=self.many, most=self.batch)
        except ConflictError:
            self.beaten += 1
            if self.beaten > OFTEN:
                log.warning("delivery_waits", error=ConflictError.__name__)
            await _pause(min(self.look, BEATEN * 2 ** min(self.beaten, 10)), self.stop)
            return None
        except OtherSchemaError:
            raise
        except DatabaseAwayError as error:
            log.warning("delivery_waits", error=type(error).__name__)
            await _pause(self.look, self.wake, self.stop)
            return None
        self.beaten = 0
        return prepared

    def _begin(self, group: asyncio.TaskGroup, prepared: Prepared) -> None:
        now = self.clock.now()
        self.paced = max((slot.at for slot in prepared.slots), default=now) > now + PACED
        self.batch = self._next_batch() if self.many and prepared.more else self.machine.batch
        self.many, self.next = prepared.more, prepared.next
        self.in_hand += len(prepared.slots)
        self.calling += len(prepared.slots)
        for slot in prepared.slots:
            waiting = _Waiting(slot, prepared.along.get(slot.letter.claim.id, ()))
            if slot.at > now:
                group.create_task(self._line_up_in_time(group, waiting))
            else:
                self._line_up(group, waiting)

    def _next_batch(self) -> int:
        """How many the next look of a burst takes: more once few calls were left when one was done.

        SQLite gains nothing by that, and pays for it in memory.
        """
        usual = self.machine.batch
        if self.paced or self.calling >= usual or not self.db.side_by_side:
            return usual
        return LARGE * usual if self.calling <= usual // 2 else self.batch

    def _until_next(self) -> float:
        """Seconds; it looks a little earlier than need be, since to take a message in hand takes a moment too."""
        if self.next is None:
            return self.look
        return min(self.look, (self.next - LEAD - self.clock.now()).total_seconds())

    def _line_up(self, group: asyncio.TaskGroup, waiting: _Waiting) -> None:
        """Whose turn has come. Nobody is called past those who stand there already."""
        channel = waiting.slot.letter.channel
        self.lines[channel].append(waiting)
        if self.callers[channel] < self.machine.concurrency:
            self.callers[channel] += 1
            group.create_task(self._call_all(channel))

    async def _line_up_in_time(self, group: asyncio.TaskGroup, waiting: _Waiting) -> None:
        await turn_comes(waiting.slot.at, self.clock, self.stop)
        self._line_up(group, waiting)

    async def _call_all(self, channel: ChannelName) -> None:
        """One after another, as long as any stand in line: a task for each would cost a good part of what its call does."""
        line = self.lines[channel]
        while line:
            await self._call(line.popleft())
        self.callers[channel] -= 1

    async def _call(self, waiting: _Waiting) -> None:
        result = await call(self.machine, waiting.slot, self.clock, self.places, self.stop)
        self.calling -= 1
        if self.many and self.calling <= self.batch // 2:
            self.hungry.set()
        self.answers.append(_Answered(result, waiting.riders, waiting.slot.lease_ends))
        self.answered.set()
        if len(self.answers) >= self.in_hand:
            self.all_answered.set()

    async def _write_down(self) -> None:
        """What has been answered, many at once where many come at once."""
        while True:
            await self.answered.wait()
            if not self.answers:
                return
            if len(self.answers) < self.in_hand:
                await _pause(GATHER, self.all_answered)
            batch, self.answers = self.answers, []
            self.answered.clear()
            self.all_answered.clear()
            look = not self.many
            due = await self._record(batch, look=look)
            self.in_hand -= len(batch)
            self.recorded.set()
            if not look or (due is not None and (self.next is None or due < self.next)):
                self.wake.set()  # unasked: the burst may have ended since, and its last look saw nothing of what comes back

    async def _record(self, batch: Sequence[_Answered], *, look: bool) -> datetime | None:
        """Tried again while the claims can still be ours; after that they are in doubt, and settled as such.

        `look`: answers when the next duty is due; what comes back, or is planned because of this, may be due sooner.
        """
        along = {one.result.claim.id: one.riders for one in batch if one.riders}
        while True:
            try:
                return await record(self.db, [one.result for one in batch], along, self.clock, look=look)
            except (DatabaseAwayError, ConflictError) as error:
                log.warning("record_waits", error=type(error).__name__, count=len(batch))
                if self.clock.monotonic() > max(one.lease_ends for one in batch):
                    return None
                await asyncio.sleep(AGAIN)

    async def _until_recorded(self) -> None:
        self.recorded.clear()
        await self.recorded.wait()


async def _pause(seconds: float, *events: asyncio.Event) -> None:
    """Until any of these events or the time is over."""
    if seconds <= 0:
        return
    waiting = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
