"""What follows from what somebody said: one `match`, from a meaning to its effect and its answer."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from medvind.flows.plan import load_policy, replan
from medvind.model import AddressState, Ask, ChannelName, PublicId, RecipientType, Rsvp, TaskKind
from medvind.rules.replies import (
    CallMe,
    Done,
    FreeText,
    Help,
    Joining,
    Maybe,
    No,
    NotAScore,
    OldTap,
    OpenQuestion,
    OptIn,
    Reply,
    Score,
    Stop,
    Yes,
)
from medvind.rules.sending import is_quiet
from medvind.store import outbox, questions, talk, tasks
from medvind.store.database import Session
from medvind.store.reach import Reach, reach_of, say, set_state

ANSWER_WITHIN = timedelta(minutes=15)
"""Later than this an answer would come out of the blue; the coach hears of it instead."""
HOME = "Europe/Copenhagen"
LOW, HIGH = 2, 4
PRAISE = {Ask.VAT: "vat_done", Ask.TAX_RETURN: "tax_return_done"}


@dataclass(frozen=True, slots=True)
class Said:
    """Something a person we know has said: on which channel, the inbox's row of it, and when.

    `at` is earlier than `now` where we heard of it only afterwards: a yes, a no and an answer hold from then on, and what is
    answered back is too late when it would be for somebody who wrote then.
    """

    channel: ChannelName
    inbox_id: int
    id: PublicId
    person: int
    now: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What the person reads back: a key of the catalogue and the facts it needs."""

    text: str
    subject: dict[str, str]


async def follow(session: Session, said: Said, reply: Reply) -> str:
    """Does what follows and owes the answers; the meaning's name. After a STOP only START and HJÆLP are answered."""
    reach = (await reach_of(session, [said.person]))[said.person]
    stopped = reach.answered and not any(reach.consent(channel).purposes for channel in ChannelName)
    again = isinstance(reply, Yes | No | Maybe | Score | Done) and await _just_said(session, said, reply)
    answers = [] if again else await _effect(session, said, reply, reach, stopped=stopped)
    if isinstance(reply, Stop | OptIn | Help) or not stopped:
        await owe_answers(session, (RecipientType.PARTICIPANT, said.person), said.channel, said.id, said.at, answers)
    return _name(reply)


async def owe_answers(
    session: Session,
    to: tuple[RecipientType, int],
    channel: ChannelName,
    message: PublicId,
    now: datetime,
    answers: list[Answer],
) -> None:
    """Puts answers to one message into the outbox, in their order, on the channel they came by."""
    for number, answer in enumerate(answers, 1):
        await outbox.reply(
            session,
            to,
            channel,
            f"reply:{message}:{number}",
            answer.text,
            now=now,
            valid_until=now + ANSWER_WITHIN,
            subject=answer.subject,
        )


async def _effect(session: Session, said: Said, reply: Reply, reach: Reach, *, stopped: bool) -> list[Answer]:
    """One case for each meaning; mypy points here when a new one has none."""
    match reply:
        case Stop():
            return await _stop(session, said, reach, stopped=stopped)
        case OptIn():
            return await _opt_in(session, said, how="START")
        case Help():
            return [Answer("help", {})]
        case CallMe():
            await _call(session, said, "asked to be called", said.id)
            return [Answer("call_me", {})]
        case Joining():  # the link opened twice, say: the account is theirs, and no code is bad
            there = said.channel == ChannelName.TELEGRAM and reach.is_open(said.channel)
            return [Answer("telegram_joined" if there else "code_unknown", {})]
        case Yes(question) | No(question) | Maybe(question):
            return await _yes_or_no(session, said, reply, question)
        case Score(question, value):
            return await _score(session, said, question, value)
        case NotAScore():
            return [Answer("checkin_invalid", {})]
        case Done(question):
            await _keep(session, said, question, "done")
            return [Answer(PRAISE[question.ask], dict(question.subject))]
        case OldTap():
            return [Answer("help", {})]
        case FreeText():
            await leave_in_peace(session, said)
            return [await _receipt(session, said)]
        case _:
            assert_never(reply)


async def _just_said(session: Session, said: Said, reply: Yes | No | Maybe | Score | Done) -> bool:
    """Whether this is the last answer over again, a second tap say: it has its reply already."""
    before = await questions.last_answer(session, reply.question.id)
    return before is not None and before[0] == _value(reply) and said.at - before[1] < ANSWER_WITHIN


