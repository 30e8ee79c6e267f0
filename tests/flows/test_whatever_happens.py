"""Anything may happen, in any order: what a person may rely on holds all the same, and what is shown is what is sent."""

import os
import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from medvind.errors import ConflictError, InvalidError
from medvind.model import Attendance, Doubt, PersonFacts, State, Topic
from medvind.rules.policy import Policy
from medvind.rules.sending import is_quiet, policy_for
from medvind.store.outbox import GAVE_WAY
from medvind.store.vault import Vault
from medvind.texts import Catalogue
from tests.conftest import KINDS, Engines, empty
from tests.flows.world import BEGINS, LEFT, PHONES, Kept, World, local_day

EXAMPLES = int(os.environ.get("MEDVIND_EXAMPLES", "4"))
"""How many lives are lived on each database; each is a dozen edits and three weeks of time after them."""
SAME_EACH_TIME = "MEDVIND_EXAMPLES" not in os.environ
ORDERS = 4
NAMES = st.sampled_from(sorted(PHONES))
MEETINGS = st.sampled_from(["m-1", "m-2"])
DAYS = st.integers(-40, 60).map(lambda days: (BEGINS.date() + timedelta(days)).isoformat())
COLUMNS = st.sampled_from(["course_ended_on", "paid_out_on", "business_started_on", "vat_registered_on"])
CELLS = st.sampled_from(
    [
        ("vat_period", "monthly"),
        ("vat_period", "half_yearly"),
        ("pays_b_tax", "ja"),
        ("support_type", "cash_benefit"),
        ("support_type", "disability_pension"),
        ("quiet_hours", "mon-fri 08:00-11:30"),
        ("quiet_hours", "-"),
        ("language", "en"),
    ]
)
WORDS = st.sampled_from(["JA", "NEJ", "STOP", "START", "KLAR", "RING", "måske", "3", "Hej Karin, jeg er lidt i tvivl"])
CAME = st.sampled_from([*Attendance, None])
TOPICS = st.sampled_from([None, *Topic])
WEEK, WEEKLY, DAILY, HOUR = timedelta(days=7), 4, 2, timedelta(hours=1)


def yes(name: str) -> dict[str, str]:
    """The coach's file says that they have agreed."""
    return {"consent_on": "24.11.2026", "channel": PHONES[name][1]}


