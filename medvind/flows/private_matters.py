"""What somebody writes that had better be said: they are asked to call, once a day at most, and the coach is told."""

from dataclasses import replace
from datetime import timedelta

from medvind.flows.plan import load_policy
from medvind.flows.said import Answer, Said
from medvind.model import TaskKind
from medvind.rules.meanings import AskCoach, FreeText, PrivateMatter, Reply, ScoreAndMore
from medvind.rules.private_matters import is_private
from medvind.store import talk, tasks
from medvind.store.database import Session

ONCE = timedelta(hours=24)
TEXT = "private_matter"


async def looked_at(session: Session, reply: Reply, text: str) -> Reply:
    """Free words, a question to the coach too, are told apart by our list as the municipality has it; else it is what it is."""
    if not isinstance(reply, FreeText | AskCoach | ScoreAndMore) or not is_private(text, (await load_policy(session)).private):
        return reply
    return replace(reply, private=True) if isinstance(reply, ScoreAndMore) else PrivateMatter()


async def is_news(session: Session, said: Said) -> bool:
    """Whether they have not been asked to call since yesterday: twice would be a reproach."""
    return not await talk.said_lately(session, said.person, (TEXT,), said.now - ONCE)


async def answer(session: Session, said: Said) -> list[Answer]:
    """Holds nothing of what was written, nor does the task."""
    key, why = f"private_matter:{said.id}", {"inbox": said.id}
    await tasks.raise_task(session, TaskKind.PRIVATE_MATTER, key, said.person, why, said.now)
    return [Answer(TEXT)]
