"""Versions of words are kept as they were written, the newest live one holds, and the mark tells that it is another one."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from medvind.errors import ConflictError
from medvind.model import Language
from medvind.rules.wording import Words
from medvind.store import texts
from medvind.store.database import Database
from medvind.store.texts import Live, Version


def draft(number: int, now: datetime, *, key: str = "checkin", text: str | None = None) -> Version:
    return Version(key, Language.DA, number, Words(text or f"Hej {number}.", None), None, now, "token-1", None)


async def test_a_version_comes_back_as_it_was_written(db: Database, now: datetime) -> None:
    whole = Version("help", Language.EN, 1, Words("Hi.", "Hi\nthere \U0001f600."), 0, now, "token-1", now)
    bare = Version("help", Language.EN, 2, None, 0, now + timedelta(seconds=1), "token-2", now + timedelta(seconds=1))
    async with db.begin() as session:
        await texts.add(session, whole)
        await texts.add(session, bare)
    async with db.read() as session:
        assert await texts.versions(session, "help") == [whole, bare]
        assert await texts.versions(session) == [whole, bare]
        assert await texts.versions(session, "checkin") == []
        assert await texts.live(session) == [Live("help", Language.EN, 2, None)]


async def test_a_draft_holds_for_nobody_and_the_mark_stays(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        assert await texts.mark(session) == ""
        await texts.add(session, draft(1, now))
        assert (await texts.live(session), await texts.mark(session)) == ([], "")


async def test_each_change_of_what_holds_has_a_mark_of_its_own(db: Database, now: datetime) -> None:
    seen = set()
    for number in (1, 2, 3):
        async with db.begin() as session:
            await texts.add(session, draft(number, now))
            await texts.go_live(session, draft(number, now), now)
            seen.add(await texts.mark(session))
            [live] = await texts.live(session)
            assert live.number == number
    async with db.begin() as session:
        await texts.add(session, replace(draft(4, now), live_at=now))
        seen.add(await texts.mark(session))
    assert len(seen) == 4


async def test_a_number_is_given_once_and_a_draft_goes_live_once(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        await texts.add(session, draft(1, now, text="Den ene."))
    async with db.begin() as session:
        with pytest.raises(ConflictError, match="checkin: version 1 has just been made by somebody else; look at it first"):
            await texts.add(session, draft(1, now, text="Den anden."))
        await texts.add(session, draft(1, now, key="stop"))
        await texts.go_live(session, draft(1, now), now)
        with pytest.raises(ConflictError, match="checkin: version 1 has just gone live"):
            await texts.go_live(session, draft(1, now), now)
    async with db.read() as session:
        assert [one.words for one in await texts.versions(session, "checkin")] == [Words("Den ene.", None)]


async def test_a_row_in_a_language_that_nobody_speaks_keeps_no_other_from_being_read(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        await texts.add(session, replace(draft(1, now), live_at=now))
        await texts.add(session, replace(draft(1, now, key="stop"), live_at=now))
        await (await session.connection()).exec_driver_sql("update text_versions set language = 'sv' where key = 'stop'")
        assert [one.key for one in await texts.live(session)] == ["checkin"]
