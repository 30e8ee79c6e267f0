"""The channel and the stand-in, put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from medvind.clock import Clock, SystemClock
from sms.twilio import TwilioSms
from tests.standins.twilio import Orders, Twilio
from tests.standins.twilio_words import ACCOUNT, NUMBER, TOKEN


@asynccontextmanager
async def opened(
    twilio: Twilio, *, clock: Clock | None = None, sender: str = NUMBER, public_url: str | None = None, token: str = TOKEN
) -> AsyncIterator[TwilioSms]:
    """The channel as `main` opens it, with a short time limit."""
    async with TwilioSms.open(
        account_sid=ACCOUNT,
        auth_token=token,
        sender=sender,
        base_url=twilio.base_url,
        public_url=public_url,
        timeout=0.6,
        clock=clock or SystemClock(),
    ) as channel:
        yield channel


class TwilioRig:
    """Tells the stand-in how to fail, in the words of the contract."""

    to = "+4501000001"

    def __init__(self, channel: TwilioSms, twilio: Twilio) -> None:
        self.channel = channel
        self.twilio = twilio

    @property
    def calls(self) -> int:
        return self.twilio.calls

    @property
    def accepted(self) -> list[tuple[str, str]]:
        return [(one.sid, one.body) for one in self.twilio.sent()]

    async def refuse_connections(self) -> None:
        await self.twilio.stop_listening()

    def reset_after_the_body(self) -> None:
        self.twilio.orders = Orders("reset")

    def lose_the_answer(self) -> None:
        self.twilio.orders = Orders("lose")

    def hang(self) -> None:
        self.twilio.orders = Orders("hang")

    def garble(self) -> None:
        self.twilio.orders = Orders("garble")

    def throttle(self, seconds: int) -> None:
        self.twilio.orders = Orders("refuse", 429, 20429, str(seconds))

    def fail(self, status: int) -> None:
        self.twilio.orders = Orders("refuse", status)

    def refuse_the_address(self) -> None:
        self.twilio.orders = Orders("refuse", 400, 21614)

    def refuse_for_the_person(self) -> None:
        self.twilio.orders = Orders("refuse", 400, 21610)

    async def heard(self) -> None:
        await self.twilio.heard.wait()

    def recover(self) -> None:
        self.twilio.orders = Orders()
