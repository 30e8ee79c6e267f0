"""Telegram's updates, read one by one without trust: whatever stands in one, reading it never fails."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from medvind.channels import Inbound, InboundKind
from medvind.model import ChannelName

MEDIA = frozenset(
    {"animation", "audio", "checklist", "contact", "dice", "document", "game", "live_photo", "location", "paid_media"}
    | {"photo", "poll", "rich_message", "sticker", "story", "venue", "video", "video_note", "voice"}
)
"""What a person can send that is no text. Anything else without text is a note of Telegram's own, and asks for no answer."""
LEFT = frozenset({"left", "kicked"})
ID = range(2**63)
TIMES = range(1, 2**32)
"""In seconds, as Telegram counts them."""
_MESSAGE = re.compile(r'"(?:edited_)?message": \{.*?"message_id": (\d+)')
"""In a raw body as we keep it. It may be no JSON any more where a number looked like a national id."""
DEEPEST = 100
"""Objects within objects; Telegram's go about a dozen deep."""


@dataclass(frozen=True, slots=True)
class Tapped:
    """A message under which somebody has tapped a button."""

    chat: int
    message: int


@dataclass(frozen=True, slots=True)
class Edited:
    """Which message has other words now, and when it was first written; None where that can't be seen."""

    message: int | None
    written: datetime | None


@dataclass(frozen=True, slots=True)
class Update:
    """One update. `readable`: False where a person must look at it. `tap` waits for an answer, `group` is no place for us.

    `tapped`: the message of ours, in the private chat of whoever tapped, whose buttons have done their work.
    `edited`: its words stand in the place of earlier ones.
    """

    inbound: Inbound
    readable: bool = True
    tap: str | None = None
    group: int | None = None
    tapped: Tapped | None = None
    edited: Edited | None = None


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What stands in an update besides its id."""

    kind: InboundKind
    sender: str = ""
    text: str = ""
    tap: str | None = None
    group: int | None = None
    tapped: Tapped | None = None
    edited: Edited | None = None


class _UnreadableError(Exception):
    """An update of a known kind that doesn't hold what it must. `sender`: whose it was, as far as that can be seen."""

    def __init__(self, sender: str) -> None:
        self.sender = sender
        super().__init__()


def parse(body: bytes) -> Any:
    """The update in a webhook's body, or the body itself as text where it is no JSON."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return body.decode(errors="replace")


def id_of(update: Any) -> int | None:
    """Telegram's number of it, or None where it has none."""
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if _is_int(number) and number in ID else None


def read_update(update: Any) -> Update:
    """What it means to us. Never raises.

    `raw` is its JSON with no sign escaped, in which a national id hides from nobody who blanks it. Without a number of
    Telegram's own it goes by what stands in it, so that it is kept once however often it comes.
    """
    clean = _clean(update)
    raw = json.dumps(clean, ensure_ascii=False)
    number = id_of(update)
    name = f"raw-{sha256(raw.encode()).hexdigest()[:40]}" if number is None else str(number)
    try:
        meaning, readable = _meaning(clean), True
    except _UnreadableError as error:
        meaning, readable = _Meaning(InboundKind.IGNORED, error.sender), False
    inbound = Inbound(ChannelName.TELEGRAM, name, meaning.sender, meaning.kind, meaning.text, raw)
    return Update(inbound, readable, meaning.tap, meaning.group, meaning.tapped, meaning.edited)


def message_of(raw: str) -> int | None:
    """Telegram's number of the message in the raw body of what somebody wrote or edited, or None."""
    found = _MESSAGE.search(raw)
    return int(found[1]) if found else None


def _meaning(update: Any) -> _Meaning:
    """At most one kind stands in an update. What we never asked for, and what is new, is kept and passed by."""
    if id_of(update) is None:
        raise _UnreadableError("")
    if "message" in update:
        return _message(update["message"])
    if "edited_message" in update:
        return _edit(update["edited_message"])
    if "callback_query" in update:
        return _tap(update["callback_query"])
    if "my_chat_member" in update:
        return _membership(update["my_chat_member"])
    return _Meaning(InboundKind.IGNORED, _sender(_inner(update)))


