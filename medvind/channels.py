"""The port between the flows and the outside: what goes out, what comes in, and what a channel must be able to do."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol, runtime_checkable

from medvind.model import ChannelName, PublicId, State


@dataclass(frozen=True, slots=True)
class Button:
    """A tap instead of a word: `data` comes back as it is (at most 64 bytes)."""

    label: str
    data: str


class Outgoing(NamedTuple):
    """One message, rendered and ready. `id` is opaque and may stand in a provider's logs; `text` and `to` may not in ours."""

    id: PublicId
    to: str
    text: str
    valid_until: datetime
    buttons: tuple[Button, ...] = ()

    def __repr__(self) -> str:
        """The id alone: a stray log line must not carry a number or a text."""
        return f"Outgoing({self.id})"


class InboundKind(StrEnum):
    """What came: words, a tapped button, something that is no text, or the news that the bot was blocked or let in."""

    TEXT = "text"
    BUTTON = "button"
    MEDIA = "media"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Inbound:
    """One thing that somebody did. (`channel`, `provider_id`) is unique: the provider may say it again.

    `sender` is the address as the channel knows it (E.164, a Telegram user id). `text` holds words, or a button's data.
    `at` is when it was said, where we hear of it only afterwards; None: just now. `edits`: these words stand in the place of
    others, and so long ago those were said; only what was asked by then is answered by these.
    """

    channel: ChannelName
    provider_id: str
    sender: str
    kind: InboundKind
    text: str
    raw: str
    at: datetime | None = None
    edits: datetime | None = None

    def __repr__(self) -> str:
        """Kind and provider's id alone: no address and nobody's words."""
        return f"Inbound({self.channel}, {self.provider_id}, {self.kind})"


@dataclass(frozen=True, slots=True)
class Status:
    """What a provider says later about a message: our id if it carries one, its own id, the state in our words.

    `to` is where it went, as the channel knows it, empty where that isn't said. What did not arrive may say why for good:
    the address is `dead`, or whoever answers to it has `stopped` us at the provider.
    """

    channel: ChannelName
    message_id: PublicId | None
    provider_id: str
    state: State
    reason: str = ""
    to: str = field(default="", repr=False)
    dead: bool = False
    stopped: bool = False


class Channel(Protocol):
    """A way out. One call per `send`, no retry inside, no transaction open around it."""

    @property
    def name(self) -> ChannelName:
        """Which channel it is."""
        ...

    async def send(self, message: Outgoing) -> str:
        """Hands the message over and answers with the provider's id.

        Raises NotSentError, ThrottledError, UndeliverableError or UnknownFateError: what isn't proved unsent is unknown.
        """
        ...


@runtime_checkable
class Witness(Protocol):
    """A channel whose provider can be asked afterwards whether it took a message."""

    async def find(self, message: Outgoing, since: datetime, known: AbstractSet[str]) -> str | None:
        """The provider's id of this very text to this address since then, or None; ids in `known` belong to other rows.

        Raises ChannelError where the provider can't be asked now.
        """
        ...


@runtime_checkable
class Forgets(Protocol):
    """A channel whose provider keeps what was said, and deletes it when asked."""

    async def forget(self, provider_id: str) -> None:
        """Deletes one message there, whichever way it went. Raises GoneError where it isn't there, else ChannelError."""
        ...


@runtime_checkable
class Remembers(Protocol):
    """A channel whose provider can be asked what people sent us: a webhook that it gave up on isn't told again."""

    async def arrived(self, since: datetime) -> Sequence[Inbound]:
        """All that came since then, the oldest first, each under the id by which the webhook tells it, and with its time.

        Raises ChannelError where the provider can't be asked now.
        """
        ...


@runtime_checkable
class Examined(Protocol):
    """A channel whose set-up can be looked at, as `medvind doctor` does."""

    async def fault(self) -> str | None:
        """What keeps the provider from working for us, and its cure, in one line; None where all is well. Never raises."""
        ...
