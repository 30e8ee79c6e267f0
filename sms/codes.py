"""What Twilio's answers mean to us: one table of its codes, and the rule for what stands in none."""

import re
from collections.abc import Mapping
from enum import Enum, auto
from http import HTTPStatus

from medvind.errors import ChannelError, GoneError, NotSentError, ThrottledError, UndeliverableError, UnknownFateError

REST = 1.0
"""Seconds the channel rests where Twilio asks for a pause and doesn't say how long."""
LONGEST_REST = 3600.0
OPERATOR_REST = 300.0
"""Seconds between tries while somebody must mend the account: nothing gets through, and nothing is lost by waiting."""


class Refusal(Enum):
    """What a code of Twilio says: who or what is in the way."""

    DEAD = auto()
    STOPPED = auto()
    TEXT = auto()
    QUEUE = auto()
    OPERATOR = auto()
    GONE = auto()


CODES: Mapping[int, Refusal] = {
    21211: Refusal.DEAD,  # no valid number
    21614: Refusal.DEAD,  # no mobile number
    30004: Refusal.DEAD,  # blocked by the carrier for good
    30005: Refusal.DEAD,  # unknown to the network
    30006: Refusal.DEAD,  # a landline
    21610: Refusal.STOPPED,  # the person has sent STOP to this sender
    21602: Refusal.TEXT,  # no text
    21617: Refusal.TEXT,  # over 1,600 characters
    21611: Refusal.QUEUE,  # the sender's queue is full
    20429: Refusal.QUEUE,  # too many requests
    20003: Refusal.OPERATOR,  # wrong token
    21408: Refusal.OPERATOR,  # the account may not write to this country
    21603: Refusal.OPERATOR,  # no sender
    21606: Refusal.OPERATOR,  # the sender isn't the account's
    30007: Refusal.OPERATOR,  # filtered as spam
    20404: Refusal.GONE,  # no such thing
}
"""In answers to a call and in the news of a message that was taken: what is final for a number is so in both."""


def refusal(status: int, code: int | None, retry_after: str | None) -> ChannelError:
    """The error that says what to do after this answer. What doesn't prove the message unsent is unknown.

    Only a 4xx is believed when it names a code: it is a refusal, and one that isn't in the table may pass, since Twilio
    splits codes up. A 5xx may come after the message was taken, whatever it says.
    """
    reason = f"twilio {status}" if code is None else f"twilio {code}"
    if status == HTTPStatus.TOO_MANY_REQUESTS or (status == HTTPStatus.SERVICE_UNAVAILABLE and retry_after is not None):
        return ThrottledError(reason, _seconds(retry_after))
    if code is None or not HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return UnknownFateError(reason)
    match CODES.get(code):
        case Refusal.DEAD:
            return UndeliverableError(reason, dead=True)
        case Refusal.STOPPED:
            return UndeliverableError(reason, stopped=True)
        case Refusal.TEXT:
            return UndeliverableError(reason)
        case Refusal.QUEUE:
            return ThrottledError(reason, _seconds(retry_after))
        case Refusal.OPERATOR:
            return ThrottledError(reason, OPERATOR_REST)
        case Refusal.GONE:
            return GoneError(reason, answered=True)
        case None:
            return NotSentError(reason, answered=True)


def _seconds(retry_after: str | None) -> float:
    """How long to rest; a date or a number out of reason is not followed to the letter."""
    if retry_after is None or not re.fullmatch(r"[0-9]{1,9}", retry_after, re.ASCII):
        return REST
    return min(float(retry_after), LONGEST_REST)