def _message(message: Any) -> _Meaning:
    """Words, or the words under a picture; else whatever else a person can send."""
    sender, group = _place(message)
    if group is not None or _at(message, "from", "is_bot") is True:
        return _Meaning(InboundKind.IGNORED, sender, group=group)
    text = message.get("text", message.get("caption", ""))
    if not isinstance(text, str):
        raise _UnreadableError(sender)
    if "text" in message or text.strip():
        return _Meaning(InboundKind.TEXT, sender, text)
    return _Meaning(InboundKind.IGNORED if MEDIA.isdisjoint(message) else InboundKind.MEDIA, sender)


def _edit(message: Any) -> _Meaning:
    """Other words than before. What has none is nothing newly said: a place that moves along tells so by the minute."""
    said, number, written = _message(message), _at(message, "message_id"), _at(message, "date")
    if said.kind != InboundKind.TEXT:
        return replace(said, kind=InboundKind.IGNORED)
    at = datetime.fromtimestamp(written, UTC) if _is_int(written) and written in TIMES else None
    return replace(said, edited=Edited(number if _is_int(number) else None, at))


def _tap(query: Any) -> _Meaning:
    """A button of ours: it stands under a message of a private chat and has data."""
    sender, tap, data = _sender(query), _at(query, "id"), _at(query, "data")
    if not sender or not isinstance(tap, str) or not (data is None or isinstance(data, str)):
        raise _UnreadableError(sender)
    if data is None or _at(query, "message", "chat", "type") != "private":
        return _Meaning(InboundKind.IGNORED, sender, tap=tap)
    return _Meaning(InboundKind.BUTTON, sender, data, tap, tapped=_tapped(query, sender))


def _tapped(query: Any, sender: str) -> Tapped | None:
    """The message of a bot in the tapper's own chat; None for anybody else's, and for one too old to be shown or changed."""
    chat, message = _at(query, "message", "chat", "id"), _at(query, "message", "message_id")
    ours = _at(query, "message", "from", "is_bot") is True and str(chat) == sender
    return Tapped(chat, message) if ours and _is_int(message) and message > 0 else None


def _membership(change: Any) -> _Meaning:
    """In a private chat: whether the person lets us write. In a group: that somebody has brought us there."""
    sender, group = _place(change)
    status = _at(change, "new_chat_member", "status")
    if not isinstance(status, str):
        raise _UnreadableError(sender)
    if group is not None:
        return _Meaning(InboundKind.IGNORED, sender, group=None if status in LEFT else group)
    kinds = {"kicked": InboundKind.BLOCKED, "member": InboundKind.UNBLOCKED}
    return _Meaning(kinds.get(status, InboundKind.IGNORED), sender)


def _place(thing: Any) -> tuple[str, int | None]:
    """Whose it is, and the group where it happened; None in a private chat. Raises _UnreadableError where neither is known."""
    sender, chat, kind = _sender(thing), _at(thing, "chat", "id"), _at(thing, "chat", "type")
    if kind == "private" and sender:
        return sender, None
    if isinstance(kind, str) and kind != "private" and _is_int(chat):
        return sender, chat
    raise _UnreadableError(sender)


def _sender(thing: Any) -> str:
    """The account's id, or nothing."""
    number = _at(thing, "from", "id")
    return str(number) if _is_int(number) and number in ID else ""


def _at(thing: Any, *names: str) -> Any:
    """What stands there, or None where something on the way is missing or no object."""
    for name in names:
        if not isinstance(thing, dict):
            return None
        thing = thing.get(name)
    return thing


def _inner(update: Mapping[str, Any]) -> Any:
    """The one object besides the number."""
    return next((value for value in update.values() if isinstance(value, dict)), None)


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _clean(value: Any, depth: int = 0) -> Any:
    """The same with a blank for each tab, which JSON would escape, and a mark for each half of a sign, which none can store."""
    if depth > DEEPEST:
        return "[too deep]"
    if isinstance(value, str):
        return value.replace("\t", " ").encode(errors="replace").decode()
    if isinstance(value, dict):
        return {_clean(name): _clean(inner, depth + 1) for name, inner in value.items()}
    if isinstance(value, list):
        return [_clean(inner, depth + 1) for inner in value]
    return value