class Lives(RuleBasedStateMachine):
    """Two people's lives. `begin` hands in a fresh world for each."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.world = self.begin()
        self.world.fact("d-1", **yes("d-1"), course_ended_on="2026-11-10")

    def begin(self) -> World:
        """A fresh one."""
        raise NotImplementedError

    def refusable(self, edit: Callable[[], None]) -> None:
        """What makes no sense is refused whole."""
        try:
            edit()
        except (InvalidError, ConflictError):
            self.world.checked["refused"] += 1
        else:
            self.world.checked["edits"] += 1

    @rule(name=NAMES)
    def says_yes(self, name: str) -> None:
        self.refusable(lambda: self.world.fact(name, **yes(name)))
        self.world.says(name, "START")

    @rule(name=NAMES, column=COLUMNS, day=DAYS)
    def a_date_changes(self, name: str, column: str, day: str) -> None:
        self.refusable(lambda: self.world.fact(name, **{column: day}))

    @rule(name=NAMES, column=COLUMNS)
    def a_date_goes(self, name: str, column: str) -> None:
        self.refusable(lambda: self.world.fact(name, **{column: "-"}))

    @rule(name=NAMES, cell=CELLS)
    def something_else_changes(self, name: str, cell: tuple[str, str]) -> None:
        self.refusable(lambda: self.world.fact(name, **dict([cell])))

    @rule(name=MEETINGS, ahead=st.integers(1, 400), place=st.sampled_from(["Torvet 1", "Vestergade 58"]))
    def a_meeting_is_made_or_moved(self, name: str, ahead: int, place: str) -> None:
        starts = self.world.town.clock.now() + timedelta(hours=ahead)
        cells = {"starts_at": starts.strftime("%Y-%m-%d %H:%M"), "place": place}
        self.refusable(lambda: self.world.meeting(name, **cells, cancelled="nej"))

    @rule(name=MEETINGS)
    def a_meeting_is_cancelled(self, name: str) -> None:
        self.refusable(lambda: self.world.meeting(name, cancelled="ja"))

    @rule(name=NAMES, meeting=MEETINGS, attendance=CAME)
    def the_coach_enters_who_came(self, name: str, meeting: str, attendance: Attendance | None) -> None:
        self.refusable(lambda: self.world.came(name, meeting, attendance))

    @rule(name=NAMES, meeting=MEETINGS, ahead=st.integers(1, 60))
    def somebody_is_missed_at_a_meeting(self, name: str, meeting: str, ahead: int) -> None:
        self.a_meeting_is_made_or_moved(meeting, ahead, "Torvet 1")
        self.time_goes_by(ahead + 1)
        self.the_coach_enters_who_came(name, meeting, Attendance.NO_SHOW)

    @rule(name=NAMES, text=WORDS)
    def somebody_writes(self, name: str, text: str) -> None:
        self.world.says(name, text)

    @rule(name=NAMES, days=st.integers(1, 30), topic=TOPICS)
    def somebody_pauses(self, name: str, days: int, topic: Topic | None) -> None:
        self.world.pause(name, days, topic)

    @rule(name=NAMES, topic=TOPICS)
    def somebody_resumes(self, name: str, topic: Topic | None) -> None:
        self.world.resume(name, topic)

    @rule(
        name=NAMES,
        number=st.integers(0, 9),
        action=st.sampled_from(["move", "skip", "cancel", "undo"]),
        hours=st.integers(-30, 60),
    )
    def the_coach_decides(self, name: str, number: int, action: str, hours: int) -> None:
        self.refusable(lambda: self.world.decide(name, number, action, hours))

    @rule(hours=st.integers(1, 200))
    def time_goes_by(self, hours: int) -> None:
        self.world.pass_by(timedelta(hours=hours))

    @invariant()
    def planning_again_changes_nothing(self) -> None:
        """As time goes by the plan reaches further; nothing of it moves, and a second look finds nothing to do."""
        _, moved, withdrawn = self.world.plan_again()
        assert (moved, withdrawn) == (0, 0)
        assert self.world.plan_again() == (0, 0, 0)

    @invariant()
    def the_promises_hold(self) -> None:
        rows, (facts, policy), now = self.world.rows(), self.world.facts(), self.world.town.clock.now()
        nothing_is_owed_twice(rows)
        nothing_waits_for_whoever_has_not_said_yes(rows, facts)
        nothing_leaves_in_quiet_hours([row for row in rows if row.when > now], facts, policy)
        no_day_and_no_week_is_too_full(rows)
        two_messages_are_an_hour_apart(rows)
        self.world.checked["rows"] += len(rows)

    def teardown(self) -> None:
        """At last time goes by with nothing happening: what was shown is what was sent, and no more."""
        begins = self.world.town.clock.now()
        shown = [one for one in self.world.shown(20) if one[2] > begins]
        self.world.pass_by(timedelta(days=20))
        sent = [one for one in self.world.sent_since(begins) if one[2] > begins]
        self.world.close()
        assert sent == shown
        self.world.checked["sent"] += len(sent)


def nothing_is_owed_twice(rows: list[Kept]) -> None:
    assert [key for key, count in Counter((row.person, row.key) for row in rows).items() if count > 1] == []


def nothing_leaves_in_quiet_hours(rows: list[Kept], facts: Mapping[int, PersonFacts], policy: Policy) -> None:
    for row in rows:
        if row.state == State.PLANNED:
            own = policy_for(policy, facts[row.person].quiet_hours)
            assert not is_quiet(row.when, own, facts[row.person].zone, row.meeting_day), row


def nothing_waits_for_whoever_has_not_said_yes(rows: list[Kept], facts: Mapping[int, PersonFacts]) -> None:
    for row in rows:
        if row.state == State.PLANNED:
            since = facts[row.person].joined_at
            assert since is not None, row
            assert row.when >= since, row


def no_day_and_no_week_is_too_full(rows: list[Kept]) -> None:
    """Kind A counts and never gives way; whatever else is planned finds room beside it."""
    messages = [row for row in rows if row.carried_by is None and row.state in {*LEFT, State.PLANNED}]
    for row in messages:
        if row.state != State.PLANNED or row.doubt == Doubt.A:
            continue
        theirs = [local_day(one.when) for one in messages if one.person == row.person]
        day = local_day(row.when)
        monday = day - timedelta(day.weekday())
        assert theirs.count(day) <= DAILY, day
        assert sum(monday <= one < monday + WEEK for one in theirs) <= WEEKLY, monday


def two_messages_are_an_hour_apart(rows: list[Kept]) -> None:
    for person in (1, 2):
        theirs = [row for row in rows if row.person == person and row.carried_by is None]
        messages = sorted((row for row in theirs if row.state in {*LEFT, State.PLANNED}), key=lambda row: row.when)
        for earlier, later in pairwise(messages):
            settled = State.PLANNED not in {earlier.state, later.state}
            assert settled or later.when - earlier.when >= HOUR or Doubt.A in {earlier.doubt, later.doubt}, (earlier, later)


@pytest.fixture(params=KINDS)
def fresh(
    request: pytest.FixtureRequest, tmp_path: Path, vault: Vault, engines: Engines, catalogue: Catalogue
) -> Callable[[], World]:
    """Worlds on empty databases of each kind, as many as are asked for, one after the other."""
    if request.param == "postgresql":
        url: str = request.getfixturevalue("postgresql_database")

        def emptied() -> World:
            empty(url)
            return World(engines.at(url, vault), catalogue)

        return emptied
    template: Path = request.getfixturevalue("sqlite_template")

    def copied() -> World:
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.db"
        shutil.copy(template, path)
        return World(engines.at(f"sqlite:///{path}", vault), catalogue)

    return copied


def test_whatever_happens_what_is_shown_is_sent_and_every_promise_holds(fresh: Callable[[], World]) -> None:
    lived = Counter[str]()

    class Here(Lives):
        def begin(self) -> World:
            return fresh()

        def teardown(self) -> None:
            super().teardown()
            lived.update(self.world.checked)

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=12,
            deadline=None,
            database=None,
            derandomize=SAME_EACH_TIME,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    print(f"0 promises broken; looked at {lived['rows']} rows after {lived['edits']} edits, {lived['refused']} refused")
    print(f"0 messages not as shown; looked at {lived['sent']}")
    assert min(lived["rows"], lived["edits"], lived["sent"]) > 0


EDITS: Mapping[str, Callable[[World], None]] = {
    "a course": lambda world: world.fact("d-1", course_ended_on="2026-11-13"),
    "a business": lambda world: world.fact("d-1", business_started_on="2026-10-01"),
    "VAT": lambda world: world.fact("d-1", vat_registered_on="2026-10-01"),
    "B-tax": lambda world: world.fact("d-1", pays_b_tax="ja"),
    "support": lambda world: world.fact("d-1", support_type="cash_benefit"),
    "own hours": lambda world: world.fact("d-1", quiet_hours="mon-fri 08:00-09:30"),
    "a meeting": lambda world: world.meeting("m-1", starts_at="2026-12-08 14:00", place="Torvet 1"),
    "another meeting": lambda world: world.meeting("m-2", starts_at="2026-12-03 10:00", place="Torvet 1"),
    "a yes": lambda world: world.fact("d-2", **yes("d-2")),
    "a pause": lambda world: world.pause("d-1", 9, Topic.CHECK_INS),
}


def plan_of(world: World) -> list[tuple[object, ...]]:
    rows = [row for row in world.rows() if row.state == State.PLANNED or (row.reason or "").startswith(GAVE_WAY)]
    return sorted((row.person, row.key, row.when, row.valid_until, row.carried_by or "", row.reason or "") for row in rows)


def test_any_order_of_the_same_edits_ends_in_the_same_plan(fresh: Callable[[], World]) -> None:
    plans = []
    for number in range(ORDERS):
        names = list(EDITS)
        Random(number).shuffle(names)  # noqa: S311 - an order, no secret
        world = fresh()
        world.fact("d-1", **yes("d-1"))
        for name in names if number else EDITS:
            EDITS[name](world)
        plans.append(plan_of(world))
        world.close()
    print(f"0 plans differ; looked at {len(plans)} orders of {len(EDITS)} edits, {len(plans[0])} messages each")
    assert len(plans[0]) > 20
    assert all(plan == plans[0] for plan in plans)
