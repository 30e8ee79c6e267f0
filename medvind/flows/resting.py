"""Peace and its end: STOP for everything or one kind, PAUSE for a while, START again, and rest when a human must come first."""

from datetime import date, timedelta

import structlog

from medvind.errors import InvalidError
from medvind.flows.plan import replan
from medvind.flows.said import Answer, Said
from medvind.model import AddressState, Ask, ChannelName, PauseReason, TaskKind, Topic
from medvind.rules.meanings import Pause
from medvind.rules.pause_words import Day, Unclear
from medvind.store import outbox, pauses, questions, tasks
from medvind.store.database import Session
from medvind.store.reach import WRONG, Reach, reach_of, say, set_state

log = structlog.get_logger()
USUAL = timedelta(days=14)
"""A pause for which no end was named."""
LONGEST = timedelta(days=90)
"""Longer than this a coach decides: deadlines pass in it."""
REST = timedelta(hours=24)
NEVER = date(2999, 12, 31)
"""A kind that is stopped begins again when the person says so."""


async def stop(session: Session, said: Said, reach: Reach, *, stopped: bool) -> list[Answer]:
    """No to everything on every channel, in the same breath as what was planned is cancelled. Confirmed once.

    Nothing is planned here: a rule that fails must not stand in the way of a stop. The coach sees it on the list; what else
    they must hear follows with the next look at all plans.
    """
    there = {address.channel for address in reach.addresses}  # of a number that is dead a yes may stand all the same
    channels = {said.channel, *there, *(channel for channel in ChannelName if reach.consent(channel).purposes)}
    await say(session, said.person, channels, given=False, how="STOP", now=said.at)
    await questions.close_all(session, said.person, Ask.INVITE, said.now)  # a later JA would be a yes to it
    await outbox.stop(session, said.person, but="stop")
    if stopped:
        return []
    await tell(session, said, "all")
    return [Answer("stop", _named_beside(said, reach))]


def _named_beside(said: Said, reach: Reach) -> dict[str, str]:
    """The other channel that is closed by this stop too. Whoever holds a number without a yes isn't told that there is one."""
    here = reach.on(said.channel)
    others = [channel for channel in ChannelName if channel != said.channel and reach.is_open(channel)]
    return {"other_channel": others[0]} if others and here and here.state == AddressState.ACTIVE else {}


async def tell(session: Session, said: Said, what: str) -> None:
    """The coach plans by what is still written about: `all`, a topic, or `no` to the invitation."""
    await tasks.raise_task(session, TaskKind.STOPPED, f"stopped:{said.id}", said.person, {"reason": what}, said.now)


async def start(session: Session, said: Said, *, stopped: bool) -> list[Answer]:
    """Everything again: after a STOP, after a pause, and of a kind that was stopped."""
    paused = await pauses.end_all(session, said.person, now=said.now, today=said.today)
    await tasks.close_of(session, said.person, TaskKind.STOPPED, said.now)
    await opt_in(session, said, how="START")
    return [Answer("pause_ended" if paused and not stopped else "start")]


async def opt_in(session: Session, said: Said, how: str, version: str | None = None) -> None:
    """Yes on this channel, from now on."""
    await say(session, said.person, [said.channel], given=True, how=how, now=said.at, text_version=version)
    address = (await reach_of(session, [said.person]))[said.person].on(said.channel)
    if address:
        await set_state(session, address.id, AddressState.ACTIVE)
    await replan(session, said.person, said.now)


async def pause(session: Session, said: Said, wish: Pause) -> list[Answer]:
    """Nothing of any kind until that day; one that is there already gets this end. What can't be read is asked again."""
    until = _until(said.today, wish)
    if until is None or not said.today < until <= said.today + LONGEST:
        return [Answer("pause_unclear")]
    await pauses.begin(session, said.person, None, until, PauseReason.ASKED, now=said.now, today=said.today)
    await replan(session, said.person, said.now)
    return [Answer("paused", {"deadline": until.isoformat()})]


async def wrong_number(session: Session, said: Said, reach: Reach) -> None:
    """Nothing goes to this number any more, and the coach looks for the right one. Nobody has said no: they were not asked."""
    address = reach.on(said.channel)
    if address is None:
        return
    await set_state(session, address.id, AddressState.DEAD, WRONG)
    key, why = f"wrong_number:{address.public_id}", {"inbox": said.id}
    await tasks.raise_task(session, TaskKind.WRONG_NUMBER, key, said.person, why, said.now)
    await replan(session, said.person, said.now)


async def stop_topic(session: Session, said: Said, topic: Topic) -> list[Answer]:
    """No more of this kind, until they say START."""
    await pauses.begin(session, said.person, topic, NEVER, PauseReason.STOPPED, now=said.now, today=said.today)
    await replan(session, said.person, said.now)
    await tell(session, said, topic.value)
    return [Answer("stopped_kind", {"topic": topic.value})]


async def rest(session: Session, said: Said) -> None:
    """A day in which nothing automatic is said."""
    await pauses.rest(session, said.person, said.now, said.now + REST)
    try:
        await replan(session, said.person, said.now)
    except (InvalidError, ValueError) as error:
        log.error("not_replanned", error=type(error).__name__)  # noqa: TRY400 - the message must be kept all the same


def _until(today: date, wish: Pause) -> date | None:
    """The day on which messages begin again; None where the calendar has no such day."""
    match wish.end:
        case None:
            return today + USUAL
        case Unclear():
            return None
        case Day(day, month, year):
            years = [year] if year else [today.year, today.year + 1]
            days = [found for one in years if (found := _day(one, month, day)) is not None]
            return next((found for found in days if found > today), None)
        case span:
            return today + timedelta(days=span.days)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
