"""What people do in a conversation: each on their channel, in by the door that the channel has."""

from medvind.channels import Inbound, InboundKind
from medvind.flows.receive import take_in
from medvind.model import ChannelName
from medvind.texts import Catalogue
from tests.conversations.cast import SOMEBODY_AT
from tests.conversations.phones import CODE, Got, Phones
from tests.conversations.steps import SOMEBODY, ZONE, Bot, Edits, Sends, Taps, Transcript, Writes
from tests.standins.telegram_words import Update

GROUP = -100_200_300
"""Where the bot is taken along."""
Heard = Inbound | Update
"""As the edge of SMS hands it over, or as Telegram tells it."""


class Doing(Phones):
    """Whoever does something; it is heard at once."""

    last: Heard | None = None
    heard = 0

    def __init__(self, transcript: Transcript, catalogue: Catalogue) -> None:
        """`written`: how Telegram told of each of their messages, by who and its words."""
        super().__init__(transcript, catalogue)
        self.written: dict[tuple[str, str], Update] = {}

    async def writes(self, step: Writes) -> None:
        if step.channel is not None:
            self.threads[step.who].channel = step.channel
        if CODE in step.text and self.code is None:
            raise self.fault("no code was handed out")
        text = step.text.replace(CODE, self.code or "")
        self.threads[step.who].words.append(text)
        await self._says(step.who, self._channel(step.who), text)

    async def edits(self, step: Edits) -> None:
        """Which message it was is known by Telegram alone."""
        if (step.who, step.before) not in self.written:
            raise self.fault(f"{step.who} has not written {step.before!r} in Telegram")
        update = self.app.edit(self.written.pop((step.who, step.before)), step.text, self.clock.now())
        self.written[step.who, step.text] = update
        self.threads[step.who].words.append(step.text)
        await self._does(step.who, ChannelName.TELEGRAM, f"edits {step.before!r} to {step.text}", update)

    async def sends(self, step: Sends) -> None:
        channel = self._channel(step.who)
        address = self._address(step.who, channel)
        update = self.app.media(address, step.what) if channel == ChannelName.TELEGRAM else None
        await self._does(step.who, channel, step.what, update or self._by_sms(address, InboundKind.MEDIA, ""))

    async def taps(self, step: Taps) -> None:
        got = self._under(step)
        address = self._address(step.who, ChannelName.TELEGRAM)
        data = next(button.data for button in got.buttons if button.label == step.label)
        assert got.shown is not None
        update = self.app.tap(address, data, got.shown.message_id)
        self.tapped, got.tapped = got, True
        self.threads[step.who].channel = ChannelName.TELEGRAM
        await self._does(step.who, ChannelName.TELEGRAM, f"taps [{step.label}]", update)
        if self.app.turns(update):
            raise self.fault("expected: the tap has arrived\n  the button goes on turning")

    def _under(self, step: Taps) -> Got:
        """The message with the button. A keyboard that went in this very minute can still be under a finger."""
        shown = [got for got in self.threads[step.who].arrived if got.shown and got.labels]
        if step.under is not None:
            shown = [got for got in shown if got.text.startswith(step.under)]
        if step.on is not None:
            shown = [got for got in shown if got.at.astimezone(ZONE).date() == step.on]
        if not shown or step.label not in shown[-1].labels:
            raise self.fault(f"no button [{step.label}] to tap; the last has {shown[-1].labels if shown else 'never come'}")
        if not shown[-1].keyboard and shown[-1].gone != self.clock.now():
            raise self.fault(f"no button [{step.label}] to tap; the keyboard has gone before")
        return shown[-1]

    async def has_to_do_with_the_bot(self, step: Bot) -> None:
        address = self._address(step.who, ChannelName.TELEGRAM)
        match step.does:
            case "blocks":
                update = self.app.block(address)
            case "unblocks":
                update = self.app.unblock(address)
            case _:
                update = self.app.bring(address, GROUP)
        await self._does(step.who, ChannelName.TELEGRAM, f"{step.does} the bot", update)

    async def again(self) -> None:
        """The provider says the last thing over again."""
        if self.last is None:
            raise self.fault("nothing has arrived yet that could arrive again")
        await self._hear(self.last)

    def _channel(self, who: str) -> ChannelName:
        channel = self.threads[who].channel
        if channel is None:
            raise self.fault(f"on which channel? {who} (sms) or {who} (telegram)")
        return channel

    def _address(self, who: str, channel: ChannelName) -> str:
        return SOMEBODY_AT[channel] if who == SOMEBODY else self.cast.address(who, channel)

    def _by_sms(self, address: str, kind: InboundKind, text: str) -> Inbound:
        self.heard += 1
        return Inbound(ChannelName.SMS, f"in-{self.heard}", address, kind, text, f"raw of {text}")

    async def _says(self, who: str, channel: ChannelName, text: str) -> None:
        address = self._address(who, channel)
        update = self.app.text(address, text, self.clock.now()) if channel == ChannelName.TELEGRAM else None
        if update:
            self.written[who, text] = update
        await self._does(who, channel, text, update or self._by_sms(address, InboundKind.TEXT, text))

    async def _does(self, who: str, channel: ChannelName, says: str, heard: Heard) -> None:
        self.note(f"{who} ({channel}): {says}")
        self.last = heard
        await self._hear(heard)

    async def _hear(self, heard: Heard) -> None:
        if isinstance(heard, Inbound):
            await take_in(self.town.db, heard, self.clock)
        else:
            await self.app.hear(heard, self.town.db, self.clock)
        self.look_at_keyboards()
