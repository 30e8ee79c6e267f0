"""The ticker looks at once, notices a moved clock, and outlives every beat that fails."""

import asyncio
from datetime import datetime, timedelta

import pytest
from structlog.testing import capture_logs

from medvind.errors import ConflictError, DatabaseAwayError
from medvind.store import beats as heartbeats
from medvind.store.database import Database
from scheduler.clockwork import LATER, SOON
from scheduler.ticker import AGAIN, Ticker
from tests.scheduler.rig import HOUR, Counted, TwoHands, ticking, ticks

NEVER = timedelta()
TICK = timedelta(seconds=0.05)
CANARY = "Kanariefugl Hansen, +4501000001"


@pytest.fixture
def clock(now: datetime) -> TwoHands:
    return TwoHands(now)


@pytest.fixture
def mark() -> Counted:
    """A beat that never rests: it counts the ticks."""
    return Counted("mark", NEVER)


def ticker(db: Database, clock: TwoHands, *beats: Counted) -> Ticker:
    return Ticker(db, "worker-1", clock, [one.beat for one in beats], tick=TICK)


async def test_every_beat_looks_at_once(db: Database, clock: TwoHands) -> None:
    beats = [Counted(name) for name in ("sweep", "settle", "plan")]
    async with ticking(ticker(db, clock, *beats)):
        for one in beats:
            await one.until(lambda beat: beat.done == 1)


async def test_a_beat_rests_until_its_time_has_passed(db: Database, clock: TwoHands, mark: Counted) -> None:
    hourly = Counted()
    async with ticking(ticker(db, clock, mark, hourly)):
        await ticks(mark)
        clock.moment += HOUR - timedelta(seconds=1)
        await ticks(mark)
        assert hourly.begun == 1
        clock.moment += timedelta(seconds=1)
        await hourly.until(lambda beat: beat.done == 2)


@pytest.mark.parametrize("jump", [timedelta(days=3), timedelta(days=-3)])
async def test_a_wall_clock_that_was_moved_neither_hides_nor_stops_a_beat(
    db: Database, clock: TwoHands, mark: Counted, jump: timedelta
) -> None:
    hourly = Counted()
    async with ticking(ticker(db, clock, mark, hourly)):
        await ticks(mark)
        clock.moment += jump
        if jump > NEVER:
            await hourly.until(lambda beat: beat.done == 2)
        else:
            await ticks(mark)
            assert hourly.done == 1
            clock.seconds += HOUR.total_seconds()
            await hourly.until(lambda beat: beat.done == 2)
        await ticks(mark)
        assert hourly.done == 2


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (DatabaseAwayError("away"), "beat_missed"),
        (ConflictError("taken"), "beat_missed"),
        (ValueError(CANARY), "beat_failed"),
        (LookupError(CANARY), "beat_failed"),
    ],
)
async def test_a_beat_that_fails_ends_nothing_and_comes_again_soon(
    db: Database, clock: TwoHands, mark: Counted, error: Exception, says: str
) -> None:
    hourly = Counted(fails_with=error)
    with capture_logs() as logs:
        async with ticking(ticker(db, clock, mark, hourly)):
            await ticks(mark)
            assert (hourly.begun, hourly.done) == (1, 0)
            hourly.fails_with = None
            clock.moment += AGAIN
            await hourly.until(lambda beat: beat.done == 1)
    assert [one["event"] for one in logs if one.get("beat") == "plan"] == [says]
    assert "Kanariefugl" not in repr(logs)


async def test_a_beat_that_will_not_run_now_is_asked_again_soon_and_has_not_come_through(
    db: Database, clock: TwoHands, mark: Counted
) -> None:
    hourly = Counted(answers=LATER)
    async with ticking(ticker(db, clock, mark, hourly)):
        await ticks(mark)
        assert hourly.begun == 1
        clock.moment += SOON
        await hourly.until(lambda beat: beat.begun == 2)
        async with db.read() as session:
            assert "plan" not in await heartbeats.last(session)


async def test_a_beat_that_is_still_under_way_is_passed_by(db: Database, clock: TwoHands, mark: Counted) -> None:
    slow = Counted("settle", NEVER)
    slow.open.clear()
    async with ticking(ticker(db, clock, mark, slow)):
        await slow.until(lambda beat: beat.begun == 1)
        await ticks(mark, 3)
        assert slow.begun == 1
        slow.open.set()
        await slow.until(lambda beat: beat.done >= 2)


async def test_stopping_waits_for_beats_under_way_and_starts_no_more(db: Database, clock: TwoHands, mark: Counted) -> None:
    slow = Counted("settle", NEVER)
    slow.open.clear()
    async with ticking(ticker(db, clock, mark, slow)) as running:
        await slow.until(lambda beat: beat.begun == 1)
        await ticks(mark)
        running.stop.set()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await asyncio.shield(running.task)
        last = mark.begun
        slow.open.set()
    assert (slow.begun, slow.done) == (1, 1)
    assert mark.begun == mark.done == last


async def test_each_look_that_came_through_is_written_down(db: Database, clock: TwoHands, mark: Counted, now: datetime) -> None:
    good, bad = Counted("sweep"), Counted("plan", fails_with=ValueError())
    async with ticking(ticker(db, clock, mark, good, bad)):
        await ticks(mark)
    async with db.read() as session:
        assert (await heartbeats.last(session)) == {"sweep": now, "mark": now}


async def test_a_database_that_is_away_ends_no_beat(clock: TwoHands, mark: Counted, db: Database) -> None:
    async with Database.open("postgresql://nobody@127.0.0.1:1/medvind", db.vault) as away:
        one = Counted("sweep", NEVER)
        with capture_logs() as logs:
            async with ticking(Ticker(away, "worker-1", clock, [one.beat])):
                await one.until(lambda beat: beat.done == 1)
                clock.seconds += AGAIN.total_seconds()
                await one.until(lambda beat: beat.done == 2)
    assert {line["event"] for line in logs} == {"beat_missed"}
