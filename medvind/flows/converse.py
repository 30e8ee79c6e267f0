"""What follows from what somebody said: one `match`, from a meaning to its effect and its answer."""

import re
from collections.abc import Sequence

from medvind.flows import answering, resting, wishes
from medvind.flows.plan import load_policy, replan
from medvind.flows.said import HOME, Answer, Said, owe_answers, promise_call
from medvind.model import ChannelName, RecipientType
from medvind.rules.meanings import (
    Beside,
    CallMe,
    Choice,
    Done,
    FreeText,
    Help,
    Joining,
    Maybe,
    MaybeStop,
    No,
    NotAScore,
    OldTap,
    OpenQuestion,
    OptIn,
    PrivateWord,
    Reply,
    Score,
    Stop,
    Which,
    Yes,
)
from medvind.rules.sending import is_quiet
from medvind.store import talk
from medvind.store.database import Session
from medvind.store.reach import Reach, reach_of


async def follow(session: Session, said: Said, reply: Reply, waiting: Sequence[OpenQuestion]) -> str:
    """Does what follows and owes the answers; the meaning's name. After a STOP only START and HJÆLP are answered.

    `waiting`: what was open with this person when it was said.
    """
    reach = (await reach_of(session, [said.person]))[said.person]
    stopped = reach.answered and not any(reach.consent(channel).purposes for channel in ChannelName)
    answers = await _effect(session, said, reply, waiting, reach, stopped=stopped)
    if isinstance(reply, Stop | OptIn | Help) or not stopped:
        await owe_answers(session, (RecipientType.PARTICIPANT, said.person), said.channel, said.id, said.at, answers)
    return _name(reply)


async def _effect(
    session: Session, said: Said, reply: Reply, waiting: Sequence[OpenQuestion], reach: Reach, *, stopped: bool
) -> list[Answer]:
    """One case for each meaning; mypy points here when a new one has none."""
    match reply:
        case Stop():
            return await resting.stop(session, said, reach, stopped=stopped)
        case OptIn():
            return await resting.start(session, said, stopped=stopped)
        case Help():
            return [Answer("help")]
        case CallMe():
            await promise_call(session, said, "asked to be called", said.id)
            return [Answer("call_me")]
        case Joining():  # the link opened twice, say: the account is theirs, and no code is bad
            there = said.channel == ChannelName.TELEGRAM and reach.is_open(said.channel)
            return [Answer("telegram_joined" if there else "code_unknown")]
        case MaybeStop():
            await leave_in_peace(session, said)
            return [Answer("stop_unsure")]
        case FreeText():
            await leave_in_peace(session, said)
            return [await _receipt(session, said)]
        case Yes() | No() | Maybe() | Score() | Done():
            return await answering.heard(session, said, reply)
        case NotAScore() | Which() | Choice() | PrivateWord() | OldTap():
            return await _about_a_question(session, said, reply, waiting)
        case _:
            return await wishes.grant(session, said, reply)


async def _about_a_question(session: Session, said: Said, reply: Beside, waiting: Sequence[OpenQuestion]) -> list[Answer]:
    match reply:
        case NotAScore():
            return [Answer("checkin_invalid")]
        case Which():
            return await answering.ask_which(reply)
        case Choice():
            return await answering.choose(session, said, reply, waiting)
        case PrivateWord():
            return await wishes.open_card(session, said, reply)
        case OldTap():
            return await answering.old_tap(session, said, reply)


def _name(reply: Reply) -> str:
    """What the meaning is called in the inbox: `FreeText` is `free_text`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", type(reply).__name__).lower()


async def leave_in_peace(session: Session, said: Said) -> None:
    """A human wrote to a human: what was planned for the next half hour makes room."""
    await talk.talked(session, said.person, said.now)
    await replan(session, said.person, said.now)


async def _receipt(session: Session, said: Said) -> Answer:
    """Honest about when somebody reads it."""
    policy = await load_policy(session)
    return Answer("out_of_hours" if is_quiet(said.now, policy, HOME, None) else "unknown")
