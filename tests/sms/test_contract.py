"""The promises of every channel, kept by text messages."""

import pytest

from medvind.channels import Channel, Witness
from medvind.model import ChannelName
from sms.twilio import TwilioSms
from tests.channel_contract import ChannelContract, Rig
from tests.sms.rig import TwilioRig
from tests.standins.twilio import Twilio


class TestTwilio(ChannelContract):
    @pytest.fixture
    async def rig(self, channel: TwilioSms, twilio: Twilio) -> Rig:
        return TwilioRig(channel, twilio)


def test_twilio_can_be_asked_afterwards(channel: TwilioSms) -> None:
    sms: Channel = channel
    assert sms.name is ChannelName.SMS
    assert isinstance(sms, Witness)
