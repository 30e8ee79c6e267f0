"""What machines watch: counts and times of the whole house, by state, channel and outcome. Nobody's name or id is in it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from medvind.model import ChannelName, State
from medvind.rules.pacing import Pace
from medvind.store import allowances, beats, counters, figures
from medvind.store.database import Session
from medvind.store.tables import OutboxRow, TaskRow
from medvind.store.tasks import on_the_list
from medvind.store.views import oldest_due_at

OPEN = (State.PLANNED, State.CLAIMED, State.UNKNOWN)
"""Those that have an index: to count all that ever was would take longer each month."""


@dataclass(frozen=True, slots=True)
class Gauges:
    """As things stand at `now`. `late_since`: when the longest waiting message could have left; `beats`: their last times."""

    now: datetime
    due: int
    waiting: Mapping[str, int]
    late_since: datetime | None
    tries: Sequence[tuple[str, str, int]]
    tasks: Mapping[str, int]
    paces: Mapping[ChannelName, Pace]
    beats: Mapping[str, datetime]


async def read(session: Session, now: datetime) -> Gauges:
    """All of it, in one transaction."""
    due = select(func.count()).where(OutboxRow.state == State.PLANNED, OutboxRow.due_at <= now)
    states = select(OutboxRow.state, func.count()).where(OutboxRow.state.in_(OPEN)).group_by(OutboxRow.state)
    tasks = select(TaskRow.kind, func.count()).where(on_the_list(now)).group_by(TaskRow.kind)
    return Gauges(
        now,
        await session.scalar(due) or 0,
        dict.fromkeys(map(str, OPEN), 0) | {str(state): count for state, count in await session.execute(states)},
        await oldest_due_at(session, now),
        await _tries(session),
        {str(kind): count for kind, count in await session.execute(tasks)},
        await allowances.paces(session, list(ChannelName), now),
        await beats.last(session),
    )


async def _tries(session: Session) -> list[tuple[str, str, int]]:
    """By channel and outcome; of the erased too, since a count that falls looks like a restart."""
    ever = {name: count for name, count in (await counters.read(session)).items() if name.startswith(f"{figures.TRIES}:")}
    counts = Counter(await figures.tries(session)) + Counter(ever)
    named = ((name.split(":", 2), count) for name, count in sorted(counts.items()))
    return [(channel, outcome, count) for (_, channel, outcome), count in named]
