"""The driver itself: it can't accept what it sees, and says where a transcript and the service part."""

from collections.abc import Awaitable, Callable

import pytest

from medvind.store.database import Database
from medvind.texts import Catalogue
from tests.conversations.playing import Player
from tests.conversations.reading import parse
from tests.conversations.steps import TranscriptError

HOW = "Hej Maja. Hvordan går det med dit projekt lige nu? Svar med et tal fra 1 til 5. 1 er tungt, 5 er rigtig godt."
WENT_WELL = f"""# A four
channels: sms, telegram

## Given
- Maja, said yes, waiting for the money since 13. november
- Annemarie is the coach, 12 34 56 78

## mandag d. 23. november kl. 10.00
Medvind: {HOW} [1] [2] [3] [4] [5]

## mandag d. 23. november kl. 10.25
Maja: 4!
Medvind: Hvor er det godt at høre. Fortæl Annemarie om det, næste gang I ses. Det giver mod på mere.
Annemarie's list: nothing
"""
ASKS, SAYS, THANKS, LIST = 9, 12, 13, 14
Plays = Callable[[str], Awaitable[str]]


@pytest.fixture(params=["sqlite"])
def db_url(request: pytest.FixtureRequest) -> str:
    """What is wrong with a transcript doesn't depend on where it is kept."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def fault(db: Database, catalogue: Catalogue) -> Plays:
    """What is said against a transcript; nothing where it goes as it is written."""

    async def opens() -> Database:
        return db

    async def play(text: str) -> str:
        try:
            transcript = parse("a.md", text)
            await Player(transcript.on(transcript.alike[-1]), opens, catalogue).play()
        except TranscriptError as error:
            return str(error)
        return ""

    return play


def without(line: int) -> str:
    lines = WENT_WELL.splitlines()
    return "\n".join(lines[: line - 1] + lines[line:])


def before(line: int, says: str) -> str:
    lines = WENT_WELL.splitlines()
    return "\n".join([*lines[: line - 1], says, *lines[line - 1 :]])


async def test_what_goes_as_it_is_written_is_not_reproached(fault: Plays) -> None:
    assert await fault(WENT_WELL) == ""


async def test_a_wrong_word_is_shown_beside_what_came_and_what_came_before(fault: Plays) -> None:
    said = await fault(WENT_WELL.replace("mod på mere", "mod på livet"))
    assert said.startswith(f"a.md:{THANKS}: expected: Hvor er det godt at høre.")
    assert "mod på livet" in said
    assert "came:     Hvor er det godt at høre. Fortæl Annemarie om det, næste gang I ses. Det giver mod på mere." in said
    assert "Mon 23.11. 10.25 Maja (telegram): 4!" in said


async def test_a_message_too_many_is_named(fault: Plays) -> None:
    said = await fault(without(THANKS))
    assert said.startswith(f"a.md:{LIST - 1}: expected: nothing")
    assert "came to Maja by telegram: Hvor er det godt" in said


async def test_a_message_on_the_way_is_named_with_the_time_it_was_waited_for(fault: Plays) -> None:
    said = await fault(WENT_WELL.replace("kl. 10.00\n", "kl. 09.00\n(nothing comes)\n").replace("Medvind: Hej", "Maja: Hej", 1))
    assert said.startswith("a.md:")
    assert "expected: nothing" in said


async def test_a_missing_message_is_named(fault: Plays) -> None:
    said = await fault(before(LIST, "Medvind: Velkommen tilbage."))
    assert said.startswith(f"a.md:{LIST}: expected at Maja: Velkommen tilbage.")
    assert "came: nothing" in said


async def test_other_buttons_are_a_fault(fault: Plays) -> None:
    said = await fault(WENT_WELL.replace(" [5]", ""))
    assert said.startswith(f"a.md:{ASKS}: ")
    expected, came = said.partition("before:")[0].split("came:")
    assert expected.rstrip().endswith("[4]")
    assert came.rstrip().endswith("[5]")


async def test_another_channel_than_the_one_that_is_said_is_a_fault(fault: Plays) -> None:
    said = await fault(WENT_WELL.replace("Medvind: Hvor", "Medvind (sms): Hvor"))
    assert said.startswith(f"a.md:{THANKS}: expected by sms: Hvor er")
    assert "came by telegram" in said


async def test_what_does_not_stand_on_the_list_is_a_fault(fault: Plays) -> None:
    said = await fault(WENT_WELL.replace("list: nothing", "list: Maja, answered low"))
    assert said.startswith(f"a.md:{LIST}: expected on the list: Maja, answered low")
    assert "stands there: nothing" in said


async def test_what_stands_on_the_list_is_a_fault_where_nothing_may(fault: Plays) -> None:
    said = await fault(
        WENT_WELL.replace("Maja: 4!", "Maja: ring").replace(
            "Medvind: Hvor er det godt at høre. Fortæl Annemarie om det, næste gang I ses. Det giver mod på mere.",
            "Medvind: Godt. Annemarie ringer til dig senest næste hverdag. Haster det, så ring selv på 12 34 56 78.",
        )
    )
    assert said.startswith(f"a.md:{LIST}: expected on the list: nothing")
    assert "Maja, call" in said


async def test_silence_that_is_broken_is_a_fault(fault: Plays) -> None:
    said = await fault(before(THANKS, "(nothing comes)"))
    assert said.startswith(f"a.md:{THANKS}: expected: nothing")


async def test_an_alert_that_nobody_gets_is_a_fault(fault: Plays) -> None:
    said = await fault(before(LIST, "Annemarie is told by sms: Læs det nu."))
    assert said.startswith(f"a.md:{LIST}: expected: Annemarie is told: Læs det nu.")


async def test_a_button_that_is_not_there_is_a_fault(fault: Plays) -> None:
    said = await fault(before(SAYS, "Maja taps [KLAR]"))
    assert said.startswith(f"a.md:{SAYS}: no button [KLAR] to tap")


async def test_words_that_were_kept_leave_a_trace(fault: Plays) -> None:
    said = await fault(before(LIST, "(no trace of 4! is kept)"))
    assert said.startswith(f"a.md:{LIST}: expected: no trace of 4!")
    assert "inbox.text" in said


STOPS = """Maja: STOP
Medvind: Du får ikke flere beskeder fra Medvind. Annemarie kan stadig hjælpe dig på 12 34 56 78. Skriv START, hvis du fortryder.
"""


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("Annemarie can't write to Maja: has said STOP", "can't write: the service says nothing against it"),
        (f"{STOPS}Annemarie writes to Maja: Hej", "writes: the service says participant_id: has said STOP"),
        (
            f"{STOPS}Annemarie can't write to Maja: has not said yes",
            "can't write: the service says participant_id: has said STOP",
        ),
    ],
)
async def test_a_coach_who_may_write_and_one_who_may_not_are_told_apart(fault: Plays, lines: str, says: str) -> None:
    said = await fault(before(LIST, lines))
    assert said.startswith(f"a.md:{LIST + lines.count(chr(10))}: {says}")


@pytest.mark.parametrize(
    "line",
    [
        "Maja says nothing",
        "Medvind Hej",
        "Omar: hej",
        "(something comes)",
        "Medvind to Omar: hej",
        "Karin's list: nothing",
        "Karin is told by sms: Læs det nu.",
        "Annemarie is told at once",
        "Annemarie notes of Maja: the summer came mandag d. 23. november",
        "Annemarie marks Maja as late",
        "## fredag d. 23. november kl. 10.00",
        "## mandag d. 23. nov kl. 10.00",
        "## Given",
        "# Another title",
        "- Omar, said yes",
    ],
)
def test_a_line_that_is_none_we_know_is_a_fault_with_its_number(line: str) -> None:
    with pytest.raises(TranscriptError, match=rf"^a\.md:{THANKS}: "):
        parse("a.md", before(THANKS, line))


@pytest.mark.parametrize(
    "line", ["- Omar, said maybe", "- Omar", "- Omar, sms, said yes", "- Omar, waiting for the money since 13. november"]
)
def test_what_is_not_known_in_given_is_a_fault_with_its_number(line: str) -> None:
    with pytest.raises(TranscriptError, match=r"^a\.md:5: "):
        parse("a.md", before(5, line))
