"""Peace and its end: STOP for everything or one kind, PAUSE for a while, START again, and rest when a human must come first."""

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta

import structlog

from medvind.errors import InvalidError
from medvind.flows.plan import load_policy, replan
from medvind.flows.said import ANSWER_WITHIN, HOME, Answer, Said
from medvind.flows.wording import version_now
from medvind.model import AddressState, Ask, ChannelName, PauseReason, RecipientType, TaskKind, Topic, Viewer
from medvind.rules.meanings import Pause
from medvind.rules.pause_words import Day, Over, Span, Unclear, Weekday
from medvind.rules.sending import is_quiet
from medvind.store import inbox, outbox, pauses, questions, talk, tasks, views
from medvind.store.database import Session
from medvind.store.preferences import language_of
from medvind.store.reach import WRONG, Reach, activate, reach_of, say, set_state

log = structlog.get_logger()
USUAL = timedelta(days=14)
"""A pause for which no end was named."""
LONGEST = timedelta(days=90)
"""Longer than this a coach decides: deadlines pass in it."""
REST = timedelta(hours=24)
NAME_START = ("stop", "stopped_kind", "paused")
"""The texts that say how to begin again."""
OVER = frozenset(Ask) - {Ask.RSVP, Ask.CHECK_IN, Ask.VAT, Ask.TAX_RETURN, Ask.WHICH, Ask.AGAIN}
"""After a STOP a JA orders nothing. What says how things are, a NEJ to a meeting say, is still told to the coach."""
EVER = datetime(2000, 1, 1, tzinfo=UTC)
NEVER = date(2999, 12, 31)
"""A kind that is stopped begins again when the person says so."""


async def stop(session: Session, said: Said, reach: Reach, *, stopped: bool) -> list[Answer]:
    """No to everything on every channel, in the same breath as what was planned is cancelled. Confirmed once.

    Nothing is planned here: a rule that fails must not stand in the way of a stop. The coach sees it on the list; what else
    they must hear follows with the next look at all plans.
    """
    await _end(session, said.person, {said.channel, *_ways(reach)}, how="STOP", at=said.at, now=said.now)
    if stopped:
        return []
    await tell(session, said, "all")
    return [Answer("stop", _named_beside(said.channel, reach))]


async def stop_for(session: Session, viewer: Viewer, public_id: str, now: datetime) -> ChannelName | None:
    """The same at a coach's tap, for who has asked them to: on which way it is confirmed, None where nowhere.

    Nobody has written, so the confirmation is no answer: it doesn't come at a quiet hour, and not to whom nothing went.
    Raises NotFoundError where it isn't one of the coach's own people.
    """
    person = (await views.person(session, public_id, seen_by=viewer)).row
    reach = (await reach_of(session, [person]))[person]
    await _end(session, person, _ways(reach) or {ChannelName.SMS}, how=f"coach {viewer.token_id}", at=now, now=now)
    way = reach.way()
    if way is None or is_quiet(now, await load_policy(session), HOME, None):
        return None
    to, here = (RecipientType.PARTICIPANT, person), way.channel
    subject, until = _named_beside(here, reach), now + ANSWER_WITHIN
    await outbox.reply(session, to, here, f"stopped:{now.isoformat()}", "stop", now=now, valid_until=until, subject=subject)
    return here


async def _end(
    session: Session, person: int, channels: Collection[ChannelName], *, how: str, at: datetime, now: datetime
) -> None:
    await say(session, person, channels, given=False, how=how, now=at)
    for ask in OVER:
        await questions.close_all(session, person, ask, now)
    await outbox.stop(session, person, but="stop")


def _ways(reach: Reach) -> set[ChannelName]:
    """Of a number that is dead a yes may stand all the same."""
    there = {address.channel for address in reach.addresses}
    return there | {channel for channel in ChannelName if reach.consent(channel).purposes}


def _named_beside(here: ChannelName, reach: Reach) -> dict[str, str]:
    """The other channel that is closed by this stop too. Whoever holds a number without a yes isn't told that there is one."""
    address = reach.on(here)
    others = [channel for channel in ChannelName if channel != here and reach.is_open(channel)]
    return {"other_channel": others[0]} if others and address and address.state == AddressState.ACTIVE else {}