def _name(reply: Reply) -> str:
    """What the meaning is called in the inbox: `FreeText` is `free_text`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", type(reply).__name__).lower()


def _value(reply: Yes | No | Maybe | Score | Done) -> str:
    """An answer as it is kept."""
    return str(reply.value) if isinstance(reply, Score) else type(reply).__name__.lower()


async def _stop(session: Session, said: Said, reach: Reach, *, stopped: bool) -> list[Answer]:
    """No to everything on every channel, in the same breath as what was planned is cancelled. Confirmed once.

    Nothing is planned here: a rule that fails must not stand in the way of a stop. What a coach must hear follows with the
    next look at all plans.
    """
    channels = {said.channel, *(address.channel for address in reach.addresses)}
    await say(session, said.person, channels, given=False, how="STOP", now=said.at)
    await outbox.stop(session, said.person, but="stop")
    return [] if stopped else [Answer("stop", {})]


async def _opt_in(session: Session, said: Said, how: str, version: str | None = None) -> list[Answer]:
    """Yes on this channel, from now on."""
    await say(session, said.person, [said.channel], given=True, how=how, now=said.at, text_version=version)
    address = (await reach_of(session, [said.person]))[said.person].on(said.channel)
    if address:
        await set_state(session, address.id, AddressState.ACTIVE)
    await replan(session, said.person, said.now)
    return [Answer("start", {})]


async def _yes_or_no(session: Session, said: Said, reply: Yes | No | Maybe, question: OpenQuestion) -> list[Answer]:
    if question.ask == Ask.INVITE:
        return await _invitation(session, said, question, yes=isinstance(reply, Yes))
    if question.ask == Ask.CALL:
        return await _offered_call(session, said, question, yes=isinstance(reply, Yes))
    rsvp, about = Rsvp(_value(reply)), question.subject
    counts = await questions.rsvp(session, about["meeting"], said.person, rsvp, said.at, int(about["sequence"]))
    await _keep(session, said, question, rsvp)
    if not counts:  # the meeting has changed since: that is said, and asked, on its own
        return []
    if rsvp == Rsvp.NO:
        await _call(session, said, "cannot come to the meeting", question.id, meeting=question.subject["meeting"])
    return [Answer(f"rsvp_{rsvp}", dict(question.subject))]


async def _invitation(session: Session, said: Said, question: OpenQuestion, *, yes: bool) -> list[Answer]:
    await _keep(session, said, question, "yes" if yes else "no")
    await questions.close_all(session, said.person, Ask.INVITE, said.now)
    version = await questions.text_version(session, question.id)
    if yes:
        await _opt_in(session, said, how="JA", version=version)
        return [Answer("consent_yes", {}), Answer("consent_info", {})]
    await say(session, said.person, [said.channel], given=False, how="NEJ", now=said.at, text_version=version)
    await outbox.stop(session, said.person, but="consent_no")
    return [Answer("consent_no", {})]


async def _offered_call(session: Session, said: Said, question: OpenQuestion, *, yes: bool) -> list[Answer]:
    """Each yes is a wish of its own: the question stays open for weeks, and the call of an earlier yes may be over."""
    await _keep(session, said, question, "yes" if yes else "no")
    if not yes:
        return [Answer("call_no", {})]
    await _call(session, said, "asked to be called", said.id, **question.subject)
    return [Answer("call_me", {})]


async def _score(session: Session, said: Said, question: OpenQuestion, value: int) -> list[Answer]:
    await _keep(session, said, question, str(value))
    if value <= LOW:
        await _call(session, said, "answered low", question.id)
        return [Answer("checkin_low", {})]
    return [Answer("checkin_high" if value >= HIGH else "checkin_mid", {})]


async def leave_in_peace(session: Session, said: Said) -> None:
    """A human wrote to a human: what was planned for the next half hour makes room."""
    await talk.talked(session, said.person, said.now)
    await replan(session, said.person, said.now)


async def _receipt(session: Session, said: Said) -> Answer:
    """Honest about when somebody reads it."""
    policy = await load_policy(session)
    return Answer("out_of_hours" if is_quiet(said.now, policy, HOME, None) else "unknown", {})


async def _keep(session: Session, said: Said, question: OpenQuestion, value: str) -> None:
    """Keeps the answer and plans anew: what was answered may silence what was still to come."""
    await questions.answer(session, question.id, said.person, said.inbox_id, value, said.at)
    await replan(session, said.person, said.now)


async def _call(session: Session, said: Said, why: str, cause: PublicId, **ids: str) -> None:
    """The text promises a call by the next weekday, so that stands on the coach's list; one cause makes one call."""
    zone = ZoneInfo(HOME)
    days = (await load_policy(session)).days
    day = days.open_from(said.now.astimezone(zone).date() + timedelta(days=1))
    due = datetime.combine(day, time(16), zone)
    await tasks.raise_task(session, TaskKind.CALL, f"call:{cause}", said.person, {"reason": why, **ids}, said.now, due)
