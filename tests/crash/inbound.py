"""What the providers tell us, each one to four times, out of order, to two processes at once: each has its effect once."""

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from medvind.model import ChannelName, State
from medvind.store.database import Session
from tests.crash.together import each_world
from tests.crash.verdict import Part
from tests.crash.world import FIRST_CHAT, LETTERS, SECRET, World, phone_of
from tests.people import Made, add_duty
from tests.standins.telegram_words import message
from tests.standins.twilio_words import inbound_form, signature, status_form
from tests.system.rig import free_port, wait_until

PEOPLE = 48
PROCESSES, AT_ONCE = 2, 16
MOST_TIMES, TRIES = 4, 20
LETTERBOX = "/webhooks/telegram"
FIRST_UPDATE = 700_000_000


@dataclass(frozen=True)
class Told:
    """One thing that a provider tells, as it is posted."""

    path: str
    headers: Mapping[str, str]
    form: Mapping[str, str] | None = None
    json: Any = None


@dataclass
class Heard:
    """What one database was told, and what came of it. `late`: answers other than 200 on the way."""

    told: int = 0
    posted: int = 0
    late: int = 0
    refused: int = 0
    effects: int = 0
    tasks: int = 0
    undelivered: int = 0
    answers: int = 0


def inbound(worlds: list[World], count: int, seed: int) -> Part:
    """P8 and P10: texts by SMS, updates by Telegram and news of what was sent, shared out over the databases."""
    share = count // len(worlds)
    heard = each_world(worlds, lambda world: _hear(world, share, random.Random(f"{seed}{world.kind}")))  # noqa: S311
    lines, broken = [], []
    for world, one in zip(worlds, heard, strict=True):
        lines.append(
            f"  {world.kind}: {one.told} told in {one.posted} posts to {PROCESSES} processes, effects {one.effects}; "
            f"{one.undelivered} undelivered gave {one.tasks} tasks, {one.answers} answers owed; "
            f"{one.late} posts were told to come again, {one.refused} never taken"
        )
        if one.effects != one.told or one.tasks != one.undelivered or one.refused:
            broken.append(f"{world.kind}: {one.effects} effects of {one.told}, {one.tasks} tasks for {one.undelivered}")
    lines.append(f"  effects {sum(one.effects for one in heard)} of {sum(one.told for one in heard)}")
    return Part("inbound doubled and shuffled", lines, broken)


def _hear(world: World, count: int, dice: random.Random) -> Heard:
    webhook = {"MEDVIND_TELEGRAM__MODE": "webhook", "MEDVIND_TELEGRAM__WEBHOOK_SECRET": SECRET}
    ports = [free_port() for _ in range(PROCESSES)]
    processes = [world.rig.start("api", **webhook, MEDVIND_PORT=str(port)) for port in ports]
    world.owe(PEOPLE)
    texts, updates = count * 2 // 5, count // 5
    truth = {f"SM{number:032x}": dice.choice(("delivered", "undelivered")) for number in range(count - texts - updates)}
    rows = world.in_store(lambda session: _sent(session, list(truth), world.now()))
    told = [*_texts(world, texts), *_updates(updates), *_news(world, truth, rows)]
    stale = [_status(world, sid, row, word) for sid, row in rows.items() for word in ("sent", "queued") if dice.random() < 0.2]
    posts = [one for one in [*told, *stale] for _ in range(dice.randint(1, MOST_TIMES))]
    dice.shuffle(posts)
    for process in processes:
        wait_until(lambda process=process: '"started"' in process.text(), "the API to start")  # type: ignore[misc]
    heard = Heard(len(told), len(posts))
    with asyncio.Runner() as runner:
        runner.run(_post_all(posts, ports, heard))
    _look(world, truth, rows, heard)
    assert [process.end() for process in processes] == [0] * PROCESSES
    return heard


def _look(world: World, truth: Mapping[str, str], rows: Mapping[str, Made], heard: Heard) -> None:
    """The effects, in our own table: nothing else could show them."""
    states = dict(world.ask("select id, state from outbox where text = 'crash'"))
    kept = int(world.ask("select count(*) from inbox where meaning is not null and meaning <> 'unreadable'")[0][0])
    heard.effects = kept + sum(states[rows[sid].id] == word for sid, word in truth.items())
    heard.undelivered = sum(word == "undelivered" for word in truth.values())
    heard.tasks = int(world.ask("select count(*) from tasks where kind = 'not_reached'")[0][0])
    heard.answers = int(world.ask("select count(*) from outbox where kind = 'reply'")[0][0]) - PEOPLE // len(LETTERS)


async def _sent(session: Session, sids: Sequence[str], now: datetime) -> dict[str, Made]:
    """Messages that left an hour ago, under the provider's ids."""
    people = cycle(range(1, PEOPLE + 1))
    found = {}
    for sid in sids:
        found[sid] = await add_duty(
            session,
            session.vault,
            Made(next(people), ""),  # type: ignore[arg-type]
            text="crash",
            state=State.SENT,
            channel=ChannelName.SMS,
            provider_id=sid,
            due_at=now - timedelta(hours=1),
        )
    return found


def _texts(world: World, count: int) -> list[Told]:
    found = []
    for number in range(count):
        words = f"Hvornår kommer der nyt om nr. {number}? æøå"
        form = inbound_form(phone_of(1 + number % PEOPLE), words, sid=f"SM9{number:031x}")
        found.append(_signed(world, "/webhooks/twilio/inbound", form))
    return found


def _updates(count: int) -> list[Told]:
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    made = (message(FIRST_UPDATE + one, FIRST_CHAT + 1 + one % PEOPLE, f"Hvad nu med nr. {one}?") for one in range(count))
    return [Told(LETTERBOX, headers, json=update) for update in made]


def _news(world: World, truth: Mapping[str, str], rows: Mapping[str, Made]) -> list[Told]:
    return [_status(world, sid, rows[sid], word) for sid, word in truth.items()]


def _status(world: World, sid: str, row: Made, word: str) -> Told:
    return _signed(world, f"/webhooks/twilio/status?o={row.public_id}", status_form(sid, "+4501000001", word))


def _signed(world: World, path: str, form: Mapping[str, str]) -> Told:
    """As Twilio signs it: over the address that it knows, whichever process answers there."""
    return Told(path, {"X-Twilio-Signature": signature(f"{world.rig.env['MEDVIND_PUBLIC_URL']}{path}", form)}, form)


async def _post_all(posts: Sequence[Told], ports: Sequence[int], heard: Heard) -> None:
    waiting = iter(posts)

    async def post_some(client: ClientSession, port: int) -> None:
        for told in waiting:
            for _ in range(TRIES):
                if await _post(client, port, told):
                    break
                heard.late += 1
            else:
                heard.refused += 1

    async with ClientSession(timeout=ClientTimeout(total=15)) as client, asyncio.TaskGroup() as tasks:
        for port in ports:
            for _ in range(AT_ONCE):
                tasks.create_task(post_some(client, port))


async def _post(client: ClientSession, port: int, told: Told) -> bool:
    """Whether it was taken; what is not is told again, as the providers do."""
    try:
        url = f"http://127.0.0.1:{port}{told.path}"
        async with client.post(url, headers=told.headers, data=told.form, json=told.json) as answer:
            return answer.status == 200
    except (ClientError, TimeoutError):
        return False
