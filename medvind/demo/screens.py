"""What stands on the screens: all that landed on a phone and all that was said from it, in its order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from medvind.channels import Button, InboundKind, Outgoing
from medvind.clock import Clock
from medvind.demo.cast import Persona
from medvind.model import ChannelName
from medvind.rules.segments import measure

STARTS = "/start"
"""What Telegram shows of the link with a code: the code itself never stands on a screen."""


@dataclass(frozen=True, slots=True)
class Bubble:
    """One thing on a screen. `mine`: its owner said it; `tap`: with a button, whose label is the text."""

    number: int
    at: datetime
    channel: ChannelName
    mine: bool
    tap: bool
    text: str
    buttons: tuple[Button, ...] = ()

    @property
    def parts(self) -> int | None:
        """How many SMS it took; None on Telegram, which counts none."""
        return measure(self.text).segments if self.channel == ChannelName.SMS else None


class Screens:
    """The phones' memory. It is what a channel handed over and what was handed to one, not what the service meant to say."""

    def __init__(self, cast: Sequence[Persona], clock: Clock) -> None:
        self._clock = clock
        self._bubbles: dict[str, list[Bubble]] = {one.external_id: [] for one in cast}

    def of(self, owner: Persona) -> Sequence[Bubble]:
        """Everything on this phone, the oldest first."""
        return self._bubbles[owner.external_id]

    def land(self, owner: Persona, channel: ChannelName, message: Outgoing) -> None:
        """Something came."""
        self._add(owner, channel, message.text, buttons=message.buttons)

    def say(self, owner: Persona, channel: ChannelName, kind: InboundKind, text: str) -> None:
        """Its owner wrote, or tapped a button; the buttons of that message are gone then, as in Telegram."""
        if kind == InboundKind.BUTTON:
            label = next((button.label for button in self.buttons(owner) if button.data == text), text)
            self._bubbles[owner.external_id] = [_without(bubble, text) for bubble in self.of(owner)]
            self._add(owner, channel, label, mine=True, tap=True)
        else:
            self._add(owner, channel, STARTS if text.startswith(f"{STARTS} ") else text, mine=True)

    def buttons(self, owner: Persona) -> Iterator[Button]:
        """All that can be tapped on this phone."""
        return (button for bubble in self.of(owner) for button in bubble.buttons)

    def _add(
        self,
        owner: Persona,
        channel: ChannelName,
        text: str,
        *,
        mine: bool = False,
        tap: bool = False,
        buttons: tuple[Button, ...] = (),
    ) -> None:
        told = self._bubbles[owner.external_id]
        told.append(Bubble(len(told) + 1, self._clock.now(), channel, mine, tap, text, buttons))


def _without(bubble: Bubble, tapped: str) -> Bubble:
    """The same, with no buttons where it was one of them."""
    return replace(bubble, buttons=()) if any(button.data == tapped for button in bubble.buttons) else bubble
