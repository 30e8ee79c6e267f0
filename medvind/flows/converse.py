"""What follows from what somebody said: one `match`, from a meaning to its effect and its answer."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

from medvind.flows import alarm, answering, fall_back, own_card, private_matters, resting, wishes
from medvind.flows.plan import load_policy, replan
from medvind.flows.said import HOME, IN_TALK, Answer, Said, owe_answers
from medvind.model import Ask, ChannelName, RecipientType, TaskKind
from medvind.rules.meanings import (
    About,
    Beside,
    CallMe,
    Choice,
    Done,
    FreeText,
    Given,
    HalfYes,
    Help,
    Joining,
    Maybe,
    MaybeStop,
    More,
    No,
    NotAScore,
    OldTap,
    OpenQuestion,
    OptIn,
    PrivateMatter,
    PrivateWord,
    Reply,
    Score,
    ScoreAndMore,
    Slip,
    Stop,
    Thanks,
    Which,
    WhoWrites,
    WrongNumber,
    Yes,
    YesAfterNo,
)
from medvind.rules.sending import is_quiet
from medvind.rules.taking import OF_SOMETHING_ELSE
from medvind.store import inbox, questions, talk, tasks
from medvind.store.database import Session
from medvind.store.reach import Reach, reach_of

TOLD_HOW = timedelta(days=30)
"""So long somebody who has blocked the bot is not told again how to begin."""
TALKS_ON = timedelta(hours=12)
"""So long after a coach's own words what is written while the house is open goes on with their talk."""

UNSURE: Mapping[Ask, str] = {Ask.CHECK_IN: "checkin_invalid", Ask.RSVP: "rsvp_unclear"}
"""What asks what was meant; a slip of the keys before another question is told how to find the words."""
TOLD: Mapping[type[YesAfterNo | About], str] = {YesAfterNo: "yes_after_no", About: "consent_info"}
"""What only wants to be told something."""


async def follow(session: Session, said: Said, reply: Reply, waiting: Sequence[OpenQuestion]) -> str:
    """Does what follows and owes the answers; the meaning's name. After a STOP only START and HJÆLP are answered.

    And whatever follows words of danger. After a NEJ to the invitation a JA is answered too: it is a yes, or it is told how to
    say it.

    `waiting`: what was open with this person when it was said.
    """
    reach = (await reach_of(session, [said.person]))[said.person]
    stopped = reach.has_stopped
    reply = await _as_it_is_read(session, said, reply, waiting, stopped=stopped)
    answers = await _effect(session, said, reply, waiting, reach, stopped=stopped)
    if stopped and isinstance(reply, FreeText | PrivateMatter | MaybeStop | WhoWrites):
        await tell_after_stop(session, said)
    heard = isinstance(reply, Stop | OptIn | Help | YesAfterNo) or _is_a_first_yes(reply)
    if heard or not stopped or any(answer.text in alarm.NEVER_SILENT for answer in answers):
        await owe_answers(session, _to(said, reply, reach), said.channel, said.id, said.at, answers)
    return _name(reply)


def _is_a_first_yes(reply: Reply) -> bool:
    return isinstance(reply, Yes) and reply.question.ask == Ask.INVITE


async def _as_it_is_read(
    session: Session, said: Said, reply: Reply, waiting: Sequence[OpenQuestion], *, stopped: bool
) -> Reply:
    """What was not understood is asked about once a question; after that a person reads it, like what says no number wrong.

    So do they what answers neither of two, what is answered to `are you in danger?`, and of somebody who is no longer answered
    whether it is urgent.
    """
    match reply:
        case FreeText() if stopped and await _cannot_know_how(session, said):
            return YesAfterNo()
        case NotAScore(question) | HalfYes(question) | Slip(question):
            asked = await talk.said_lately(session, said.person, (_asks_back(question),), question.asked_at)
            return FreeText() if asked else reply
        case Yes(OpenQuestion(ask=Ask.URGENT)) | No(OpenQuestion(ask=Ask.URGENT)):
            return FreeText() if stopped or await alarm.comes_first(session, said) else reply
        case Which() if any(question.ask == Ask.WHICH for question in waiting):
            return FreeText()
        case Thanks() if await alarm.comes_first(session, said):
            return FreeText()
        case WrongNumber() if said.channel != ChannelName.SMS:
            return FreeText()
        case _:
            return reply


