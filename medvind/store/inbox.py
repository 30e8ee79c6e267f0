"""What came in, once: the row under (channel, provider's id) is written first, and its effect commits with it."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, func, select, update

from medvind.channels import Inbound
from medvind.model import ChannelName, PublicId, Reminder, new_id
from medvind.store import marks, questions
from medvind.store.database import Session, ask, insert_once
from medvind.store.tables import AnswerRow, ConsentRow, InboxRow, OutboxRow, ParticipantRow

ASKED_AT_ONCE = 500
FLOOD = "flood"
"""The meaning of what was kept and no more: its sender had said too much before."""
UNPROVEN = "unconfirmed_number"
"""The meaning of what was kept and no more: it came from a changed number that has not said JA."""
TO_READ = (
    *("free_text", "half_yes", "maybe_stop", "call_me", "ask_coach", "private_matter", "national_id_seen"),
    "score_and_more",
    *("danger_now", "danger_today", "unreadable", "media", "too_long", UNPROVEN),
    *("yes_with_words", "no_with_words", "which_with_words", "slip"),
)
"""The meanings of what a person should read, whatever else was done about it; the others the service has dealt with wholly."""
ONE_BY_ONE = select(ParticipantRow.id).where(ParticipantRow.id == bindparam("person")).with_for_update(key_share=True)
WHOSE = (
    select(func.coalesce(ParticipantRow.merged_into, ParticipantRow.id))
    .where(ParticipantRow.id == bindparam("person"))
    .with_for_update(key_share=True)
)
UNDERSTOOD = (
    update(InboxRow)
    .where(InboxRow.id == bindparam("row"))
    .values(participant_id=bindparam("whose"), meaning=bindparam("made_of_it"), waits_for=bindparam("then"))
)
HEARD = select(func.count()).where(
    InboxRow.participant_id == bindparam("person"),
    InboxRow.received_at > bindparam("after"),
    InboxRow.received_at < bindparam("before"),
    InboxRow.meaning != FLOOD,
)


async def keep(session: Session, inbound: Inbound, at: datetime) -> tuple[int, PublicId] | None:
    """The new row's id and public id; None where this was here before, or went with who sent it. `at` is when it was said."""
    if await marks.was_erased(session, inbound):
        return None
    public_id, vault = new_id(), session.vault
    row = {
        "public_id": public_id,
        "channel": inbound.channel,
        "provider_id": inbound.provider_id,
        "participant_id": None,
        "sender": vault.seal(InboxRow.sender, public_id, inbound.sender),
        "blind": vault.blind(inbound.channel, inbound.sender),
        "kind": inbound.kind,
        "raw": vault.seal(InboxRow.raw, public_id, inbound.raw),
        "text": vault.seal(InboxRow.text, public_id, inbound.text),
        "meaning": None,
        "received_at": at,
    }
    new = await insert_once(session, InboxRow, [row], InboxRow.id)
    return (new[0], public_id) if new else None


async def whose(session: Session, person: int) -> int:
    """Whom this record stands for now, and until the transaction ends: who joins two of them waits, and so do we."""
    while (stands := (await ask(session, WHOSE, person=person))[0][0]) != person:
        person = stands
    return person


async def understood(session: Session, inbox_id: int, participant_id: int | None, meaning: str) -> None:
    """Whose it was, and what was made of it. From now on somebody is told while nobody has read what should be read."""
    waits_for = Reminder.HOURS if participant_id is not None and meaning in TO_READ else None
    changes = {"row": inbox_id, "whose": participant_id, "made_of_it": meaning, "then": waits_for}
    await (await session.direct()).execute(UNDERSTOOD, changes)


class Lately(NamedTuple):
    """What an address has sent lately: how many things, and the row of the first that came from nobody we know."""

    number: int
    unknown: int | None


async def lately_from(session: Session, channel: ChannelName, sender: str, now: datetime, within: timedelta) -> Lately:
    """The one that has just been kept counts too."""
    mine = (InboxRow.blind == session.vault.blind(channel, sender), InboxRow.received_at > now - within)
    unknown = func.min(InboxRow.id).filter(InboxRow.participant_id.is_(None))
    return Lately(*(await session.execute(select(func.count(), unknown).where(*mine))).one())


