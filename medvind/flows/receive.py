"""What came in, once: kept under the provider's id, understood, answered, all in one transaction."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from medvind.channels import Inbound, InboundKind
from medvind.clock import Clock
from medvind.errors import ConflictError, DatabaseAwayError
from medvind.flows import alarm, everyday, fall_back, newcomers, no_first, own_card, private_matters, second_address
from medvind.flows.converse import follow, is_stopped, leave_in_peace, tell_after_stop
from medvind.flows.join import WELCOME, join
from medvind.flows.late import follow_late, stop_beside
from medvind.flows.said import HOME, Answer, Said, owe_answers
from medvind.model import Ask, ChannelName, Danger, PublicId, RecipientType, TaskKind
from medvind.rules.caps import HEARD_WITHIN, MOST_HEARD, counts_unproven, holds_beside_national_id, is_always_heard
from medvind.rules.danger import says_helped
from medvind.rules.meanings import Help, Joining, MaybeStop, OpenQuestion, OptIn, PrivateMatter, Reply, Stop
from medvind.rules.national_id import BLANKED, blank_national_id
from medvind.rules.replies import read_reply, read_sent_code, read_tap
from medvind.store import inbox, invites, questions, talk, tasks
from medvind.store.database import Database, Session
from medvind.store.reach import find_person, is_unproven, lives_again

LONGEST = 4096
STRANGER_ANSWERS = 3
"""Answers a day to one unknown sender: an answering robot must not be answered for ever."""
CODE_TRIES = 10
"""Messages a day from one unknown sender in which a code from an SMS is looked for: such a one is short."""
TRIES = 3
"""What fails each time is neither a race nor a passing fault."""
WHO_WRITES, ONCE = "who_writes", timedelta(hours=1)
READ, PEACE = (InboundKind.TEXT, InboundKind.BUTTON), (InboundKind.BLOCKED, InboundKind.UNBLOCKED)
"""What has words in it, and what says by itself whether somebody wants to be left in peace."""
log = structlog.get_logger()


async def take_in(db: Database, inbound: Inbound, clock: Clock) -> bool:
    """Receives it in a transaction of its own; False where it was here before. What fails three times a person gets to see.

    Raises DatabaseAwayError, and then nothing was done; ConflictError where even keeping it unread loses every race.
    """
    for _ in range(TRIES):
        try:
            async with db.begin() as session:
                return await receive(session, inbound, clock.now())
        except DatabaseAwayError:
            raise
        except ConflictError:
            continue
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not cost the message
            log.error("receive_failed", error=type(error).__name__)  # noqa: TRY400 - a traceback may hold words
    return await set_aside(db, inbound, clock)


async def set_aside(db: Database, inbound: Inbound, clock: Clock) -> bool:
    """Keeps it unread, in a transaction of its own. Raises DatabaseAwayError, and ConflictError where it loses every race."""
    for rest in reversed(range(TRIES)):
        try:
            async with db.begin() as session:
                return await quarantine(session, inbound, clock.now())
        except ConflictError:
            if not rest:
                raise
    return False


async def receive(session: Session, inbound: Inbound, now: datetime) -> bool:
    """Keeps what came and does what follows from it; False where it was here before and nothing was done."""
    text, seen = blank_national_id(inbound.text)
    secret = await own_card.is_secret(session, inbound, text, _said_at(inbound, now))
    kept = await inbox.keep(session, _readable(inbound, secret=secret), _said_at(inbound, now))
    if kept is None:
        return False
    row, public_id = kept
    person, meaning = await _react(session, inbound, row, public_id, text, now, national_id=seen)
    await inbox.understood(session, row, person, meaning)
    log.info("received", message=public_id, channel=inbound.channel, meaning=meaning)
    return True


async def quarantine(session: Session, inbound: Inbound, now: datetime) -> bool:
    """Keeps what could not be handled, so that a person sees it and the rest goes on; False where it was here before."""
    secret = await _may_be_secret(session, inbound, now)
    kept = await inbox.keep(session, _readable(inbound, secret=secret), _said_at(inbound, now))
    if kept is None:
        return False
    row, public_id = kept
    person = await find_person(session, inbound.channel, inbound.sender)
    person = person and await inbox.whose(session, person)
    await inbox.understood(session, row, person, "unreadable")
    await tasks.raise_task(session, TaskKind.UNREADABLE, f"unreadable:{public_id}", person, {"inbox": public_id}, now)
    log.error("quarantined", message=public_id, channel=inbound.channel)
    return True


def _readable(inbound: Inbound, *, secret: bool) -> Inbound:
    """As somebody may read it: without national ids, and of a secret nothing."""
    if secret:
        return replace(inbound, text=BLANKED, raw=BLANKED)
    (text, _), (raw, _) = blank_national_id(inbound.text), blank_national_id(inbound.raw)
    return replace(inbound, text=text, raw=raw)


async def _may_be_secret(session: Session, inbound: Inbound, now: datetime) -> bool:
    """The same question about what could not be handled, which must not be lost for it: who can't tell keeps it."""
    text, _ = blank_national_id(inbound.text)
    try:
        return await own_card.is_secret(session, inbound, text, _said_at(inbound, now))
    except (DatabaseAwayError, ConflictError):
        raise
    except Exception as error:  # noqa: BLE001 - reading it may be what fails
        log.error("secret_unknown", error=type(error).__name__)  # noqa: TRY400 - a traceback may hold words
        return False


