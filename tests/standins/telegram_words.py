"""What Telegram says: updates in its shapes, its refusals in its words; and how it may be told to fail."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

BOT = 4700
TOKEN = f"{BOT}:{'b' * 35}"
USERNAME = "medvind_test_bot"
LONGEST = 4096
LONGEST_DATA = 64
MOST_COMMANDS, LONGEST_DESCRIPTION = 100, 256
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
UNDER = 7
"""The message under which a button is tapped, where nobody says which."""
AT = 1_764_061_200
"""When everything is said; Telegram counts in seconds."""
CANARY = "Kanarifornavn"

Update = dict[str, Any]


Way = Literal["accept", "lose", "garble", "reset", "hang", "refuse"]
"""accept; accept and reset before the answer; accept and answer what nobody can read; reset after the body; never answer;
answer with `status`, `description` and `retry_after`."""


@dataclass
class Taken:
    """A message that Telegram has accepted. `marked`: it was told to look for markup; `preview`: to show what is linked.

    `buttons` are those that stand under it now, `offered` the data of those that it came with.
    """

    message_id: int
    chat_id: int
    text: str
    buttons: list[dict[str, str]]
    marked: bool
    preview: bool
    offered: list[str]

    def had(self, data: str) -> bool:
        """Whether a button with this stood under it when it came."""
        return data in self.offered

    def as_json(self) -> dict[str, Any]:
        """As the Bot API shows it."""
        shown = {"message_id": self.message_id, "from": bot(), "chat": private(self.chat_id)}
        return {**shown, "date": AT, "text": self.text}


@dataclass
class Orders:
    """How it behaves towards one method. `times` counts down to `accept` (None: until told otherwise).

    Without a `description` it is somebody on the way who refuses. `delay` is how many seconds it thinks before it answers.
    """

    way: Way = "accept"
    status: int = 500
    description: str | None = None
    retry_after: int | None = None
    moved_to: int | None = None
    header: str | None = None
    times: int | None = None
    delay: float = 0.0
    method: str = "sendMessage"

    def next_way(self, method: str) -> Way:
        """What to do with this request."""
        if method.lower() != self.method.lower():
            return "accept"
        if self.times is None:
            return self.way
        self.times -= 1
        return self.way if self.times >= 0 else "accept"


def user(number: int) -> dict[str, Any]:
    """Somebody, with a name that must turn up in no log."""
    return {"id": number, "is_bot": False, "first_name": CANARY, "last_name": "Efternavn", "language_code": "da"}


def bot() -> dict[str, Any]:
    """The bot itself."""
    return {"id": BOT, "is_bot": True, "first_name": "Medvind", "username": USERNAME}


def private(number: int) -> dict[str, Any]:
    """The chat with somebody: its number is theirs."""
    return {"id": number, "type": "private", "first_name": CANARY, "last_name": "Efternavn"}


def group(number: int = -100_200_300) -> dict[str, Any]:
    """A group that somebody has brought the bot into."""
    return {"id": number, "type": "supergroup", "title": "Iværksættere"}


def message(update_id: int, sender: int, text: str | None = None, *, chat: Any = None, **more: Any) -> Update:
    """Somebody writes. Without a text `more` says what was sent instead."""
    where = chat or private(sender)
    said: Update = {"message_id": update_id % 100_000, "from": user(sender), "chat": where, "date": AT}
    if text is not None:
        said["text"] = text
        if text.startswith("/"):
            length = len(text.split()[0])
            said["entities"] = [{"offset": 0, "length": length, "type": "bot_command"}]
    return {"update_id": update_id, "message": said | more}


def edited(update_id: int, sender: int, text: str | None = None, *, of: int | None = None, **more: Any) -> Update:
    """Somebody corrects what they wrote; `of`: the update that brought it."""
    written = message(update_id if of is None else of, sender, text, **more)["message"]
    return {"update_id": update_id, "edited_message": written | {"edit_date": AT + 60}}


def tap(update_id: int, sender: int, data: str, *, chat: Any = None, under: int = UNDER, lost: bool = False) -> Update:
    """Somebody taps a button under a message of the bot's. `lost`: one so old that Telegram doesn't show it any more."""
    where = chat or private(sender)
    shown: Update = {"message_id": under, "from": bot(), "chat": where, "date": AT - 3600, "text": "Hvordan går det?"}
    if lost:
        shown = {"message_id": under, "chat": where, "date": 0}
    query = {"id": f"q{update_id}", "from": user(sender), "message": shown, "chat_instance": "-81", "data": data}
    return {"update_id": update_id, "callback_query": query}


def membership(update_id: int, sender: int, status: str, *, chat: Any = None) -> Update:
    """Somebody blocks the bot (`kicked`), lets it in again (`member`), or brings it into a group."""
    was = "member" if status == "kicked" else "kicked"

    def as_(state: str) -> dict[str, Any]:
        return {"user": bot(), "status": state} | ({"until_date": 0} if state == "kicked" else {})

    change = {"chat": chat or private(sender), "from": user(sender), "date": AT}
    return {"update_id": update_id, "my_chat_member": change | {"old_chat_member": as_(was), "new_chat_member": as_(status)}}


MEDIA: Mapping[str, Mapping[str, Any]] = {
    "photo": {"photo": [{"file_id": "a", "file_unique_id": "b", "width": 90, "height": 90, "file_size": 1}]},
    "voice": {"voice": {"file_id": "a", "file_unique_id": "b", "duration": 3, "mime_type": "audio/ogg", "file_size": 1}},
    "location": {"location": {"latitude": 55.67, "longitude": 12.56}},
    "contact": {"contact": {"phone_number": "+4501000001", "first_name": CANARY}},
    "document": {"document": {"file_id": "a", "file_unique_id": "b", "file_name": "kvittering.pdf"}},
    "sticker": {
        "sticker": {
            "file_id": "a",
            "file_unique_id": "b",
            "type": "regular",
            "width": 9,
            "height": 9,
            "is_animated": False,
            "is_video": False,
        }
    },
    "video_note": {"video_note": {"file_id": "a", "file_unique_id": "b", "length": 240, "duration": 2}},
    "dice": {"dice": {"emoji": "\N{GAME DIE}", "value": 4}},
}
"""What people send that is no text, as Telegram describes it."""


def refuses(form: Mapping[str, str], known: set[int], blocked: set[int]) -> tuple[int, str] | None:
    """Status and words with which Telegram turns this message down, or None."""
    chat, text = form.get("chat_id", ""), form.get("text", "")
    if not chat:
        return 400, "Bad Request: chat_id is empty"
    if not chat.lstrip("-").isdecimal() or int(chat) not in known:
        return 400, "Bad Request: chat not found"
    if int(chat) in blocked:
        return 403, "Forbidden: bot was blocked by the user"
    if not text.strip():
        return 400, "Bad Request: message text is empty"
    if len(text) > LONGEST:
        return 400, "Bad Request: message is too long"
    if any(not 1 <= len(data.encode()) <= LONGEST_DATA for _, data in buttons(form)):
        return 400, "Bad Request: BUTTON_DATA_INVALID"
    return None


NOT_THERE = "Bad Request: message to edit not found"
THE_SAME = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)


def refuses_menu(form: Mapping[str, str]) -> str | None:
    """The words with which Telegram turns a menu of commands down, or None."""
    commands = json.loads(form.get("commands", "[]"))
    if not 1 <= len(commands) <= MOST_COMMANDS:
        return "Bad Request: BOT_COMMANDS_TOO_MUCH"
    if not all(COMMAND.fullmatch(one["command"]) for one in commands):
        return "Bad Request: BOT_COMMAND_INVALID"
    if not all(1 <= len(one["description"]) <= LONGEST_DESCRIPTION for one in commands):
        return "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID"
    return None


def menu_of(form: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """Whose menu it is (the scope, and the language where it is of one), and what stands beside each command."""
    scope = json.loads(form.get("scope", '{"type": "default"}'))["type"]
    says = {one["command"]: one["description"] for one in json.loads(form["commands"])}
    return f"{scope}:{form.get('language_code', '')}", says


def buttons(form: Mapping[str, str]) -> list[tuple[str, str]]:
    """Label and data of each button under a message."""
    keyboard = json.loads(form.get("reply_markup", "{}")).get("inline_keyboard", [])
    return [(button["text"], button.get("callback_data", "")) for row in keyboard for button in row]
