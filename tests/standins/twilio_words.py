"""What Twilio says and how it signs: forms of its webhooks, its refusals, and its signature by the documented steps."""

import hmac
from base64 import b64encode
from collections.abc import Mapping
from itertools import count

ACCOUNT = "AC" + "a" * 32
TOKEN = "12345"
NUMBER = "+4501000099"
LONGEST = 1600

_sids = count(1)


def signature(url: str, form: Mapping[str, str], token: str = TOKEN) -> str:
    """HMAC-SHA1 over the address and then every field, sorted, name and value without a mark between them."""
    signed = url + "".join(name + form[name] for name in sorted(form))
    return b64encode(hmac.digest(token.encode(), signed.encode(), "sha1")).decode()


def refuses(form: Mapping[str, str]) -> int:
    """The code with which Twilio turns this message down, or 0."""
    to, body, validity = form.get("To", ""), form.get("Body", ""), form.get("ValidityPeriod", "14400")
    if not to:
        return 21604
    if not (to.startswith("+") and to[1:].isdecimal()):
        return 21211
    if not body:
        return 21602
    if not (form.get("From") or form.get("MessagingServiceSid")):
        return 21603
    if len(body) > LONGEST:
        return 21617
    return 0 if validity.isdecimal() and 1 <= int(validity) <= 36_000 else 21405


def inbound_form(sender: str, body: str, *, sid: str | None = None, **fields: str) -> dict[str, str]:
    """A text from somebody's phone, with the empty fields that Twilio sends."""
    sid = sid or f"SM{0xC0FFEE:024x}{next(_sids):08x}"
    places = dict.fromkeys(("FromCity", "FromState", "FromZip", "ToCity", "ToState", "ToZip"), "")
    ids = {"MessageSid": sid, "SmsSid": sid, "SmsMessageSid": sid, "AccountSid": ACCOUNT, "SmsStatus": "received"}
    countries = {"FromCountry": "DK", "ToCountry": "DK", "ApiVersion": "2010-04-01"}
    counts = {"NumMedia": "0", "NumSegments": "1"}
    return {**places, **ids, **countries, **counts, "From": sender, "To": NUMBER, "Body": body, **fields}


def status_form(sid: str, to: str, state: str, **fields: str) -> dict[str, str]:
    """The news of a message that went out."""
    ids = {"MessageSid": sid, "SmsSid": sid, "AccountSid": ACCOUNT, "ApiVersion": "2010-04-01"}
    return {**ids, "MessageStatus": state, "SmsStatus": state, "From": NUMBER, "To": to, **fields}
