"""A duty is in one pair of hands at a time, and who lost it writes nothing."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from medvind.errors import ConflictError
from medvind.model import ChannelName, Doubt, State
from medvind.store import claims, doubts, front, outbox, outcomes
from medvind.store.claims import Claimed, Result
from medvind.store.database import Database
from medvind.store.tables import AttemptRow, OutboxRow
from tests.claiming import claim, note
from tests.people import Made, Person, add_duty, add_person

LEASE = timedelta(seconds=40)


async def town(db: Database, now: datetime, people: int) -> list[Person]:
    async with db.begin() as session:
        names = [(f"d-{number:03}", f"+45010{number:05}") for number in range(people)]
        return [await add_person(session, db.vault, external_id=name, phone=phone, now=now) for name, phone in names]


async def owe(db: Database, person: Made, due_at: datetime, **columns: Any) -> Made:
    async with db.begin() as session:
        return await add_duty(session, db.vault, person, due_at=due_at, **columns)


async def take(db: Database, now: datetime, worker: str = "one", wanted: int = 50) -> list[Claimed]:
    async with db.begin() as session:
        return await claim(session, worker, now, LEASE, wanted)


async def hand_over(db: Database, taken: Sequence[Claimed], text: str = "Hej Maja") -> set[int]:
    async with db.begin() as session:
        ours = await outcomes.held(session, taken)
        await note(session, [one for one in taken if one.id in ours], ChannelName.SMS, text)
        return set(ours)


async def record(db: Database, *results: Result) -> list[Result]:
    async with db.begin() as session:
        written, _ = await outcomes.record(session, results)
        return written


async def sweep(db: Database, now: datetime) -> int:
    async with db.begin() as session:
        return await doubts.sweep(session, now)


async def row(db: Database, duty: Made) -> Any:
    """As the table has it now, by the names of its columns."""
    async with db.read() as session:
        return (await session.execute(select(OutboxRow.__table__).where(OutboxRow.id == duty.id))).one()


async def test_four_workers_at_once_take_nothing_twice_and_leave_nothing(db: Database, now: datetime) -> None:
    people = await town(db, now, 40)
    for person in people:
        await owe(db, person, now)
        await owe(db, person, now)
    taken: list[Claimed] = []

    async def work(name: str) -> None:
        misses = 0
        while misses < 3:
            try:
                mine = await take(db, now, name, 7)
            except ConflictError:
                continue
            misses = 0 if mine else misses + 1
            taken.extend(mine)
            await record(db, *(Result(one, State.SENT, "sent", now, provider_id=f"sms-{one.id}") for one in mine))

    await asyncio.gather(*(work(f"worker-{number}") for number in range(4)))
    print(f"looked at {len(taken)} claims of {2 * len(people)} duties")
    assert sorted(one.id for one in taken) == sorted({one.id for one in taken})
    assert len(taken) == 2 * len(people)


async def test_one_message_is_in_flight_to_a_person(db: Database, now: datetime) -> None:
    maja, bo = await town(db, now, 2)
    first = await owe(db, maja, now - timedelta(minutes=1))
    await owe(db, maja, now)
    other = await owe(db, bo, now)
    assert [one.id for one in await take(db, now)] == [first.id, other.id]
    assert await take(db, now, "two") == []


async def test_what_is_not_due_or_not_planned_is_left_alone(db: Database, now: datetime) -> None:
    people = await town(db, now, len(State) + 1)
    for person, state in zip(people, State, strict=False):
        await owe(db, person, now, state=state, lease_until=now + LEASE)
    await owe(db, people[-1], now + timedelta(seconds=1))
    assert [one.recipient_id for one in await take(db, now)] == [people[0].id]


async def test_the_most_urgent_goes_first_then_what_is_due_longest(db: Database, now: datetime) -> None:
    people = await town(db, now, 5)
    wanted = []
    for person, (priority, minutes) in zip(people, [(5, 1), (5, 9), (0, 0), (1, 3), (1, 4)], strict=True):
        await owe(db, person, now - timedelta(minutes=minutes), priority=priority)
        wanted.append((priority, -minutes, person.id))
    order = [person for _, _, person in sorted(wanted)]
    assert [one.recipient_id for one in await take(db, now, wanted=2)] == order[:2]
    assert [one.recipient_id for one in await take(db, now)] == order[2:]


async def test_a_person_with_much_to_get_does_not_keep_the_others_waiting(db: Database, now: datetime) -> None:
    maja, bo = await town(db, now, 2)
    for _ in range(3):
        await owe(db, maja, now - timedelta(hours=1))
    await owe(db, bo, now)
    assert [one.recipient_id for one in await take(db, now, wanted=2)] == [maja.id, bo.id]


async def test_a_claim_counts_an_attempt_and_forgets_the_last_ones_words(db: Database, now: datetime) -> None:
    (maja,) = await town(db, now, 1)
    duty = await owe(db, maja, now, attempts=2, reason="refused", sent_text="gammel")
    (taken,) = await take(db, now, "one")
    assert (taken.attempts, taken.worker, taken.reason, taken.sent_text) == (3, "one", None, None)
    assert (await row(db, duty)).lease_until == now + LEASE


@pytest.mark.parametrize(("doubt", "goes"), [(Doubt.A, True), (Doubt.B, False), (Doubt.C, False), (Doubt.D, True)])
async def test_while_an_earlier_one_is_in_doubt_only_the_urgent_kinds_go_on(
    db: Database, now: datetime, doubt: Doubt, *, goes: bool
) -> None:
    (maja,) = await town(db, now, 1)
    await owe(db, maja, now, state=State.UNKNOWN, chain="vat:2026Q1", unknown_since=now)
    await owe(db, maja, now, doubt=doubt, chain="vat:2026Q1")
    assert len(await take(db, now)) == goes


async def test_a_doubt_in_one_chain_does_not_stop_another_chain_or_person(db: Database, now: datetime) -> None:
    maja, bo = await town(db, now, 2)
    await owe(db, maja, now, state=State.UNKNOWN, chain="vat:2026Q1", unknown_since=now)
    await owe(db, maja, now, chain="check_in:2026-W48")
    await owe(db, bo, now, chain="vat:2026Q1")
    assert {one.recipient_id for one in await take(db, now)} == {maja.id, bo.id}


async def test_a_claim_whose_lease_runs_is_not_swept(db: Database, now: datetime) -> None:
    (maja,) = await town(db, now, 1)
    duty = await owe(db, maja, now)
    await take(db, now)
    assert await sweep(db, now + LEASE) == 0
    assert (await row(db, duty)).state == State.CLAIMED


async def test_what_was_handed_over_and_never_recorded_is_in_doubt(db: Database, now: datetime) -> None:
    (maja,) = await town(db, now, 1)
    duty = await owe(db, maja, now)
    taken = await take(db, now)
    assert await hand_over(db, taken) == {duty.id}
    late = now + LEASE + timedelta(seconds=1)
    assert await sweep(db, late) == 1
    swept = await row(db, duty)
    assert (swept.state, swept.unknown_since, swept.lease_until) == (State.UNKNOWN, now + LEASE, None)
    async with db.read() as session:
        assert await doubts.in_doubt(session, now + LEASE - timedelta(seconds=1)) == []
        (doubted,) = await doubts.in_doubt(session, now + LEASE)
        assert doubts.text_of(session, doubted) == "Hej Maja"


async def test_what_was_never_handed_over_waits_again_at_once(db: Database, now: datetime) -> None:
    (maja,) = await town(db, now, 1)
    duty = await owe(db, maja, now)
    await take(db, now)
    late = now + LEASE + timedelta(seconds=1)
    assert await sweep(db, late) == 1
    swept = await row(db, duty)
    assert (swept.state, swept.reason) == (State.PLANNED, "lease over before sending")
    assert [one.attempts for one in await take(db, late, "two")] == [2]


async def test_who_lost_the_claim_writes_nothing_and_sends_nothing(db: Database, now: datetime) -> None:
    (maja,) = await town(db, now, 1)
    duty = await owe(db, maja, now)
    lost = await take(db, now, "slow")
    late = now + LEASE + timedelta(seconds=1)
    await sweep(db, late)
    assert await hand_over(db, lost) == set()
    assert await record(db, Result(lost[0], State.SENT, "sent", late, provider_id="slow-1")) == []
    held = await take(db, late, "slow")
    assert await hand_over(db, lost, "gammelt") == set()
    assert await record(db, Result(lost[0], State.FAILED, "dead", late, "21614")) == []
    assert await hand_over(db, held) == {duty.id}
    assert len(await record(db, Result(held[0], State.SENT, "sent", late, provider_id="sms-1"))) == 1
    done = await row(db, duty)
    assert (done.state, done.provider_id, done.sent_at, done.attempts) == (State.SENT, "sms-1", late, 2)
    async with db.read() as session:
        assert list(await session.scalars(select(AttemptRow.number))) == [2]


async def test_who_put_it_back_untried_has_lost_it_though_the_next_worker_counts_the_same_attempt(
    db: Database, now: datetime
) -> None:
    (maja,) = await town(db, now, 1)
    duty = await owe(db, maja, now)
    (first,) = await take(db, now, "first")
    assert len(await record(db, Result(first, State.PLANNED, "held up", now, "held up", now, tried=False))) == 1
    (second,) = await take(db, now, "second")
    assert second.attempts == first.attempts
    assert await record(db, Result(first, State.SENT, "sent", now, provider_id="first-1")) == []
    assert len(await record(db, Result(second, State.SENT, "sent", now, provider_id="second-1"))) == 1
    assert (await row(db, duty)).provider_id == "second-1"


async def test_what_came_of_a_claim_is_written_where_it_is_still_ours(db: Database, now: datetime) -> None:
    people = await town(db, now, 4)
    for person in people:
        await owe(db, person, now)
    sent, again, failed, waits = await take(db, now)
    later = now + timedelta(minutes=5)
    await record(
        db,
        Result(sent, State.SENT, "sent", now, provider_id="sms-1", channel=ChannelName.SMS),
        Result(again, State.PLANNED, "not sent", now, "refused", later, channel=ChannelName.SMS),
        Result(failed, State.FAILED, "dead", now, "21614", channel=ChannelName.SMS),
        Result(waits, State.PLANNED, "waits", now, "allowance", later, tried=False),
    )
    async with db.read() as session:
        rows = {one.id: one for one in await session.execute(select(OutboxRow.__table__))}
        tries = (await session.execute(select(AttemptRow.outbox_id, AttemptRow.outcome).order_by(AttemptRow.id))).all()
    shown = [(rows[one.id].state, rows[one.id].attempts, rows[one.id].reason) for one in (sent, again, failed, waits)]
    assert shown == [
        (State.SENT, 1, None),
        (State.PLANNED, 1, "refused"),
        (State.FAILED, 1, "21614"),
        (State.PLANNED, 0, "allowance"),
    ]
    assert (rows[again.id].due_at, rows[waits.id].due_at, rows[sent.id].due_at) == (later, later, now)
    assert [tuple(one) for one in tries] == [(sent.id, "sent"), (again.id, "not sent"), (failed.id, "dead")]
    assert all(one.lease_until is None for one in rows.values())


async def test_the_words_that_left_are_sealed_in_the_row(db: Database, now: datetime) -> None:
    (maja,) = await town(db, now, 1)
    duty = await owe(db, maja, now)
    await hand_over(db, await take(db, now), "Hej Maja, moms på fredag")
    kept = (await row(db, duty)).sent_text or b""
    assert b"moms" not in kept
    assert db.vault.open(OutboxRow.sent_text, duty.public_id, kept) == "Hej Maja, moms på fredag"


async def test_what_is_owed_no_longer_is_known_to_the_gate(db: Database, now: datetime) -> None:
    maja, bo = await town(db, now, 2)
    first, second = await owe(db, maja, now), await owe(db, bo, now)
    await take(db, now)
    async with db.begin() as session:
        await outbox.withdraw(session, [first.id], outbox.NO_LONGER_OWED)
        assert await claims.withdrawn(session, [first.id, second.id]) == {first.id}
    assert (await row(db, first)).state == State.CLAIMED


@pytest.mark.parametrize("minutes", [0, 1, 600])
async def test_what_is_too_late_is_ended_and_told(db: Database, now: datetime, minutes: int) -> None:
    maja, bo = await town(db, now, 2)
    late = await owe(db, maja, now - timedelta(days=1, minutes=minutes))
    await owe(db, bo, now - timedelta(hours=23))
    async with db.begin() as session:
        assert [one.id for one in await front.too_late(session, now)] == [late.id]
    async with db.begin() as session:
        assert await front.too_late(session, now) == []
    ended = await row(db, late)
    assert (ended.state, ended.reason) == (State.EXPIRED, "too late")


async def test_two_workers_that_find_the_same_late_duty_tell_it_once(db: Database, now: datetime) -> None:
    for person in await town(db, now, 20):
        await owe(db, person, now - timedelta(days=2))

    async def end() -> int:
        async with db.begin() as session:
            return len(await front.too_late(session, now))

    assert sum(await asyncio.gather(end(), end(), end())) == 20


async def test_a_doubt_is_ended_once(db: Database, now: datetime) -> None:
    (maja,) = await town(db, now, 1)
    duty = await owe(db, maja, now, state=State.UNKNOWN, unknown_since=now)
    async with db.read() as session:
        (doubted,) = await doubts.in_doubt(session, now)
    async with db.begin() as session:
        assert await doubts.settle(session, doubted, State.SENT, now, provider_id="sms-1")
        assert not await doubts.settle(session, doubted, State.PLANNED, now, due_at=now)
    settled = await row(db, duty)
    assert (settled.state, settled.sent_at, settled.provider_id) == (State.SENT, now, "sms-1")


async def test_an_old_look_at_a_doubt_does_not_end_the_next_one(db: Database, now: datetime) -> None:
    """Two workers look at once; one sends it again and dies, and only then does the other come to it."""
    (maja,) = await town(db, now, 1)
    duty = await owe(db, maja, now, state=State.UNKNOWN, unknown_since=now, attempts=1)
    async with db.read() as session:
        (old,) = await doubts.in_doubt(session, now)
    async with db.begin() as session:
        assert await doubts.settle(session, old, State.PLANNED, now, due_at=now, asked_at=now)
    await hand_over(db, await take(db, now))
    late = now + LEASE + timedelta(seconds=1)
    await sweep(db, late)
    async with db.begin() as session:
        assert not await doubts.settle(session, old, State.PLANNED, late, due_at=late, asked_at=late)
    again = await row(db, duty)
    assert (again.state, again.attempts, again.asked_at) == (State.UNKNOWN, 2, now)


async def test_a_later_step_of_the_same_chain_is_seen_while_it_waits(db: Database, now: datetime) -> None:
    (maja,) = await town(db, now, 1)
    await owe(db, maja, now, state=State.UNKNOWN, unknown_since=now, chain="vat:2026Q1")
    other = await owe(db, maja, now + timedelta(days=1), chain="check_in")
    later = await owe(db, maja, now + timedelta(days=7), chain="vat:2026Q1")
    async with db.begin() as session:
        (doubted,) = await doubts.in_doubt(session, now)
        assert await doubts.later_step(session, doubted)
        await session.execute(update(OutboxRow).where(OutboxRow.id == later.id).values(state=State.CANCELLED))
        assert not await doubts.later_step(session, doubted)
    assert (await row(db, other)).state == State.PLANNED


async def test_the_ids_of_what_was_sent_since_then_are_known(db: Database, now: datetime) -> None:
    people = await town(db, now, 3)
    for number, (person, hours) in enumerate(zip(people, [0, 1, 30], strict=True)):
        at = now - timedelta(hours=hours)
        await owe(db, person, at, state=State.SENT, sent_text="Hej", channel=ChannelName.SMS, provider_id=f"sms-{number}")
    await owe(db, people[0], now, state=State.SENT, sent_text="Hej", channel=ChannelName.TELEGRAM, provider_id="tg-1")
    async with db.read() as session:
        assert await doubts.known_ids(session, ChannelName.SMS, now - timedelta(hours=2)) == {"sms-0", "sms-1"}


async def test_the_next_duty_that_waits_is_known(db: Database, now: datetime) -> None:
    maja, bo = await town(db, now, 2)
    async with db.read() as session:
        assert await front.next_due(session) is None
    await owe(db, maja, now + timedelta(hours=2))
    await owe(db, bo, now + timedelta(hours=1))
    await owe(db, bo, now, state=State.SENT)
    async with db.read() as session:
        assert await front.next_due(session) == now + timedelta(hours=1)
        assert await session.scalar(select(func.count()).select_from(OutboxRow)) == 3
