"""A text message on its way out, and the question whether it was taken."""

import logging
from datetime import UTC, datetime, timedelta

import pytest

from medvind.channels import Outgoing
from medvind.errors import ChannelError, NotSentError, UnknownFateError
from medvind.model import PublicId
from sms.sandbox import Sandbox
from sms.twilio import TwilioSms
from tests.fakes import HandClock
from tests.sms.rig import opened
from tests.standins.twilio import Orders, Taken, Twilio

TO = "+4501000001"
TEXT = "Møde i morgen kl. 14. Svar JA eller NEJ"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def message(text: str = TEXT, *, to: str = TO, valid_until: datetime | None = None) -> Outgoing:
    return Outgoing(PublicId("row-7"), to, text, valid_until or datetime.now(UTC) + timedelta(hours=1))


async def test_a_text_arrives_as_it_was_written(channel: TwilioSms, twilio: Twilio) -> None:
    text = "Æbler & pærer = 50% + 'frugt'\nø å € \N{SEEDLING}"
    sid = await channel.send(message(text))
    [taken] = twilio.sent()
    assert (taken.sid, taken.to, taken.body, taken.status_callback) == (sid, TO, text, "")


async def test_a_sender_is_a_number_or_a_messaging_service(twilio: Twilio) -> None:
    for sender in ("+4501000099", "MG" + "b" * 32):
        async with opened(twilio, sender=sender) as channel:
            await channel.send(message())
    number, service = twilio.sent()
    assert (number.sender, number.service) == ("+4501000099", "")
    assert (service.sender, service.service) == ("", "MG" + "b" * 32)


async def test_twilio_is_told_where_to_report_the_fate_of_the_very_row(twilio: Twilio) -> None:
    async with opened(twilio, public_url="https://kommune.example/medvind") as channel:
        await channel.send(message())
    assert twilio.sent()[0].status_callback == ("https://kommune.example/medvind/webhooks/twilio/status?o=row-7#rc=5&rp=all")


@pytest.mark.parametrize(("seconds", "validity"), [(1, 1), (1.9, 1), (600, 600), (36_000, 36_000), (90_000, 36_000)])
async def test_a_message_waits_at_twilio_no_longer_than_it_is_of_use(twilio: Twilio, seconds: float, validity: int) -> None:
    async with opened(twilio, clock=HandClock(NOW)) as channel:
        await channel.send(message(valid_until=NOW + timedelta(seconds=seconds)))
    assert twilio.sent()[0].validity_period == str(validity)


@pytest.mark.parametrize("seconds", [0.9, 0, -3600])
async def test_what_is_too_late_is_not_handed_over(twilio: Twilio, seconds: float) -> None:
    async with opened(twilio, clock=HandClock(NOW)) as channel:
        with pytest.raises(NotSentError, match="too late"):
            await channel.send(message(valid_until=NOW + timedelta(seconds=seconds)))
    assert twilio.calls == 0


