"""What coaches are told while a channel sends nothing, or not all: a sentence for the whole house, gone when it is over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from medvind.errors import NotFoundError
from medvind.flows.filling import HOME
from medvind.flows.report import Reader
from medvind.model import ChannelName, Role, Why
from medvind.rules.breaker import ALARM_AFTER
from medvind.store import allowances, breakers
from medvind.store.database import Session
from medvind.store.views import NOT_FOUND


@dataclass(frozen=True, slots=True)
class Away:
    """A channel on which nothing goes out now. `long`: for more than a quarter of an hour."""

    channel: ChannelName
    since: datetime
    long: bool
    says: str | None


@dataclass(frozen=True, slots=True)
class Capped:
    """Today's text messages are used up, since the first one had to wait: only answers and what is urgent go out."""

    since: datetime
    segments: int
    says: str | None


async def away(session: Session, reader: Reader) -> Sequence[Away]:
    """The channels whose provider is away; none where all is well. No task: nobody can tick it off, and it ends by itself.

    A service that was given one scope is told nothing. Raises NotFoundError.
    """
    _refuse_services(reader)
    found = [(name, one.away_since) for name, one in (await breakers.all_of(session)).items()]
    return [_away(reader, name, since) for name, since in found if since is not None]


async def capped(session: Session, reader: Reader) -> Capped | None:
    """Whether today's text messages are used up. Raises NotFoundError, as `away` does."""
    _refuse_services(reader)
    zone = ZoneInfo(HOME)
    spent = (await allowances.spent(session, ChannelName.SMS)).on(reader.now.astimezone(zone).date())
    if spent.capped_at is None:
        return None
    at = spent.capped_at.astimezone(zone)
    return Capped(spent.capped_at, spent.segments, reader.sentence(Why("capped_sms", {"at": at.isoformat()})))


def _refuse_services(reader: Reader) -> None:
    if reader.viewer.role == Role.SERVICE:
        raise NotFoundError(NOT_FOUND)


def _away(reader: Reader, name: ChannelName, since: datetime) -> Away:
    local = since.astimezone(ZoneInfo(HOME))
    says = reader.sentence(Why(f"away_{name}", {"at": local.isoformat()}))
    return Away(name, since, reader.now - since >= ALARM_AFTER, says)
