"""Makes the outbox equal to the plan: what is new is added, what moved is moved, what is no longer owed is withdrawn."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, is_dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import structlog

from medvind.clock import Clock
from medvind.model import Duty, PersonFacts, State
from medvind.rules.plan import plan
from medvind.rules.policy import Policy, policy_from
from medvind.store import outbox, planning, settings
from medvind.store.database import Database, Session
from medvind.store.facts import facts_of
from medvind.store.outbox import Kept, as_columns

HORIZON = timedelta(days=90)
RENEW = timedelta(days=60)
"""Whoever is planned further ahead than this, and whose facts are unchanged, is passed by."""
BATCH = 500

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Counts:
    """What planning did, in rows; `people` were looked at, `failed` ones have facts that a rule can't make sense of."""

    added: int = 0
    moved: int = 0
    withdrawn: int = 0
    unchanged: int = 0
    people: int = 0
    failed: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        """Both together."""
        return Counts(*(mine + theirs for mine, theirs in zip(_numbers(self), _numbers(other), strict=True)))


def _numbers(counts: Counts) -> tuple[int, ...]:
    return tuple(asdict(counts).values())


async def load_policy(session: Session) -> Policy:
    """What the municipality has decided, over the defaults."""
    return policy_from(await settings.decided(session))


async def plan_people(
    session: Session, people: Collection[int], policy: Policy, now: datetime, *, horizon: timedelta = HORIZON
) -> Counts:
    """Plans these people anew, in the transaction that changed their facts."""
    facts = list((await facts_of(session, people)).values())
    return await _reconcile(session, facts, policy, now, horizon, _fingerprints(facts, policy))


async def replan(session: Session, person: int, now: datetime) -> Counts:
    """One person, whose facts have just changed."""
    return await plan_people(session, [person], await load_policy(session), now)


async def plan_all(
    db: Database, clock: Clock, *, until: timedelta = HORIZON, limit: float | None = None, anew: bool = False
) -> Counts:
    """Everybody, in batches of their own transactions. Whose facts are as they were is passed by, unless `anew`."""
    counts, last = Counts(), 0
    while True:
        async with db.begin(limit) as session:
            now = clock.now()
            batch = await planning.batch_after(session, last, BATCH)
            if not batch:
                return counts
            policy = await load_policy(session)
            facts = await facts_of(session, list(batch))
            prints = _fingerprints(facts.values(), policy)
            due = [one for one in facts.values() if anew or _changed(prints[one.id], batch[one.id], now)]
            counts += await _reconcile(session, due, policy, now, until, prints)
            passed_by = facts.keys() - {one.id for one in due}
            counts += Counts(unchanged=await outbox.count_planned(session, passed_by), people=len(passed_by))
            last = max(batch)


def _changed(fingerprint: str, before: tuple[str | None, datetime | None], now: datetime) -> bool:
    seen, until = before
    return seen != fingerprint or until is None or until - now < RENEW


async def _reconcile(
    session: Session,
    everybody: Sequence[PersonFacts],
    policy: Policy,
    now: datetime,
    horizon: timedelta,
    prints: Mapping[int, str],
) -> Counts:
    kept = await outbox.kept_for(session, [facts.id for facts in everybody])
    new: list[tuple[int, Duty]] = []
    moved: list[tuple[int, Duty]] = []
    gone: list[int] = []
    unchanged = failed = 0
    for facts in everybody:
        try:
            owed = {(duty.kind, duty.key): duty for duty in plan(facts, policy, now, horizon)}
        except (ValueError, ArithmeticError, LookupError) as error:
            log.error("plan_failed", participant=facts.id, error=type(error).__name__)  # noqa: TRY400 - the text may hold facts
            failed += 1
            continue
        there = {(row.kind, row.key): row for row in kept.get(facts.id, [])}
        new += [(facts.id, duty) for key, duty in owed.items() if key not in there]
        moved += [(row.id, owed[key]) for key, row in there.items() if key in owed and _moves(row, owed[key])]
        gone += [row.id for key, row in there.items() if key not in owed and _ends(row, now, now + horizon)]
        unchanged += sum(key in there and not _moves(there[key], duty) for key, duty in owed.items())
    await outbox.owe(session, new, now)
    await outbox.move(session, moved)
    await outbox.withdraw(session, gone, outbox.NO_LONGER_OWED)
    await planning.planned(session, {facts.id: prints[facts.id] for facts in everybody}, now + horizon)
    return Counts(len(new), len(moved), len(gone), unchanged, len(everybody), failed)


def _moves(row: Kept, duty: Duty) -> bool:
    """Whether the row must become this duty: it waits and differs, or it was cancelled and is owed again."""
    if row.state == State.CANCELLED:
        return True
    return row.state == State.PLANNED and dict(row.says) != as_columns(duty)


def _ends(row: Kept, now: datetime, until: datetime) -> bool:
    """Whether the row is owed no longer. What is merely too late is for the sender to report; answers stand for themselves.

    A row beyond the horizon was not asked about; a later planning reaches it long before it is due.
    """
    alive = row.state == State.PLANNED or (row.state == State.CLAIMED and not row.withdrawn)
    planned_for: datetime = row.says["planned_for"]
    valid_until: datetime = row.says["valid_until"]
    return alive and row.kind != "reply" and planned_for <= until and valid_until > now


def _fingerprints(everybody: Iterable[PersonFacts], policy: Policy) -> dict[int, str]:
    """The same facts under the same decisions give the same print, in every process."""
    decided = json.dumps(_plain(policy), sort_keys=True)
    texts = {facts.id: json.dumps(_plain(facts), sort_keys=True) + decided for facts in everybody}
    return {person: sha256(text.encode()).hexdigest() for person, text in texts.items()}


def _plain(value: Any) -> Any:
    match value:
        case None | bool() | int() | str():
            return value
        case Mapping():
            return {str(key): _plain(inner) for key, inner in value.items()}
        case frozenset() | set():
            return sorted(str(inner) for inner in value)
        case list() | tuple():
            return [_plain(inner) for inner in value]
        case _ if is_dataclass(value):
            return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        case _:
            return str(value)
