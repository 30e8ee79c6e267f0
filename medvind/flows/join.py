"""Joining Telegram: a coach hands out a code, and the account that brings it becomes the person's.

Another account later needs a code that a coach has made for just that. Whoever was written to elsewhere until then is told
there, so that a code in wrong hands doesn't go unnoticed: by SMS that messages come by Telegram now, in the old account only
that no more come. Where they have gone is nobody's business who holds that phone.
"""

from dataclasses import dataclass
from datetime import datetime

from medvind.errors import FieldError
from medvind.flows.plan import load_policy, replan
from medvind.flows.said import ANSWER_WITHIN, HOME
from medvind.flows.wording import version_now
from medvind.model import Ask, ChannelName, PublicId, RecipientType, TaskKind, Viewer
from medvind.rules.sending import is_quiet
from medvind.store import inbox, invites, outbox, talk, tasks, views
from medvind.store.database import Session
from medvind.store.preferences import language_of
from medvind.store.reach import Reach, add_address, reach_of, say

CODE, WELCOME = "telegram_code", "telegram_joined"
"""The text that brings a code by SMS, and what is read right after any code has joined."""


@dataclass(frozen=True, slots=True)
class Invited:
    """A code, shown once, and until when it is good. `change`: it puts another account in the place of the one there is."""

    code: str
    expires_at: datetime
    change: bool


async def invite(session: Session, viewer: Viewer, public_id: str, now: datetime, *, change: bool) -> Invited:
    """A code for one of the coach's own people. Raises NotFoundError for others, and FieldError as `hand_out` does."""
    return await hand_out(session, (await views.person(session, public_id, seen_by=viewer)).row, now, change=change)


async def hand_out(session: Session, person: int, now: datetime, *, change: bool) -> Invited:
    """A fresh code; earlier ones of this person are good no more.

    Raises FieldError where they have an account already and nobody has said that it shall be another one.
    """
    if not change and (await reach_of(session, [person]))[person].on(ChannelName.TELEGRAM) is not None:
        raise FieldError(
            "change",
            "this person has joined Telegram already; START from it begins again, and a code for another account has to be "
            "asked for as a change",
        )
    code = await invites.create(session, person, now, changes=change)
    return Invited(code, now + invites.GOOD_FOR, change)


async def send_code(session: Session, viewer: Viewer, public_id: str, now: datetime) -> datetime:
    """Sends a code for a first account by SMS, and says until when it is good: the coach's click, never the phone's own wish.

    Raises NotFoundError for others' people, and FieldError where there is an account already, where no number is confirmed
    with a yes, where one was sent a few minutes ago, and while nothing may be sent.
    """
    person = (await views.person(session, public_id, seen_by=viewer)).row
    reach = (await reach_of(session, [person]))[person]
    if reach.on(ChannelName.TELEGRAM) is not None:
        raise FieldError(
            "code", "this person has joined Telegram already; a link for another account is handed out as a change"
        )
    if not reach.is_open(ChannelName.SMS):
        raise FieldError("code", "there is no confirmed number with a yes to SMS; hand out a link instead")
    if is_quiet(now, await load_policy(session), HOME, None):
        raise FieldError("code", "nothing may be sent at this hour; send it when the day begins, or hand out a link")
    if await invites.made_since(session, person, now - ANSWER_WITHIN):
        raise FieldError("code", "one was made within the last 15 minutes; wait until they are over, or hand out a link")
    seed = await invites.create_to_send(session, person, now)
    to, until, key = (RecipientType.PARTICIPANT, person), now + ANSWER_WITHIN, f"telegram_code:{seed}"
    await outbox.reply(
        session,
        to,
        ChannelName.SMS,
        key,
        CODE,
        now=now,
        valid_until=until,
        subject={"seed": seed},
        asks=Ask.TELEGRAM,
        open_until=now + invites.SENT_GOOD_FOR,
    )
    await tasks.close_of(session, person, TaskKind.TELEGRAM, now)
    return now + invites.SENT_GOOD_FOR


async def join(session: Session, account: str, message: PublicId, code: str, now: datetime) -> int | None:
    """Joins an account that is nobody's yet to whom the code names, with a yes to Telegram; None where it is no good.

    Where the person has another account by now and the code was not made for a change, that one stays, and the coach is asked
    to find out. `message` brought the code.
    """
    invited = await invites.find(session, code, now)
    if invited is None:
        return None
    person = invited.participant_id
    before = (await reach_of(session, [person]))[person]
    if before.on(ChannelName.TELEGRAM) is not None and not invited.changes:
        why = {"reason": "why_other_account"}
        await tasks.raise_task(session, TaskKind.CALL, f"account:{invited.id}", person, why, now)
        return None
    if await invites.use(session, code, now) is None:
        return None
    await _tell_where_they_were(session, person, before, message, now)
    await add_address(session, person, ChannelName.TELEGRAM, account, now)
    version = await _agreed_to(session, person, code, now)
    await say(session, person, [ChannelName.TELEGRAM], given=True, how="code", now=now, text_version=version)
    await replan(session, person, now)
    return person


async def _agreed_to(session: Session, person: int, code: str, now: datetime) -> str:
    """The version of what they had read of it when they said yes by a code.

    A link from a coach's screen comes with no words of ours: then it is the welcome, which says in the same minute what they
    have said yes to, that it is free, and how to end it.
    """
    read = await talk.last_read(session, person, [CODE], now) if invites.was_sent(code) else None
    return read or await version_now(session, WELCOME, await language_of(session, person), ChannelName.TELEGRAM)


async def _tell_where_they_were(session: Session, person: int, before: Reach, message: PublicId, now: datetime) -> None:
    """On each way that was open; the old account is written to as the stranger that it is from now on."""
    told = list[tuple[tuple[RecipientType, int], ChannelName, str]]()
    if before.is_open(ChannelName.SMS):
        told.append(((RecipientType.PARTICIPANT, person), ChannelName.SMS, "channel_moved"))
    old = before.on(ChannelName.TELEGRAM)
    if old is not None and before.is_open(ChannelName.TELEGRAM):
        last = await inbox.last_from(session, ChannelName.TELEGRAM, old.value(session))
        told += [((RecipientType.STRANGER, last), ChannelName.TELEGRAM, "channel_closed")] if last is not None else []
    until = now + ANSWER_WITHIN
    for to, channel, text in told:
        await outbox.reply(session, to, channel, f"joined:{message}", text, now=now, valid_until=until, subject={})
