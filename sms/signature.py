"""Whether a request is Twilio's own: its signature over the address as it was set up there and over every parameter."""

from starlette.datastructures import ImmutableMultiDict
from twilio.request_validator import RequestValidator

HEADER = "X-Twilio-Signature"


class Signature:
    """Knows the account's token and the address by which Twilio knows us, which a proxy may have changed on the way.

    There is no switch that turns it off. Signatures by another key than the token (SHA-256) are not taken, whatever a
    header announces. A signature has no time: what was seen before is known by its sid alone.
    """

    def __init__(self, auth_token: str, public_url: str) -> None:
        self._validator = RequestValidator(auth_token)
        self._public_url = public_url

    def holds(self, path: str, query: str, form: ImmutableMultiDict[str, str], header: str | None) -> bool:
        """Whether this header belongs to this request. `query` is as it came, and the form has its blank fields too."""
        if not header:
            return False
        address = f"{self._public_url}{path}{'?' * bool(query)}{query}"
        return bool(self._validator.validate(address, form, header))
