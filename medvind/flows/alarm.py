"""Words of danger: a human is told at once, the person reads where help is, and everything automatic rests."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from medvind.channels import Inbound
from medvind.errors import InvalidError
from medvind.flows.plan import load_policy
from medvind.flows.resting import REST, rest
from medvind.flows.said import ASKED_FOR_CALL, CALLS_UNTIL, HOME, Answer, Said, by
from medvind.model import ChannelName, Danger, PublicId, RecipientType, TaskKind
from medvind.rules.danger import level_of
from medvind.rules.policy import Policy, policy_from
from medvind.rules.sending import is_quiet
from medvind.store import deputies, outbox, recipients, talk, tasks
from medvind.store.database import Session

log = structlog.get_logger()
AGAIN = timedelta(hours=1)
"""The help numbers are said once an hour at most."""
CRISIS = ("crisis", "crisis_quiet")
HEAVY = frozenset({"danger_today", "danger_today_quiet", "danger_help", "danger_call"})
"""What answers heavy words, or follows them or those of danger."""
TOLD_AGAIN = timedelta(minutes=10)
"""Who has just been told to read is not told again of each message; all of them stand on the list."""
ALERT_WITHIN = timedelta(hours=12)
"""Later than this the coach has the list."""
DUTY = 0
"""The row of whoever is on duty: a setting, and so no row."""
CALLED = Answer("danger_call")
NEVER_SILENT = frozenset({CALLED.text, "danger_again", "danger_again_quiet"})
"""What is said after a STOP too."""
FOR_STRANGERS, OF_STRANGER = "stranger_danger", "stranger:"
"""What a stranger reads where help is, and how the key of the alert about it begins."""
MOST_HELPED = 10
"""Such answers a day to one of them: a robot that sends ours back must not be answered for ever."""


async def level_in(session: Session, text: str) -> Danger:
    """How soon a person must see these words, by our list and what the municipality has changed in it."""
    return level_of(text, (await _policy(session)).danger)


async def _policy(session: Session) -> Policy:
    """A setting that can't be read must not silence this: then our own defaults hold."""
    try:
        return await load_policy(session)
    except (InvalidError, ValueError):
        return policy_from({})


async def react(session: Session, said: Said, level: Danger) -> list[Answer]:
    """The task first, in the same transaction as the message that was kept; then whoever is told, and the rest."""
    policy = await _policy(session)
    quiet = is_quiet(said.now, policy, HOME, None)
    since = said.now - TOLD_AGAIN
    told = await tasks.raised_since(session, said.person, TaskKind.DANGER, since)
    if level == Danger.TODAY:
        late = said.now.astimezone(ZoneInfo(HOME)).time() >= CALLS_UNTIL
        day = policy.days.open_from(said.today + timedelta(days=late))
        told = told or await tasks.raised_since(session, said.person, TaskKind.CONCERN, since)
        await tasks.raise_task(
            session, TaskKind.CONCERN, f"concern:{said.id}", said.person, {"inbox": said.id}, said.now, by(day)
        )
        if not told:
            await _tell(session, said, policy.duty_phone, level, day)
        if await comes_first(session, said):  # the milder words would be a step down
            return [again(quiet=quiet)]
        text = "danger_today_quiet" if quiet else "danger_today"
        return [Answer(text, {"deadline": day.isoformat()})]
    await tasks.raise_task(session, TaskKind.DANGER, f"danger:{said.id}", said.person, {"inbox": said.id}, said.now, said.now)
    if not told:
        await _tell(session, said, policy.duty_phone, level, said.today)
    await rest(session, said)
    if await talk.said_lately(session, said.person, CRISIS, said.now - AGAIN):
        return [again(quiet=quiet)]
    return [Answer("crisis_quiet" if quiet else "crisis")]


def again(*, quiet: bool) -> Answer:
    """What is said to whoever goes on writing after it."""
    return Answer("danger_again_quiet" if quiet else "danger_again")


