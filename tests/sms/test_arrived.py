"""What people wrote is asked for afterwards: their texts to our number, as the webhook would have told them."""

from datetime import UTC, datetime, timedelta

import pytest

from medvind.channels import Inbound, Remembers
from medvind.errors import ChannelError
from sms.inbound import read_fields
from sms.twilio import TwilioSms
from tests.fakes import HandClock
from tests.sms.rig import opened
from tests.standins.twilio import Orders, Taken, Twilio
from tests.standins.twilio_words import inbound_form

MAJA = "+4501000001"
SERVICE = "MG" + "b" * 32


def ago(minutes: float) -> datetime:
    return datetime.now(UTC) - timedelta(minutes=minutes)


def words(arrived: list[Inbound]) -> list[str]:
    return [one.text for one in arrived]


async def since(channel: TwilioSms, minutes: float) -> list[Inbound]:
    return list(await channel.arrived(ago(minutes)))


async def test_what_came_since_then_is_there_the_oldest_first_and_nothing_of_ours(channel: TwilioSms, twilio: Twilio) -> None:
    for minutes, text in ((90, "for gammel"), (50, "STOP"), (10, "START")):
        twilio.keep(inbound_form(MAJA, text), ago(minutes))
    twilio.taken.append(Taken("SM1", MAJA, "+4501000099", "Husk moms", ago(5), status="sent"))
    twilio.keep(inbound_form(MAJA, "til en anden", To="+4501000098"), ago(5))
    assert isinstance(channel, Remembers)
    assert words(await since(channel, 60)) == ["STOP", "START"]


@pytest.mark.parametrize("fields", [{}, {"NumMedia": "1"}], ids=["words", "a picture"])
async def test_it_is_the_same_thing_as_the_webhook_tells_under_the_same_id(
    channel: TwilioSms, twilio: Twilio, fields: dict[str, str]
) -> None:
    form = inbound_form(MAJA, "" if fields else "æøå \N{SEEDLING}\n& = +", **fields)
    twilio.keep(form, ago(1))
    told = read_fields(list(form.items()))
    [one] = await since(channel, 5)
    assert told is not None
    assert (one.provider_id, one.sender, one.kind, one.text) == (told.provider_id, told.sender, told.kind, told.text)
    assert one.at is not None
    assert abs(one.at - ago(1)) < timedelta(seconds=5)


async def test_many_of_them_come_page_by_page(channel: TwilioSms, twilio: Twilio) -> None:
    for number in range(650):
        twilio.keep(inbound_form(MAJA, str(number)), ago(10))
    assert words(await since(channel, 60)) == [str(number) for number in range(650)]


@pytest.mark.parametrize("days", [-400, -1, 1, 90])
async def test_clocks_that_disagree_lose_nothing(twilio: Twilio, days: int) -> None:
    clock = HandClock(datetime.now(UTC) + timedelta(days=days))
    twilio.keep(inbound_form(MAJA, "for gammel"), ago(90))
    twilio.keep(inbound_form(MAJA, "JA"), ago(10))
    async with opened(twilio, clock=clock) as channel:
        [one] = await channel.arrived(clock.now() - timedelta(minutes=60))
    assert one.text == "JA"
    assert one.at is not None
    assert timedelta(minutes=9) < clock.now() - one.at < timedelta(minutes=11)


async def test_a_messaging_service_sees_what_came_to_its_own_numbers(twilio: Twilio) -> None:
    twilio.keep(inbound_form(MAJA, "JA", MessagingServiceSid=SERVICE, To="+4501000098"), ago(3))
    twilio.keep(inbound_form(MAJA, "til en anden", To="+4501000097"), ago(2))
    twilio.taken.append(Taken("SM1", MAJA, "+4501000099", "Husk moms", ago(1), service=SERVICE))
    async with opened(twilio, sender=SERVICE) as channel:
        assert words(await since(channel, 60)) == ["JA"]


async def test_nobody_can_write_to_a_name_so_nobody_is_asked(twilio: Twilio) -> None:
    twilio.orders = Orders("refuse", 500)
    async with opened(twilio, sender="Kommunen") as channel:
        assert await since(channel, 60) == []


@pytest.mark.parametrize("orders", [Orders("refuse", 500), Orders("refuse", 401, 20003), Orders("refuse", 200)])
async def test_a_provider_that_cannot_be_asked_is_not_taken_for_silence(
    channel: TwilioSms, twilio: Twilio, orders: Orders
) -> None:
    twilio.orders = orders
    with pytest.raises(ChannelError):
        await since(channel, 60)
