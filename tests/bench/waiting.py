"""What it costs to take a message in hand and to write down what came of it, where few others wait and where millions do."""

import time
from collections.abc import Mapping
from datetime import timedelta
from itertools import cycle
from statistics import median
from typing import Any

from sqlalchemy import String, bindparam, cast, func, insert, literal, select, text, true

from medvind.channels import Outgoing
from medvind.flows.deliver import Machine, Prepared, prepare, record
from medvind.flows.turns import Line
from medvind.model import ChannelName, State
from medvind.store.claims import Result
from medvind.store.database import Database
from medvind.store.tables import OutboxRow
from medvind.texts import Catalogue
from tests.bench.cohort import STRANGERS
from tests.bench.figures import Figure, Target
from tests.bench.places import MorningClock, Place, opened
from tests.bench.sending import CONCURRENCY, UNLIMITED, plan_invitations

DUE = 2_000
"""Messages that are due, each to somebody else."""
FEW = 10_000
"""Others that wait in the small database."""
MOMENTS = 1_000
"""When those others fall due: from tomorrow on, an hour apart."""


class Nowhere:
    """A channel that nothing is sent through: here only the database is asked."""

    name = ChannelName.SMS

    async def send(self, message: Outgoing) -> str:
        """Never called."""
        raise NotImplementedError


async def measure_waiting(place: Place, empty: str, waiting: int, clock: MorningClock) -> list[Figure]:
    """Batch by batch, in turn with the small database: claim and gate, and the record of it; per message."""
    few = await plan_invitations(place, empty, [clock.now()] * DUE, clock)
    many = place.copy(few)
    spans: dict[str, dict[str, list[float]]] = {"one taken": {}, "one recorded": {}}
    async with opened(few) as calm, opened(many) as full:
        for db, wanted in ((calm, FEW), (full, waiting)):
            await _add_waiting(db, wanted, clock)
        machine = Machine("bench", {ChannelName.SMS: Line(Nowhere(), UNLIMITED)}, concurrency=CONCURRENCY)
        looked_at = 0
        for name, db in cycle({"few": calm, "many": full}.items()):
            began = time.perf_counter()
            prepared = await prepare(db, machine, Catalogue.load(), clock, many=True)
            between = time.perf_counter()
            if not prepared.slots:
                break
            await record(db, _sent(prepared, clock), prepared.along, clock)
            ended, messages = time.perf_counter(), len(prepared.slots)
            looked_at += messages
            spans["one taken"].setdefault(name, []).append((between - began) / messages * 1e6)
            spans["one recorded"].setdefault(name, []).append((ended - between) / messages * 1e6)
    if looked_at != 2 * DUE:
        raise RuntimeError(f"{looked_at} messages were taken, not {2 * DUE}")
    return [_figure(f"{what}, {waiting:,} waiting", place.kind, spans[what]) for what in spans]


def _figure(measure: str, kind: str, spans: Mapping[str, list[float]]) -> Figure:
    """The first batch warms up; medians of the others."""
    few, many = (median(spans[name][1:]) for name in ("few", "many"))
    return Figure(measure, kind, "µs", many, few, Target(most=1.25))


def _sent(prepared: Prepared, clock: MorningClock) -> list[Result]:
    now, claims = clock.now(), [slot.letter.claim for slot in prepared.slots]
    return [Result(one, State.SENT, "sent", now, provider_id=f"SM{one.public_id}", channel=ChannelName.SMS) for one in claims]


async def _add_waiting(db: Database, wanted: int, clock: MorningClock) -> None:
    """One of the duties that there are, again and again, for people whom nobody asks about, due at moments to come."""
    table: Any = OutboxRow.__table__
    each = wanted // MOMENTS
    numbers = select(literal(1).label("number")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.number + 1).where(numbers.c.number < each))
    name = cast(numbers.c.number + bindparam("before"), String)
    names = [column.name for column in table.columns if not column.primary_key]
    due = bindparam("due", type_=OutboxRow.due_at.type)
    until = bindparam("until", type_=OutboxRow.valid_until.type)
    other: Mapping[str, Any] = {
        "public_id": literal("waiting-").concat(name),
        "recipient_id": numbers.c.number + bindparam("before") + STRANGERS,
        "planned_for": due,
        "due_at": due,
        "valid_until": until,
    }
    one = select(table).order_by(table.c.id).limit(1).subquery("one")
    rows = select(*(other.get(name, one.c[name]) for name in names)).join_from(one, numbers, true())
    for number in range(MOMENTS):
        at = clock.now() + timedelta(days=1, hours=number)
        async with db.begin(None) as session:
            given = {"before": number * each, "due": at, "until": at + timedelta(hours=12)}
            await session.execute(insert(table).from_select(names, rows), given)
    if db.side_by_side:  # as the server does by itself, sooner or later
        async with db.engine.connect() as server:
            alone = await server.execution_options(isolation_level="AUTOCOMMIT")
            for order in ("vacuum analyze", "checkpoint"):
                await alone.execute(text(order))
    async with db.read(None) as session:
        found = await session.scalar(select(func.count(OutboxRow.id)).where(OutboxRow.due_at > clock.now()))
    print(f"{found:,} wait")