async def tell(session: Session, said: Said, what: str) -> None:
    """The coach plans by what is still written about: `all`, a topic, or `no` to the invitation."""
    await tasks.raise_task(session, TaskKind.STOPPED, f"stopped:{said.id}", said.person, {"reason": what}, said.now)


async def start(session: Session, said: Said, reach: Reach) -> list[Answer]:
    """Everything again: after a STOP, after a pause, and of a kind that was stopped.

    Who comes back is welcomed back; whoever says yes for the first time reads what they say yes to, as after a JA. `reach`: as
    it was before.
    """
    first = not await inbox.yes_since(session, said.person, EVER)
    ended = await pauses.end_all(session, said.person, now=said.now, today=said.today)
    await tasks.close_of(session, said.person, TaskKind.STOPPED, said.now)
    for ask in (Ask.INVITE, Ask.STOP):
        await questions.close_all(session, said.person, ask, said.now)
    answers = ["consent_yes", "consent_info"] if first else [_start_text(reach, said.channel, ended)]
    await opt_in(session, said, how="START", version=await _told_of_start(session, said, answers[-1]))
    return [Answer(answer) for answer in answers]


async def _told_of_start(session: Session, said: Said, answer: str) -> str:
    """The version of what they had last read of how to begin, a stop's confirmation say; else of what answers them now."""
    read = await talk.last_read(session, said.person, NAME_START, said.at)
    return read or await version_now(session, answer, await language_of(session, said.person), said.channel)


def _start_text(reach: Reach, here: ChannelName, ended: Collection[PauseReason]) -> str:
    """What START has changed: `ended` pauses, a number that is theirs, a stop; or nothing."""
    if not reach.has_stopped and not {PauseReason.STOPPED, PauseReason.REST}.issuperset(ended):
        return "pause_ended"
    if here == ChannelName.SMS and reach.has_moved:
        return "number_confirmed"
    return "already_in" if reach.is_open(here) and not ended else "start"


async def opt_in(session: Session, said: Said, how: str, version: str | None = None) -> None:
    """Yes on this channel, from now on."""
    await say(session, said.person, [said.channel], given=True, how=how, now=said.at, text_version=version)
    await activate(session, said.person, said.channel)
    await replan(session, said.person, said.now)


async def pause(session: Session, said: Said, wish: Pause) -> list[Answer]:
    """Nothing of any kind until that day; one that is there already gets this end. What can't be read is asked again."""
    if isinstance(wish.end, Over):
        return await _pause_over(session, said)
    until = _until(said.today, wish)
    if until is None or not said.today < until <= said.today + LONGEST:
        return [Answer("pause_unclear")]
    await pauses.begin(session, said.person, None, until, PauseReason.ASKED, now=said.now, today=said.today)
    await replan(session, said.person, said.now)
    return [Answer("paused", {"deadline": until.isoformat()})]


async def _pause_over(session: Session, said: Said) -> list[Answer]:
    """The pause alone: what was stopped stays so, since only START says yes to that again."""
    ended = await pauses.end(session, said.person, None, now=said.now, today=said.today)
    await replan(session, said.person, said.now)
    return [Answer("pause_ended" if ended else "already_in")]


async def silent_on(session: Session, said: Said, topic: Topic, day: date) -> dict[str, str]:
    """Says that nothing of this kind will come on that day, for a text that would announce it: they wanted peace."""
    holds = await pauses.running(session, said.person, said.today)
    return {"silent": "silent"} if any(one.topic in {None, topic} and one.until > day for one in holds) else {}


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
        case Unclear() | Over():
            return None
        case Day(day, month, year):
            years = [year] if year else [today.year, today.year + 1]
            days = [found for one in years if (found := _day(one, month, day)) is not None]
            return next((found for found in days if found > today), None)
        case Weekday(number):
            return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)
        case Span(days):
            return today + timedelta(days=days)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
