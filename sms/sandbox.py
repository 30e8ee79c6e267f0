"""Text messages for trying out: shown, never sent, and for certain made-up numbers refused, held up or lost on purpose."""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from medvind.channels import Outgoing
from medvind.errors import ChannelError, NotSentError, UnknownFateError
from medvind.model import ChannelName
from sms.codes import refusal

REST = "2"
"""Seconds of rest that the sandbox asks for where it plays a full queue."""


@dataclass(frozen=True, slots=True)
class Play:
    """How each message to a number ends. `error` is made anew for each call; `times` None: at every try.

    `shown`: it was taken although no answer came, and whoever asks afterwards finds it.
    """

    happens: str
    coach_sees: str
    error: Callable[[], ChannelError]
    times: int | None = None
    shown: bool = False


def _says(status: int, code: int, rest: str | None = None) -> Callable[[], ChannelError]:
    """What the real provider's answer would mean: the same table decides."""
    return lambda: refusal(status, code, rest)


def _not_reached() -> ChannelError:
    return NotSentError("sandbox: not reached")


def _lost() -> ChannelError:
    return UnknownFateError("sandbox: answer lost")


PLAYS: Mapping[str, Play] = {
    "+4500000001": Play("refused: the number is dead (21211)", "the number is dead, a task", _says(400, 21211)),
    "+4500000002": Play("refused: STOP was sent to the provider (21610)", "they have stopped, a task", _says(400, 21610)),
    "+4500000003": Play("refused: the text is no good (21617)", "failed, a task", _says(400, 21617)),
    "+4500000004": Play("full queue once (20429), then taken", "sent, a little later", _says(429, 20429, REST), 1),
    "+4500000005": Play("refused once, may pass (30001), then taken", "sent at the next try", _says(400, 30001), 1),
    "+4500000006": Play("not reached once, then taken", "sent at the next try", _not_reached, 1),
    "+4500000007": Play("taken, the answer lost", "sent, found when asked", _lost, 1, shown=True),
    "+4500000008": Play("not taken, the answer lost once", "sent after it was asked", _lost, 1),
}
"""Made-up numbers that no network knows. A code of `Refusal.OPERATOR` has none: it rests the channel for everybody."""


class Sandbox:
    """A channel and a witness that reach nobody. What was tried is remembered in this process alone."""

    name = ChannelName.SMS

    def __init__(self, say: Callable[[str], object] = print) -> None:
        self._say = say
        self._tries: dict[str, int] = {}
        self._taken: set[str] = set()

    async def send(self, message: Outgoing) -> str:
        """Shows the message, with all of the number but its end left out; raises what the table says of the number."""
        play = PLAYS.get(message.to)
        if play is not None:
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

    def _take(self, message: Outgoing) -> str:
        self._say(f"SMS to …{message.to[-2:]}: {message.text}")
        if message.to in PLAYS:
            self._taken.add(_id(message))
        return _id(message)


def _id(message: Outgoing) -> str:
    return f"console-{message.id}"
