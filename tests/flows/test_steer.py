"""A coach sees what will be sent to one person, moves a message, leaves one out, cancels the rest, and takes it back."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from medvind.errors import ConflictError, InvalidError, NotFoundError
from medvind.flows import steer
from medvind.flows.plan import plan_all
from medvind.flows.steer import Standing
from medvind.model import Adjust, Adjustment, ChannelName, GaveWay, Role, State, Viewer
from medvind.store import settings
from medvind.store.tables import OutboxRow
from tests.fakes import Town
from tests.flows.steering import LADDER, MONDAY, Desk, a_desk, given_way, leaving, local
from tests.people import add_coach, add_duty, add_person

FOURTEEN, SEVEN, TWO, DAY = (key for key, _ in LADDER)


@pytest.fixture
async def desk(town: Town) -> Desk:
    return await a_desk(town)


async def test_a_plan_says_what_leaves_when_how_and_why(desk: Desk) -> None:
    messages = await desk.plan()
    assert leaving(messages) == LADDER
    first = messages[0]
    assert first.why == (
        "The last day for VAT for 3rd quarter 2026 is Tuesday 1 December. The message belongs to 14 days before."
    )
    assert (first.kind, first.channel, first.state) == ("vat", ChannelName.SMS, Standing.PLANNED)
    assert first.valid_until == messages[1].at == datetime(2026, 11, 24, 8, tzinfo=UTC)
    assert (first.carried_by, first.gave_way, first.adjustment) == (None, None, None)


async def test_a_plan_reaches_as_far_as_is_looked(desk: Desk) -> None:
    assert [key for key, _ in leaving(await desk.plan(20))] == [FOURTEEN]
    year = leaving(await desk.plan(366))
    assert [key for key, _ in year if key.endswith(":0d")] == [
        f"vat:{name}:0d" for name in ("2026Q3", "2026Q4", "2027Q1", "2027Q2")
    ]
    assert leaving(await desk.plan()) == LADDER


async def test_what_the_plan_shows_is_what_is_sent_when_the_time_comes(town: Town) -> None:
    desk = await a_desk(town, course_ended=date(2026, 11, 1))
    await desk.decide(Adjust.MOVE, SEVEN, "2026-11-25 11:00")
    await desk.decide(Adjust.SKIP, "check_in:2026-W47")
    shown = await desk.plan(40)
    await desk.live_until(MONDAY + timedelta(days=40))
    sent = {row.key: row for row in await town.rows() if row.sent_at}
    print(f"looked at {len(shown)} messages, {len(sent)} were sent")
    assert [one.key for one in shown if one.gave_way is None] == list(sent)
    assert [one.at for one in shown if one.gave_way is None] == [row.sent_at for row in sent.values()]


async def test_somebody_who_has_not_said_yes_is_invited_by_sms_and_nothing_else(town: Town) -> None:
    async with town.db.begin() as session:
        coach = await add_coach(session, town.db.vault, now=MONDAY)
        bo = await add_person(session, town.db.vault, coach_id=coach.id, consented=False, now=MONDAY)
    town.clock.moment = MONDAY
    assert [(one.kind, one.channel) for one in await Desk(town, coach, bo).plan()] == [("invite", ChannelName.SMS)]


async def test_a_moved_message_leaves_at_its_new_time_and_stays_there(desk: Desk) -> None:
    moved = await desk.decide(Adjust.MOVE, FOURTEEN, "2026-11-21 11:30")
    assert moved.adjustment is not None
    assert (moved.adjustment.action, moved.adjustment.when) == (Adjust.MOVE, local("2026-11-21 11:30"))
    assert moved.local == local("2026-11-23 08:00")  # on a Saturday nothing but a meeting is told
    moved = await desk.decide(Adjust.MOVE, FOURTEEN, "2026-11-19 11:30")
    expected = [(FOURTEEN, "2026-11-19 11:30"), *LADDER[1:]]
    assert leaving(await desk.plan()) == expected
    counts = await plan_all(desk.town.db, desk.town.clock, anew=True)
    assert (counts.added, counts.moved, counts.withdrawn) == (0, 0, 0)
    await desk.live_until(local("2026-11-19 12:00"))
    assert [row.key for row in await desk.town.rows(State.SENT)] == [FOURTEEN]


async def test_a_message_moved_into_quiet_hours_leaves_at_their_end_and_the_answer_says_so(desk: Desk) -> None:
    moved = await desk.decide(Adjust.MOVE, FOURTEEN, "2026-11-18 22:00")
    assert moved.local == local("2026-11-19 08:00")
    assert moved.state == Standing.PLANNED


NO_TIMES = [
    ("2026-11-02 09:59", "at: in the past"),
    ("2026-11-02 10:00", "at: in the past"),
    ("2026-11-24 09:00", "at: true no longer; before 2026-11-24T08:00:00+00:00"),
    ("2027-11-24 09:00", "at: true no longer"),
]


async def test_no_message_is_moved_into_the_past_or_beyond_what_is_true(desk: Desk) -> None:
    for at, says in NO_TIMES:
        with pytest.raises(InvalidError, match=f"^{says}".replace("+", r"\+")):
            await desk.decide(Adjust.MOVE, FOURTEEN, at)
        assert leaving(await desk.plan()) == LADDER


async def test_how_long_a_message_is_true_does_not_depend_on_where_it_was_moved_or_skipped(desk: Desk) -> None:
    await desk.decide(Adjust.MOVE, FOURTEEN, "2026-11-20 09:00")
    with pytest.raises(InvalidError, match="at: true no longer"):
        await desk.decide(Adjust.MOVE, FOURTEEN, "2026-11-26 09:00")
    await desk.decide(Adjust.SKIP, FOURTEEN)
    with pytest.raises(InvalidError, match="at: true no longer"):
        await desk.decide(Adjust.MOVE, FOURTEEN, "2026-11-26 09:00")
    assert given_way(await desk.plan()) == {FOURTEEN: GaveWay.SKIPPED}
    moved = await desk.decide(Adjust.MOVE, FOURTEEN, "2026-11-23 09:00")
    assert (moved.gave_way, moved.local) == (None, local("2026-11-23 09:00"))


async def test_a_message_that_would_wait_until_it_is_true_no_longer_is_not_moved_there(desk: Desk) -> None:
    async with desk.town.db.begin() as session:
        await settings.put(session, "quiet_hours", "mon-fri 20:00-09:00; sat all; sun all", MONDAY)
    with pytest.raises(InvalidError, match="at: nothing leaves at that hour"):
        await desk.decide(Adjust.MOVE, FOURTEEN, "2026-11-24 07:00")
    assert leaving(await desk.plan()) == LADDER


async def test_a_skipped_message_is_not_sent_and_the_others_are(desk: Desk) -> None:
    skipped = await desk.decide(Adjust.SKIP, SEVEN)
    assert skipped.gave_way is not None
    assert (skipped.state, skipped.gave_way.reason) == (Standing.GAVE_WAY, GaveWay.SKIPPED)
    assert skipped.gave_way.text == "The coach has taken it out."
    await plan_all(desk.town.db, desk.town.clock, anew=True)
    assert leaving(await desk.plan()) == [LADDER[0], *LADDER[2:]]
    await desk.live_until(local("2026-12-02 00:00"))
    assert [row.key for row in await desk.town.rows(State.SENT)] == [FOURTEEN, TWO, DAY]


async def test_a_cancelled_message_takes_the_rest_of_its_chain_with_it(desk: Desk) -> None:
    cancelled = await desk.decide(Adjust.CANCEL, SEVEN)
    assert cancelled.adjustment == Adjustment("vat", SEVEN, "vat:2026Q3", Adjust.CANCEL)
    plan = await desk.plan()
    assert leaving(plan) == LADDER[:1]
    assert given_way(plan) == dict.fromkeys((SEVEN, TWO, DAY), GaveWay.CANCELLED)
    assert [one.adjustment for one in plan[1:]] == [cancelled.adjustment] * 3
    await desk.decide(Adjust.CANCEL, DAY)
    assert given_way(await desk.plan()) == given_way(plan)
    await desk.decide(Adjust.CANCEL, FOURTEEN)
    assert given_way(await desk.plan()) == dict.fromkeys((FOURTEEN, SEVEN, TWO, DAY), GaveWay.CANCELLED)


async def test_what_was_decided_is_taken_back(desk: Desk) -> None:
    await desk.decide(Adjust.MOVE, FOURTEEN, "2026-11-19 11:30")
    await desk.decide(Adjust.SKIP, TWO)
    for key, at in (LADDER[0], LADDER[2], LADDER[3]):
        for _ in range(2):
            back = await desk.undo(key)
            assert (back.adjustment, back.local) == (None, local(at))
    await desk.decide(Adjust.CANCEL, SEVEN)
    back = await desk.undo(DAY)
    assert (back.state, back.adjustment) == (Standing.PLANNED, None)
    assert leaving(await desk.plan()) == LADDER


async def test_what_has_left_or_is_leaving_is_steered_no_more(desk: Desk) -> None:
    item = (await desk.plan())[0].id
    for state in sorted(set(State) - {State.PLANNED}):
        async with desk.town.db.begin() as session:
            await session.execute(update(OutboxRow).where(OutboxRow.public_id == item).values(state=state))
        for action in Adjust:
            with pytest.raises(ConflictError):
                async with desk.town.db.begin() as session:
                    await desk.decide_in(session, action, item, "2026-11-19 11:30")
        with pytest.raises(ConflictError):
            async with desk.town.db.begin() as session:
                await steer.undo(session, desk.reader, desk.maja.public_id, item)


async def test_an_answer_to_what_somebody_wrote_cannot_be_steered(desk: Desk) -> None:
    async with desk.town.db.begin() as session:
        reply = await add_duty(session, desk.town.db.vault, desk.maja, kind="reply", due_at=MONDAY)
    for action in Adjust:
        with pytest.raises(InvalidError, match="item: an answer"):
            async with desk.town.db.begin() as session:
                await desk.decide_in(session, action, reply.public_id, "2026-11-19 11:30")


async def test_nobody_steers_whom_they_do_not_follow(desk: Desk) -> None:
    item = (await desk.plan())[0].id
    async with desk.town.db.begin() as session:
        bente = await add_coach(session, desk.town.db.vault, now=MONDAY)
        bo = await add_person(session, desk.town.db.vault, external_id="d-2", phone=None, coach_id=desk.coach.id, now=MONDAY)
    others = [Desk(desk.town, bente, desk.maja), Desk(desk.town, desk.coach, bo)]
    for other in others:
        for action in Adjust:
            with pytest.raises(NotFoundError):
                async with desk.town.db.begin() as session:
                    await other.decide_in(session, action, item, "2026-11-19 11:30")
        with pytest.raises(NotFoundError):
            async with desk.town.db.begin() as session:
                await steer.undo(session, other.reader, other.maja.public_id, item)
    with pytest.raises(NotFoundError):
        await others[0].plan()
    assert Viewer(bente.id, Role.COACH) == others[0].reader.viewer
    assert leaving(await desk.plan()) == LADDER


async def test_what_was_cancelled_for_good_does_not_come_back_months_later(town: Town) -> None:
    desk = await a_desk(town, course_ended=date(2026, 11, 1))
    first = next(one.key for one in await desk.plan() if one.kind == "check_in")
    decided = (await desk.decide(Adjust.CANCEL, first)).adjustment
    assert decided is not None
    assert decided.when is None
    for weeks in (1, 4, 20):
        town.clock.moment = MONDAY + timedelta(weeks=weeks)
        asked = [one for one in await desk.plan() if one.kind == "check_in"]
        print(f"looked at {len(asked)} check-ins")
        assert {one.gave_way.reason if one.gave_way else None for one in asked} == {GaveWay.CANCELLED}
    undone = await desk.undo(asked[0].key)
    assert undone.gave_way is None
