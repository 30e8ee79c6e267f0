"""Somebody's own card in Telegram: behind a word of theirs, which stands nowhere readable and is guessed three times a day."""

import json
from datetime import datetime, timedelta

from medvind.channels import Inbound, InboundKind
from medvind.flows import alarm
from medvind.flows.said import Answer, Said
from medvind.flows.signs import signal_of
from medvind.model import Ask, ChannelName, Danger, TaskKind
from medvind.rules.meanings import AskCoach, FreeText, PrivateWord
from medvind.rules.replies import can_be_word, read_reply
from medvind.store import cards, preferences, questions, tasks
from medvind.store.cards import Heard
from medvind.store.database import Session
from medvind.store.facts import facts_of

WORD_WITHIN = timedelta(minutes=10)
MOST_WRONG = 3
"""Wrong words in 24 hours, however often the card is asked for; then the coach shows it."""


async def ask_for(session: Session, said: Said) -> Answer:
    """In Telegram behind the person's own word, since whoever holds the phone reads along; else the coach shows it."""
    if said.channel != ChannelName.TELEGRAM or not await preferences.has_private_word(session, said.person):
        return await _by_coach(session, said)
    if await preferences.wrong_words(session, said.person, said.now) >= MOST_WRONG:
        return Answer("my_card_no_more")
    return Answer("my_card_word", asks=Ask.WORD, open_for=WORD_WITHIN)


async def open_card(session: Session, said: Said, try_: PrivateWord) -> list[Answer]:
    """The facts behind the signal, as the coach sees them, for the right word.

    The third wrong one ends it, and the coach is told once; a question that was under way then opens nothing.
    """
    if not await preferences.has_private_word(session, said.person):
        return [await _by_coach(session, said)]
    if await preferences.wrong_words(session, said.person, said.now) >= MOST_WRONG:
        return [Answer("my_card_no_more")]
    if said.channel != ChannelName.TELEGRAM or not await preferences.is_private_word(session, said.person, try_.word):
        return [await _wrong(session, said)]
    await questions.close(session, try_.question.id, said.now)
    facts = (await facts_of(session, [said.person]))[said.person]
    heard = (await cards.heard(session, [said.person])).get(said.person, Heard())
    signal = signal_of(heard, facts, facts.zone, said.now)
    return [Answer("my_card", {"signals": json.dumps([[one.kind, dict(one.values)] for one in signal.reasons])})]


async def is_secret(session: Session, inbound: Inbound, text: str, at: datetime) -> bool:
    """Whether this must not be kept: a try at the word that is awaited, right or wrong, or the word where nobody asked.

    Words of danger are no secret, and what means something else isn't either: somebody must be able to read them.
    """
    if inbound.kind != InboundKind.TEXT or not can_be_word(text):
        return False
    for one in await preferences.guarded(session, inbound.channel, inbound.sender, text, at):
        waiting = [asked for asked in await questions.open_for(session, one.person, at) if asked.asked_at <= at]
        reply = read_reply(text, waiting)
        if isinstance(reply, PrivateWord) or (one.is_word and isinstance(reply, FreeText | AskCoach)):
            return await alarm.level_in(session, text) == Danger.NONE
    return False


async def _wrong(session: Session, said: Said) -> Answer:
    if await preferences.note_wrong_word(session, said.person, said.now) < MOST_WRONG:
        return Answer("my_card_wrong")
    await questions.close_all(session, said.person, Ask.WORD, said.now)
    await _by_coach(session, said)
    return Answer("my_card_no_more")


async def _by_coach(session: Session, said: Said) -> Answer:
    """However often it is asked for, it is one thing for the coach to do."""
    if await tasks.waiting(session, said.person, TaskKind.MY_CARD) is None:
        await tasks.raise_task(session, TaskKind.MY_CARD, f"my_card:{said.id}", said.person, {"inbox": said.id}, said.now)
    return Answer("my_card_by_coach")
