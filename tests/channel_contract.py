"""What every channel promises its caller, whoever the provider is. A channel's tests give a rig and inherit the rest.

class TestTwilio(ChannelContract):
    @pytest.fixture
    async def rig(self) -> AsyncIterator[Rig]: ...
"""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Protocol

import pytest

from medvind.channels import Channel, Outgoing
from medvind.errors import ChannelError, NotSentError, ThrottledError, UndeliverableError, UnknownFateError
from medvind.model import PublicId

TEXT = "Kanariefugl: møde på torsdag kl. 14 æøå"


class Rig(Protocol):
    """A channel, with a time limit well under a second, and the stand-in behind it, which can be told how to fail."""

    @property
    def channel(self) -> Channel:
        """What is tried."""
        ...

    @property
    def to(self) -> str:
        """An address that the provider takes messages for."""
        ...

    @property
    def calls(self) -> int:
        """How many requests to send arrived whole."""
        ...

    @property
    def accepted(self) -> list[tuple[str, str]]:
        """Id and text of each message that the provider has taken."""
        ...

    async def refuse_connections(self) -> None:
        """Nobody listens any more."""
        ...

    def reset_after_the_body(self) -> None:
        """The provider hears it all and breaks off."""
        ...

    def lose_the_answer(self) -> None:
        """The provider takes the message and breaks off."""
        ...

    def hang(self) -> None:
        """The provider hears it all and never answers."""
        ...

    def garble(self) -> None:
        """The provider takes the message, and its yes can't be read."""
        ...

    def throttle(self, seconds: int) -> None:
        """The provider asks for this much rest (429)."""
        ...

    def fail(self, status: int) -> None:
        """The provider answers with a bare 5xx."""
        ...

    def refuse_the_address(self) -> None:
        """The provider says that this address is no good (400 and its code)."""
        ...

    def refuse_for_the_person(self) -> None:
        """The provider says that the person has blocked us."""
        ...

    async def heard(self) -> None:
        """Returns once a request has arrived whole."""
        ...

    def recover(self) -> None:
        """All is well again."""
        ...


class ChannelContract:
    """The promises. `rig` is a fixture of whoever inherits."""

    async def test_a_message_is_taken_once_and_answered_with_the_providers_id(self, rig: Rig) -> None:
        provider_id = await rig.channel.send(outgoing(rig))
        assert rig.accepted == [(provider_id, TEXT)]
        assert rig.calls == 1

    async def test_nobody_listening_proves_that_nothing_was_sent(self, rig: Rig) -> None:
        await rig.refuse_connections()
        assert type(await failure(rig)) is NotSentError

    async def test_a_connection_that_breaks_after_the_body_proves_nothing(self, rig: Rig) -> None:
        rig.reset_after_the_body()
        await in_doubt(rig)

    async def test_a_lost_answer_proves_nothing(self, rig: Rig) -> None:
        rig.lose_the_answer()
        await in_doubt(rig)
        assert len(rig.accepted) == 1

    async def test_a_silent_provider_is_given_up_in_time_and_proves_nothing(self, rig: Rig) -> None:
        rig.hang()
        async with asyncio.timeout(5):
            await in_doubt(rig)

    @pytest.mark.parametrize("status", [500, 502, 504])
    async def test_a_broken_provider_proves_nothing(self, rig: Rig, status: int) -> None:
        rig.fail(status)
        await in_doubt(rig)

    async def test_a_yes_that_cannot_be_read_is_never_sent_again(self, rig: Rig) -> None:
        rig.garble()
        error = await failure(rig)
        assert isinstance(error, UnknownFateError)
        assert error.accepted

    async def test_the_channel_rests_as_long_as_the_provider_asks(self, rig: Rig) -> None:
        rig.throttle(17)
        error = await failure(rig)
        assert isinstance(error, ThrottledError)
        assert error.after == 17

    async def test_an_address_that_is_no_good_is_known_as_dead(self, rig: Rig) -> None:
        rig.refuse_the_address()
        error = await failure(rig)
        assert isinstance(error, UndeliverableError)
        assert (error.dead, error.stopped) == (True, False)

    async def test_a_person_who_blocked_us_has_stopped(self, rig: Rig) -> None:
        rig.refuse_for_the_person()
        error = await failure(rig)
        assert isinstance(error, UndeliverableError)
        assert (error.dead, error.stopped) == (False, True)

    async def test_whoever_cancels_a_call_is_obeyed_and_told_nothing(self, rig: Rig) -> None:
        rig.hang()
        sending = asyncio.create_task(rig.channel.send(outgoing(rig)))
        async with asyncio.timeout(5):
            await rig.heard()
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending

    async def test_after_trouble_the_next_message_goes_out(self, rig: Rig) -> None:
        for trouble in (rig.reset_after_the_body, rig.hang, rig.garble, lambda: rig.fail(500), lambda: rig.throttle(1)):
            trouble()
            await failure(rig)
        rig.recover()
        assert await rig.channel.send(outgoing(rig)) == rig.accepted[-1][0]

    async def test_many_messages_at_once_each_get_their_own_id(self, rig: Rig) -> None:
        ids = await asyncio.gather(*(rig.channel.send(outgoing(rig)) for _ in range(20)))
        assert len(set(ids)) == 20
        assert sorted(ids) == sorted(provider_id for provider_id, _ in rig.accepted)


def outgoing(rig: Rig) -> Outgoing:
    """A message that is worth sending for another hour."""
    return Outgoing(PublicId("row-7"), rig.to, TEXT, datetime.now(UTC) + timedelta(hours=1))


async def failure(rig: Rig) -> ChannelError:
    """The error of one sending: the provider was asked once at most, and no word of it names a person or repeats a text."""
    before = rig.calls
    with pytest.raises(ChannelError) as caught:
        await rig.channel.send(outgoing(rig))
    assert rig.calls - before <= 1
    error: BaseException | None = caught.value
    while error is not None:
        said = f"{error!r} {error} {error.args}"
        assert rig.to not in said
        assert "Kanariefugl" not in said
        error = error.__cause__
    return caught.value


async def in_doubt(rig: Rig) -> None:
    """Whether it was sent can't be told from here, and nobody says that it was."""
    error = await failure(rig)
    assert isinstance(error, UnknownFateError)
    assert not error.accepted