async def comes_first(session: Session, said: Said) -> bool:
    """Whether these words fall in the rest after words of danger: whatever they are, they get no everyday answer."""
    return await talk.said_lately(session, said.person, CRISIS, said.at - REST)


async def is_near(session: Session, said: Said) -> bool:
    """Whether a call for help, however short, is still about the danger: in the rest after it, an hour after heavy words."""
    if await tasks.raised_since(session, said.person, TaskKind.DANGER, said.now - REST):
        return True
    return await tasks.raised_since(session, said.person, TaskKind.CONCERN, said.now - AGAIN)


async def wants_a_call(session: Session, said: Said) -> list[Answer]:
    """In the rest after it the wish goes beside the danger on the coach's list, once an hour; nothing at any other time.

    Nobody is told anew. No day is promised: by that of any other call it would be too late. So it is right after heavy words,
    where nobody is there to call.
    """
    danger = await tasks.raised_since(session, said.person, TaskKind.DANGER, said.now - REST)
    if not danger and not (await is_near(session, said) and is_quiet(said.now, await _policy(session), HOME, None)):
        return []
    if not await tasks.raised_since(session, said.person, TaskKind.CALL, said.now - AGAIN):
        why = {"reason": ASKED_FOR_CALL, "inbox": said.id}
        await tasks.raise_task(session, TaskKind.CALL, f"call:{said.id}", said.person, why, said.now, said.now)
    return [CALLED]


async def helps_stranger(session: Session, inbound: Inbound, message: PublicId, level: Danger, now: datetime) -> bool:
    """Whether this address reads where help is: for words of danger, and for a day after them whatever it writes.

    Nobody follows them, so whoever is on duty is told that there is something to read: once an hour of one address.
    """
    sender = (inbound.channel, inbound.sender)
    helped = await talk.answered_stranger(session, *sender, FOR_STRANGERS, now - REST)
    if level != Danger.NONE and not await talk.told_of_stranger(session, *sender, OF_STRANGER, now - AGAIN):
        await _tell_of_stranger(session, message, now)
    return helped < MOST_HELPED and (helped > 0 or level != Danger.NONE)


async def _tell_of_stranger(session: Session, message: PublicId, now: datetime) -> None:
    """Neither who wrote nor what: the inbox has it, which an administrator reads."""
    if not (await _policy(session)).duty_phone:
        log.error("nobody_to_tell", reason="words of danger from a number that nobody knows, and duty_phone is not set")
        return
    key, until = f"{OF_STRANGER}{message}", now + ALERT_WITHIN
    to = (RecipientType.DUTY, DUTY)
    await outbox.reply(session, to, ChannelName.SMS, key, "duty_stranger", now=now, valid_until=until, subject={})


async def _tell(session: Session, said: Said, duty: str, level: Danger, day: date) -> None:
    """The coach and the deputy, by SMS: that there is something to read by then, and nothing of what it is. One phone once.

    Who is away on that day is told too, after the deputy: it costs one text, and absences are entered wrongly.
    Whoever is on duty is told of danger as well, and of the rest where none of these is at work with a phone.
    """
    coach = await recipients.coach_of(session, said.person)
    guard = await deputies.guard_of(session, coach, day) if coach else None
    phones = await recipients.coach_phones(session, guard.in_order) if guard else {}
    theirs = {phones[row]: (RecipientType.COACH, row) for row in (guard.in_order if guard else ()) if phones[row]}
    alone = guard is None or not guard.there or not theirs
    on_duty = [(RecipientType.DUTY, DUTY)] if duty and duty not in theirs and (alone or level == Danger.NOW) else []
    reached = [*theirs.values(), *on_duty]
    if not reached:
        log.error("nobody_to_tell", reason="no coach or deputy with a phone, and duty_phone is not set")
    key, until, by_day = f"danger:{said.id}", said.now + ALERT_WITHIN, {"deadline": day.isoformat()}
    text = "coach_danger" if level == Danger.NOW else "coach_concern"
    for to in reached:
        await outbox.reply(session, to, ChannelName.SMS, key, text, now=said.now, valid_until=until, subject=by_day)