async def test_no_number_and_no_text_reaches_a_log(
    channel: TwilioSms, twilio: Twilio, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await channel.send(message())
    await channel.find(message(), datetime.now(UTC), set())
    twilio.orders = Orders("refuse", 400, 21211)
    with pytest.raises(ChannelError):
        await channel.send(message())
    assert TO[1:] not in caplog.text
    assert "morgen" not in caplog.text


async def test_what_was_taken_is_found_though_its_answer_was_lost(channel: TwilioSms, twilio: Twilio) -> None:
    before = datetime.now(UTC)
    twilio.orders = Orders("lose", times=1)
    with pytest.raises(UnknownFateError):
        await channel.send(message())
    assert await channel.find(message(), before, set()) == twilio.sent()[0].sid


@pytest.mark.parametrize("status", ["queued", "sending", "sent", "delivered", "undelivered", "failed"])
async def test_a_message_is_found_in_whatever_state_it_is(channel: TwilioSms, twilio: Twilio, status: str) -> None:
    before = datetime.now(UTC)
    sid = await channel.send(message())
    twilio.taken[0].status = status
    assert await channel.find(message(), before, set()) == sid


def taken(*, sid: str = "SM1", to: str = TO, body: str = TEXT, ago: float = 10, direction: str = "outbound-api") -> Taken:
    at = datetime.now(UTC) - timedelta(seconds=ago)
    return Taken(sid, to, "+4501000099", body, at, direction=direction, status="sent")


@pytest.mark.parametrize(
    "other",
    [
        taken(body="Møde i dag kl. 14"),
        taken(to="+4501000002"),
        taken(ago=70),
        taken(direction="inbound"),
        taken(sid="SMknown"),
    ],
    ids=["another text", "another person", "before", "what the person wrote", "bound to another row"],
)
async def test_nothing_else_is_taken_for_it(channel: TwilioSms, twilio: Twilio, other: Taken) -> None:
    twilio.taken = [other]
    assert await channel.find(message(), datetime.now(UTC) - timedelta(seconds=60), {"SMknown"}) is None


async def test_a_typographic_sign_that_the_account_replaces_hides_nothing(channel: TwilioSms, twilio: Twilio) -> None:
    twilio.taken = [taken(body="Husk moms - senest 1. december")]
    sought = message("Husk moms \N{EN DASH} senest 1. december")
    assert await channel.find(sought, datetime.now(UTC) - timedelta(seconds=60), set()) == "SM1"


async def test_a_list_that_lags_shows_it_later(channel: TwilioSms, twilio: Twilio) -> None:
    before = datetime.now(UTC)
    sid = await channel.send(message())
    twilio.orders.lag = 60
    assert await channel.find(message(), before, set()) is None
    twilio.orders.lag = 0
    assert await channel.find(message(), before, set()) == sid


async def test_a_message_behind_many_others_is_found(channel: TwilioSms, twilio: Twilio) -> None:
    before = datetime.now(UTC) - timedelta(seconds=60)
    twilio.taken = [taken(), *(taken(sid=f"SMx{number}", body=f"nr. {number}", ago=5) for number in range(250))]
    assert await channel.find(message(), before, set()) == "SM1"


@pytest.mark.parametrize("days", [-400, -1, 1, 90])
async def test_clocks_that_disagree_lose_nothing_and_mix_nothing_up(twilio: Twilio, days: int) -> None:
    clock = HandClock(datetime.now(UTC) + timedelta(days=days))
    twilio.taken = [taken(sid="SMbefore", ago=300)]
    async with opened(twilio, clock=clock) as channel:
        since = clock.now() - timedelta(seconds=60)
        assert await channel.find(message(), since, set()) is None
        sid = await channel.send(message(valid_until=clock.now() + timedelta(hours=1)))
        assert await channel.find(message(), since, set()) == sid


@pytest.mark.parametrize("orders", [Orders("refuse", 500), Orders("refuse", 401, 20003), Orders("refuse", 200)])
async def test_a_provider_that_cannot_be_asked_is_not_taken_for_a_no(
    channel: TwilioSms, twilio: Twilio, orders: Orders
) -> None:
    twilio.orders = orders
    with pytest.raises(ChannelError):
        await channel.find(message(), datetime.now(UTC), set())


async def test_the_console_shows_the_text_and_the_end_of_the_number() -> None:
    shown: list[object] = []
    console = Sandbox(shown.append)
    assert await console.send(message()) == "console-row-7"
    assert shown == [f"SMS to …01: {TEXT}"]


async def test_a_good_account_has_no_fault(channel: TwilioSms) -> None:
    assert await channel.fault() is None


async def test_a_wrong_token_is_named_with_its_cure(twilio: Twilio) -> None:
    async with opened(twilio, token="wrong") as channel:
        said = await channel.fault()
    assert said is not None
    assert said.startswith("twilio: twilio 20003; check MEDVIND_TWILIO__ACCOUNT_SID and MEDVIND_TWILIO__AUTH_TOKEN")
    assert "wrong" not in said


async def test_a_suspended_account_is_named(channel: TwilioSms, twilio: Twilio) -> None:
    twilio.account = "suspended"
    assert await channel.fault() == "twilio: the account is suspended; open it in Twilio's console"


async def test_a_provider_that_is_away_is_a_fault_and_no_crash(channel: TwilioSms, twilio: Twilio) -> None:
    await twilio.stop_listening()
    said = await channel.fault()
    assert said is not None
    assert "whether this machine reaches Twilio" in said
