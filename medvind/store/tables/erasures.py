"""What is left of people who were erased: a proof, hashes by which they are not brought back, errands, and counts."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from medvind.model import ChannelName, PublicId
from medvind.rules.erasing import EraseReason
from medvind.store.tables.base import Row


class MarkKind(StrEnum):
    """What a keyed hash is of.

    Person: the municipality's own id, so that the command line can say that they are gone. Number: a phone number whose owner
    wants nothing more. Inbound: a provider's id of what came in. Message: our own id of what was under way.
    """

    PERSON = "person"
    NUMBER = "number"
    INBOUND = "inbound"
    MESSAGE = "message"


class ErasureRow(Row):
    """That somebody was erased: `public_id` is what their row was called, `rows` how many were deleted by table.

    `erased_by` is the public id of whoever signed in, None for the command line; `copies` are those at a provider.
    """

    __tablename__ = "erasures"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True)
    at: Mapped[datetime]
    erased_by: Mapped[PublicId | None]
    reason: Mapped[EraseReason]
    rows: Mapped[dict[str, Any]]
    copies: Mapped[int]


class MarkRow(Row):
    """A keyed hash by which something of an erased person is known again, should it come back; whose it was it doesn't say."""

    __tablename__ = "erased_marks"
    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[MarkKind]
    at: Mapped[datetime]


class ProviderCopyRow(Row):
    """A message that a provider keeps and shall delete: its id there and nothing else. It goes when that is done."""

    __tablename__ = "provider_copies"
    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[ChannelName]
    provider_id: Mapped[str] = mapped_column(String(80))
    since: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(index=True)
    tries: Mapped[int]
    reason: Mapped[str | None] = mapped_column(String(100))
    __table_args__ = (UniqueConstraint("channel", "provider_id"),)


class CounterRow(Row):
    """How much of something there was of people who were erased: of all of them together, without a day and a group."""

    __tablename__ = "counters"
    measure: Mapped[str] = mapped_column(String(120), primary_key=True)
    count: Mapped[int]
