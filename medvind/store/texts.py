"""A municipality's own words: versions that never change, and a mark that is another one whenever other words hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, String, select, type_coerce, update

from medvind.errors import ConflictError
from medvind.model import Language, RecipientType, State, new_id
from medvind.rules.wording import Words
from medvind.store import settings
from medvind.store.claims import COLUMNS, Claimed
from medvind.store.database import Session, ask, insert_once
from medvind.store.tables import OutboxRow, SettingRow, TextVersionRow

MARK = "texts"
"""The setting that holds the mark: whoever reads the settings sees whether other words hold, without another question."""
FIRST = 1
SPOKEN = frozenset(Language)
LIVE = (
    select(
        TextVersionRow.key,
        type_coerce(TextVersionRow.language, String),
        TextVersionRow.number,
        TextVersionRow.text,
        TextVersionRow.telegram,
    )
    .where(TextVersionRow.live_at.is_not(None))
    .order_by(TextVersionRow.number)
)
MARKED = select(SettingRow.value).where(SettingRow.key == MARK)


@dataclass(frozen=True, slots=True)
class Live:
    """What holds for a text in one language; without words, what is shipped."""

    key: str
    language: Language
    number: int
    words: Words | None


@dataclass(frozen=True, slots=True)
class Version:
    """One version, and when it went live; None for a draft. `copy_of`: the number that was gone back to."""

    key: str
    language: Language
    number: int
    words: Words | None
    copy_of: int | None
    made_at: datetime
    made_by: str
    live_at: datetime | None


async def mark(session: Session) -> str:
    """Another one whenever other words hold; empty before anybody has changed a word."""
    return next((value for (value,) in await ask(session, MARKED)), "")


async def live(session: Session) -> Sequence[Live]:
    """What holds now, one for each text and language of which a version has gone live."""
    newest: dict[tuple[str, str], Live] = {}
    for key, language, number, text, telegram in await ask(session, LIVE):
        if language in SPOKEN:  # one that was brought here by hand must not keep all the others from being read
            newest[key, language] = Live(key, Language(language), number, _words(text, telegram))
    return list(newest.values())


async def versions(session: Session, key: str | None = None) -> Sequence[Version]:
    """All versions of one text, or of all texts: by text and language, the oldest first."""
    query = _versions() if key is None else _versions().where(TextVersionRow.key == key)
    return [
        Version(
            row.key,
            row.language,
            row.number,
            _words(row.text, row.telegram),
            row.copy_of,
            row.made_at,
            row.made_by,
            row.live_at,
        )
        for row in await session.scalars(query)
    ]


async def add(session: Session, version: Version) -> None:
    """Keeps a new version. Raises ConflictError where somebody else has just kept one under this number."""
    words = version.words
    row = {
        "key": version.key,
        "language": version.language,
        "number": version.number,
        "text": words.text if words else None,
        "telegram": words.telegram if words else None,
        "copy_of": version.copy_of,
        "made_at": version.made_at,
        "made_by": version.made_by,
        "live_at": version.live_at,
    }
    if not await insert_once(session, TextVersionRow, [row], TextVersionRow.id):
        raise ConflictError(f"{version.key}: version {version.number} has just been made by somebody else; look at it first")
    if version.live_at:
        await _other_words_hold(session, version.live_at)


async def go_live(session: Session, version: Version, now: datetime) -> None:
    """From now on this draft holds. Raises ConflictError where somebody else has just made it live."""
    which = (TextVersionRow.key == version.key, TextVersionRow.language == version.language)
    done = await session.execute(
        update(TextVersionRow)
        .where(*which, TextVersionRow.number == version.number, TextVersionRow.live_at.is_(None))
        .values(live_at=now)
        .returning(TextVersionRow.id)
    )
    if done.first() is None:
        raise ConflictError(f"{version.key}: version {version.number} has just gone live; look at it first")
    await _other_words_hold(session, now)


async def next_duty(session: Session, participant_id: int, key: str) -> Claimed | None:
    """The next message to this person that will be written from this text; None where none is planned."""
    query = (
        select(*COLUMNS)
        .where(OutboxRow.recipient_type == RecipientType.PARTICIPANT, OutboxRow.recipient_id == participant_id)
        .where(OutboxRow.text == key, OutboxRow.state == State.PLANNED)
        .order_by(OutboxRow.due_at, OutboxRow.id)
        .limit(1)
    )
    row = (await session.execute(query)).first()
    return Claimed(*row) if row else None


async def _other_words_hold(session: Session, now: datetime) -> None:
    await settings.put(session, MARK, new_id(), now)


def _versions() -> Select[TextVersionRow]:
    return select(TextVersionRow).order_by(TextVersionRow.key, TextVersionRow.language, TextVersionRow.number)


def _words(text: str | None, telegram: str | None) -> Words | None:
    return None if text is None else Words(text, telegram)