def _said_at(inbound: Inbound, now: datetime) -> datetime:
    """Never later than now, whatever another clock says."""
    return min(inbound.at or now, now)


async def _react(
    session: Session, inbound: Inbound, row: int, message: PublicId, text: str, now: datetime, *, national_id: bool
) -> tuple[int | None, str]:
    """Whose it was, and what was made of it."""
    if inbound.kind == InboundKind.IGNORED:
        return None, "ignored"
    person = await find_person(session, inbound.channel, inbound.sender)
    person = person or await lives_again(session, inbound.channel, inbound.sender)
    if person is None:
        return await _stranger(session, inbound, row, message, text, now)
    person = await inbox.whose(session, person)
    said = Said(inbound.channel, row, message, person, now, _said_at(inbound, now))
    # an edit answers nothing that the words before it have brought about
    asked_by = (min(inbound.edits or said.at, said.at), inbound.edits is None)
    asked = await questions.open_for(session, person, said.at)
    waiting = [one for one in asked if (one.asked_at, one.in_reply) <= asked_by]
    level, unproven = await _level(session, inbound, text), await is_unproven(session, person, inbound.channel, inbound.sender)
    if level != Danger.NONE and not (says_helped(text) and await alarm.comes_first(session, said)):
        if not unproven:
            await no_first.take(session, said, text, waiting)
        return person, await _danger(session, said, level, _read(inbound, text, waiting), national_id=national_id)
    waiting = [one for one in waiting if one.ask == Ask.INVITE or not unproven]
    reply = await newcomers.looked_at(session, said, text, waiting, _read(inbound, text, waiting))
    if await _is_too_much(session, inbound, said, reply):
        return person, inbox.FLOOD
    if unproven and not (inbound.kind == InboundKind.TEXT and counts_unproven(reply)):
        return person, await _unproven(session, inbound, said, waiting)
    match inbound.kind:
        case InboundKind.BLOCKED:
            await _blocked(session, person, inbound.channel, now)
            return person, "blocked"
        case InboundKind.UNBLOCKED:
            return person, "unblocked"
        case InboundKind.MEDIA:
            return person, await _for_a_human(session, said, "media")
        case _:
            return person, await _words(session, inbound, said, text, waiting, reply, national_id=national_id)


async def _unproven(session: Session, inbound: Inbound, said: Said, waiting: Sequence[OpenQuestion]) -> str:
    """From a new number that has not said JA: kept for a person to read. Whoever holds it reads once an hour who asks what."""
    asked = inbound.kind == InboundKind.TEXT and any(question.ask == Ask.INVITE for question in waiting)
    if asked and not await talk.said_lately(session, said.person, (WHO_WRITES,), said.at - ONCE):
        await _answer(session, said, WHO_WRITES)
    return inbox.UNPROVEN


async def _words(
    session: Session,
    inbound: Inbound,
    said: Said,
    text: str,
    waiting: Sequence[OpenQuestion],
    reply: Reply,
    *,
    national_id: bool,
) -> str:
    """What was made of words or of a tap. A number that was taken out, or how long it is, makes no STOP and no answer void."""
    reply = await private_matters.looked_at(session, reply, text)
    reply = await everyday.looked_at(session, said, reply, text, waiting)
    if isinstance(reply, PrivateMatter):
        await no_first.take(session, said, text, waiting)
    if len(text) > LONGEST and not isinstance(reply, Stop | MaybeStop):
        return await _for_a_human(session, said, "too_long")
    if national_id and not holds_beside_national_id(reply):
        return await _for_a_human(session, said, "national_id_seen")
    if await second_address.is_about_another(session, said.person, inbound, reply):
        return inbox.UNPROVEN
    tells = national_id and (isinstance(reply, OptIn | Help) or not await is_stopped(session, said))
    meaning = await (follow if inbound.at is None else follow_late)(session, said, reply, waiting)
    if tells:  # afterwards: a stop takes back what is still to be said
        await _answer(session, said, "national_id_seen", name="national_id")
    return meaning


