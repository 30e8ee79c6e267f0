"""What somebody sent us, as a webhook tells it or as Twilio's list shows it: the same thing under the same id."""

from collections.abc import Sequence
from datetime import datetime

from twilio.rest.api.v2010.account.message import MessageInstance

from medvind.channels import Inbound, InboundKind
from medvind.model import ChannelName

SID = 34
"""Characters of a sid. Twilio signs names and values without a mark between them, so a captured request could be cut anew
with a longer sid that nobody has seen; no honest one is longer."""


def sid_of(text: str) -> str | None:
    """A sid as Twilio makes them, or None."""
    return text if text.isalnum() and text.isascii() and len(text) <= SID else None


def read_fields(fields: Sequence[tuple[str, str]], at: datetime | None = None) -> Inbound | None:
    """What somebody sent; None where Twilio's own fields are missing. Pictures without a word are media.

    `raw` is the whole form decoded, a field a line: in its own coding a national id would hide from whoever blanks it.
    """
    form = dict(fields)
    sid, sender, text = sid_of(form.get("MessageSid", "")), form.get("From"), form.get("Body", "")
    if sid is None or not sender:
        return None
    pictures = form.get("NumMedia", "0").strip("0") != ""
    kind = InboundKind.MEDIA if pictures and not text.strip() else InboundKind.TEXT
    raw = "\n".join(f"{name}={value}" for name, value in fields)
    return Inbound(ChannelName.SMS, sid, sender, kind, text, raw, at)


def read_listed(one: MessageInstance, at: datetime) -> Inbound | None:
    """The same from Twilio's list."""
    shown = {"MessageSid": one.sid, "From": one.from_, "To": one.to, "Body": one.body, "NumMedia": one.num_media}
    return read_fields([(name, str(value)) for name, value in shown.items() if value is not None], at)
