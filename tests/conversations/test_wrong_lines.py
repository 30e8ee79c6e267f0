"""A wrong line of each kind turns red: a table of what goes as it is written, and of what is put there instead."""

import shutil
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from itertools import count
from pathlib import Path

import pytest

from medvind.store.database import Database
from medvind.store.vault import Vault
from medvind.texts import Catalogue
from tests.conversations.forms import FORMS, HAPPENINGS
from tests.conversations.playing import Opens, Player
from tests.conversations.reading import parse
from tests.conversations.steps import TranscriptError

SCENES = {path.stem: path.read_text(encoding="utf-8") for path in (Path(__file__).parent / "scenes").glob("*.md")}
WRONG = (
    # Given
    ("taps", "telegram, said yes", "telegram, said stop", "expected at Maja: Hej Maja."),
    ("taps", "telegram, said yes", "telegram, not asked yet", "expected at Maja: Hej Maja."),
    ("taps", "telegram, said yes", "sms, said yes", "came:     Hej Maja."),
    ("taps", "since 13. november", "since 6. november", "uge 3 af ventetiden"),
    ("taps", "waiting for the money since 13. november", "in business", "came:     Husk moms for 3. kvartal 2026."),
    ("meets", "sms, said yes", "sms, said yes, without a coach", "came:     Vi mødes"),
    ("meets", "coach, 12 34 56 78", "coach, 12 34 56 79", "på 12 34 56 79."),
    ("heard", "- Karin is the deputy\n", "", "Karin is neither coach nor deputy"),
    ("heard", "- Annemarie is away until onsdag d. 25. november\n", "", "men Annemarie får besked"),
    ("heard", "away until", "away from torsdag d. 26. november until", "men Annemarie får besked"),
    ("heard", "in until onsdag d. 25.", "in until tirsdag d. 24.", "came:     Det lyder svært."),
    ("many", "runs Omars Smykker", "runs Omars Butik", "came:     Som ejer af Omars Butik"),
    ("many", ", has the private word sol", "", "came:     På dit kort"),
    ("many", ", writes English", "", "came:     Velkommen tilbage"),
    # Time, and what comes
    ("taps", "23. november kl. 10.00", "23. november kl. 09.59", "expected at Maja: Hej Maja."),
    ("taps", "Medvind: Hvor er det godt", "Medvind: Hvor er det dejligt", "came:     Hvor er det godt"),
    ("taps", "Medvind 2 times:", "Medvind 3 times:", "came: nothing"),
    ("taps", "(the keyboard stays)", "(nothing comes)\n(the same message arrives again)", "nothing has arrived yet"),
    ("taps", "Medvind: Hvor", "(nothing comes)\nMedvind: Hvor", "expected: nothing"),
    ("taps", "(the keyboard stays)", "(the keyboard is gone)", "no button was tapped"),
    ("taps", "(the keyboard is gone)", "(the keyboard stays)", "it is gone under: Hej Maja."),
    ("taps", "(the keyboard is gone)", "(the bot leaves the group)", "came: it stays"),
    (
        "taps",
        "(the keyboard is gone)",
        "(no trace of Maja is kept)",
        "stands in: outbox.sent_text, participants",
    ),
    ("taps", "Annemarie's list: nothing", "Annemarie's list: Maja, answered low", "stands there: nothing"),
    ("called", "Annemarie's list: Maja, asked to be called", "Annemarie's list: nothing", "stands there: Maja, call"),
    ("called", "Maja, asked to be called", "Maja, answered low", "stands there: Maja, call"),
    ("called", "venter på at blive læst", "venter på dig", "came by sms: Medvind: På din liste"),
    ("heard", "Karin is told by sms", "Karin is told by telegram", "came by sms"),
    ("heard", "Karin is told by sms", "Jonas is told by sms", "expected: Jonas is told"),
    # What people do
    ("taps", "Maja: status", "Maja: ring", "came:     Godt."),
    ("taps", "Maja writes 2 times: status", "Maja writes 3 times: status", "came:     Din sag er i gang"),
    ("taps", "Maja taps [4]", "Maja taps [2]", "came:     Tak, fordi du siger det."),
    ("taps", "(nothing comes)", "Maja sends a photo", "expected: nothing"),
    ("taps", "Maja: status", "Maja sends a sticker", "came:     Jeg kan kun læse tekst."),
    ("taps", "(nothing comes)", "Maja blocks the bot", "stands there: Maja, not_reached"),
    ("taps", "Maja brings the bot into a group", "Maja unblocks the bot", "came: it stays"),
    # What the coach does
    ("meets", "14.00 at Vestergade 12", "14.00 at Torvet 1", "Sted: Torvet 1."),
    (
        "meets",
        "moves the meeting to onsdag d. 25. november kl. 11.00",
        "moves the meeting to onsdag d. 25. november kl. 12.00",
        "12.00",
    ),
    ("meets", "Annemarie moves the meeting to onsdag d. 25. november kl. 11.00", "Annemarie cancels the meeting", "er aflyst"),
    ("meets", "as absent", "as present", "expected at Maja: Vi savnede dig"),
    ("called", "Maja: Hvordan har du det?\nM", "Maja: Hvordan går det?\nM", "came:     Besked fra Annemarie: Hvordan går det?"),
    (
        "called",
        "Annemarie can't erase",
        "Annemarie can't write to Maja: has said STOP\nAnnemarie can't erase",
        "nothing against it",
    ),
    ("called", "they have not written SLET MIG", "she is away", "they have not written SLET MIG"),
    ("called", "Annemarie can't erase Maja: they have not written SLET MIG", "Annemarie erases Maja", "SLET MIG"),
    ("called", "(nothing comes)", "Annemarie reads what Maja wrote", "expected: Annemarie is told"),
    ("called", "(nothing comes)", "Annemarie deals with: Maja, asked to be called", "expected: Annemarie is told"),
    ("called", "(nothing comes)", "Annemarie deals with: Maja, answered low", "stands there: Maja, call"),
    ("called", "(nothing comes)", "Annemarie sends Maja a Telegram code", "expected: nothing"),
    (
        "called",
        "Annemarie sends Maja a Telegram code",
        "Annemarie sends Maja a Telegram code\nAnnemarie hands Maja a Telegram link",
        "came:",
    ),
    ("called", "(nothing comes)", "Annemarie gives Maja the new number 11 22 33 44", "expected: nothing"),
    ("taps", "the money came", "the course ended", "expected at Maja: Godt nyt"),
    ("edits", "to: ring", "to: START", "came:     Du er allerede med"),
    ("edits", 'edits "status"', 'edits "ring"', "has not written"),
)
"""Where, which words, what stands there instead, and what is said against it."""
Plays = Callable[..., Awaitable[str]]


