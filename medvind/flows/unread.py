"""What a person should read: it is read, or the coach, the deputy and whoever is on duty are told that there is something.

One word for all that waits, with nothing in it of what was written or by whom; the list has the rest.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from medvind.clock import Clock
from medvind.errors import FieldError
from medvind.flows.alarm import DUTY
from medvind.flows.plan import load_policy
from medvind.flows.said import HOME
from medvind.model import ChannelName, RecipientType, TaskKind, Viewer
from medvind.rules.unread import FIRST, Due, Office, Whom, due
from medvind.store import beats, deputies, outbox, recipients, talk, tasks, unread
from medvind.store.database import Database, Session
from medvind.store.deputies import Guard
from medvind.store.unread import Unread

log = structlog.get_logger()
TURN, LEASE = "unread_turn", timedelta(minutes=15)
"""One worker looks at a time, and another one once it is gone."""
TOLD_AGAIN = FIRST
"""Who was told so lately had this on their list then: what came within the time was not due before."""
TEXTS: Mapping[Whom, str] = {Whom.COACH: "coach_unread", Whom.DEPUTY: "deputy_unread", Whom.DUTY: "duty_unread"}
ON_DUTY = (RecipientType.DUTY, DUTY)

To = tuple[RecipientType, int]


async def answered(session: Session, person: int, coach: int, message: str | None, now: datetime) -> None:
    """A coach has written to this person: what they had written by then is read, or up to the message that is answered.

    A question to the network that is answered by name is off the list. Raises FieldError where they wrote no such message.
    """
    up_to = None if message is None else await unread.row_of(session, person, message)
    if message is not None and up_to is None:
        raise FieldError("answers", "this person has written no such message; take the `id` from their thread")
    await unread.read_of(session, person, coach, now, up_to)
    questions = [one for one in await tasks.naming(session, [person]) if one.kind == TaskKind.NETWORK]
    await tasks.close(session, [one.key for one in questions if one.message == message], now)


async def finish(session: Session, viewer: Viewer, task: str, now: datetime) -> None:
    """Somebody has dealt with a task, and so has read what it is about. Raises NotFoundError."""
    message = await tasks.finish(session, task, seen_by=viewer, now=now)
    if message is not None:
        await unread.read_one(session, message, viewer.coach_id, now)


async def remind(db: Database, worker: str, clock: Clock) -> int:
    """Tells of what nobody has read by now, while somebody is at work; of how many messages."""
    now = clock.now()
    async with db.begin() as session:
        policy = await load_policy(session)
        office = Office(policy.days, HOME)
        until = office.at_work_until(now)
        if until is None or not await beats.hold(session, TURN, worker, now, LEASE):
            return 0
        return await _remind(session, office, policy.duty_phone, now, until)


async def _remind(session: Session, office: Office, duty_phone: str, now: datetime, until: datetime) -> int:
    waiting = await unread.waiting(session, now - FIRST)
    guards = await _guards(session, {one.coach for one in waiting if one.coach is not None}, now)
    late = [(one, found) for one in waiting if (found := _due(office, one, guards, now))]
    named = await tasks.naming(session, {one.person for one, _ in late})
    listed, asked = {one.message for one in named}, {one.message for one in named if one.kind == TaskKind.NETWORK}
    # to read a question to the network is not to answer it: it is told of while its task is open
    dealt_with = {one.id for one, _ in late if one.read and one.public_id not in asked}
    await unread.go_on(session, {one.id: None if one.id in dealt_with else found.then for one, found in late})
    owed = dict[To, tuple[str, str]]()
    for one, found in late:
        if one.id in dealt_with:
            continue
        if found.listed and one.public_id not in listed:
            key, why = unread.key_of(one.public_id), {"inbox": one.public_id}
            await tasks.raise_task(session, TaskKind.UNREAD, key, one.person, why, now)
        for whom in sorted(found.whom):
            word = f"unread:{one.public_id}:{found.steps[-1]}", TEXTS[whom]
            owed.setdefault(_to(whom, guards.get(one.coach)), word)
    await _tell(session, owed, duty_phone, now, until)
    if late:
        log.info("unread_told", count=len(late) - len(dealt_with))
    return len(late) - len(dealt_with)


async def _guards(session: Session, coaches: Collection[int], now: datetime) -> dict[int | None, Guard]:
    today = now.astimezone(ZoneInfo(HOME)).date()
    return {coach: await deputies.guard_of(session, coach, today) for coach in coaches}


def _due(office: Office, one: Unread, guards: Mapping[int | None, Guard], now: datetime) -> Due | None:
    guard = guards.get(one.coach)
    there, deputy = guard is not None and not guard.away, guard is not None and guard.deputy is not None
    return due(office, one.waits_for, one.came, now, there=there, deputy=deputy)


def _to(whom: Whom, guard: Guard | None) -> To:
    rows = {} if guard is None else {Whom.COACH: guard.coach, Whom.DEPUTY: guard.deputy}
    row = rows.get(whom)
    return ON_DUTY if row is None else (RecipientType.COACH, row)


async def _tell(session: Session, owed: Mapping[To, tuple[str, str]], duty_phone: str, now: datetime, until: datetime) -> None:
    """By SMS, as coaches are told today, one phone once. For who has none whoever is on duty reads it."""
    phones = await recipients.coach_phones(session, [row for kind, row in owed if kind == RecipientType.COACH])
    told = set[str]()
    for wished, (key, text) in owed.items():
        own = phones.get(wished[1]) if wished != ON_DUTY else None
        to, phone, says = (wished, own, text) if own else (ON_DUTY, duty_phone, TEXTS[Whom.DUTY])
        if not phone:
            log.error("nobody_to_tell", reason="no coach or deputy with a phone, and duty_phone is not set")
        elif phone not in told and not await talk.told_lately(session, to, tuple(TEXTS.values()), now - TOLD_AGAIN):
            await outbox.reply(session, to, ChannelName.SMS, key, says, now=now, valid_until=until, subject={})
        told.add(phone)
