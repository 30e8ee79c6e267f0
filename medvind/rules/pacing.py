"""How many messages a channel lets go: what its provider takes in a second, less for a while after it asked us to rest."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from medvind.rules.breaker import CLOSED, Breaker

SLOW_FOR = timedelta(minutes=10)
"""After a rest, so long."""
SLOWER = 0.5
"""One step is enough: whoever is asked to rest again rests again."""


@dataclass(frozen=True, slots=True)
class Pace:
    """A channel's allowance as all workers share it: its next free moment, until when it is slow, and its breaker."""

    free_at: datetime
    slow_until: datetime | None = None
    breaker: Breaker = CLOSED

    def rate(self, full: float, now: datetime) -> float:
        """Messages a second now, of `full`, which the provider is known to take."""
        return full * SLOWER if self.slow_until is not None and now < self.slow_until else full

    def room(self, full: float, now: datetime, ahead: timedelta) -> int:
        """How many it lets go until then: none where the provider is away, but for the one that tries."""
        span = ahead - max(self.free_at - now, timedelta())
        if span < timedelta():
            return 0
        if self.breaker.opened_at is not None:
            return int(self.breaker.may_try(now))
        return int(span.total_seconds() * self.rate(full, now)) + 1
