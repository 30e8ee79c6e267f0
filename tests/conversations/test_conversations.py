"""Every conversation that is written down happens, word by word, on each channel and on each kind of database."""

import tomllib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import pytest

from medvind.store.database import Database
from medvind.store.vault import Vault
from medvind.texts import Catalogue
from tests.conversations.coaching import NotThereError
from tests.conversations.listed import REASONS
from tests.conversations.playing import Opens, Player
from tests.conversations.reading import read
from tests.conversations.steps import Listed, Transcript, TranscriptError

FOLDER = Path(__file__).parent
FILES = sorted(set(FOLDER.glob("*.md")) - {FOLDER / "README.md"})
NOT_YET = tomllib.loads((FOLDER / "not_yet.toml").read_text(encoding="utf-8"))
EVERY = 8
"""On PostgreSQL each eighth is played: what differs between the two lies in the store, which has tests of its own."""


def _plays() -> list[pytest.param]:  # type: ignore[valid-type]
    found = []
    for path in FILES:
        transcript = read(path)
        for channel in transcript.alike or (None,):
            name = f"{path.stem}-{channel or 'as it says'}"
            found.append((name.replace(" ", "_"), transcript.on(channel) if channel else transcript))
    plays = [pytest.param(one, "sqlite", id=f"{name}-sqlite") for name, one in found]
    return plays + [pytest.param(one, "postgresql", id=f"{name}-postgresql") for name, one in found[::EVERY]]


@pytest.fixture
async def opens(db: Database, db_url: str, vault: Vault) -> AsyncIterator[Opens]:
    """The first time the database that all tests share, after a restart one that is opened anew."""
    shared = [db]
    async with AsyncExitStack() as stack:

        async def open_it() -> Database:
            return shared.pop() if shared else await stack.enter_async_context(Database.open(db_url, vault))

        yield open_it


@pytest.mark.parametrize(("transcript", "db_url"), _plays(), indirect=["db_url"])
async def test_a_conversation_goes_as_it_is_written_down(transcript: Transcript, opens: Opens, catalogue: Catalogue) -> None:
    player = Player(transcript, opens, catalogue)
    why = _not_yet(transcript)
    if why is None:
        print(f"{await player.play()} steps of {len(transcript.steps)} of {transcript.file} looked at")
        return
    with suppress(TranscriptError, NotThereError):
        await player.play()
        pytest.fail(f"{transcript.file} goes as it is written: take it off not_yet.toml ({why})")


def _not_yet(transcript: Transcript) -> str | None:
    """Why this can't be as it is written yet; None where it must be."""
    listed = NOT_YET.get(transcript.file.removesuffix(".md"))
    if listed is None or transcript.people[0].channels[-1] not in listed.get("channels", transcript.people[0].channels):
        return None
    return str(listed["why"])


def test_every_file_is_read_and_there_are_enough_of_them() -> None:
    transcripts = [read(path) for path in FILES]
    steps = sum(len(one.steps) for one in transcripts)
    waits = [name for name in NOT_YET if f"{name}.md" not in {one.file for one in transcripts}]
    print(f"{len(transcripts)} conversations with {steps} steps, {len(NOT_YET)} of them not yet")
    assert len(transcripts) >= 60
    assert not waits, "not_yet.toml names what is no transcript"


def test_each_reason_on_the_list_is_known() -> None:
    reasons = {step.reason for path in FILES for step in read(path).steps if isinstance(step, Listed) and step.reason}
    assert reasons <= REASONS.keys()
