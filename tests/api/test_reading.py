"""A message is read when somebody says so, and by whoever may: the flag, the call, and the task that goes with it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from medvind.model import Role, TaskKind, new_id
from medvind.store import deputies
from medvind.store.tables import InboxRow, TaskRow
from tests.api.calling import Api
from tests.people import Made, Person, add_coach, add_inbound, add_person, add_task


@dataclass(frozen=True)
class Desk:
    """Karin has written to nobody yet: Maja's message, one that says it is unread, and a stranger's."""

    api: Api
    karin: Made
    maja: Person
    message: Made
    strangers: Made
    task: Made
    tokens: dict[str, str]

    async def post(self, path: str, by: str = "karin") -> httpx2.Response:
        return await self.api.client.post(f"/v1/{path}", headers={"Authorization": f"Bearer {self.tokens[by]}"})

    async def unread(self, by: str = "karin") -> list[tuple[str, bool]]:
        return [(one["text"], one["unread"]) for one in await self.api.items("/v1/inbox", self.tokens[by])]

    async def kept(self, message: Made) -> tuple[datetime | None, int | None]:
        async with self.api.db.read() as session:
            query = select(InboxRow.read_at, InboxRow.read_by).where(InboxRow.id == message.id)
            row = (await session.execute(query)).one()
        return row.read_at, row.read_by

    async def open_tasks(self) -> list[Any]:
        async with self.api.db.read() as session:
            return list(await session.scalars(select(TaskRow.id).where(TaskRow.done_at.is_(None))))


@pytest.fixture
async def desk(api: Api, now: datetime) -> Desk:
    async with api.db.begin() as session:
        vault = session.vault
        made = {name: await add_coach(session, vault, first_name=name, now=now) for name in ("karin", "bente", "eva", "dorte")}
        maja = await add_person(session, vault, coach_id=made["karin"].id, now=now)
        await add_inbound(session, vault, maja, "4", meaning="score", at=now - timedelta(hours=2))
        message = await add_inbound(session, vault, maja, "Kan vi tale?", at=now - timedelta(hours=1))
        strangers = await add_inbound(session, vault, None, "Hvem er I?", meaning="stranger", sender="+4501000999", at=now)
        key, why = f"unread:{message.public_id}", {"inbox": message.public_id}
        task = await add_task(session, maja, kind=TaskKind.UNREAD, key=key, why=why, now=now)
        await deputies.grant(session, made["karin"].id, made["bente"].id, now.date(), now)
        await deputies.grant(session, made["dorte"].id, made["eva"].id, now.date(), now)
    tokens = {name: await api.token(coach_id=coach.id) for name, coach in made.items()}
    tokens |= {role.value: await api.token(role) for role in (Role.LEAD, Role.ADMIN)}
    tokens["service"] = await api.token(Role.SERVICE, scope="participants:read")
    tokens["test"] = await api.token(coach_id=made["karin"].id, test=True)
    return Desk(api, made["karin"], maja, message, strangers, task, tokens)


async def test_what_nobody_has_read_says_so_and_is_found_alone_and_to_look_is_not_to_have_read(desk: Desk) -> None:
    thread = f"/v1/participants/{desk.maja.public_id}/thread"
    for _ in range(2):
        assert await desk.unread() == [("Kan vi tale?", True)]
        said = [(one["text"], one["unread"]) for one in await desk.api.items(thread, desk.tokens["karin"])]
        assert said == [("Kan vi tale?", True), ("4", False)]
    assert len(await desk.api.items("/v1/inbox?unread=true", desk.tokens["karin"])) == 1
    assert (await desk.post(f"inbox/{desk.message.public_id}/read")).status_code == 204
    assert await desk.unread() == [("Kan vi tale?", False)]
    assert [one["unread"] for one in await desk.api.items(thread, desk.tokens["karin"])] == [False, False]
    assert await desk.api.items("/v1/inbox?unread=true", desk.tokens["karin"]) == []


async def test_the_first_time_counts_and_again_is_harmless(desk: Desk, now: datetime) -> None:
    for by in ("karin", "bente", "karin"):
        assert (await desk.post(f"inbox/{desk.message.public_id}/read", by)).status_code == 204
        desk.api.clock.shows += timedelta(minutes=1)
    assert await desk.kept(desk.message) == (now, desk.karin.id)
    assert await desk.open_tasks() == []


@pytest.mark.parametrize("by", ["eva", "dorte", "service", "lead", "admin"])
async def test_who_may_not_read_it_can_neither_mark_it_nor_finish_its_task(desk: Desk, by: str) -> None:
    for path in (f"inbox/{desk.message.public_id}/read", f"tasks/{desk.task.public_id}/done"):
        assert (await desk.post(path, by)).status_code == 404
    assert await desk.kept(desk.message) == (None, None)
    assert await desk.open_tasks() == [desk.task.id]


async def test_a_deputy_can_up_to_the_last_day_and_then_no_more(desk: Desk) -> None:
    path = f"inbox/{desk.message.public_id}/read"
    desk.api.clock.shows = datetime.fromisoformat("2026-11-25T00:00:00+01:00")
    assert (await desk.post(path, "bente")).status_code == 404
    assert (await desk.post(f"tasks/{desk.task.public_id}/done", "bente")).status_code == 404
    assert await desk.unread("bente") == []
    desk.api.clock.shows = datetime.fromisoformat("2026-11-24T23:59:59+01:00")
    assert await desk.unread("bente") == [("Kan vi tale?", True)]
    assert (await desk.post(path, "bente")).status_code == 204


async def test_what_a_stranger_wrote_is_read_by_whoever_finds_out_whose_it_is(desk: Desk, now: datetime) -> None:
    path = f"inbox/{desk.strangers.public_id}/read"
    assert (await desk.post(path)).status_code == 404
    assert await desk.unread("lead") == [("Hvem er I?", True)]
    assert (await desk.post(path, "admin")).status_code == 204
    assert await desk.kept(desk.strangers) == (now, None)
    assert await desk.unread("lead") == [("Hvem er I?", False)]


async def test_what_is_nowhere_and_a_name_that_can_be_none_are_refused(desk: Desk) -> None:
    for path, status in ((f"inbox/{new_id()}/read", 404), (f"tasks/{new_id()}/done", 404), ("tasks/a.b/done", 422)):
        assert (await desk.post(path)).status_code == status


async def test_a_task_that_is_done_is_off_everybodys_list_and_its_message_is_read(desk: Desk, now: datetime) -> None:
    for _ in range(2):
        assert (await desk.post(f"tasks/{desk.task.public_id}/done", "bente")).status_code == 204
    for by in ("karin", "bente"):
        assert await desk.api.items("/v1/tasks", desk.tokens[by]) == []
    assert (await desk.kept(desk.message))[0] == now
    assert await desk.unread() == [("Kan vi tale?", False)]


async def test_a_test_key_marks_and_finishes_nothing(desk: Desk) -> None:
    for path in (f"inbox/{desk.message.public_id}/read", f"tasks/{desk.task.public_id}/done"):
        answer = await desk.post(path, "test")
        assert (answer.status_code, answer.headers["Medvind-Test"]) == (204, "nothing was kept")
    assert await desk.kept(desk.message) == (None, None)
    assert await desk.open_tasks() == [desk.task.id]


async def test_own_words_name_what_they_answer_and_only_what_this_person_has_written(desk: Desk) -> None:
    path, signed = f"/v1/participants/{desk.maja.public_id}/messages", {"Authorization": f"Bearer {desk.tokens['karin']}"}

    async def write(answers: str) -> httpx2.Response:
        return await desk.api.client.post(path, headers=signed, json={"text": "Hej Maja", "answers": answers})

    refused = await write(desk.strangers.public_id)
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["answers"])
    assert await desk.kept(desk.message) == (None, None)
    assert (await write(desk.message.public_id)).status_code == 201
    assert await desk.unread() == [("Kan vi tale?", False)]
    assert await desk.open_tasks() == []
