"""Column types that keep a promise: times are aware and UTC; local wall time stays local."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, String
from sqlalchemy.types import TypeDecorator


class Utc(TypeDecorator[datetime]):
    """A moment. Refuses naive values on the way in; gives aware UTC back, also from SQLite, which forgets zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """As the database keeps it: UTC. Raises ValueError for a naive time."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a zone: use the clock that was handed in")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        """Aware, in UTC. In one call from what the driver gives: a batch of messages has thousands of moments."""
        del coltype
        return _from_sqlite if dialect.name == "sqlite" else _from_postgresql


def _from_sqlite(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)


def _from_postgresql(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC)


class Wall(TypeDecorator[datetime]):
    """A clock time as a person meant it, without a zone: 14:00 stays 14:00 whatever the summer does."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """ISO without zone. Raises ValueError for an aware time."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is not None:
            raise ValueError("a wall time has no zone: keep the zone beside it")
        return value.isoformat()

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """Naive, to be read in the zone that stands beside it."""
        del dialect
        return None if value is None else datetime.fromisoformat(value)
