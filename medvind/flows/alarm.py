"""Words of danger: a human is told at once, the person reads where help is, and everything automatic rests."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import structlog

from medvind.errors import InvalidError
from medvind.flows.plan import load_policy
from medvind.flows.resting import rest
from medvind.flows.said import CALLS_UNTIL, HOME, Answer, Said, by
from medvind.model import ChannelName, Danger, RecipientType, TaskKind
from medvind.rules.danger import level_of
from medvind.rules.policy import Policy, policy_from
from medvind.rules.sending import is_quiet
from medvind.store import deputies, outbox, recipients, talk, tasks
from medvind.store.database import Session

log = structlog.get_logger()
AGAIN = timedelta(hours=1)
"""The help numbers are said once an hour at most."""
CRISIS = ("crisis", "crisis_quiet")
TOLD_AGAIN = timedelta(minutes=10)
"""Who has just been told to read is not told again of each message; all of them stand on the list."""
ALERT_WITHIN = timedelta(hours=12)
"""Later than this the coach has the list."""
DUTY = 0
"""The row of whoever is on duty: a setting, and so no row."""


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
        return [Answer("danger_today", {"deadline": day.isoformat()})]
    await tasks.raise_task(session, TaskKind.DANGER, f"danger:{said.id}", said.person, {"inbox": said.id}, said.now, said.now)
    if not told:
        await _tell(session, said, policy.duty_phone, level, said.today)
    await rest(session, said)
    if await talk.said_lately(session, said.person, CRISIS, said.now - AGAIN):
        return [Answer("danger_again")]
    return [Answer("crisis_quiet" if quiet else "crisis")]


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
