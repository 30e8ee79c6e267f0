"""`/metrics`: the house in numbers, as Prometheus reads them. Open like the health of the service: it names nobody."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from importlib.metadata import version

from fastapi import APIRouter, Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from api.house import Home
from medvind.errors import DatabaseAwayError
from medvind.store import gauges
from medvind.store.gauges import Gauges
from medvind.store.schema import fault

router = APIRouter()


class _Snapshot:
    """What was read, in Prometheus' words. One for each answer, so nothing is kept between two."""

    def __init__(self, read: Gauges | None) -> None:
        self._read = read

    def collect(self) -> Iterator[Metric]:
        """Where the database is away only that is told: an old number would look like a new one."""
        yield InfoMetricFamily("medvind_build", "The version that answers", {"version": version("medvind")})
        yield GaugeMetricFamily(
            "medvind_database_up", "Whether the database answers and has this version's schema", int(self._read is not None)
        )
        if self._read is not None:
            yield from _messages(self._read)
            yield from _channels(self._read)
            yield _by("medvind_tasks_open", "What is open on coaches' lists", "kind", self._read.tasks)
            ages = {name: _since(at, self._read.now) for name, at in self._read.beats.items()}
            yield _by("medvind_beat_age_seconds", "Since a beat last came through", "beat", ages)


@router.get("/metrics")
async def metrics(house: Home) -> Response:
    """Asks the database anew each time. Without one it answers all the same, and says so."""
    read: Gauges | None
    try:
        async with house.db.read() as session:
            read = await gauges.read(session, house.clock.now()) if await fault(session) is None else None
    except DatabaseAwayError:
        read = None
    registry = CollectorRegistry()
    registry.register(_Snapshot(read))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_PLAIN_0_0_4)


def _messages(read: Gauges) -> Iterator[Metric]:
    yield _by("medvind_messages", "Messages that have not come to their end", "state", read.waiting)
    yield GaugeMetricFamily("medvind_messages_due", "Messages whose time has come", read.due)
    late = _since(read.late_since, read.now)
    yield GaugeMetricFamily("medvind_oldest_due_seconds", "How late the oldest due message is beyond its slot", late)
    tries = CounterMetricFamily("medvind_tries", "Calls of the providers by what came of them", labels=["channel", "outcome"])
    for channel, outcome, count in read.tries:
        tries.add_metric([channel, outcome], count)
    yield tries


def _channels(read: Gauges) -> Iterator[Metric]:
    paces = {name.value: pace for name, pace in read.paces.items()}
    away = {name: _since(pace.breaker.away_since, read.now) for name, pace in paces.items()}
    yield _by("medvind_breaker_open", "1 while the channel's provider is away", "channel", dict.fromkeys(away, 0) | _open(read))
    yield _by("medvind_away_seconds", "For how long the channel's provider has been away", "channel", away)
    ahead = {name: max(0.0, (pace.free_at - read.now).total_seconds()) for name, pace in paces.items()}
    yield _by("medvind_allowance_given_out_seconds", "How far ahead slots are given out", "channel", ahead)
    share = {name: pace.rate(1, read.now) for name, pace in paces.items()}
    yield _by("medvind_allowance_share", "The share of its rate that a channel may use now", "channel", share)


def _open(read: Gauges) -> dict[str, float]:
    return {name.value: 1 for name, pace in read.paces.items() if pace.breaker.opened_at is not None}


def _by(name: str, says: str, label: str, values: Mapping[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, says, labels=[label])
    for key, value in sorted(values.items()):
        family.add_metric([key], value)
    return family


def _since(at: datetime | None, now: datetime) -> float:
    return max(0.0, (now - at).total_seconds()) if at is not None else 0.0
