"""What came in, once: kept under the provider's id, understood, answered, all in the caller's transaction."""

from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from medvind.channels import Inbound, InboundKind
from medvind.flows.converse import Answer, Said, follow, join, leave_in_peace, owe_answers
from medvind.flows.plan import replan
from medvind.model import ChannelName, PublicId, RecipientType, TaskKind
from medvind.rules.replies import Joining, blank_national_id, read_reply, read_tap
from medvind.store import inbox, questions, tasks
from medvind.store.database import Session
from medvind.store.reach import find_person, say

LONGEST = 4096
STRANGER_ANSWERS = 3
"""Answers a day to one unknown sender: an answering robot must not be answered for ever."""

log = structlog.get_logger()


async def receive(session: Session, inbound: Inbound, now: datetime) -> bool:
    """Keeps what came and does what follows from it; False where it was here before and nothing was done."""
    text, seen = blank_national_id(inbound.text)
    raw, _ = blank_national_id(inbound.raw)
    kept = await inbox.keep(session, replace(inbound, text=text, raw=raw), now)
    if kept is None:
        return False
    row, public_id = kept
    person, meaning = await _react(session, inbound, row, public_id, text, now, national_id=seen)
    await inbox.understood(session, row, person, meaning)
    log.info("received", message=public_id, channel=inbound.channel, meaning=meaning)
    return True


async def quarantine(session: Session, inbound: Inbound, now: datetime) -> None:
    """Keeps what could not be handled, so that a person sees it and the rest goes on."""
    text, _ = blank_national_id(inbound.text)
    raw, _ = blank_national_id(inbound.raw)
    kept = await inbox.keep(session, replace(inbound, text=text, raw=raw), now)
    if kept is None:
        return
    row, public_id = kept
    person = await find_person(session, inbound.channel, inbound.sender)
    await inbox.understood(session, row, person, "unreadable")
    await tasks.raise_task(session, TaskKind.UNREADABLE, f"unreadable:{public_id}", person, {"inbox": public_id}, now)
    log.error("quarantined", message=public_id, channel=inbound.channel)


async def _react(
    session: Session, inbound: Inbound, row: int, message: PublicId, text: str, now: datetime, *, national_id: bool
) -> tuple[int | None, str]:
    """Whose it was, and what was made of it."""
    if inbound.kind == InboundKind.IGNORED:
        return None, "ignored"
    person = await find_person(session, inbound.channel, inbound.sender)
    if person is None:
        return await _stranger(session, inbound, row, message, text, now)
    said = Said(inbound.channel, row, message, person, now)
    match inbound.kind:
        case InboundKind.BLOCKED:
            await _blocked(session, person, inbound.channel, now)
            return person, "blocked"
        case InboundKind.UNBLOCKED:
            return person, "unblocked"
        case InboundKind.MEDIA:
            return person, await _for_a_human(session, said, "media")
        case InboundKind.TEXT if len(text) > LONGEST:
            return person, await _for_a_human(session, said, "too_long")
        case InboundKind.TEXT if national_id:
            return person, await _for_a_human(session, said, "national_id_seen")
        case _:
            waiting = await questions.open_for(session, person, now)
            reply = read_tap(text, waiting) if inbound.kind == InboundKind.BUTTON else read_reply(text, waiting)
            return person, await follow(session, said, reply)


async def _for_a_human(session: Session, said: Said, meaning: str) -> str:
    """What only a human can make something of. The receipt has the same name."""
    await leave_in_peace(session, said)
    await _answer(session, said, meaning)
    return meaning


async def _answer(session: Session, said: Said, text: str) -> None:
    to = (RecipientType.PARTICIPANT, said.person)
    await owe_answers(session, to, said.channel, said.id, said.now, [Answer(text, {})])


async def _stranger(
    session: Session, inbound: Inbound, row: int, message: PublicId, text: str, now: datetime
) -> tuple[int | None, str]:
    """A good code joins; anything else gets one fixed answer, the same for everybody, a few times a day at most."""
    reply = read_reply(text, []) if inbound.kind == InboundKind.TEXT else None
    answer = "stranger"
    if isinstance(reply, Joining) and inbound.channel == ChannelName.TELEGRAM:
        person = await join(session, inbound.sender, inbound.channel, reply.code, now)
        if person is not None:
            await _answer(session, Said(inbound.channel, row, message, person, now), "telegram_joined")
            return person, "joining"
        answer = "code_unknown"
    asked = inbound.kind in {InboundKind.TEXT, InboundKind.MEDIA, InboundKind.BUTTON}
    count = await inbox.count_from(session, inbound.channel, inbound.sender, now, timedelta(days=1))
    if asked and count <= STRANGER_ANSWERS:
        to = (RecipientType.STRANGER, row)
        await owe_answers(session, to, inbound.channel, message, now, [Answer(answer, {})])
    return None, "stranger"


async def _blocked(session: Session, person: int, channel: ChannelName, now: datetime) -> None:
    """Whoever blocks the bot has said no to this channel, without having to say why."""
    await say(session, person, [channel], given=False, how="blocked", now=now)
    await replan(session, person, now)
