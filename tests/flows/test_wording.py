"""Other words hold from the next look on, in every process; what can't be used gives way to what is shipped."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from medvind.errors import NotAllowedError, NotFoundError, WordsRefusedError
from medvind.flows import reword, wording
from medvind.flows.plan import load_policy
from medvind.flows.reword import Standing
from medvind.model import Language, Role, State, Viewer
from medvind.rules.wording import Words
from medvind.store import settings, texts
from medvind.store.database import Database, Session
from medvind.store.tables import OutboxRow
from medvind.store.texts import Version
from medvind.texts import Catalogue
from tests.fakes import Town
from tests.flows.enrolling import statements
from tests.people import Person, add_duty

ADMIN = Viewer(None, Role.ADMIN, token_id="token-1")
OURS = Words("Hej {{ first_name }}. Hvordan går det? Svar fra 1 til 5.")
SHIPPED = "Hej Maja. Hvordan går det med dit projekt lige nu? Svar med et tal fra 1 til 5. 1 er tungt, 5 er rigtig godt."


async def live(town: Town, words: Words = OURS, key: str = "checkin") -> int:
    """Makes these words the ones that hold; the number of their version."""
    async with town.db.begin() as session:
        draft = await reword.save(session, ADMIN, key, Language.DA, words, town.clock.now())
        return (await reword.make_live(session, ADMIN, key, Language.DA, draft.number, town.clock.now())).number


async def back_to(town: Town, number: int, key: str = "checkin") -> int:
    async with town.db.begin() as session:
        return (await reword.make_live(session, ADMIN, key, Language.DA, number, town.clock.now())).number


async def brought(town: Town, text: str, key: str = "checkin") -> None:
    """A live version that came from elsewhere and passed no check."""
    async with town.db.begin() as session:
        now = town.clock.now()
        await texts.add(session, Version(key, Language.DA, 1, Words(text), None, now, "elsewhere", now))


async def says(town: Town, maja: Person, text: str = "checkin", **subject: str) -> str:
    """What Maja is sent when such a message falls due."""
    async with town.db.begin() as session:
        town.clock.pass_by(hours=2)
        await add_duty(session, town.db.vault, maja, text=text, subject=subject, due_at=town.clock.now())
    before = len(town.sms.sent)
    await town.deliver()
    return "\n".join(town.sms.texts()[before:])


async def last_version(db: Database) -> str | None:
    async with db.read() as session:
        query = select(OutboxRow.text_version).order_by(OutboxRow.id.desc()).limit(1)
        return await session.scalar(query)


async def test_new_words_are_sent_from_the_next_look_on_and_the_row_names_their_version(town: Town, maja: Person) -> None:
    assert await says(town, maja) == SHIPPED
    assert str(await last_version(town.db)).startswith("da/checkin@")
    await live(town)
    assert await says(town, maja) == "Hej Maja. Hvordan går det? Svar fra 1 til 5."
    assert await last_version(town.db) == "da/checkin@v1"
    await live(town, Words("Hej. Hvordan går det, {{ first_name }}?"))
    assert await says(town, maja) == "Hej. Hvordan går det, Maja?"
    assert await last_version(town.db) == "da/checkin@v2"


async def test_going_back_is_a_new_version_with_the_old_words_and_to_zero_is_what_is_shipped(town: Town, maja: Person) -> None:
    await live(town)
    await live(town, Words("Hej. Hvordan går det?"))
    assert await back_to(town, 1) == 3
    assert await says(town, maja) == "Hej Maja. Hvordan går det? Svar fra 1 til 5."
    assert await last_version(town.db) == "da/checkin@v3"
    assert await back_to(town, 0) == 4
    assert await says(town, maja) == SHIPPED
    assert str(await last_version(town.db)).startswith("da/checkin@")
    assert "@v" not in str(await last_version(town.db))
    async with town.db.read() as session:
        kept = await texts.versions(session, "checkin")
    assert [(one.number, one.copy_of) for one in kept] == [(1, None), (2, None), (3, 1), (4, 0)]


async def test_a_draft_is_sent_to_nobody(town: Town, maja: Person) -> None:
    async with town.db.begin() as session:
        await reword.save(session, ADMIN, "checkin", Language.DA, OURS, town.clock.now())
    assert await says(town, maja) == SHIPPED


async def test_another_process_sees_new_words_without_a_restart(town: Town, maja: Person) -> None:
    await says(town, maja)
    other = replace(town, worker="worker-2", catalogue=Catalogue.load())
    await live(town)
    assert await says(other, maja) == "Hej Maja. Hvordan går det? Svar fra 1 til 5."


async def test_where_nothing_has_changed_own_words_cost_no_question(town: Town, maja: Person) -> None:
    await says(town, maja)
    with statements(town.db) as shipped:
        await says(town, maja)
    await live(town)
    with statements(town.db) as first:
        await says(town, maja)
    with statements(town.db) as later:
        await says(town, maja)
    assert len(shipped) > 5
    assert later == shipped
    assert len(first) == len(shipped) + 1
    assert "text_versions" in next(one for one in first if one not in shipped)


async def test_a_text_that_lacks_a_value_at_sending_refuses_and_is_not_sent_with_a_hole(town: Town, maja: Person) -> None:
    await live(town, Words("Vi skriver igen {{ next_day|weekday }}, {{ first_name }}."), key="no_news")
    assert await says(town, maja, text="no_news") == ""
    [failed] = [row for row in await town.rows() if row.state == State.FAILED]
    assert failed.reason == "text no_news could not be written"
    assert await says(town, maja, text="no_news", next_day="2026-12-03") == "Vi skriver igen torsdag, Maja."


@pytest.mark.parametrize(
    "text",
    [
        "Hej {{ navn }}.",
        "{% for x in range(100000000) %}a{% endfor %}",
        "{{ broken",
        "Hej {{ coach_phone }}.",
        "Din gæld vokser.",
        "Se skat.dk nu.",
        "a" * 5000,
        "",
    ],
)
async def test_words_that_could_not_be_saved_are_not_sent_either_and_the_log_says_so(
    town: Town, maja: Person, text: str
) -> None:
    await brought(town, text)
    with capture_logs() as logs:
        assert await says(town, maja) == SHIPPED
    told = [(one["reason"], one["log_level"]) for one in logs if one["event"] == "text_unusable"]
    assert told == [("da/checkin@v1", "error")]
    async with town.db.read() as session:
        [found] = await wording.unusable(session)
    assert str(found).startswith("text da/checkin@v1 can't be used, so the shipped one goes out: text: ")
    await live(town)
    assert await says(town, maja) == "Hej Maja. Hvordan går det? Svar fra 1 til 5."
    async with town.db.read() as session:
        assert await wording.unusable(session) == ()


async def test_one_broken_text_leaves_the_others_as_they_are(town: Town, maja: Person) -> None:
    await live(town)
    await brought(town, "{{ broken", key="no_news")
    await brought(town, "Hej.", key="no_such_text_any_more")
    assert await says(town, maja) == "Hej Maja. Hvordan går det? Svar fra 1 til 5."
    assert (await says(town, maja, text="no_news", next_day="2026-12-03")).startswith("Der er ikke nyt i din sag")


async def test_the_plan_knows_how_long_the_own_words_are(town: Town, coach: object) -> None:
    async def length(session: Session) -> int:
        return (await load_policy(session)).text_lengths[Language.DA, "checkin"]

    async with town.db.read() as session:
        before, plans = await length(session), (await load_policy(session)).made_of
    await live(town)
    async with town.db.read() as session:
        assert await length(session) == len("Hej Christoffer. Hvordan går det? Svar fra 1 til 5.") < before
        assert (await load_policy(session)).made_of != plans
        assert await load_policy(session) is await load_policy(session)


async def test_only_an_admin_changes_words(town: Town, now: datetime) -> None:
    for role in (Role.COACH, Role.LEAD, Role.SERVICE):
        viewer = Viewer(1, role, "participants:read", "token-2")
        async with town.db.begin() as session:
            with pytest.raises(NotAllowedError):
                await reword.save(session, viewer, "checkin", Language.DA, OURS, now)
            with pytest.raises(NotAllowedError):
                await reword.make_live(session, viewer, "checkin", Language.DA, 0, now)
    async with town.db.begin() as session:
        assert await texts.versions(session) == []
        with pytest.raises(NotFoundError):
            await reword.save(session, ADMIN, "no_such_text", Language.DA, OURS, now)


async def test_doing_it_again_changes_nothing(town: Town, now: datetime) -> None:
    assert [await live(town) for _ in range(2)] == [1, 1]
    assert await live(town, Words("Hej. Hvordan går det?")) == 2
    assert [await back_to(town, number) for number in (1, 1, 3, 0, 0, 4)] == [3, 3, 3, 4, 4, 4]
    async with town.db.read() as session:
        mark = await texts.mark(session)
        assert len(await texts.versions(session)) == 4
    assert await back_to(town, 0) == 4
    async with town.db.read() as session:
        assert await texts.mark(session) == mark


async def test_a_draft_that_was_passed_by_comes_back_as_a_new_version(town: Town, now: datetime) -> None:
    async with town.db.begin() as session:
        first = await reword.save(session, ADMIN, "checkin", Language.DA, OURS, now)
        second = await reword.save(session, ADMIN, "checkin", Language.DA, Words("Hej. Hvordan går det?"), now)
        assert (first.state, second.state) == (Standing.DRAFT, Standing.DRAFT)
        await reword.make_live(session, ADMIN, "checkin", Language.DA, second.number, now + timedelta(minutes=1))
        shown = (await reword.one(session, "checkin")).languages[Language.DA]
        assert [(one.number, one.state) for one in shown.versions] == [
            (2, Standing.LIVE),
            (1, Standing.PAST),
            (0, Standing.PAST),
        ]
        again = await reword.make_live(session, ADMIN, "checkin", Language.DA, first.number, now + timedelta(minutes=2))
        assert (again.number, again.copy_of, again.text) == (3, 1, OURS.text)


async def test_words_that_passed_once_and_pass_no_longer_do_not_come_back(town: Town, maja: Person) -> None:
    await brought(town, "Din gæld vokser.")
    await live(town)
    async with town.db.begin() as session:
        with pytest.raises(WordsRefusedError):
            await reword.make_live(session, ADMIN, "checkin", Language.DA, 1, town.clock.now())
    assert await says(town, maja) == "Hej Maja. Hvordan går det? Svar fra 1 til 5."


async def test_the_mark_among_the_settings_is_no_setting_of_anybody(town: Town) -> None:
    await live(town)
    async with town.db.read() as session:
        assert (await settings.decided(session)).keys() == {texts.MARK}
        assert (await load_policy(session)).daily_messages == 2
