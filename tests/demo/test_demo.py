"""The whole story, as anybody who runs `make demo` sees it: real flows, simulated phones, figures out of the database."""

import asyncio
import json
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from io import StringIO
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from rich.console import Console

from medvind.demo.board import NoBoard
from medvind.demo.cast import BEGINS, CAST, COACHES, DAYS, DUTY_PHONE, Persona, at, scores
from medvind.demo.clock import FastClock
from medvind.demo.phones import awake_from
from medvind.demo.show import demonstrate, serve_both
from medvind.demo.summary import Summary, sum_up
from medvind.demo.wait import Wait
from medvind.model import ChannelName, RecipientType, State
from medvind.store import listing
from medvind.store.database import Database
from medvind.store.listing import Listed
from medvind.store.participants import external_ids
from medvind.store.vault import Vault
from medvind.texts import Catalogue
from tests.conftest import KEYS

FEW_DAYS = 5
"""Past the first check-in, three days after the course."""


@dataclass(frozen=True)
class Story:
    """How it ended: the figures, the duties by person, the phones, and what was read."""

    summary: Summary
    duties: dict[str, list[Listed]]
    wait: Wait

    def sent_to(self, external_id: str) -> list[Listed]:
        return sorted((one for one in self.duties[external_id] if one.sent_at), key=lambda one: (one.sent_at, one.id))


async def tell(path: Path, cast: Sequence[Persona], days: int) -> Story:
    """Runs the demo's wait on a migrated database."""
    catalogue, clock = Catalogue.load(), FastClock(BEGINS)
    async with Database.open(f"sqlite:///{path}", Vault(KEYS)) as db:
        wait = Wait(db, clock, catalogue, cast)
        await wait.run(BEGINS + timedelta(days=days), NoBoard())
        summary = await sum_up(db, catalogue, clock.now())
        async with db.read() as session:
            names, rows = await external_ids(session), await listing.listed(session)
    duties: dict[str, list[Listed]] = {name: [] for name in names.values()}
    for row in rows:
        if row.recipient_type == RecipientType.PARTICIPANT:
            duties[names[row.recipient_id]].append(row)
    return Story(summary, duties, wait)


