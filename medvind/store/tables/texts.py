"""A municipality's own words."""

from datetime import datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from medvind.model import Language
from medvind.store.tables.base import Row


class TextVersionRow(Row):
    """One version of a text in one language. Its words never change; a draft has no `live_at`, and gets one once.

    The newest version that went live is the one that holds. Without words it is what Medvind ships. `copy_of` is the number
    of the version that was gone back to, 0 for what is shipped; `made_by` the id of the token that asked for it.
    """

    __tablename__ = "text_versions"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60))
    language: Mapped[Language]
    number: Mapped[int]
    text: Mapped[str | None] = mapped_column(Text)
    telegram: Mapped[str | None] = mapped_column(Text)
    copy_of: Mapped[int | None]
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(32))
    live_at: Mapped[datetime | None]
    __table_args__ = (UniqueConstraint("key", "language", "number"),)
