"""A coach writes to somebody: words of their own, by the same way and under the same promises as all that Medvind sends.

No text and no plan is behind them, so nothing joins them, gives way to them or counts them, and a pause doesn't hold them
back: a human decided to write. STOP does, and quiet hours do, but for who has written within the hour: that is an answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from medvind.errors import FieldError, NotFoundError
from medvind.flows import unread
from medvind.flows.filling import DIRECT, home_day
from medvind.flows.plan import load_policy, replan
from medvind.flows.report import Reader
from medvind.flows.said import IN_TALK
from medvind.model import ChannelName, Language, PublicId, RecipientType
from medvind.rules.national_id import blank_national_id
from medvind.rules.segments import Segments, measure, plain, price_of
from medvind.rules.sending import open_from, policy_for
from medvind.rules.wording import careless
from medvind.saying import Saying
from medvind.store import inbox, planning, recipients, talk, views, words
from medvind.store.database import Session
from medvind.store.outbox import COACH_WORD
from medvind.store.reach import Reach, reach_of
from medvind.store.recipients import Recipient

LONGEST, MOST_PARTS = 4096, 6
"""Signs, as Telegram counts them, and parts of an SMS, with whose words they are."""
GOOD_FOR = timedelta(hours=12)
"""Later than this the words may be true no more; the coach hears that they were not sent."""
A_DAY = timedelta(hours=24)
MOST_TO_ONE, MOST_OF_ONE = 20, 200
"""Messages a day to one person, and of one coach to all of them: a token in wrong hands must not become a cannon."""
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Draft:
    """What would leave, when at the earliest and until when at the latest.

    `cost`: as an SMS, `price` in øre; None in Telegram. `warnings`: what an SMS should not say; it may go out all the same, as
    the words are the coach's. `direct`: at any hour, since it answers what was just written.
    """

    person: int
    coach: int
    channel: ChannelName
    text: str
    due_at: datetime
    valid_until: datetime
    cost: Segments | None
    price: int | None
    warnings: Sequence[Saying]
    direct: bool


async def draft(session: Session, reader: Reader, public_id: str, text: str, wished: ChannelName | None = None) -> Draft:
    """How these words would leave, and what they cost, before anything is owed.

    Raises NotFoundError for people who are not the coach's own, and FieldError where nothing may go to this person (by that
    channel), where the words are too long or hold a national id, where nothing may be sent for weeks, and where so much was
    written today already.
    """
    seen = await views.person(session, public_id, seen_by=reader.viewer)
    coach = reader.viewer.coach_id
    if coach is None:
        raise NotFoundError(views.NOT_FOUND)
    channel = _way((await reach_of(session, [seen.row]))[seen.row], wished)
    person = (await recipients.recipients_of(session, [seen.row], home_day(reader.now)))[seen.row]
    said = await _said(session, reader, person.language, coach, channel, text)
    await _not_too_much(session, coach, seen.row, reader.now)
    direct = await inbox.count_heard(session, seen.row, reader.now, IN_TALK) > 0
    due = reader.now if direct else await _open_from(session, person, reader.now)
    by_sms = channel == ChannelName.SMS
    warnings = list(careless(text, person.language)) if by_sms else []
    cost, each = measure(said) if by_sms else None, (await load_policy(session)).segment_price
    price = price_of(cost, each) if cost else None
    return Draft(seen.row, coach, channel, said, due, due + GOOD_FOR, cost, price, warnings, direct)


async def write(
    session: Session, reader: Reader, public_id: str, text: str, wished: ChannelName | None = None, answers: str | None = None
) -> tuple[PublicId, Draft]:
    """Owes these words, and answers with their id. What this person wrote before counts as read, up to what it `answers`.

    Raises as `draft` does, and FieldError where it answers something that this person has not written.
    """
    made = await draft(session, reader, public_id, text, wished)
    to, subject = (RecipientType.PARTICIPANT, made.person), {DIRECT: "yes"} if made.direct else {}
    if not await planning.still_there(session, [made.person]):
        raise NotFoundError(views.NOT_FOUND)
    message = await words.owe(
        session,
        to,
        made.coach,
        made.channel,
        made.text,
        now=reader.now,
        due_at=made.due_at,
        valid_until=made.valid_until,
        subject=subject,
    )
    await talk.talked(session, made.person, made.due_at)
    await unread.answered(session, made.person, made.coach, answers, reader.now)
    await replan(session, made.person, reader.now)
    return message, made


def _way(reach: Reach, wished: ChannelName | None) -> ChannelName:
    """The channel that it goes by. Raises FieldError with what stands in the way, and the cure."""
    if wished is not None and reach.way() and not reach.is_open(wished):
        raise FieldError(
            "channel", "there is no confirmed address with a yes to {channel}; leave the channel out", channel=wished.value
        )
    if way := reach.way(wished):
        return way.channel
    if any(reach.consent(channel).purposes for channel in ChannelName):
        raise FieldError("participant_id", "no address is confirmed or works any more; call, and enter another number")
    if reach.answered:
        raise FieldError("participant_id", "has said STOP, and is written to no more; call. START from them begins again")
    raise FieldError("participant_id", "has not said yes to messages yet; the invitation asks, or enter consent_on")


async def _said(session: Session, reader: Reader, language: Language, coach: int, channel: ChannelName, text: str) -> str:
    """The words with whose they are, as they leave. Raises FieldError where they can't."""
    if blank_national_id(text)[1]:
        raise FieldError("text", "there is a CPR number in it, or what looks like one; take it out")
    name = await recipients.coach_name(session, coach)
    whose = reader.catalogue.render(COACH_WORD, language, channel, {"coach": name or ""}).text
    said = f"{whose} {plain(text) if channel == ChannelName.SMS else text}"
    if len(said.encode("utf-16-le")) // 2 > LONGEST:
        raise FieldError("text", "at most {most} signs with your name; write two messages", most=LONGEST)
    if channel == ChannelName.SMS and (parts := measure(said).segments) > MOST_PARTS:
        raise FieldError(
            "text", "fills {parts} SMS with your name, and {most} are the most; make it shorter", parts=parts, most=MOST_PARTS
        )
    return said


async def _not_too_much(session: Session, coach: int, person: int, now: datetime) -> None:
    since = now - A_DAY
    if await words.written(session, coach, COACH_WORD, since, person) >= MOST_TO_ONE:
        raise FieldError("text", "{most} messages have gone to this person within 24 hours; call instead", most=MOST_TO_ONE)
    if await words.written(session, coach, COACH_WORD, since) >= MOST_OF_ONE:
        log.error("cap_reached", channel=COACH_WORD, count=MOST_OF_ONE)
        raise FieldError("text", "you have written {most} messages within 24 hours; wait, or call", most=MOST_OF_ONE)


async def _open_from(session: Session, person: Recipient, now: datetime) -> datetime:
    policy = policy_for(await load_policy(session), person.quiet_hours)
    try:
        return open_from(now, policy, person.zone, None)
    except ValueError:
        raise FieldError("text", "this person's quiet hours leave no hour to write in; call, or change them") from None