async def _cannot_know_how(session: Session, said: Said) -> bool:
    """Whether they blocked the bot, perhaps by a slip, and so never read how to begin again; they are told once."""
    if said.channel != ChannelName.TELEGRAM or await inbox.last_no(session, said.person) != fall_back.BLOCKED:
        return False
    return not await talk.said_lately(session, said.person, (TOLD[YesAfterNo],), said.at - TOLD_HOW)


def _to(said: Said, reply: Reply, reach: Reach) -> tuple[RecipientType, int]:
    """Whoever has a number that was not meant is answered once more, as the stranger they are."""
    if said.channel == ChannelName.SMS and _is_not_theirs(reply, reach):
        return RecipientType.STRANGER, said.inbox_id
    return RecipientType.PARTICIPANT, said.person


def _is_not_theirs(reply: Reply, reach: Reach) -> bool:
    """Whether this says that an SMS number is somebody else's; `reach`: as it was before."""
    match reply:
        case WrongNumber():
            return True
        case No(OpenQuestion(ask=Ask.INVITE)):
            return reach.has_moved
        case _:
            return False


async def is_stopped(session: Session, said: Said) -> bool:
    """Whether this person wants nothing from us on any channel."""
    return (await reach_of(session, [said.person]))[said.person].has_stopped


async def tell_after_stop(session: Session, said: Said) -> None:
    """Nobody is answered who has stopped, so the coach is told that there is something to read: once a day."""
    key = f"after_stop:{said.person}:{said.today.isoformat()}"
    await tasks.raise_task(session, TaskKind.WROTE_AFTER_STOP, key, said.person, {"inbox": said.id}, said.now)


async def obey(session: Session, said: Said) -> list[Answer]:
    """A stop beside something that weighs more; its confirmation is still to be owed."""
    reach = (await reach_of(session, [said.person]))[said.person]
    return await resting.stop(session, said, reach, stopped=reach.has_stopped)


async def _effect(
    session: Session, said: Said, reply: Reply, waiting: Sequence[OpenQuestion], reach: Reach, *, stopped: bool
) -> list[Answer]:
    """One case for each meaning; mypy points here when a new one has none."""
    match reply:
        case Stop():
            return await resting.stop(session, said, reach, stopped=stopped)
        case OptIn():
            return await resting.start(session, said, reach)
        case Help() | WhoWrites() | YesAfterNo() | About():
            return [Answer(await _how(session, said, reply, waiting))]
        case CallMe():
            return await wishes.call(session, said, reply)
        case Joining():  # the link opened twice, say: the account is theirs, and no code is bad
            there = said.channel == ChannelName.TELEGRAM and reach.is_open(said.channel)
            return [Answer("code_again" if there else "code_unknown")]
        case MaybeStop():
            await leave_in_peace(session, said)
            return [Answer("stop_unsure", {} if reply.plain else {OF_SOMETHING_ELSE: "1"})]
        case WrongNumber() | No() if said.channel == ChannelName.SMS and _is_not_theirs(reply, reach):
            return await _not_theirs(session, said, reply, reach)
        case Yes(OpenQuestion(ask=Ask.INVITE)) if said.channel == ChannelName.SMS and reach.has_moved:
            heard = await answering.heard(session, said, reply, waiting)
            return [Answer("number_confirmed")] if heard else []
        case FreeText() | PrivateMatter() | WrongNumber():
            return await _for_the_coach(session, said, private=isinstance(reply, PrivateMatter) and not stopped)
        case Yes() | No() | Maybe() | Score() | ScoreAndMore() | Done():
            return await _answered(session, said, reply, waiting)
        case NotAScore() | HalfYes() | Slip() | Which() | Choice() | PrivateWord() | OldTap() | Thanks():
            return await _about_a_question(session, said, reply, waiting)
        case _:
            return await wishes.grant(session, said, reply)


async def _how(
    session: Session, said: Said, reply: Help | WhoWrites | YesAfterNo | About, waiting: Sequence[OpenQuestion]
) -> str:
    """The text that says how things are done here; right after words of danger, where help is."""
    if isinstance(reply, Help | WhoWrites) and await alarm.is_near(session, said):
        return "danger_help"
    match reply:
        case Help(more):
            return "help_more" if more else "help"
        case WhoWrites():
            return "who_writes" if any(question.ask == Ask.INVITE for question in waiting) else "robot"
        case _:
            return TOLD[type(reply)]


