"""Telegram as people see it: what they do goes in by the real edge, and what they see is what the stand-in was told."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime

from bot.after import show
from bot.keeping import keep
from bot.telegram import Telegram
from bot.updates import read_update
from medvind.channels import Outgoing
from medvind.clock import Clock
from medvind.model import ChannelName
from medvind.store.database import Database
from tests.fakes import FakeChannel
from tests.standins import telegram_words as words
from tests.standins.telegram import Telegram as Standin
from tests.standins.telegram_words import TOKEN, Taken, Update

LIMIT = 30.0
"""Seconds for a call on loopback, on a machine that is busy."""
SENDS: Mapping[str, str] = {
    "a photo": "photo",
    "a voice message": "voice",
    "her location": "location",
    "his location": "location",
    "a sticker": "sticker",
}
GONE, TURNS, LEAVES = "editmessagereplymarkup", "answercallbackquery", "leavechat"


class App(FakeChannel):
    """Everybody's Telegram. Whoever writes has started the bot; whoever blocks it can't be written to."""

    def __init__(self, channel: Telegram, standin: Standin) -> None:
        super().__init__(ChannelName.TELEGRAM)
        self._channel, self._standin = channel, standin
        self._shown = self._looked_at = 0

    @classmethod
    @asynccontextmanager
    async def open(cls) -> AsyncIterator["App"]:
        """With a stand-in of its own."""
        async with Standin.open() as standin, Telegram.open(TOKEN, standin.base_url, LIMIT) as channel:
            yield cls(channel, standin)

    async def send(self, message: Outgoing) -> str:
        return await self._channel.send(message)

    async def hear(self, update: Update, db: Database, clock: Clock) -> None:
        """As both doors do it: what Telegram tells is kept, and then people see what came of it."""
        read = read_update(update)
        await keep(db, clock, read)
        await show(self._channel, [read])

    def starts(self, user: str) -> None:
        """Can be written to from now on."""
        self._standin.known.add(int(user))

    def arrived(self) -> list[Taken]:
        """What has reached anybody since the last look."""
        since, self._shown = self._shown, len(self._standin.taken)
        return self._standin.taken[since:]

    def edited(self) -> list[int]:
        """The messages whose keyboards Telegram was told to change since the last look."""
        since, self._looked_at = self._looked_at, len(self._standin.called)
        return [int(form["message_id"]) for name, form in self._standin.called[since:] if name == GONE]

    def turns(self, update: Update) -> bool:
        """Whether the button of this tap goes on turning on the phone."""
        return (TURNS, {"callback_query_id": update["callback_query"]["id"]}) not in self._standin.called

    def left(self, group: int) -> bool:
        """Whether the bot has gone from there."""
        return (LEAVES, {"chat_id": str(group)}) in self._standin.called

    # What people do, as Telegram tells it

    def text(self, user: str, text: str, at: datetime) -> Update:
        self.starts(user)
        return words.message(next(self._standin.numbers), int(user), text, date=int(at.timestamp()))

    def edit(self, before: Update, text: str, at: datetime) -> Update:
        """The same message with other words."""
        message = before.get("message") or before["edited_message"]
        changed = message | {"text": text, "edit_date": int(at.timestamp())}
        return {"update_id": next(self._standin.numbers), "edited_message": changed}

    def media(self, user: str, what: str) -> Update:
        self.starts(user)
        return words.message(next(self._standin.numbers), int(user), None, **words.MEDIA[SENDS[what]])

    def tap(self, user: str, data: str, under: int) -> Update:
        return words.tap(next(self._standin.numbers), int(user), data, under=under)

    def block(self, user: str) -> Update:
        self._standin.blocked.add(int(user))
        return words.membership(next(self._standin.numbers), int(user), "kicked")

    def unblock(self, user: str) -> Update:
        self._standin.blocked.discard(int(user))
        return words.membership(next(self._standin.numbers), int(user), "member")

    def bring(self, user: str, group: int) -> Update:
        """Somebody takes the bot along into a group."""
        return words.membership(next(self._standin.numbers), int(user), "member", chat=words.group(group))
