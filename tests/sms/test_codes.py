"""What each answer of Twilio means, row by row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medvind.errors import ChannelError, GoneError, NotSentError, ThrottledError, UndeliverableError, UnknownFateError
from medvind.model import PublicId
from sms.codes import CODES, Refusal, refusal
from sms.twilio import TwilioSms
from tests.channel_contract import outgoing
from tests.sms.rig import TwilioRig, opened
from tests.standins.twilio import Orders, Twilio

DEAD: dict[str, object] = {"dead": True, "stopped": False}
STOPPED: dict[str, object] = {"dead": False, "stopped": True}
NEVER: dict[str, object] = {"dead": False, "stopped": False}
ROWS: list[tuple[int, int | None, str | None, type[ChannelError], dict[str, object]]] = [
    (400, 21211, None, UndeliverableError, DEAD),
    (400, 21614, None, UndeliverableError, DEAD),
    (400, 30004, None, UndeliverableError, DEAD),
    (400, 30005, None, UndeliverableError, DEAD),
    (400, 30006, None, UndeliverableError, DEAD),
    (400, 21610, None, UndeliverableError, STOPPED),
    (400, 21602, None, UndeliverableError, NEVER),
    (400, 21617, None, UndeliverableError, NEVER),
    (429, 20429, "7", ThrottledError, {"after": 7.0}),
    (429, 20429, None, ThrottledError, {"after": 1.0}),
    (429, None, None, ThrottledError, {"after": 1.0}),
    (429, None, "Wed, 25 Nov 2026 09:00:00 GMT", ThrottledError, {"after": 1.0}),
    (429, 20429, "999999999", ThrottledError, {"after": 3600.0}),
    (429, 20429, "nan", ThrottledError, {"after": 1.0}),
    (429, 20429, "-5", ThrottledError, {"after": 1.0}),
    (400, 20429, "9", ThrottledError, {"after": 9.0}),
    (400, 21611, None, ThrottledError, {"after": 1.0}),
    (503, None, "30", ThrottledError, {"after": 30.0}),
    (503, 20503, "30", ThrottledError, {"after": 30.0}),
    (401, 20003, None, ThrottledError, {"after": 300.0}),
    (403, 21408, None, ThrottledError, {"after": 300.0}),
    (400, 21603, None, ThrottledError, {"after": 300.0}),
    (400, 21606, None, ThrottledError, {"after": 300.0}),
    (400, 30007, None, ThrottledError, {"after": 300.0}),
    (400, 30001, None, NotSentError, {}),
    (400, 30003, None, NotSentError, {}),
    (400, 30008, None, NotSentError, {}),
    (400, 29999, None, NotSentError, {}),
    (404, 20404, None, GoneError, {"answered": True}),
    (400, None, None, UnknownFateError, {"accepted": False}),
    (403, None, None, UnknownFateError, {"accepted": False}),
    (408, None, None, UnknownFateError, {"accepted": False}),
    (302, None, None, UnknownFateError, {"accepted": False}),
    (500, None, None, UnknownFateError, {"accepted": False}),
    (500, 21211, None, UnknownFateError, {"accepted": False}),
    (502, None, "30", UnknownFateError, {"accepted": False}),
    (503, None, None, UnknownFateError, {"accepted": False}),
    (503, 20503, None, UnknownFateError, {"accepted": False}),
    (504, None, None, UnknownFateError, {"accepted": False}),
]


@pytest.mark.parametrize(("status", "code", "retry_after", "error", "fields"), ROWS)
async def test_each_answer_has_one_meaning(
    channel: TwilioSms,
    twilio: Twilio,
    status: int,
    code: int | None,
    retry_after: str | None,
    error: type[ChannelError],
    fields: dict[str, object],
) -> None:
    twilio.orders = Orders("refuse", status, code, retry_after)
    with pytest.raises(ChannelError) as caught:
        await channel.send(outgoing(TwilioRig(channel, twilio)))
    assert type(caught.value) is error
    assert {name: getattr(caught.value, name) for name in fields} == fields
    assert caught.value.reason == f"twilio {code or status}"
    assert twilio.sent() == []


def test_every_code_of_the_table_has_a_row_of_its_own_here() -> None:
    """In an answer in which it is believed. Whoever adds a code says here what follows from it."""
    believed = {code for status, code, *_ in ROWS if code is not None and 400 <= status < 500 and status != 429}
    assert CODES.keys() - believed == set()
    assert set(CODES.values()) == set(Refusal)


async def test_a_wrong_token_rests_the_channel_until_somebody_mends_it(twilio: Twilio) -> None:
    async with opened(twilio, token="wrong") as channel:
        with pytest.raises(ThrottledError, match="twilio 20003") as caught:
            await channel.send(outgoing(TwilioRig(channel, twilio)))
    assert caught.value.after == 300


@pytest.mark.parametrize(
    ("to", "text", "reason"),
    [("4501000001", "Hej", "21211"), ("+4501000001", "", "21602"), ("+4501000001", "x" * 1601, "21617")],
)
async def test_what_twilio_itself_turns_down_never_will_be_sent(
    channel: TwilioSms, twilio: Twilio, to: str, text: str, reason: str
) -> None:
    like = outgoing(TwilioRig(channel, twilio))
    message = type(like)(PublicId("row-1"), to, text, like.valid_until)
    with pytest.raises(UndeliverableError, match=reason):
        await channel.send(message)


@given(status=st.integers(300, 599), code=st.none() | st.integers(0, 99999), retry_after=st.none() | st.text())
def test_every_answer_that_is_no_yes_has_exactly_one_class(status: int, code: int | None, retry_after: str | None) -> None:
    error = refusal(status, code, retry_after)
    assert type(error) in {NotSentError, GoneError, ThrottledError, UndeliverableError, UnknownFateError}
    if status >= 500 and not (status == 503 and retry_after is not None):
        assert isinstance(error, UnknownFateError)
    if isinstance(error, ThrottledError):
        assert 0 <= error.after <= 3600
