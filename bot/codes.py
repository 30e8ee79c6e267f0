"""What Telegram's answers mean to us: one table of its phrases, and the rule for what stands in none."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from http import HTTPStatus
from typing import Any

from medvind.errors import ChannelError, NotSentError, ThrottledError, UndeliverableError, UnknownFateError

REST = 1.0
"""Seconds the channel rests where Telegram asks for a pause and doesn't say how long."""
LONGEST_REST = 21_600.0
"""Three hours have been seen; a longer one would be a mistake on the way."""
OPERATOR_REST = 300.0
"""Seconds between tries while somebody must mend the token: nothing gets through, and nothing is lost by waiting."""


class Refusal(Enum):
    """What a phrase of Telegram says: who or what is in the way."""

    DEAD = auto()
    STOPPED = auto()
    TEXT = auto()


PHRASES: Mapping[str, Refusal] = {
    "bot was blocked by the user": Refusal.STOPPED,
    "user is deactivated": Refusal.DEAD,  # the account is gone
    "bot can't initiate conversation": Refusal.DEAD,  # this account never wrote to this bot
    "bot can't send messages to bots": Refusal.DEAD,
    "bot was kicked": Refusal.DEAD,  # a group, and we serve none
    "bot is not a member": Refusal.DEAD,  # the same
    "chat not found": Refusal.DEAD,
    "user not found": Refusal.DEAD,
    "peer_id_invalid": Refusal.DEAD,
    "user_id_invalid": Refusal.DEAD,
    "input_user_deactivated": Refusal.DEAD,
    "chat_id is empty": Refusal.DEAD,
    "group chat was upgraded": Refusal.DEAD,
    "message text is empty": Refusal.TEXT,
    "text must be non-empty": Refusal.TEXT,
    "message is too long": Refusal.TEXT,
    "button_data_invalid": Refusal.TEXT,
    "can't parse": Refusal.TEXT,
}
"""The beginning or the middle of a description, in lower case. Telegram numbers nothing finer than 400 and 403."""


@dataclass(frozen=True, slots=True)
class No:
    """Telegram's own no: what it says, and after how many seconds it may be asked again, where it says that."""

    description: str
    retry_after: float | None
    moved: bool


def refusal(status: int, text: str, retry_after: str | None = None) -> ChannelError:
    """The error that says what to do after this answer. What doesn't prove the message unsent is unknown.

    Only a body that is Telegram's own no is believed: a proxy's 403 says nothing about a person. A 5xx may come after the
    message was taken, whatever it says, unless it names the seconds to wait.
    """
    no = _read(text)
    asked = no.retry_after if no else None
    if asked is None and status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        asked = _seconds(retry_after)
    if asked is not None or status == HTTPStatus.TOO_MANY_REQUESTS:
        return ThrottledError(f"telegram {status}", REST if asked is None else min(asked, LONGEST_REST))
    if no is None or not HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return UnknownFateError(f"telegram {status}")
    if no.moved:
        return UndeliverableError(f"telegram {status}: the group has moved", dead=True)
    return _proved(status, no.description)


def _proved(status: int, description: str) -> ChannelError:
    """Telegram itself said no, so nothing was sent; the phrase, or else the status, says whether it ever will be."""
    phrase = next((phrase for phrase in PHRASES if phrase in description), None)
    reason = f"telegram {status}: {phrase}" if phrase else f"telegram {status}"
    kind = PHRASES[phrase] if phrase else None
    match status:
        case HTTPStatus.BAD_REQUEST | HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return UndeliverableError(reason, dead=kind is Refusal.DEAD, stopped=kind is Refusal.STOPPED)
        case HTTPStatus.FORBIDDEN:
            return UndeliverableError(reason, dead=kind is Refusal.DEAD, stopped=kind is not Refusal.DEAD)
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.NOT_FOUND:
            return ThrottledError(reason, OPERATOR_REST)
        case _:
            return NotSentError(reason, answered=True)


def _read(text: str) -> No | None:
    """Telegram's no, or None where somebody else answered."""
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(body, dict) or body.get("ok") is not False:
        return None
    parameters: Any = body.get("parameters")
    more = parameters if isinstance(parameters, dict) else {}
    after = more.get("retry_after")
    seconds = float(min(after, LONGEST_REST)) if isinstance(after, int) and after > 0 else None
    return No(str(body.get("description", "")).lower(), seconds, more.get("migrate_to_chat_id") is not None)


def _seconds(retry_after: str | None) -> float | None:
    """The header's seconds; a date or a sign is not followed."""
    if retry_after is None:
        return None
    return float(retry_after) if retry_after.isascii() and retry_after.isdigit() and len(retry_after) < 10 else REST  # noqa: PLR2004 - digits