@pytest.fixture(scope="module")
def story(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """The whole wait, told once."""
    path = tmp_path_factory.mktemp("demo") / "medvind.db"
    shutil.copy(sqlite_template, path)
    with asyncio.Runner() as runner:
        yield runner.run(tell(path, CAST, DAYS))


def test_the_twelve_are_those_of_the_report() -> None:
    support = [one.support_type for one in CAST]
    assert {kind: support.count(kind) for kind in support} == {
        "cash_benefit": 6,
        "disability_pension": 5,
        "sickness_benefit": 1,
    }
    assert all(phone.startswith("+450") for phone in [*(one.phone for one in CAST), *(one.phone for one in COACHES)])


def test_every_message_lands_on_one_phone_once(story: Story) -> None:
    staff = {DUTY_PHONE, *(one.phone for one in COACHES)}
    every = [message for phones in story.wait.phones.values() for message in phones.landed]
    landed = [message.id for message in every if message.to not in staff]
    assert {message.text[:9] for message in every if message.to in staff} == {"Medvind: "}, "what nobody has read"
    assert DUTY_PHONE in {message.to for message in every}, (
        "no coach has a deputy here: whoever is on duty hears after two days"
    )
    sent = [row.id for rows in story.duties.values() for row in rows if row.sent_at and row.carried_by is None]
    assert sorted(landed) == sorted(sent)
    assert story.summary.figures.doubled == 0


def test_nothing_leaves_in_the_quiet_hours_of_two_months_with_easter_in_them(story: Story) -> None:
    assert story.summary.departures > 200
    assert story.summary.quiet == 0


def test_all_twelve_are_counted(story: Story) -> None:
    seen = story.summary.figures
    assert (seen.people, seen.invited, seen.declined, seen.joined) == (12, 4, 1, 11)
    assert sum(seen.sent.values()) == sum(len(story.sent_to(name)) for name in story.duties)
    assert 0 < seen.answered < seen.asked
    assert [seen.received[one] for one in ("stop", "opt_in", "status", "free_text")] == [1, 1, 1, 1]


def test_whoever_says_no_hears_one_receipt_and_then_nothing(story: Story) -> None:
    assert [row.text for row in story.sent_to("d04")] == ["invite", "consent_no"]


def test_after_stop_nothing_comes_until_start(story: Story) -> None:
    stopped, again = at(18, 3, "19:20"), at(13, 4, "08:15")
    between = [row.text for row in story.sent_to("d08") if row.sent_at and stopped <= row.sent_at < again]
    after = [row for row in story.sent_to("d08") if row.sent_at and row.sent_at >= again]
    assert between == ["stop"]
    assert [row.text for row in after][:1] == ["start"]
    assert any(row.kind == "check_in" for row in after)


def test_falling_numbers_and_silence_reach_the_coach_with_their_facts(story: Story) -> None:
    reasons = {one.participant.external_id: [reason.kind for reason in one.signal.reasons] for one in story.summary.signals}
    assert reasons == {"d02": ["low_answer"], "d03": ["silence"]}
    assert story.summary.figures.tasks["call"] >= 3


def test_a_dead_number_is_tried_once(story: Story) -> None:
    assert [row.state for row in story.duties["d10"] if row.attempts] == [State.FAILED]


def test_whoever_was_told_the_old_time_and_cannot_be_written_to_any_more_is_phoned(story: Story) -> None:
    """The dead number, and the one who had stopped when a meeting they knew of was moved."""
    assert story.summary.figures.tasks["not_reached"] == 2


def test_whoever_joins_telegram_is_written_to_there_from_then_on(story: Story) -> None:
    joined = at(5, 3, "11:00")
    since = [row for row in story.sent_to("d05") if row.sent_at and row.sent_at >= joined]
    by_sms = [row.key for row in since if row.channel != ChannelName.TELEGRAM]
    assert [key.partition(":")[0] for key in by_sms] == ["joined"], "the last SMS says where the messages have gone"
    assert len(since) > 1


def test_a_moved_meeting_is_told_to_those_who_knew_the_old_time(story: Story) -> None:
    assert story.summary.figures.sent["meeting_moved"] >= 8


def test_when_the_money_has_come_nobody_is_asked_about_the_wait(story: Story) -> None:
    money = at(29, 4, "10:30")
    late = [row for rows in story.duties.values() for row in rows if row.sent_at and row.sent_at >= money]
    assert {row.key for row in late if row.kind != "reply"} == {"step:payout_done"}


def test_every_habit_meets_the_words_it_waits_for(story: Story) -> None:
    words = {(one.external_id, habit.reads) for one in CAST for habit in one.habits if not one.dead}
    assert not words - set(story.wait.people.read_by)


@pytest.mark.parametrize(
    ("answer", "answered", "tasks", "signals"),
    [("4", 3, 0, set()), ("1", 3, 1, {"d01"}), ("-", 2, 0, set())],
)
async def test_one_answer_changed_changes_the_figures(
    answer: str, answered: int, tasks: int, signals: set[str], sqlite_template: Path, tmp_path: Path
) -> None:
    shutil.copy(sqlite_template, tmp_path / "medvind.db")
    first = replace(CAST[0], habits=(scores(answer),))
    summary = (await tell(tmp_path / "medvind.db", (first, *CAST[1:3]), FEW_DAYS)).summary
    assert (summary.figures.answered, summary.figures.tasks.get("call", 0)) == (answered, tasks)
    assert {one.participant.external_id for one in summary.signals} == signals


@pytest.mark.parametrize(
    ("terminal", "says"), [(False, "There is a meeting on Wednesday 11 March"), (True, "Who gets what, and why")]
)
def test_the_demo_shows_the_wait_and_the_figures_and_leaves_nothing_behind(
    says: str, tmp_path: Path, *, terminal: bool
) -> None:
    console = Console(file=StringIO(), force_terminal=terminal, width=100, height=40, legacy_windows=False, color_system=None)
    with asyncio.Runner() as runner:
        runner.run(demonstrate(console, speed=1000 if terminal else None, days=8, serving=False, folder=tmp_path))
    assert isinstance(console.file, StringIO)
    shown = console.file.getvalue()
    assert says in shown
    assert "What it came to by 6 March" in shown
    assert list(tmp_path.iterdir()) == []


async def test_the_calls_that_are_printed_answer_with_the_coachs_own_people(sqlite_template: Path, tmp_path: Path) -> None:
    shutil.copy(sqlite_template, tmp_path / "medvind.db")
    catalogue, clock, stop = Catalogue.load(), FastClock(BEGINS), asyncio.Event()
    paper = Paper()
    async with Database.open(f"sqlite:///{tmp_path / 'medvind.db'}", Vault(KEYS)) as db:
        wait = Wait(db, clock, catalogue, CAST)
        await wait.run(BEGINS + timedelta(hours=1), NoBoard())
        serving = asyncio.create_task(serve_both(Console(file=paper, width=80), wait, stop))
        async with asyncio.timeout(10):
            await paper.complete.wait()
        calls = re.findall(r"Authorization: (Bearer \S+)' (http://127\.0\.0\.1:\d+/v1/(\w+))", paper.getvalue())
        found = {name: await asyncio.to_thread(_get, url, token) for token, url, name in calls}
        stop.set()
        await serving
    assert set(found) == {"participants", "signals", "inbox"}
    assert [one["external_id"] for one in found["participants"]] == ["d01", "d02", "d03", "d04", "d06", "d07"]


class Paper(StringIO):
    """Remembers what is printed, and tells when the last line stands there."""

    def __init__(self) -> None:
        super().__init__()
        self.complete = asyncio.Event()

    def write(self, text: str) -> int:
        if "Ctrl-C" in text:
            self.complete.set()
        return super().write(text)


def _get(url: str, token: str) -> list[dict[str, str]]:
    with urlopen(Request(url, headers={"Authorization": token}), timeout=10) as answer:  # noqa: S310 - printed by the demo
        items: list[dict[str, str]] = json.load(answer)["items"]
    return items


async def test_the_fast_clock_stands_still_until_somebody_sleeps() -> None:
    clock = FastClock(BEGINS)
    await clock.sleep_until(BEGINS + timedelta(days=30))
    await clock.sleep_until(BEGINS)
    assert clock.now() == BEGINS + timedelta(days=30)
    assert clock.monotonic() == timedelta(days=30).total_seconds()


@pytest.mark.parametrize(
    ("written", "answered"),
    [("12:00", at(2, 3, "12:00")), ("06:00", at(2, 3, "07:30")), ("22:30", at(3, 3, "07:30"))],
)
def test_people_answer_by_day(written: str, answered: object) -> None:
    assert awake_from(at(2, 3, written)) == answered
