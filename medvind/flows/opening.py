"""What our answers ask: the kind of question that each of these texts opens, for how long, and with whom it asks anything.

A text that asks and opens nothing would leave a JA or a NEJ to it to whatever was asked before. `tests/texts/test_asking.py`
has every text that asks, with its kind or the reason why it has none.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from medvind.flows.filling import home_day, of_person
from medvind.flows.plan import load_policy
from medvind.model import Ask, RecipientType
from medvind.rules.erasing import REGRET
from medvind.store.database import Session
from medvind.store.recipients import recipients_of

Has = Callable[[bool, bool], bool]
"""Whether a text asks somebody who has a coach, and a number to ring."""
OFFERED, ASKED, NOW = timedelta(days=2), timedelta(hours=24), timedelta(hours=12)
"""How long an offer holds, how long a question is remembered, and how long it is about what was just said."""
SHORTLY = timedelta(hours=1)


class Opened(NamedTuple):
    """A kind of question, and how long it is open."""

    ask: Ask
    within: timedelta


def _somebody(coach: bool, phone: bool) -> bool:  # noqa: FBT001 - a table of two conditions
    return coach or phone


def _number(_coach: bool, phone: bool) -> bool:  # noqa: FBT001
    return phone


def _number_alone(coach: bool, phone: bool) -> bool:  # noqa: FBT001
    return phone and not coach


def _coach_alone(coach: bool, phone: bool) -> bool:  # noqa: FBT001
    return coach and not phone


_CALL, _URGENT, _URGENT_NOW = Opened(Ask.CALL, OFFERED), Opened(Ask.URGENT, NOW), Opened(Ask.URGENT, SHORTLY)
OPENS: Mapping[str, tuple[Opened, Has | None]] = {
    **dict.fromkeys(("rsvp_no", "checkin_mid", "next_none", "status_long", "status_done", "status_none"), (_CALL, _somebody)),
    "robot": (_CALL, _somebody),
    **dict.fromkeys(("next_meeting", "next_vat", "next_b_tax", "next_tax_return", "status", "not_yet"), (_CALL, None)),
    **dict.fromkeys(("strange_letter", "my_card"), (_CALL, None)),
    "erase_too_late": (_CALL, _coach_alone),
    "checkin_low": (_URGENT, _number),
    **dict.fromkeys(("unknown", "free_words"), (_URGENT_NOW, _number)),
    "out_of_hours": (_URGENT_NOW, _number_alone),
    **dict.fromkeys(("crisis", "crisis_quiet", "danger_again", "danger_again_quiet"), (_URGENT, None)),
    **dict.fromkeys(("danger_today", "danger_today_quiet", "danger_help", "danger_call"), (_URGENT, None)),
    "stop_unsure": (Opened(Ask.STOP, ASKED), None),
    "erase": (Opened(Ask.KEEP, REGRET), None),
    "pause_unclear": (Opened(Ask.PAUSE, NOW), None),
    "why_answer": (Opened(Ask.WHY, NOW), None),
    "ask_topic": (Opened(Ask.TOPIC, SHORTLY), None),
    "my_card_word": (Opened(Ask.WORD, timedelta(minutes=10)), None),
}
"""None: it asks everybody. What is asked anew about one thing, a meeting say, is named where that is done."""


async def opened(session: Session, to: tuple[RecipientType, int], text: str, now: datetime) -> Opened | None:
    """What this answer asks of this person now; None where it asks nothing."""
    if text not in OPENS or to[0] != RecipientType.PARTICIPANT:
        return None
    what, asks = OPENS[text]
    if asks is None:
        return what
    person = (await recipients_of(session, [to[1]], home_day(now))).get(to[1])
    values = of_person(person, await load_policy(session), text, {}, now) if person else {}
    return what if asks(bool(values.get("coach")), bool(values.get("coach_phone"))) else None
