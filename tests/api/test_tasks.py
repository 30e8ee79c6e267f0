"""A coach with ten minutes reads what a task is about, in their own language, not a code."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from medvind.model import TaskKind
from tests.api.calling import Api
from tests.people import add_coach, add_inbound, add_person, add_task

LEFT = {"reason": "why_support", "deadline": "2027-03-31", "working_days": "41", "lead": "60", "ask": "extension"}
MOVED = {"reason": "why_meeting_not_told", "start": "2026-12-01T14:00:00+01:00"}
CASES: list[tuple[TaskKind, Mapping[str, str], str, str]] = [
    (
        TaskKind.SUPPORT_ENDS,
        LEFT,
        "Perioden slutter onsdag d. 31. marts. Der er 41 dage at arbejde i endnu. Husk at søge, hvis den skal være længere.",
        "The period ends on Wednesday 31 March. There are 41 days to work in it still. Ask now if it should be longer.",
    ),
    (
        TaskKind.NOT_REACHED,
        MOVED,
        "Mødet tirsdag d. 1. december kl. 14.00 er ændret eller aflyst. Vi når ikke at skrive det, så ring.",
        "The meeting on Tuesday 1 December at 14:00 is changed or cancelled. We can't write it in time, so call.",
    ),
    (
        TaskKind.NOT_PLANNED,
        {"reason": "why_not_planned", "error": "ValueError"},
        (
            "Beskederne kan ikke planlægges, for noget i oplysningerne passer ikke sammen. "
            "Indtil det er rettet, bruges den gamle plan."
        ),
        (
            "The messages can't be planned: something in the details doesn't fit. "
            "Until that is put right, what was planned before holds."
        ),
    ),
    (
        TaskKind.NO_REPLY,
        {"reason": "why_meeting_no_reply", "start": "2026-12-01T14:00:00+01:00"},
        "Intet svar endnu om mødet tirsdag d. 1. december kl. 14.00. Ring gerne, før det begynder.",
        "No answer yet about the meeting on Tuesday 1 December at 14:00. Please call before it begins.",
    ),
    (TaskKind.CALL, {"reason": "answered low"}, "Har brug for et opkald.", "Would like a call."),
    (
        TaskKind.MISSED,
        {"message": "m"},
        "En besked nåede ikke at komme af sted i tide.",
        "A message did not leave in time.",
    ),
    (
        TaskKind.REVIEW,
        {"message": "m", "reason": "fate unknown"},
        "Vi ved ikke, om en besked nåede frem. Spørg, eller lad den ligge.",
        "We don't know whether a message arrived. Ask, or let it be.",
    ),
    (TaskKind.UNREADABLE, {"inbox": "i"}, "Der kom noget, som vi ikke kunne læse.", "Something came that we could not read."),
    (
        TaskKind.NOT_REACHED,
        {"reason": "21211"},
        "En besked kunne ikke komme frem. Prøv at ringe.",
        "A message could not be delivered. Try to call.",
    ),
    (
        TaskKind.FLOOD,
        {"day": "2026-11-24"},
        "Skriver så meget, at resten af timens beskeder er gemt uden svar. STOP virker stadig. Læs dem, og ring.",
        "Writes so much that the rest of this hour was kept without an answer. STOP still works. Read it, and call.",
    ),
    (
        TaskKind.DANGER,
        {"inbox": "i"},
        "Har skrevet noget, der lyder farligt. Læs det nu, og ring.",
        "Has written something that sounds dangerous. Read it now, and call.",
    ),
    (
        TaskKind.CONCERN,
        {"inbox": "i"},
        "Har skrevet noget, der lyder tungt. Læs det i dag, og ring.",
        "Has written something that sounds heavy. Read it today, and call.",
    ),
    (
        TaskKind.LETTER,
        {"inbox": "i"},
        "Har fået et brev, der er svært at forstå. Ring, før der bliver betalt.",
        "Has got a letter that is hard to understand. Call before anything is paid.",
    ),
    (
        TaskKind.PRIVATE_MATTER,
        {"inbox": "i"},
        "Har skrevet noget, der er for privat til en besked, og er bedt om at ringe. Læs det, og ring.",
        "Has written something too private for a message, and was asked to call. Read it, and call.",
    ),
    (
        TaskKind.NETWORK,
        {"inbox": "i"},
        "Spørger om noget, som du eller nogen, du kender, kan hjælpe med. Svar inden fristen.",
        "Asks something that you or somebody you know may help with. Answer by the day.",
    ),
    (
        TaskKind.MY_DATA,
        {"inbox": "i"},
        "Vil se sine oplysninger. Send dem i Digital Post i tide.",
        "Wants to see their data. Send it by Digital Post in time.",
    ),
    (
        TaskKind.MY_CARD,
        {"inbox": "i"},
        "Vil se sit kort. Vis det, næste gang I ses.",
        "Wants to see their card. Show it next time you meet.",
    ),
    (
        TaskKind.ERASE,
        {"inbox": "i"},
        "Vil slettes. Svar i tide. Ordet BEHOLD tager det tilbage den første dag.",
        "Wants to be deleted. Answer in time. The word KEEP takes it back on the first day.",
    ),
    (
        TaskKind.STOPPED,
        {"reason": "deadlines"},
        "Vil ikke have flere beskeder, eller ikke mere af en slags. Beskederne følger det allerede.",
        "Wants no more messages, or no more of one kind. The messages follow that already.",
    ),
    (
        TaskKind.TELEGRAM,
        {"inbox": "i"},
        "Vil hellere bruge Telegram. Giv en kode.",
        "Would rather use Telegram. Hand out a code.",
    ),
    (
        TaskKind.WRONG_NUMBER,
        {"inbox": "i"},
        "Det er ikke det rette nummer, og vi har taget det ud. Find det nye.",
        "The number is wrong and was removed. Find the right one.",
    ),
    (
        TaskKind.NO_ANSWER,
        {"reason": "why_invite_no_answer"},
        "Intet svar i en uge på, om vi må skrive. Medvind spørger ikke igen. Spørg selv, næste gang I ses.",
        "No answer for a week to whether we may write. Medvind does not ask again. Ask yourself next time you meet.",
    ),
    (
        TaskKind.UNREAD,
        {"inbox": "i"},
        "Har skrevet, og ingen har læst det endnu. Læs det, og svar.",
        "Has written, and nobody has read it yet. Read it, and answer.",
    ),
    (
        TaskKind.WROTE_AFTER_STOP,
        {"inbox": "i"},
        "Har skrevet efter at have sagt stop, og har intet svar fået. Læs det.",
        "Has written after saying stop, and got no answer. Read it.",
    ),
]


def test_every_kind_of_task_is_looked_at() -> None:
    assert {kind for kind, *_ in CASES} == set(TaskKind)


@pytest.mark.parametrize(("kind", "why", "danish", "english"), CASES)
async def test_a_task_says_what_it_is_about_on_the_list_and_on_the_card(
    api: Api, now: datetime, kind: TaskKind, why: Mapping[str, str], danish: str, english: str
) -> None:
    async with api.db.begin() as session:
        karin = await add_coach(session, session.vault, now=now)
        maja = await add_person(session, session.vault, coach_id=karin.id, now=now)
        await add_task(session, maja, kind=kind, why=why, now=now)
    token = await api.token(coach_id=karin.id)

    async def read(language: str) -> list[Any]:
        listed = (await api.get("/v1/tasks", token, accept_language=language)).json()["items"]
        on_card = (await api.get(f"/v1/participants/{maja.public_id}/card", token, accept_language=language)).json()["tasks"]
        assert listed == on_card
        return [(one["says"], one["why"]) for one in listed]

    assert await read("da") == [(danish, dict(why))]
    assert await read("en") == [(english, dict(why))]


async def test_what_somebody_wants_to_ask_is_read_by_their_own_coach_and_on_no_other_kind_of_task(
    api: Api, now: datetime
) -> None:
    async with api.db.begin() as session:
        karin = await add_coach(session, session.vault, now=now)
        other = await add_coach(session, session.vault, email="other@kommune.example", now=now)
        maja = await add_person(session, session.vault, coach_id=karin.id, now=now)
        asked = await add_inbound(session, session.vault, maja, "spørg karin om en revisor", at=now)
        for kind in (TaskKind.NETWORK, TaskKind.LETTER):
            await add_task(session, maja, kind=kind, why={"inbox": asked.public_id}, now=now)
    token, stranger = await api.token(coach_id=karin.id), await api.token(coach_id=other.id)

    async def read(path: str) -> dict[str, str | None]:
        found = (await api.get(path, token)).json()
        return {one["kind"]: one["topic"] for one in found.get("tasks") or found["items"]}

    said = {"network": "spørg karin om en revisor", "letter": None}
    assert await read("/v1/tasks") == await read(f"/v1/participants/{maja.public_id}/card") == said
    assert (await api.get("/v1/tasks", stranger)).json()["items"] == []


async def test_what_is_due_comes_first_due_first_and_what_is_overdue_alone(api: Api, now: datetime) -> None:
    due = {
        "never": None,
        "later": timedelta(days=2),
        "past": timedelta(hours=-1),
        "soon": timedelta(hours=1),
        "now": timedelta(),
    }
    async with api.db.begin() as session:
        karin = await add_coach(session, session.vault, now=now)
        maja = await add_person(session, session.vault, coach_id=karin.id, now=now)
        for name, wait in due.items():
            await add_task(session, maja, why={"reason": name}, due_at=None if wait is None else now + wait, now=now)
    token = await api.token(coach_id=karin.id)

    async def read(wish: str) -> list[str]:
        return [one["why"]["reason"] for one in (await api.get(f"/v1/tasks?due={wish}", token)).json()["items"]]

    assert await read("any") == ["past", "now", "soon", "later"]
    assert await read("overdue") == ["past"]
    assert (await api.get("/v1/tasks?due=never", token)).status_code == 422


async def test_walking_through_what_is_due_meets_each_task_once(api: Api, now: datetime) -> None:
    async with api.db.begin() as session:
        karin = await add_coach(session, session.vault, now=now)
        maja = await add_person(session, session.vault, coach_id=karin.id, now=now)
        made = [
            await add_task(session, maja, due_at=now + timedelta(hours=number // 3), now=now + timedelta(seconds=-number))
            for number in range(7)
        ]
    token = await api.token(coach_id=karin.id)
    for limit in (1, 2, 3, 7):
        met = [item async for page in api.pages("/v1/tasks?due=any", token, limit) for item in page]
        assert sorted(item["id"] for item in met) == sorted(one.public_id for one in made)
        assert [item["due_at"] for item in met] == sorted(item["due_at"] for item in met)
