"""What somebody asks for by a word of its own: what comes next, where the case is, why we wrote, own data, another language."""

from datetime import timedelta

from medvind.flows import alarm, network, own_card
from medvind.flows.filling import home_day
from medvind.flows.plan import load_policy, replan
from medvind.flows.resting import pause, stop_topic
from medvind.flows.said import ASKED_FOR_CALL, Answer, Said, by, promise, promise_call
from medvind.model import Ask, ChannelName, Milestone, PersonFacts, Rsvp, TaskKind
from medvind.rules.calendar import add_months
from medvind.rules.erasing import REGRET
from medvind.rules.meanings import (
    AskCoach,
    CallMe,
    Erase,
    Keep,
    Letter,
    MyCard,
    MyData,
    Next,
    Pause,
    Speak,
    Status,
    StopTopic,
    Telegram,
    Why,
    Wish,
)
from medvind.store import preferences, questions, talk, tasks
from medvind.store.database import Session
from medvind.store.facts import facts_of
from medvind.store.talk import Told

USUAL_WAIT = timedelta(days=60)
"""`It usually takes 2 months`: after that a case takes longer than usual."""
REMEMBERED = timedelta(days=14)
"""What left longer ago than this is not what somebody asks about."""
WRITTEN = "why_coach_word"
NEXT_DATE = {"vat": "next_vat", "b_tax": "next_b_tax", "tax_return": "next_tax_return"}
"""The text for the deadline that the next planned message of this kind is about."""


async def grant(session: Session, said: Said, wish: Wish) -> list[Answer]:
    """What follows, and what is answered: by SMS no more than a reminder would say."""
    match wish:
        case Next():
            return [await _next(session, said)]
        case Status():
            return [_status((await facts_of(session, [said.person]))[said.person], said)]
        case Why():
            return await _why(session, said)
        case Pause():
            return await pause(session, said, wish)
        case StopTopic(topic):
            return await stop_topic(session, said, topic)
        case Letter():
            await promise(session, said, TaskKind.LETTER, f"letter:{said.id}", {"inbox": said.id})
            return [Answer("strange_letter")]
        case MyData() | Erase():
            asked = (TaskKind.MY_DATA, "my_data") if isinstance(wish, MyData) else (TaskKind.ERASE, "erase")
            return [await _data(session, said, *asked)]
        case MyCard():
            return [await own_card.ask_for(session, said)]
        case AskCoach():
            return await network.asked(session, said, wish)
        case Keep():
            return await _keep(session, said)
        case Telegram():
            return [await _telegram(session, said)]
        case Speak(language):
            await preferences.speak(session, said.person, language)
            await replan(session, said.person, said.now)
            return [Answer("language_changed")]


async def call(session: Session, said: Said, wish: CallMe) -> list[Answer]:
    """By the next weekday, on the list once; right after words of danger that would be the wrong thing to promise.

    Who names a time is promised no other: their coach can read it.
    """
    if after_danger := await alarm.wants_a_call(session, said):
        return after_danger
    waiting = (await tasks.open_of(session, said.person, TaskKind.CALL)).values()
    if not any(why.get("reason") == ASKED_FOR_CALL for why in waiting):
        await promise_call(session, said, ASKED_FOR_CALL, said.id, inbox=said.id)
    return [Answer("call_when" if wish.at_a_time else "call_me")]


async def _telegram(session: Session, said: Said) -> Answer:
    """The coach hands out the code: whoever holds the phone must not move the thread away by themselves."""
    if said.channel == ChannelName.TELEGRAM:
        return Answer("help")
    if await tasks.waiting(session, said.person, TaskKind.TELEGRAM) is None:
        await promise(session, said, TaskKind.TELEGRAM, f"telegram:{said.id}", {"inbox": said.id})
    return Answer("telegram_asked")


async def _next(session: Session, said: Said) -> Answer:
    """The nearest of the meetings that they have not said no to and of the dates that something is planned for."""
    facts = (await facts_of(session, [said.person]))[said.person]
    ahead = [one for one in facts.meetings if not one.cancelled and one.starts_at > said.now]
    meetings = [one for one in ahead if one.rsvp != Rsvp.NO]
    meeting = min(meetings, key=lambda one: one.starts_at, default=None)
    dates = [one for one in await talk.coming_dates(session, said.person) if one.kind in NEXT_DATE]
    date = min(dates, key=lambda one: one.day, default=None)
    if meeting and (date is None or meeting.starts_at.date() <= date.day):
        return Answer("next_meeting", {"meeting": meeting.id, "sequence": str(meeting.sequence)})
    return Answer(NEXT_DATE[date.kind], date.subject) if date else Answer("next_none")


def _status(facts: PersonFacts, said: Said) -> Answer:
    ended, promised = (facts.milestones.get(one) for one in (Milestone.COURSE_ENDED, Milestone.PAYOUT_PROMISED))
    started = facts.milestones.get(Milestone.BUSINESS_STARTED)
    if Milestone.PAID_OUT in facts.milestones or (started and started <= said.today):
        return Answer("status_done")
    if ended is None or ended > said.today:
        return Answer("status_none")
    if said.today > (promised or ended + USUAL_WAIT):
        return Answer("status_long")
    return Answer("status", {"week": str((said.today - ended).days // 7 + 1)})


async def _why(session: Session, said: Said) -> list[Answer]:
    """The reason of the last message, the date that it hangs on, and how to stop its kind; of each that came in one."""
    told = await talk.last_told(session, said.person, said.now - REMEMBERED)
    return [_reason(one) for one in told] or [Answer("why_none")]


def _reason(told: Told) -> Answer:
    """Words of a coach hang on no date but their own."""
    day = {"day": home_day(told.at).isoformat()} if told.why == WRITTEN else {}
    topic = {"topic": told.topic.value} if told.topic else {}
    return Answer("why_answer", {**told.values, **day, "why": told.why, **topic})


async def _data(session: Session, said: Said, kind: TaskKind, text: str) -> Answer:
    """Within a month, as the law wants (GDPR Art. 12(3)), on a day at work; asked again meanwhile, the day stays."""
    waiting = await tasks.waiting(session, said.person, kind)
    if waiting and waiting.due_at:
        day = waiting.due_at.astimezone(by(said.today).tzinfo).date()
    else:
        day = (await load_policy(session)).days.at_work_by(add_months(said.today, 1), said.today)
    if waiting is None:
        await tasks.raise_task(session, kind, f"{kind}:{said.id}", said.person, {"inbox": said.id}, said.now, by(day))
    return Answer(text, {"deadline": day.isoformat()})


async def _keep(session: Session, said: Said) -> list[Answer]:
    """Takes a wish to be deleted back. Who isn't sure whether there is one is told that nothing is under way."""
    waiting = await tasks.waiting(session, said.person, TaskKind.ERASE)
    if waiting is None:
        return [Answer("erase_none")]
    if said.at - waiting.created_at > REGRET:
        return [Answer("erase_too_late")]
    await tasks.close(session, [waiting.key], said.now)
    await questions.close_all(session, said.person, Ask.KEEP, said.now)  # a NEJ after it is about something else
    return [Answer("erase_kept")]