@pytest.fixture(params=["sqlite"])
def db_url(request: pytest.FixtureRequest) -> str:
    """What is wrong with a line doesn't depend on where it is kept."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def fault(db: Database, catalogue: Catalogue) -> Plays:
    """What is said against a transcript; nothing where it goes as it is written."""

    async def again() -> Database:
        return db

    async def play(text: str, opens: Opens = again) -> str:
        try:
            await Player(parse("a.md", text), opens, catalogue).play()
        except TranscriptError as error:
            return str(error)
        return ""

    return play


@pytest.mark.parametrize("scene", SCENES)
async def test_what_the_wrong_lines_are_put_into_goes_as_it_is_written(fault: Plays, scene: str) -> None:
    assert await fault(SCENES[scene]) == ""


@pytest.mark.parametrize(("scene", "right", "wrong", "says"), WRONG)
async def test_a_wrong_line_is_a_fault(fault: Plays, scene: str, right: str, wrong: str, says: str) -> None:
    assert right in SCENES[scene]
    said = await fault(SCENES[scene].replace(right, wrong, 1))
    assert says in said.partition("before:")[0], said


async def test_a_restart_that_forgets_is_a_fault(
    fault: Plays, db: Database, sqlite_template: Path, tmp_path: Path, vault: Vault
) -> None:
    text = SCENES["called"].replace("(nothing comes)", "(the service restarts)")
    assert await fault(text) == ""
    numbers = count()
    async with AsyncExitStack() as stack:

        async def forgets() -> Database:
            path = tmp_path / f"forgotten-{next(numbers)}.db"
            shutil.copy(sqlite_template, path)
            return await stack.enter_async_context(Database.open(f"sqlite:///{path}", vault))

        assert "expected: Annemarie is told" in await fault(text, forgets)


def test_each_kind_of_line_has_been_wrong() -> None:
    """The lines that were put in, by the form that reads them; what reads nothing, and a restart, are tried by themselves."""
    lines = [line for scene, right, wrong, _ in WRONG for line in _changed(SCENES[scene], right, wrong)]
    forms = {next((pattern.pattern for pattern, _ in FORMS if pattern.fullmatch(line)), "Given") for line in lines}
    happened = {what for what in HAPPENINGS if f"({what})" in lines}
    print(f"{len(WRONG)} wrong lines of {len(forms)} forms and {len(happened)} happenings tried")
    assert {pattern.pattern for pattern, _ in FORMS} - forms == {r"(?P<who>\w+) is told.*"}
    assert set(HAPPENINGS) - happened == {"the service restarts"}


def _changed(text: str, right: str, wrong: str) -> list[str]:
    """The lines that were not there before."""
    return list((Counter(text.replace(right, wrong, 1).splitlines()) - Counter(text.splitlines())).elements())
