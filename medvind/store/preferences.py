"""What somebody has chosen for themselves: their language, and the word behind which their card is."""

import hmac

from sqlalchemy import select, update

from medvind.model import Language, PublicId
from medvind.store.database import Session
from medvind.store.tables import ParticipantRow


async def speak(session: Session, participant_id: int, language: Language) -> None:
    """From now on in this language."""
    await session.execute(update(ParticipantRow).where(ParticipantRow.id == participant_id).values(language=language))


async def set_private_word(session: Session, public_id: PublicId, word: str | None) -> None:
    """Kept as a keyed hash alone; None: there is none any more."""
    kept = None if word is None else session.vault.blind("word", _said(public_id, word))
    await session.execute(update(ParticipantRow).where(ParticipantRow.public_id == public_id).values(private_word=kept))


async def has_private_word(session: Session, participant_id: int) -> bool:
    """Whether one was set."""
    kept = select(ParticipantRow.private_word).where(ParticipantRow.id == participant_id)
    return await session.scalar(kept) is not None


async def is_private_word(session: Session, participant_id: int, word: str) -> bool:
    """Whether this is it; upper and lower case don't count, a phone begins with a capital."""
    kept = select(ParticipantRow.public_id, ParticipantRow.private_word).where(ParticipantRow.id == participant_id)
    row = (await session.execute(kept)).one()
    tried = session.vault.blind("word", _said(row.public_id, word))
    return row.private_word is not None and hmac.compare_digest(row.private_word, tried)


def _said(public_id: PublicId, word: str) -> str:
    """Bound to the person: the same word of two people is kept as two hashes."""
    return f"{public_id}:{' '.join(word.casefold().split())}"
