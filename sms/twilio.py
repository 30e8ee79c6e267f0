"""Text messages by Twilio: handing one over, and asking afterwards whether it was taken."""

from collections.abc import AsyncIterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import structlog
from twilio.base import values
from twilio.base.exceptions import TwilioException
from twilio.rest import Client
from twilio.rest.api.v2010.account.message import MessageInstance

from medvind.channels import Inbound, Outgoing
from medvind.clock import Clock
from medvind.errors import ChannelError, NotSentError, UnknownFateError
from medvind.model import ChannelName
from medvind.rules.segments import plain
from sms.inbound import read_listed
from sms.transport import Transport
from sms.webhook import STATUS

LONGEST_WAIT = 36_000
"""Seconds that Twilio keeps a message in its queue at most."""
PAGE = 100
MOST = 300
"""Messages to one number that are looked through, the newest first."""
ARRIVED_PAGE = 300
"""Messages that people sent us, in one answer: so many long ones still fit into what is read of it."""
MOST_ARRIVED = 5_000
"""Looked through at once, the newest first."""
SERVICE = "MG"
"""How the sid of a Messaging Service begins; anything else is a sender by itself."""
RETRY = "#rc=5&rp=all"
"""Twilio's connection overrides: told again up to five times within its 15 seconds, also after a 5xx, which it doesn't do by
itself. What follows the # is for Twilio alone: it is neither sent to us nor signed."""
UNREADABLE = (TwilioException, ValueError, TypeError, KeyError, AttributeError)
"""What the client raises where a 2xx doesn't hold what it should."""

log = structlog.get_logger()


class TwilioSms:
    """A channel and a witness. Opened with `TwilioSms.open`, inside a running loop."""

    name = ChannelName.SMS

    def __init__(self, client: Client, transport: Transport, sender: str, public_url: str | None, clock: Clock) -> None:
        self._client = client
        self._transport = transport
        self._sender = sender
        self._public_url = public_url
        self._clock = clock

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        *,
        account_sid: str,
        auth_token: str,
        sender: str,
        base_url: str | None,
        public_url: str | None,
        timeout: float,  # noqa: ASYNC109 - the hard limit of each request, not of this call
        clock: Clock,
    ) -> AsyncIterator["TwilioSms"]:
        """Ready to send. `sender` is a number, a name or a Messaging Service; without a public URL nobody calls us back."""
        async with Transport.open(base_url, timeout, clock) as transport:
            client = Client(account_sid, auth_token, http_client=transport)
            yield cls(client, transport, sender, public_url, clock)

    async def send(self, message: Outgoing) -> str:
        """Hands the message over, to wait in Twilio's queue no longer than it is of use. Raises as `Channel.send` says."""
        seconds = int((message.valid_until - self._clock.now()).total_seconds())
        if seconds < 1:
            raise NotSentError("too late")
        service = self._sender.startswith(SERVICE)
        try:
            taken: MessageInstance = await self._client.messages.create_async(
                to=message.to,
                from_=values.unset if service else self._sender,
                messaging_service_sid=self._sender if service else values.unset,
                body=message.text,
                status_callback=f"{self._public_url}{STATUS}?o={message.id}{RETRY}" if self._public_url else values.unset,
                validity_period=min(seconds, LONGEST_WAIT),
            )
        except UNREADABLE:
            raise UnknownFateError("twilio: unreadable answer", accepted=True) from None
        if not isinstance(taken.sid, str) or not taken.sid:
            raise UnknownFateError("twilio: no id in the answer", accepted=True)
        return taken.sid

    async def fault(self) -> str | None:
        """Whether Twilio knows the account, and lets us in."""
        try:
            account = await self._client.api.v2010.accounts(self._client.username).fetch_async()
        except ChannelError as error:
            cure = "check MEDVIND_TWILIO__ACCOUNT_SID and MEDVIND_TWILIO__AUTH_TOKEN, and whether this machine reaches Twilio"
            return f"twilio: {error.reason}; {cure}"
        except UNREADABLE:
            return "twilio: its answer can't be read; is MEDVIND_TWILIO__BASE_URL right?"
        if account.status != "active":
            return f"twilio: the account is {account.status}; open it in Twilio's console"
        return None

    async def find(self, message: Outgoing, since: datetime, known: AbstractSet[str]) -> str | None:
        """The sid of this text to this number. The date is left out at the second try: a queued message may have none yet."""
        for day in ((since + self._transport.ahead).astimezone(UTC).date(), values.unset):
            try:
                listed: list[MessageInstance] = await self._client.messages.list_async(
                    to=message.to, date_sent_after=day, page_size=PAGE, limit=MOST
                )
            except UNREADABLE:
                raise UnknownFateError("twilio: unreadable list") from None
            begin = (since + self._transport.ahead).replace(microsecond=0)
            found = next((one.sid for one in listed if one.sid not in known and _is(one, message, begin)), None)
            if found is not None:
                return str(found)
        return None

    async def forget(self, provider_id: str) -> None:
        """Deletes it with its words and its number. Twilio refuses while it is still on its way, so it is asked again later."""
        try:
            await self._client.messages(provider_id).delete_async()
        except UNREADABLE:
            raise UnknownFateError("twilio: unreadable answer") from None

    async def arrived(self, since: datetime) -> Sequence[Inbound]:
        """What people sent to our number, or to a number of our Messaging Service. Nobody can write to a name.

        Asked without a date, since Twilio's clock is only known from its answer; the newest come first, so that looking ends
        where it gets too old.
        """
        service = self._sender.startswith(SERVICE)
        if not service and not self._sender.startswith("+"):
            return ()
        found: list[Inbound] = []
        seen = 0
        try:
            listed = await self._client.messages.stream_async(
                to=values.unset if service else self._sender, page_size=ARRIVED_PAGE, limit=MOST_ARRIVED
            )
            async for one in listed:
                made = one.date_created or one.date_sent
                at = made - self._transport.ahead if made else self._clock.now()
                if at < since:
                    break
                seen += 1
                ours = one.direction == "inbound" and (not service or one.messaging_service_sid == self._sender)
                read = read_listed(one, at) if ours else None
                found += [read] if read else []
        except UNREADABLE:
            raise UnknownFateError("twilio: unreadable list") from None
        if seen == MOST_ARRIVED:
            log.error("arrived_cut_off", count=seen)
        return found[::-1]


def _is(taken: MessageInstance, message: Outgoing, begin: datetime) -> bool:
    """Whether Twilio took it from us, for this person, with these words, since then by its own clock.

    The words are compared in plain signs, since an account may be set to replace the typographic ones.
    """
    at = taken.date_created or taken.date_sent
    ours = str(taken.direction).startswith("outbound") and taken.to == message.to
    return ours and at is not None and at >= begin and plain(taken.body or "") == plain(message.text)
