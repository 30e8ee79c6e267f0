"""The stand-in, listening, and the channel that speaks to it."""

from collections.abc import AsyncIterator

import pytest

from sms.twilio import TwilioSms
from tests.sms.rig import opened
from tests.standins.twilio import Twilio


@pytest.fixture
async def twilio() -> AsyncIterator[Twilio]:
    async with Twilio.open() as standin:
        yield standin


@pytest.fixture
async def channel(twilio: Twilio) -> AsyncIterator[TwilioSms]:
    async with opened(twilio) as sms:
        yield sms
