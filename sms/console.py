"""Text messages for trying out: shown, never sent."""

from collections.abc import Callable

from medvind.channels import Outgoing
from medvind.model import ChannelName


class Console:
    """A channel that says what it would have sent, with all of the number but its end left out."""

    name = ChannelName.SMS

    def __init__(self, say: Callable[[str], object] = print) -> None:
        self._say = say

    async def send(self, message: Outgoing) -> str:
        """Shows the message. It never fails."""
        self._say(f"SMS to …{message.to[-2:]}: {message.text}")
        return f"console-{message.id}"