async def last_from(session: Session, channel: ChannelName, sender: str) -> int | None:
    """The row of the last thing that this address has sent; None where it never sent anything."""
    mine = InboxRow.blind == session.vault.blind(channel, sender)
    return await session.scalar(select(InboxRow.id).where(mine).order_by(InboxRow.id.desc()).limit(1))


class Version(NamedTuple):
    """Something that was said, as it is kept: when, the words, and the provider's own."""

    at: datetime
    text: str
    raw: str


async def lately(session: Session, channel: ChannelName, sender: str, most: int) -> list[Version]:
    """The last things that this address has sent, the newest first."""
    mine = InboxRow.blind == session.vault.blind(channel, sender)
    query = select(InboxRow.public_id, InboxRow.received_at, InboxRow.text, InboxRow.raw).where(mine)
    rows = (await session.execute(query.order_by(InboxRow.id.desc()).limit(most))).all()
    opened, words = session.vault.open, (InboxRow.text, InboxRow.raw)
    return [Version(at, *(opened(*one) for one in zip(words, (name, name), kept, strict=True))) for name, at, *kept in rows]


async def heard(session: Session, person: int, at: datetime, within: timedelta) -> int:
    """How much of what this person said so shortly before or after was heard, but for what is just being understood.

    What is counted holds until the transaction ends: of two at once the later one waits for the other.
    """
    await ask(session, ONE_BY_ONE, person=person)
    return await count_heard(session, person, at, within)


async def count_heard(session: Session, person: int, at: datetime, within: timedelta) -> int:
    """The same at a glance: it may be more a moment later."""
    return (await ask(session, HEARD, person=person, after=at - within, before=at + within))[0][0] or 0


async def wrote_since(session: Session, person: int, channel: ChannelName, since: datetime, *, but: int) -> bool:
    """Whether anything else came from this person on this channel since then; `but`: the row that is just being understood."""
    theirs = (InboxRow.participant_id == person, InboxRow.channel == channel, InboxRow.received_at > since, InboxRow.id != but)
    return await session.scalar(select(InboxRow.id).where(*theirs).limit(1)) is not None


async def known(session: Session, channel: ChannelName, provider_ids: Collection[str]) -> set[str]:
    """Which of these the inbox has."""
    found, asked = set[str](), list(provider_ids)
    for start in range(0, len(asked), ASKED_AT_ONCE):
        some = (InboxRow.channel == channel, InboxRow.provider_id.in_(asked[start : start + ASKED_AT_ONCE]))
        found.update(await session.scalars(select(InboxRow.provider_id).where(*some)))
    return found


async def newest(session: Session, channel: ChannelName) -> datetime | None:
    """When the last thing was said on this channel that the inbox has."""
    return await session.scalar(select(func.max(InboxRow.received_at)).where(InboxRow.channel == channel))


async def yes_since(session: Session, participant_id: int, at: datetime) -> set[str]:
    """How a yes was given since then, on any channel."""
    mine = (ConsentRow.participant_id == participant_id, ConsentRow.at > at, ConsentRow.given)
    return set(await session.scalars(select(ConsentRow.how).where(*mine).distinct()))


async def no_since(session: Session, participant_id: int, at: datetime) -> bool:
    """Whether there has been a no since then, on any channel."""
    mine = (ConsentRow.participant_id == participant_id, ConsentRow.at > at, ~ConsentRow.given)
    return await session.scalar(select(ConsentRow.id).where(*mine).limit(1)) is not None


async def last_no(session: Session, participant_id: int) -> str | None:
    """How they said no, where that is what they said last; None where a yes came later, or nothing at all."""
    mine = select(ConsentRow.how, ConsentRow.given).where(ConsentRow.participant_id == participant_id)
    last = (await session.execute(mine.order_by(ConsentRow.at.desc(), ConsentRow.id.desc()).limit(1))).first()
    return last.how if last and not last.given else None


async def answered_since(session: Session, question: PublicId, at: datetime) -> bool:
    """Whether this question has had an answer that was given later than that."""
    query = select(AnswerRow.id).join(OutboxRow, OutboxRow.id == AnswerRow.outbox_id)
    return await session.scalar(query.where(questions.is_called(question), AnswerRow.at > at).limit(1)) is not None
