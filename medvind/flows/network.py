"""A question to the coach, whose network may know: a task with a day by which it is answered, and the person reads which."""

from datetime import timedelta

from medvind.flows.said import ANSWER_WITHIN, Answer, Said, promise
from medvind.model import Ask, TaskKind
from medvind.rules.meanings import AskCoach
from medvind.store import questions, recipients, talk, tasks
from medvind.store.database import Session
from medvind.store.reach import reach_of

TOPIC_WITHIN = timedelta(hours=1)
"""So long what they write is taken as what they want to ask; later a person reads it as any other words."""
WHAT = "ask_topic"


async def asked(session: Session, said: Said, wish: AskCoach) -> list[Answer]:
    """Without a topic they are asked for it, once, where somebody is there to answer and they may be written to.

    The words stay sealed in the inbox, and the task names them. One topic on one day makes one task, until it is dealt with.
    """
    if wish.topic is None and await _may_ask_back(session, said):
        return [Answer(WHAT, asks=Ask.TOPIC, open_for=TOPIC_WITHIN)]
    await questions.close_all(session, said.person, Ask.TOPIC, said.now)
    about = session.vault.blind("topic", f"{said.person}:{wish.topic}") if wish.topic else said.id
    key = f"network:{said.person}:{said.today}:{about}"
    if await tasks.is_done(session, key):
        key += f":{said.id}"
    day = await promise(session, said, TaskKind.NETWORK, key, {"inbox": said.id})
    return [Answer("ask_coach", {"deadline": day.isoformat()})]


async def _may_ask_back(session: Session, said: Said) -> bool:
    """Not after a STOP, nor so late that the question would come out of the blue, nor where nobody would read the answer."""
    late = said.now - said.at > ANSWER_WITHIN
    if late or await recipients.coach_of(session, said.person) is None:
        return False
    if (await reach_of(session, [said.person]))[said.person].has_stopped:
        return False
    before = await tasks.waiting(session, said.person, TaskKind.NETWORK)
    since = said.at - TOPIC_WITHIN
    return not await talk.said_lately(session, said.person, (WHAT,), max(since, before.created_at) if before else since)
