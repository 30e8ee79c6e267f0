"""Free words that mean something beside what went before: a thank you, and a day."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from medvind.flows import alarm
from medvind.flows.said import HOME, Said
from medvind.model import Ask
from medvind.rules.days_said import is_the_day, may_be_the_day, names_a_day
from medvind.rules.meanings import FreeText, HalfYes, More, No, OpenQuestion, Reply, Thanks, Yes
from medvind.rules.sentences import is_thanks
from medvind.rules.taking import ASIDE, BY_THE_WAY, says_it_was_read
from medvind.rules.words import wording_of
from medvind.store import questions, talk
from medvind.store.database import Session
from medvind.store.facts import facts_of

THANKED_WITHIN = timedelta(hours=24)
"""What we said longer ago is not what somebody says thank you for."""
ASKS_TO_COME = frozenset({"meeting_invite", "meeting_chase", "network_day", "old_button_meeting"})
"""The texts that end with `Kommer du?`; a reminder wants no more than that it is read."""
WANTS_MORE = frozenset({Ask.INVITE, Ask.CHECK_IN, Ask.CALL, Ask.WHICH, Ask.WORD, Ask.TOPIC})
"""What is not answered by a thank you, and isn't asked again by itself."""


async def looked_at(session: Session, said: Said, reply: Reply, text: str, waiting: Sequence[OpenQuestion]) -> Reply:
    """What it means beside what went before; else it is what it was. `waiting`: what was open when it was said."""
    match reply:
        case FreeText() if is_thanks(text) and _is_asked_to_come(waiting):
            return HalfYes(waiting[0])
        case FreeText() if is_thanks(text):
            return Thanks() if await _needs_no_answer(session, said, waiting) else reply
        case Yes(question) if says_it_was_read(text):
            after_a_receipt = await talk.said_lately(session, said.person, BY_THE_WAY, question.asked_at)
            return Thanks() if after_a_receipt else reply
        case Yes(question) | No(question) if question.ask == Ask.RSVP and names_a_day(words := wording_of(text).tokens):
            return reply if await _is_of_that_day(session, said, question, words, may_be_the_day) else HalfYes(question)
        case HalfYes(question, words) if words and await _is_of_that_day(session, said, question, words):
            return No(question, More.TOLD)
        case _:
            return reply


def _is_asked_to_come(waiting: Sequence[OpenQuestion]) -> bool:
    """Whether the last thing that was asked is whether they come: a thank you for it doesn't say so."""
    return bool(waiting) and waiting[0].text in ASKS_TO_COME and not waiting[0].answered


async def _needs_no_answer(session: Session, said: Said, waiting: Sequence[OpenQuestion]) -> bool:
    """We wrote, and they are glad. What their coach wrote is theirs to hear the answer to, and danger is never silence."""
    for question in waiting:
        waits = question.ask in WANTS_MORE and question.text not in ASIDE
        if waits and await questions.last_answer(session, question.id) is None:
            return False
    since = said.at - THANKED_WITHIN
    if await talk.coach_wrote(session, said.person, since):
        return False
    if await alarm.comes_first(session, said):
        return False
    return await talk.wrote(session, said.person, since)


async def _is_of_that_day(
    session: Session,
    said: Said,
    question: OpenQuestion,
    words: Sequence[str],
    is_meant: Callable[[Sequence[str], date, date], bool] = is_the_day,
) -> bool:
    """Whether the day that they can't is the one on which this meeting is."""
    meetings = (await facts_of(session, [said.person]))[said.person].meetings
    day = next((one.starts_at.date() for one in meetings if one.id == question.subject.get("meeting")), None)
    return day is not None and is_meant(words, said.at.astimezone(ZoneInfo(HOME)).date(), day)
