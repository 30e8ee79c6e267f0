"""What somebody has chosen for themselves: their language, and the word behind which their card is."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select, update

from medvind.model import Ask, ChannelName, Language, PublicId
from medvind.store import questions
from medvind.store.database import Session
from medvind.store.tables import AddressRow, OutboxRow, ParticipantRow, WordTryRow

TRIED_WITHIN = timedelta(hours=24)
"""So long a wrong try at the word counts."""


async def language_of(session: Session, participant_id: int) -> Language:
    """The language in which we write to them."""
    return (await session.execute(select(ParticipantRow.language).where(ParticipantRow.id == participant_id))).scalar_one()


async def speak(session: Session, participant_id: int, language: Language) -> None:
    """From now on in this language."""
    await session.execute(update(ParticipantRow).where(ParticipantRow.id == participant_id).values(language=language))


async def set_private_word(session: Session, public_id: PublicId, word: str | None) -> None:
    """Kept as a keyed hash alone; None: there is none any more. Wrong tries at the earlier one count no longer."""
    kept = None if word is None else session.vault.blind("word", _said(public_id, word))
    theirs = ParticipantRow.public_id == public_id
    await session.execute(update(ParticipantRow).where(theirs).values(private_word=kept))
    whose = select(ParticipantRow.id).where(theirs).scalar_subquery()
    await session.execute(delete(WordTryRow).where(WordTryRow.participant_id == whose))


async def has_private_word(session: Session, participant_id: int) -> bool:
    """Whether one was set."""
    kept = select(ParticipantRow.private_word).where(ParticipantRow.id == participant_id)
    return await session.scalar(kept) is not None


async def is_private_word(session: Session, participant_id: int, word: str) -> bool:
    """Whether this is it; upper and lower case don't count, a phone begins with a capital."""
    kept = select(ParticipantRow.public_id, ParticipantRow.private_word).where(ParticipantRow.id == participant_id)
    row = (await session.execute(kept)).one()
    return _is(session, row.public_id, row.private_word, word)


@dataclass(frozen=True, slots=True)
class Guarded:
    """Somebody who has a word or was just asked for one, and whether what they wrote is that word."""

    person: int
    is_word: bool


async def guarded(session: Session, channel: ChannelName, address: str, text: str, at: datetime) -> list[Guarded]:
    """Whose secret a text from this address may be: of all who have ever had it and have a word, or had one asked at `at`."""
    asked = (*questions.asked_of_people(Ask.WORD), OutboxRow.recipient_id == ParticipantRow.id, OutboxRow.closes_at > at)
    query = (
        select(ParticipantRow.id, ParticipantRow.public_id, ParticipantRow.private_word)
        .join(AddressRow, AddressRow.participant_id == ParticipantRow.id)
        .where(AddressRow.blind == session.vault.blind(channel, address))
        .where(ParticipantRow.private_word.is_not(None) | select(OutboxRow.id).where(*asked).exists())
    )
    return [Guarded(row.id, _is(session, row.public_id, row.private_word, text)) for row in await session.execute(query)]


async def wrong_words(session: Session, participant_id: int, now: datetime) -> int:
    """How many wrong tries at the word count by now."""
    theirs = (WordTryRow.participant_id == participant_id, WordTryRow.at > now - TRIED_WITHIN)
    return await session.scalar(select(func.count()).select_from(WordTryRow).where(*theirs)) or 0


async def note_wrong_word(session: Session, participant_id: int, now: datetime) -> int:
    """Counts one more, and forgets those that count no longer; how many count by now."""
    over = (WordTryRow.participant_id == participant_id, WordTryRow.at <= now - TRIED_WITHIN)
    await session.execute(delete(WordTryRow).where(*over))
    await session.execute(insert(WordTryRow).values(participant_id=participant_id, at=now))
    return await wrong_words(session, participant_id, now)


def _is(session: Session, public_id: PublicId, kept: str | None, word: str) -> bool:
    return kept is not None and hmac.compare_digest(kept, session.vault.blind("word", _said(public_id, word)))


def _said(public_id: PublicId, word: str) -> str:
    """Bound to the person: the same word of two people is kept as two hashes."""
    return f"{public_id}:{' '.join(word.casefold().split())}"
