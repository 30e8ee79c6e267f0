"""A clear no to a meeting at the head of words that weigh more: it is taken, and what is answered is what weighs more."""

from collections.abc import Sequence

from medvind.flows import answering
from medvind.flows.said import Said
from medvind.model import Ask
from medvind.rules.meanings import No, OpenQuestion
from medvind.rules.replies import read_reply
from medvind.rules.words import clauses
from medvind.store import inbox
from medvind.store.database import Session

_MOST = 60
"""Signs in which such a no stands."""


async def take(session: Session, said: Said, text: str, waiting: Sequence[OpenQuestion]) -> None:
    """`Nej, jeg har angst`: never a yes, and nothing where they have said something else about it since."""
    head, *rest = clauses(text)
    if not rest or len(head) > _MOST:
        return
    no = read_reply(head, waiting)
    if not isinstance(no, No) or no.question.ask != Ask.RSVP or await inbox.answered_since(session, no.question.id, said.at):
        return
    await answering.heard(session, said, no, waiting)
