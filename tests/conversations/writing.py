"""What people of a conversation write, and in Telegram write anew, through the doors that it comes by."""

from datetime import datetime
from typing import Any

from bot.keeping import keep
from bot.updates import read_update
from medvind.channels import Inbound, InboundKind
from medvind.flows.receive import take_in
from medvind.model import ChannelName
from medvind.texts import Catalogue
from tests.conversations.cast import SOMEBODY_AT
from tests.conversations.phones import CODE, Phones
from tests.conversations.steps import SOMEBODY, Edits, Transcript, Writes

Update = dict[str, Any]


class Writers(Phones):
    """Those who hold the phones. `written`: how Telegram told of each of their messages, by who and its words."""

    def __init__(self, transcript: Transcript, catalogue: Catalogue) -> None:
        super().__init__(transcript, catalogue)
        self.last: Inbound | None = None
        self.written: dict[tuple[str, str], Update] = {}
        self.heard = 0

    def _channel(self, who: str) -> ChannelName:
        channel = self.threads[who].channel
        if channel is None:
            raise self.fault(f"on which channel? {who} (sms) or {who} (telegram)")
        return channel

    async def _writes(self, step: Writes) -> None:
        if step.channel is not None:
            self.threads[step.who].channel = step.channel
        if CODE in step.text and self.code is None:
            raise self.fault("no code was handed out")
        text = step.text.replace(CODE, self.code or "")
        self.threads[step.who].words.append(text)
        await self._inbound(step.who, self._channel(step.who), InboundKind.TEXT, text, text)

    async def _edits(self, step: Edits) -> None:
        """As Telegram tells it, through its own door: which message it was is known by that alone."""
        if (step.who, step.before) not in self.written:
            raise self.fault(f"{step.who} has not written {step.before!r} in Telegram")
        self.heard += 1
        update = edited(self.written.pop((step.who, step.before)), self.heard, step.text, self.clock.now())
        self.written[step.who, step.text] = update
        self.threads[step.who].words.append(step.text)
        self.note(f"{step.who} (telegram): edits {step.before!r} to {step.text}")
        self.last = (read := read_update(update)).inbound
        await keep(self.town.db, self.clock, read)

    async def _inbound(self, who: str, channel: ChannelName, kind: InboundKind, text: str, says: str) -> None:
        self.heard += 1
        sender = SOMEBODY_AT[channel] if who == SOMEBODY else self.cast.address(who, channel)
        self.last = Inbound(channel, f"in-{self.heard}", sender, kind, text, f"raw of {text}")
        if (channel, kind) == (ChannelName.TELEGRAM, InboundKind.TEXT):
            self.written[who, text] = update = written(self.heard, sender, text, self.clock.now())
            self.last = read_update(update).inbound
        self.note(f"{who} ({channel}): {says}")
        await take_in(self.town.db, self.last, self.clock)


def written(number: int, sender: str, text: str, at: datetime) -> Update:
    """The update of a message."""
    user = {"id": int(sender), "is_bot": False, "first_name": "Somebody"}
    chat, date = {"id": int(sender), "type": "private"}, int(at.timestamp())
    return {"update_id": number, "message": {"message_id": number, "from": user, "chat": chat, "date": date, "text": text}}


def edited(before: Update, number: int, text: str, at: datetime) -> Update:
    """The update of the same message with other words."""
    message = before.get("message") or before["edited_message"]
    return {"update_id": number, "edited_message": message | {"text": text, "edit_date": int(at.timestamp())}}
