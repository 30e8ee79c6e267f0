"""What we hear of only afterwards: where they have said something else about it since, the earlier word changes nothing."""

from collections.abc import Collection, Sequence

from medvind.flows.converse import follow, obey
from medvind.flows.said import Answer, Said
from medvind.model import Ask, ChannelName
from medvind.rules.meanings import Done, Maybe, No, OpenQuestion, OptIn, Reply, Score, ScoreAndMore, Stop, Yes
from medvind.store import inbox
from medvind.store.database import Session
from medvind.store.reach import say

OVERTAKEN = "overtaken"
OWN_WORDS = frozenset({"START", "JA", "code"})
"""How somebody says yes themselves; any other yes was written down by somebody else."""


async def follow_late(session: Session, said: Said, reply: Reply, waiting: Sequence[OpenQuestion]) -> str:
    """The same for what we hear of only afterwards: nothing, where the person has said something else about it since.

    A no holds whatever anybody else has written down meanwhile: nobody knew of it.
    """
    match reply:
        case Stop() | No(OpenQuestion(ask=Ask.INVITE)):
            yes = await inbox.yes_since(session, said.person, said.at)
            overtaken = not yes.isdisjoint(OWN_WORDS)
            meaning = OVERTAKEN if overtaken else await follow(session, said, reply, waiting)
            if yes:
                channels, how = (tuple(ChannelName), "STOP") if isinstance(reply, Stop) else ((said.channel,), "NEJ")
                await _say_no(session, said, channels, how, overtaken=overtaken)
            return meaning
        case OptIn() | Yes(OpenQuestion(ask=Ask.INVITE)) if await inbox.no_since(session, said.person, said.at):
            return OVERTAKEN
        case Yes(question) | No(question) | Maybe(question) | Score(question) | ScoreAndMore(question) | Done(question):
            if await inbox.answered_since(session, question.id, said.at):
                return OVERTAKEN
        case _:
            pass
    return await follow(session, said, reply, waiting)


async def stop_beside(session: Session, said: Said) -> list[Answer]:
    """A stop in words of danger; heard of only afterwards it does as much as one that stands alone (see `follow_late`)."""
    yes = await inbox.yes_since(session, said.person, said.at)
    overtaken = not yes.isdisjoint(OWN_WORDS)
    confirmed = [] if overtaken else await obey(session, said)
    if yes:
        await _say_no(session, said, tuple(ChannelName), "STOP", overtaken=overtaken)
    return confirmed


async def _say_no(session: Session, said: Said, channels: Collection[ChannelName], how: str, *, overtaken: bool) -> None:
    """A no that came late: before the yes that they have said since, and after one that somebody else wrote down."""
    await say(session, said.person, channels, given=False, how=how, now=said.at if overtaken else said.now)
