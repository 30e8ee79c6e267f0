"""Around the question whether we may write: who that is, that it isn't them, and a yes after a no.

A NEJ is an answer to one question, and whoever changes their mind while that is open answers it anew: JA is a yes then. Once it
is closed a JA belongs to nothing; then the way back is named, which is START. STOP is more than an answer: after it there is no
question left, a JA is never a START, and nothing is answered (`resting.stop`).
"""

from collections.abc import Sequence

from medvind.flows.said import Said
from medvind.model import Ask, ChannelName
from medvind.rules.meanings import FreeText, OpenQuestion, Reply, WhoWrites, WrongNumber, Yes, YesAfterNo
from medvind.rules.newcomers import is_plain_yes, is_somebody_else
from medvind.rules.taking import says_it_was_read
from medvind.store import inbox
from medvind.store.database import Session
from medvind.store.recipients import recipients_of

NEJ = "NEJ"


async def looked_at(session: Session, said: Said, text: str, waiting: Sequence[OpenQuestion], reply: Reply) -> Reply:
    """What it means to somebody who has been asked; else it is what it is."""
    if said.channel != ChannelName.SMS:
        return reply
    asked = any(question.ask == Ask.INVITE for question in waiting)
    match reply:
        case Yes(OpenQuestion(ask=Ask.INVITE) as asks) if says_it_was_read(text) and await _said_more(session, said, asks):
            return WhoWrites()
        case Yes(OpenQuestion(ask=Ask.INVITE)):
            return reply if await inbox.last_no(session, said.person) in {None, NEJ} else FreeText()
        case FreeText() if asked and is_somebody_else(text, await _first_name(session, said)):
            return WrongNumber()
        case FreeText() if is_plain_yes(text) and await inbox.last_no(session, said.person) == NEJ:
            return YesAfterNo()
        case _:
            return reply


async def _said_more(session: Session, said: Said, asks: OpenQuestion) -> bool:
    """An `ok` after other words may be one to what answered them: it is no consent (GDPR Art. 4(11)), so JA or NEJ is asked."""
    return await inbox.wrote_since(session, said.person, said.channel, asks.asked_at, but=said.inbox_id)


async def _first_name(session: Session, said: Said) -> str:
    return (await recipients_of(session, [said.person], said.today))[said.person].first_name
