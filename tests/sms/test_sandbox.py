"""The numbers that fail on purpose end as their table says, and the page for developers says the same."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from medvind.channels import Outgoing, Status, Witness
from medvind.errors import ChannelError, DatabaseAwayError, NotSentError, ThrottledError, UndeliverableError, UnknownFateError
from medvind.model import PublicId, State
from sms.sandbox import PLAYS, Sandbox

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
PAGE = Path(__file__).parents[2] / "docs" / "sandbox.md"
ENDS: list[tuple[str, type[ChannelError], bool, bool, bool, bool]] = [
    # number, first answer, dead, stopped, found when asked, taken at the next try
    ("+4500000001", UndeliverableError, True, False, False, False),
    ("+4500000002", UndeliverableError, False, True, False, False),
    ("+4500000003", UndeliverableError, False, False, False, False),
    ("+4500000004", ThrottledError, False, False, False, True),
    ("+4500000005", NotSentError, False, False, False, True),
    ("+4500000006", NotSentError, False, False, False, True),
    ("+4500000007", UnknownFateError, False, False, True, True),
    ("+4500000008", UnknownFateError, False, False, False, True),
]


def to(number: str) -> Outgoing:
    return Outgoing(PublicId("row-7"), number, "Hej", NOON)


@pytest.mark.parametrize(("number", "first", "dead", "stopped", "found", "passes"), ENDS)
async def test_a_made_up_number_fails_as_its_row_says(
    number: str, first: type[ChannelError], dead: bool, stopped: bool, found: bool, passes: bool
) -> None:
    sandbox = Sandbox(lambda _: None)
    with pytest.raises(ChannelError) as caught:
        await sandbox.send(to(number))
    assert type(caught.value) is first
    assert (getattr(caught.value, "dead", False), getattr(caught.value, "stopped", False)) == (dead, stopped)
    assert isinstance(sandbox, Witness)
    assert (await sandbox.find(to(number), NOON, set()) is not None) is found
    assert await sandbox.find(to(number), NOON, {"console-row-7"}) is None
    if passes:
        assert await sandbox.send(to(number)) == "console-row-7"
    else:
        with pytest.raises(first):
            await sandbox.send(to(number))


LATER: list[tuple[str, State, bool, bool]] = [
    # number, what is told of it later, dead, stopped
    ("+4500000009", State.DELIVERED, False, False),
    ("+4500000010", State.UNDELIVERED, False, False),
    ("+4500000011", State.UNDELIVERED, True, False),
    ("+4500000012", State.UNDELIVERED, False, True),
]


@pytest.mark.parametrize(("number", "state", "dead", "stopped"), LATER)
async def test_what_became_of_a_message_is_told_a_moment_later_and_again_where_it_could_not_be_kept(
    number: str, state: State, dead: bool, stopped: bool
) -> None:
    sandbox, stop, told = Sandbox(lambda _: None), asyncio.Event(), list[Status]()

    async def tell(status: Status) -> None:
        told.append(status)
        if len(told) == 1:
            raise DatabaseAwayError("away")
        stop.set()

    await sandbox.send(to(number))
    async with asyncio.timeout(5):
        await sandbox.report(tell, stop, every=0.01)
    await sandbox.tell_all(tell)  # nothing is left
    first, again = told
    assert first == again
    assert (first.message_id, first.provider_id, first.to) == ("row-7", "console-row-7", number)
    assert (first.state, first.dead, first.stopped) == (state, dead, stopped)


def test_every_made_up_number_has_a_row_here() -> None:
    assert [number for number, *_ in (*ENDS, *LATER)] == list(PLAYS)


async def test_each_message_to_such_a_number_fails_anew_and_others_are_taken() -> None:
    shown: list[str] = []
    sandbox = Sandbox(shown.append)
    for row in ("row-1", "row-2"):
        with pytest.raises(ThrottledError):
            await sandbox.send(to("+4500000004")._replace(id=PublicId(row)))
    assert await sandbox.send(to("+4501000001")) == "console-row-7"
    assert shown == ["SMS to …01: Hej"]


def test_the_page_and_the_table_of_numbers_agree() -> None:
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| +45")]
    assert rows == [f"| {number} | {play.happens} | {play.coach_sees} |" for number, play in PLAYS.items()]