async def _not_theirs(session: Session, said: Said, reply: WrongNumber | No, reach: Reach) -> list[Answer]:
    """The number is given up, and what it was asked with it. Nobody has said no to messages: who was meant was not asked."""
    if isinstance(reply, No):
        await questions.answer(session, reply.question.id, said.person, said.inbox_id, "no", said.at)
    await questions.close_all(session, said.person, Ask.INVITE, said.now)
    await resting.wrong_number(session, said, reach)
    return [Answer("wrong_number")]


async def _about_a_question(session: Session, said: Said, reply: Beside, waiting: Sequence[OpenQuestion]) -> list[Answer]:
    match reply:
        case Slip(question) if question.ask not in UNSURE:
            return [Answer(_asks_back(question))]
        case NotAScore(question) | HalfYes(question) | Slip(question):
            return [answering.again(said, _asks_back(question), question)]
        case Which():
            return answering.ask_which(reply)
        case Choice():
            return await answering.choose(session, said, reply, waiting)
        case PrivateWord():
            return await own_card.open_card(session, said, reply)
        case OldTap():
            return await answering.old_tap(session, said, reply)
        case Thanks():
            return []


def _asks_back(question: OpenQuestion) -> str:
    return UNSURE.get(question.ask, "unknown")


async def _answered(session: Session, said: Said, given: Given, waiting: Sequence[OpenQuestion]) -> list[Answer]:
    """What follows from an answer; a yes to `is it urgent?` while nobody is there is told where help is."""
    match given:
        case Yes(OpenQuestion(ask=Ask.URGENT) as asked) if await _nobody_is_there(session, said):
            return [Answer("danger_help")] if asked.text in alarm.HEAVY else await _receipt(session, said)
        case _:
            answers = await answering.heard(session, said, given, waiting)
            return [*answers, *await _asked_beside(session, said, given)]


async def _asked_beside(session: Session, said: Said, given: Given) -> list[Answer]:
    """Somebody reads what stands beside the answer; what was asked there has a receipt of its own."""
    if not isinstance(given, Yes | No) or given.more is None:
        return []
    await leave_in_peace(session, said)
    return await _receipt(session, said) if given.more is More.ASKED else []


async def _for_the_coach(session: Session, said: Said, *, private: bool = False) -> list[Answer]:
    """Words that only a human can make something of."""
    await leave_in_peace(session, said)
    if private and await _may_ask_to_call(session, said):
        return await private_matters.answer(session, said)
    return await _receipt(session, said)


def _name(reply: Reply) -> str:
    """What the meaning is called in the inbox: `FreeText` is `free_text`; an answer with more to read is called so."""
    name = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", type(reply).__name__).lower()
    return f"{name}_with_words" if isinstance(reply, Yes | No | Which) and reply.more else name


async def leave_in_peace(session: Session, said: Said) -> None:
    """A human wrote to a human: what was planned for the next half hour makes room."""
    await talk.talked(session, said.person, said.now)
    await replan(session, said.person, said.now)


async def _may_ask_to_call(session: Session, said: Said) -> bool:
    """After words of danger they must be able to write whatever it is."""
    return not await alarm.comes_first(session, said) and await private_matters.is_news(session, said)


async def _receipt(session: Session, said: Said) -> list[Answer]:
    """Honest about when somebody reads it. After words of danger nobody is told that they were not understood.

    In a talk with their coach a robot that has not understood would only come in between; that nobody reads at night is said
    as soon as the coach has been gone for an hour.
    """
    quiet = await _nobody_is_there(session, said)
    if await alarm.comes_first(session, said) or await alarm.is_near(session, said):
        return [alarm.again(quiet=quiet)]
    if await talk.coach_wrote(session, said.person, said.now - (IN_TALK if quiet else TALKS_ON)):
        return []
    return [Answer("out_of_hours" if quiet else "free_words")]


async def _nobody_is_there(session: Session, said: Said) -> bool:
    """Whether the house is closed now: then nobody is sent to a number that nobody answers."""
    return is_quiet(said.now, await load_policy(session), HOME, None)
