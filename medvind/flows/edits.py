"""What somebody has written anew in the place of earlier words is something newly said, and counts from now on.

How old the earlier words are makes no difference: STOP, danger and a changed mind are meant when they are typed. But nobody
answers with them what was asked later (`Inbound.edits`): "ja" to a meeting, made a "nej" days later, declines no other one.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from medvind.channels import Inbound, InboundKind
from medvind.rules.national_id import blank_national_id
from medvind.store import inbox
from medvind.store.database import Database

LOOKED_AT = 300
"""Of what they have sent last; what is older counts as never heard, so that an edit of it is read."""
_WORD = re.compile(r"[^\s.,;:!?\"'()\u2026\u2019\u201d-]+")


async def newly_said(db: Database, inbound: Inbound, written: datetime | None, is_same: Callable[[str], bool]) -> Inbound:
    """The edit as it is to be taken in: passed by where its words are those of before, however the signs between them changed.

    `is_same`: whether a raw body is of the message that was edited; `written`: when that was written, by the provider.
    """
    async with db.read() as session:
        before = [one for one in await inbox.lately(session, inbound.channel, inbound.sender, LOOKED_AT) if is_same(one.raw)]
    if before and _words(before[0].text) == _words(blank_national_id(inbound.text)[0]):
        return replace(inbound, kind=InboundKind.IGNORED)
    return replace(inbound, edits=before[-1].at if before else written)


def _words(text: str) -> list[str]:
    """What is compared; signs alone are compared as they are."""
    return _WORD.findall(text.casefold()) or [text.strip()]
