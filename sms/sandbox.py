"""Text messages for trying out: shown, never sent, and for certain made-up numbers refused, held up or lost on purpose."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from medvind.channels import Outgoing, Status
from medvind.errors import ChannelError, ConflictError, DatabaseAwayError, NotSentError, UnknownFateError
from medvind.model import ChannelName, State
from sms.codes import CODES, Refusal, refusal

REST = "2"
"""Seconds of rest that the sandbox asks for where it plays a full queue."""
LATER = 1.0
"""Seconds after which it tells what became of a message that it took."""


@dataclass(frozen=True, slots=True)
class Play:
    """How each message to a number ends. `error` is made anew for each call; `times` None: at every try.

    `shown`: it was taken although no answer came, and whoever asks afterwards finds it. `later`: what is told of it once it
    was taken, with the provider's code where it did not arrive.
    """

    happens: str
    coach_sees: str
    error: Callable[[], ChannelError] | None = None
    times: int | None = None
    shown: bool = False
    later: tuple[State, int | None] | None = None


def _says(status: int, code: int, rest: str | None = None) -> Callable[[], ChannelError]:
    """What the real provider's answer would mean: the same table decides."""
    return lambda: refusal(status, code, rest)


def _not_reached() -> ChannelError:
    return NotSentError("sandbox: not reached")


def _lost() -> ChannelError:
    return UnknownFateError("sandbox: answer lost")


def _off(code: int) -> tuple[State, int]:
    return State.UNDELIVERED, code


PLAYS: Mapping[str, Play] = {
    "+4500000001": Play("refused: the number is dead (21211)", "the number is dead, a task", _says(400, 21211)),
    "+4500000002": Play("refused: STOP was sent to the provider (21610)", "they have stopped, a task", _says(400, 21610)),
    "+4500000003": Play("refused: the text is no good (21617)", "failed, a task", _says(400, 21617)),
    "+4500000004": Play("full queue once (20429), then taken", "sent, a little later", _says(429, 20429, REST), 1),
    "+4500000005": Play("refused once, may pass (30001), then taken", "sent at the next try", _says(400, 30001), 1),
    "+4500000006": Play("not reached once, then taken", "sent at the next try", _not_reached, 1),
    "+4500000007": Play("taken, the answer lost", "sent, found when asked", _lost, 1, shown=True),
    "+4500000008": Play("not taken, the answer lost once", "sent after it was asked", _lost, 1),
    "+4500000009": Play("taken, and told later that it arrived", "delivered", later=(State.DELIVERED, None)),
    "+4500000010": Play("taken, and told later that the phone was off (30003)", "not delivered, a task", later=_off(30003)),
    "+4500000011": Play(
        "taken, and told later that the number is unknown (30005)", "the number is dead, a task", later=_off(30005)
    ),
    "+4500000012": Play("taken, and told later that STOP was sent (21610)", "they have stopped, a task", later=_off(21610)),
}
"""Made-up numbers that no network knows. A code of `Refusal.OPERATOR` has none: it rests the channel for everybody."""


class Sandbox:
    """A channel and a witness that reach nobody. What was tried is remembered in this process alone."""

    name = ChannelName.SMS

    def __init__(self, say: Callable[[str], object] = print) -> None:
        self._say = say
        self._tries: dict[str, int] = {}
        self._taken: set[str] = set()
        self._news: list[Status] = []

    async def send(self, message: Outgoing) -> str:
        """Shows the message, with all of the number but its end left out; raises what the table says of the number."""
        play = PLAYS.get(message.to)
        if play is not None and play.error is not None:
            tries = self._tries[message.id] = self._tries.get(message.id, 0) + 1
            if play.times is None or tries <= play.times:
                if play.shown:
                    self._take(message)
                raise play.error()
        return self._take(message)

    async def find(self, message: Outgoing, since: datetime, known: AbstractSet[str]) -> str | None:
        """Its id where it was taken, as a provider's list would show it."""
        del since
        taken = _id(message)
        return taken if taken in self._taken and taken not in known else None

    async def report(self, tell: Callable[[Status], Awaitable[object]], stop: asyncio.Event, every: float = LATER) -> None:
        """Tells what became of what was taken, a moment later as a provider does, until it is time to stop.

        What could not be kept is told again.
        """
        while not stop.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), every)
            with suppress(DatabaseAwayError, ConflictError):
                await self.tell_all(tell)

    async def tell_all(self, tell: Callable[[Status], Awaitable[object]]) -> None:
        """What there is to tell now, in its order; what is told is forgotten."""
        while self._news:
            await tell(self._news[0])
            del self._news[0]

    def _take(self, message: Outgoing) -> str:
        self._say(f"SMS to …{message.to[-2:]}: {message.text}")
        play = PLAYS.get(message.to)
        if play is not None:
            self._taken.add(_id(message))
            if play.later is not None:
                self._news.append(_status(message, *play.later))
        return _id(message)


def _status(message: Outgoing, state: State, code: int | None) -> Status:
    """In our words, as the real provider's code would be read."""
    says = CODES.get(code) if code else None
    return Status(
        ChannelName.SMS,
        message.id,
        _id(message),
        state,
        reason=f"twilio {code}" if code else "",
        to=message.to,
        dead=says is Refusal.DEAD,
        stopped=says is Refusal.STOPPED,
    )


def _id(message: Outgoing) -> str:
    return f"console-{message.id}"
