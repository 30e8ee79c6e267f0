"""Words of danger: a human is told at once, the person reads where help is, and everything automatic rests."""

from datetime import timedelta
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
from medvind.store import outbox, recipients, talk, tasks
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
    if level == Danger.TODAY:
        late = said.now.astimezone(ZoneInfo(HOME)).time() >= CALLS_UNTIL
        day = policy.days.open_from(said.today + timedelta(days=late))
        await tasks.raise_task(
            session, TaskKind.CONCERN, f"concern:{said.id}", said.person, {"inbox": said.id}, said.now, by(day)
        )
        return [Answer("danger_today", {"deadline": day.isoformat()})]
    told = await tasks.raised_since(session, said.person, TaskKind.DANGER, said.now - TOLD_AGAIN)
    await tasks.raise_task(session, TaskKind.DANGER, f"danger:{said.id}", said.person, {"inbox": said.id}, said.now, said.now)
    if not told:
        await _tell(session, said, policy.duty_phone)
    await rest(session, said)
    if await talk.said_lately(session, said.person, CRISIS, said.now - AGAIN):
        return [Answer("danger_again")]
    return [Answer("crisis_quiet" if quiet else "crisis")]


async def _tell(session: Session, said: Said, duty: str) -> None:
    """The coach and whoever is on duty, by SMS: that there is something to read, and nothing of what it is. One phone once."""
    coach = await recipients.coach_of(session, said.person)
    phone = (await recipients.coach_phones(session, [coach]))[coach] if coach else None
    everybody = {duty: (RecipientType.DUTY, DUTY), phone: (RecipientType.COACH, coach)}
    reached = [(kind, row) for number, (kind, row) in everybody.items() if number and row is not None]
    if not reached:
        log.error("nobody_to_tell", reason="no coach with a phone, and duty_phone is not set")
    key, until = f"danger:{said.id}", said.now + ALERT_WITHIN
    for to in reached:
        await outbox.reply(session, to, ChannelName.SMS, key, "coach_danger", now=said.now, valid_until=until, subject={})
