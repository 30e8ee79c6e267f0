"""A newcomer's hands on the phones: what is typed and tapped goes the way of everybody's words, and time goes on when asked."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from medvind.channels import InboundKind
from medvind.demo.board import NoBoard
from medvind.demo.cast import HOME, Persona
from medvind.demo.phones import Says
from medvind.demo.wait import Wait
from medvind.errors import NotFoundError
from medvind.model import ChannelName

TYPING, READING = timedelta(seconds=20), timedelta(seconds=2)
"""How far the clock moves while somebody types, and until the answer: what was said first is told first."""


class Span(StrEnum):
    """How far time may be moved on."""

    HOUR = "hour"
    DAY = "day"


@dataclass(slots=True)
class Hands:
    """One pair, and one clock: of several wishes at once each waits for the one before.

    A phone that was written or tapped on once stays in these hands: its owner answers nothing by habit any more, the others go
    on as they did.
    """

    wait: Wait
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def write(self, phone: str, channel: ChannelName, text: str) -> None:
        """Writes a message and waits for the answer. A number that nobody has is somebody's from then on."""
        async with self._turn:
            owner = self._take(phone)
            if channel == ChannelName.SMS:
                self.wait.phones[channel].dead.discard(owner.phone)
            await self._say(Says(channel, owner.address(channel), InboundKind.TEXT, text))

    async def tap(self, phone: str, data: str) -> None:
        """Taps a button. Raises NotFoundError where none like it stands on this phone."""
        async with self._turn:
            owner = self.owner(phone)
            if all(button.data != data for button in self.wait.screens.buttons(owner)):
                raise NotFoundError("no such button on this phone")
            self._take(phone)
            await self._say(Says(ChannelName.TELEGRAM, owner.telegram, InboundKind.BUTTON, data))

    async def join(self, phone: str) -> None:
        """Has the coach hand out a code and uses it in Telegram."""
        async with self._turn:
            owner = self._take(phone)
            await self.wait.join(owner)
            await self._read()

    async def pass_by(self, span: Span) -> None:
        """Lets an hour pass, or a day until the same time on the wall, with all that falls due on the way."""
        async with self._turn:
            now = self.wait.clock.now()
            day = now.astimezone(HOME) + timedelta(days=1)  # an aware sum in one zone keeps the clock on the wall
            await self._until(day if span == Span.DAY else now + timedelta(hours=1))

    def owner(self, phone: str) -> Persona:
        """Whose phone that is. Raises NotFoundError."""
        for one in self.wait.cast:
            if one.external_id == phone:
                return one
        raise NotFoundError("no such phone")

    def _take(self, phone: str) -> Persona:
        owner = self.owner(phone)
        self.wait.people.taken.add(owner.external_id)
        return owner

    async def _say(self, says: Says) -> None:
        await self._until(self.wait.clock.now() + TYPING)
        await self.wait.hear(says)
        await self._read()

    async def _read(self) -> None:
        await self.wait.clock.sleep_until(self.wait.clock.now() + READING)
        await self.wait.happen()

    async def _until(self, moment: datetime) -> None:
        await self.wait.go_on(moment, NoBoard())
        await self.wait.happen()
