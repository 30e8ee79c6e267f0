"""The promises of every channel, kept by Telegram."""

import pytest

from bot.telegram import Telegram
from medvind.channels import Channel, Examined, Witness
from medvind.model import ChannelName
from tests.bot.rig import TelegramRig
from tests.channel_contract import ChannelContract, Rig
from tests.standins.telegram import Telegram as Standin


class TestTelegram(ChannelContract):
    @pytest.fixture
    async def rig(self, channel: Telegram, standin: Standin) -> Rig:
        return TelegramRig(channel, standin)


def test_telegram_cannot_be_asked_afterwards_but_its_set_up_can_be_looked_at(channel: Telegram) -> None:
    telegram: Channel = channel
    assert telegram.name is ChannelName.TELEGRAM
    assert not isinstance(telegram, Witness)
    assert isinstance(telegram, Examined)