async def _level(session: Session, inbound: Inbound, text: str) -> Danger:
    """Of words that somebody wrote: a link's code is random, and one of some ten thousand reads like such words."""
    if inbound.kind != InboundKind.TEXT or isinstance(read_reply(text, []), Joining):
        return Danger.NONE
    return await alarm.level_in(session, text)


def _read(inbound: Inbound, text: str, waiting: Sequence[OpenQuestion]) -> Reply:
    """What it means beside what was open with this person when it was said."""
    return read_tap(text, waiting) if inbound.kind == InboundKind.BUTTON else read_reply(text, waiting)


async def _danger(session: Session, said: Said, level: Danger, reply: Reply, *, national_id: bool) -> str:
    """Words of danger are heard whatever else there is: after a STOP too, and however much somebody writes.

    A text may be both: a stop in it holds as well, and is confirmed after where help is.
    """
    confirmed = await stop_beside(session, said) if isinstance(reply, Stop) else []
    seen = [Answer("national_id_seen")] if national_id else []
    to, answers = (RecipientType.PARTICIPANT, said.person), [*await alarm.react(session, said, level), *confirmed, *seen]
    await owe_answers(session, to, said.channel, said.id, said.at, answers, name="danger")
    return f"danger_{level}"


async def _is_too_much(session: Session, inbound: Inbound, said: Said, reply: Reply) -> bool:
    """Whether it is kept and no more, since its sender has said so much this hour; the coach hears of it, once a day.

    Whoever wants to be left in peace is heard all the same.
    """
    if inbound.kind in PEACE or await inbox.heard(session, said.person, said.at, HEARD_WITHIN) < MOST_HEARD:
        return False
    if inbound.kind in READ and is_always_heard(reply):
        return False
    day = said.at.astimezone(ZoneInfo(HOME)).date()
    key, why = f"flood:{said.person}:{day}", {"day": day.isoformat()}
    await tasks.raise_task(session, TaskKind.FLOOD, key, said.person, why, said.now)
    return True


async def _for_a_human(session: Session, said: Said, meaning: str) -> str:
    """What only a human can make something of. The receipt has the same name; after a STOP there is none."""
    await leave_in_peace(session, said)
    if await is_stopped(session, said):
        await tell_after_stop(session, said)
    else:
        await _answer(session, said, meaning)
    return meaning


async def _answer(session: Session, said: Said, text: str, *, name: str = "reply") -> None:
    to = (RecipientType.PARTICIPANT, said.person)
    await owe_answers(session, to, said.channel, said.id, said.at, [Answer(text, {})], name=name)


async def _stranger(
    session: Session, inbound: Inbound, row: int, message: PublicId, text: str, now: datetime
) -> tuple[int | None, str]:
    """A good code joins; anything else gets one fixed answer, the same for everybody, a few times a day at most.

    START by Telegram, which the app makes everybody press first, has its own: it asks for the code, whoever pressed it.
    Words of danger are answered with where help is, whoever wrote them, and no code beside them is tried.
    """
    reply = read_reply(text, []) if inbound.kind == InboundKind.TEXT else None
    by_telegram = inbound.channel == ChannelName.TELEGRAM
    answer = "stranger_start" if by_telegram and isinstance(reply, OptIn) else "stranger"
    level = await _level(session, inbound, text)
    count, first = await inbox.lately_from(session, inbound.channel, inbound.sender, now, timedelta(days=1))
    typed = read_sent_code(text) if reply and level == Danger.NONE else None
    code = (reply.code if isinstance(reply, Joining) else typed) if by_telegram else None
    if code is not None:
        tried_out = invites.was_sent(code) and count > CODE_TRIES
        person = None if tried_out else await join(session, inbound.sender, message, code, now)
        if person is not None:
            await _answer(session, Said(inbound.channel, row, message, person, now, now), WELCOME)
            return person, "joining"
        answer = "code_unknown"
    asked = inbound.kind in {InboundKind.TEXT, InboundKind.MEDIA, InboundKind.BUTTON}
    if asked and code is None and await alarm.helps_stranger(session, inbound, message, level, now):
        answer, count = alarm.FOR_STRANGERS, 0
    if asked and count <= STRANGER_ANSWERS:
        to = (RecipientType.STRANGER, first or row)  # whoever writes twice is one person: one answer after the other
        await owe_answers(session, to, inbound.channel, message, _said_at(inbound, now), [Answer(answer, {})])
    return None, "stranger"


async def _blocked(session: Session, person: int, channel: ChannelName, now: datetime) -> None:
    """Whoever blocks the bot has said no to this channel, without having to say why; the rest may go by SMS."""
    await fall_back.close(session, person, channel, fall_back.STOPPED, "blocked", now)
