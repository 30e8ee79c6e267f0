"""Something that somebody said, and what is owed to them for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from medvind.flows.opening import Opened, opened
from medvind.flows.plan import load_policy
from medvind.model import Ask, ChannelName, PublicId, RecipientType, TaskKind
from medvind.store import outbox, tasks
from medvind.store.database import Session

HOME = "Europe/Copenhagen"
ANSWER_WITHIN = timedelta(minutes=15)
"""Later than this an answer would come out of the blue; the coach hears of it instead."""
IN_TALK = timedelta(hours=1)
"""Who has written so lately is still there: an answer by hand may come at any hour."""
ASKED_FOR_CALL = "asked to be called"
"""Why a call stands on the coach's list that somebody wished for."""
CALLS_UNTIL = time(16)
"""By this hour of the promised day."""


@dataclass(frozen=True, slots=True)
class Said:
    """Something a person we know has said: on which channel, the inbox's row of it, and when.

    `at` is earlier than `now` where we heard of it only afterwards: a yes, a no and an answer hold from then on, and what is
    answered back is too late when it would be for somebody who wrote then.
    """

    channel: ChannelName
    inbox_id: int
    id: PublicId
    person: int
    now: datetime
    at: datetime

    @property
    def today(self) -> date:
        """The day on town hall's calendar."""
        return self.now.astimezone(ZoneInfo(HOME)).date()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the person reads back: a key of the catalogue and the facts it needs; and for how long it asks something.

    What a text asks by itself stands in `opening`.
    """

    text: str
    subject: Mapping[str, str] = field(default_factory=dict)
    asks: Ask | None = None
    open_for: timedelta = ANSWER_WITHIN


async def owe_answers(
    session: Session,
    to: tuple[RecipientType, int],
    channel: ChannelName,
    message: PublicId,
    now: datetime,
    answers: Sequence[Answer],
    *,
    name: str = "reply",
) -> None:
    """Puts answers to one message into the outbox, in their order, on the channel they came by.

    `name` tells apart what a message is answered for, where that is two things.
    """
    for number, answer in enumerate(answers, 1):
        asks = Opened(answer.asks, answer.open_for) if answer.asks else await opened(session, to, answer.text, now)
        await outbox.reply(
            session,
            to,
            channel,
            f"{name}:{message}:{number}",
            answer.text,
            now=now,
            valid_until=now + ANSWER_WITHIN,
            subject=answer.subject,
            asks=asks.ask if asks else None,
            open_until=now + asks.within if asks else None,
        )


async def promise_call(session: Session, said: Said, why: str, cause: str, **ids: str) -> None:
    """The text promises a call by the next weekday, so that stands on the coach's list; one cause makes one call.

    Where that one is over, since it was taken back say, it makes another.
    """
    key = f"call:{cause}"
    if await tasks.is_done(session, key):
        key += f":{said.id}"
    await promise(session, said, TaskKind.CALL, key, {"reason": why, **ids})


async def promise(session: Session, said: Said, kind: TaskKind, key: str, why: Mapping[str, str]) -> date:
    """Something for the coach to do by the next weekday, which is answered."""
    day = (await load_policy(session)).days.open_from(said.today + timedelta(days=1))
    await tasks.raise_task(session, kind, key, said.person, why, said.now, by(day))
    return day


def by(day: date) -> datetime:
    """When what is promised for this day is due."""
    return datetime.combine(day, CALLS_UNTIL, ZoneInfo(HOME))
