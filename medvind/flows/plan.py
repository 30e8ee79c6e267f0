"""Makes the outbox equal to the plan: what is new is added, what moved is moved, what is no longer owed is withdrawn."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version

import structlog

from medvind.clock import Clock
from medvind.flows import programmes, wording
from medvind.flows.wording import Ours
from medvind.loop import in_breaths
from medvind.model import CoachWarning, Duty, PersonFacts, State, TaskKind, Why
from medvind.rules.plan import plan, warnings
from medvind.rules.policy import Policy, policy_from
from medvind.store import outbox, planning, settings, tasks, texts
from medvind.store.database import Database, Session
from medvind.store.facts import facts_of
from medvind.store.outbox import Kept, as_columns
from medvind.texts import longest_units

HORIZON = timedelta(days=90)
RENEW = timedelta(days=60)
"""Whoever is planned further ahead than this, and whose facts are unchanged, is passed by."""
BATCH = 200
FACTS = tuple(one.name for one in fields(PersonFacts) if one.name not in {"sent", "waits"})
VERSION = version("medvind")
"""Another version may have other rules: everybody is planned anew after an upgrade."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Counts:
    """What planning did, in rows; `people` were looked at, `failed` ones have facts that a rule can't make sense of."""

    added: int = 0
    moved: int = 0
    withdrawn: int = 0
    gave_way: int = 0
    unchanged: int = 0
    people: int = 0
    failed: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        """Both together."""
        return Counts(*(mine + theirs for mine, theirs in zip(_numbers(self), _numbers(other), strict=True)))


def _numbers(counts: Counts) -> tuple[int, ...]:
    return tuple(asdict(counts).values())


async def load_policy(session: Session) -> Policy:
    """What the municipality has decided, over the defaults, the programmes of its cohorts, and how long the texts are."""
    decided, followed = await settings.policy(session)
    own = await wording.ours(session, decided.get(texts.MARK, ""))
    return _policy(frozenset(decided.items()), frozenset(followed.items()), own)


@lru_cache(maxsize=16)
def _policy(decided: frozenset[tuple[str, str]], followed: frozenset[tuple[int, tuple[str, str]]], own: Ours) -> Policy:
    """The same decisions are the same policy, so that the rules know again what they have reckoned with it."""
    policy, mark = policy_from(dict(decided)), dict(decided).get(texts.MARK, "")
    made_of, lengths = f"{VERSION} {policy.made_of}", {**longest_units(), **own.units}
    return replace(
        policy,
        text_lengths=lengths,
        programmes={row: programmes.restored(*text) for row, text in followed},
        made_of=made_of,
        texts=mark,
    )


async def plan_people(
    session: Session, people: Collection[int], policy: Policy, now: datetime, *, horizon: timedelta = HORIZON
) -> Counts:
    """Plans these people anew, in the transaction that changed their facts; never less far than they are planned already."""
    facts = list((await facts_of(session, people, now)).values())
    reach = await planning.reach(session, people)
    ends = {one.id: max(now + horizon, reach.get(one.id) or now) for one in facts}
    return await _reconcile(session, facts, policy, now, ends, _fingerprints(facts, policy))


async def replan(session: Session, person: int, now: datetime) -> Counts:
    """One person, whose facts have just changed."""
    return await plan_people(session, [person], await load_policy(session), now)


async def keep_up(session: Session, people: Collection[int], now: datetime, *, anew: bool = False) -> Counts:
    """Those of them whose facts are no longer what their plan was made from, or whose plan ends soon; all of them if `anew`."""
    policy, before = await load_policy(session), await planning.made_from(session, people)
    facts = list((await facts_of(session, people, now)).values())
    prints = _fingerprints(facts, policy)
    due = [one for one in facts if anew or _changed(prints[one.id], before[one.id], now)]
    ends = {one.id: max(now + HORIZON, before[one.id][1] or now) for one in due}
    return await _reconcile(session, due, policy, now, ends, prints)


async def plan_all(
    db: Database,
    clock: Clock,
    *,
    until: timedelta = HORIZON,
    limit: float | None = None,
    anew: bool = False,
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
            facts = await facts_of(session, list(batch), now)
            prints = _fingerprints(facts.values(), policy)
            due = [one for one in facts.values() if anew or _changed(prints[one.id], batch[one.id], now)]
            ends = {one.id: now + until for one in due}
            counts += await _reconcile(session, due, policy, now, ends, prints)
            passed_by = facts.keys() - {one.id for one in due}
            counts += Counts(unchanged=await outbox.count_planned(session, passed_by), people=len(passed_by))
            last = max(batch)


def _changed(fingerprint: str, before: tuple[str | None, datetime | None], now: datetime) -> bool:
    seen, until = before
    return seen != fingerprint or until is None or until - now < RENEW


@dataclass(slots=True)
class _Changes:
    """What must happen to the rows of some people so that they say what the rules say."""

    new: list[tuple[int, Duty]] = field(default_factory=list)
    moved: list[tuple[int, Duty]] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    warnings: dict[int, Sequence[CoachWarning]] = field(default_factory=dict)
    planned: list[int] = field(default_factory=list)
    gave_way: int = 0
    unchanged: int = 0


async def _reconcile(
    session: Session,
    everybody: Sequence[PersonFacts],
    policy: Policy,
    now: datetime,
    ends: Mapping[int, datetime],
    prints: Mapping[int, str],
) -> Counts:
    there = await planning.still_there(session, [facts.id for facts in everybody])
    everybody = [facts for facts in everybody if facts.id in there]
    kept = await outbox.kept_for(session, list(there), now)
    changes = _Changes()
    async for facts in in_breaths(everybody):
        try:
            duties, warned = plan(facts, policy, now, ends[facts.id] - now), warnings(facts, policy)
        except Exception as error:  # noqa: BLE001 - one person's facts, or a fault in a rule, must not stop the others
            log.error("plan_failed", participant=facts.id, error=type(error).__name__)  # noqa: TRY400 - the text may hold facts
            changes.warnings[facts.id] = [_not_planned(type(error).__name__, now)]
            continue
        _compare(changes, facts.id, duties, kept.get(facts.id, []), now, ends[facts.id])
        changes.warnings[facts.id] = warned
        changes.planned.append(facts.id)
    await outbox.owe(session, changes.new, now)
    await outbox.move(session, changes.moved)
    await outbox.withdraw(session, changes.gone, outbox.NO_LONGER_OWED)
    await tasks.keep_warnings(session, changes.warnings, now)
    await planning.planned(session, {person: (prints[person], ends[person]) for person in changes.planned})
    return Counts(
        added=sum(duty.gave_way is None for _, duty in changes.new),
        moved=len(changes.moved),
        withdrawn=len(changes.gone),
        gave_way=changes.gave_way,
        unchanged=changes.unchanged,
        people=len(everybody),
        failed=len(everybody) - len(changes.planned),
    )


def _not_planned(error: str, now: datetime) -> CoachWarning:
    """Somebody must look: this person gets what was planned before, and nothing new."""
    return CoachWarning(TaskKind.NOT_PLANNED, "not_planned", now, Why("why_not_planned", {"error": error}))


def _compare(
    changes: _Changes, person: int, duties: Sequence[Duty], rows: Sequence[Kept], now: datetime, until: datetime
) -> None:
    owed = {(duty.kind, duty.key): duty for duty in duties}
    there = {(row.kind, row.key): row for row in rows}
    changes.new += [(person, duty) for key, duty in owed.items() if key not in there]
    changes.moved += [(row.id, owed[key]) for key, row in there.items() if key in owed and _moves(row, owed[key])]
    changes.gone += [row.id for key, row in there.items() if key not in owed and _ends(row, now, until)]
    changes.gave_way += sum(duty.gave_way is not None for duty in duties)
    changes.unchanged += sum(
        key in there and not _moves(there[key], duty) and duty.gave_way is None for key, duty in owed.items()
    )


def _moves(row: Kept, duty: Duty) -> bool:
    """Whether the row must become this duty: it waits and differs, or it was cancelled and is owed again, or gives way now."""
    state, reason = outbox.standing(duty)
    if row.state == State.CANCELLED:
        return state != State.CANCELLED or row.reason != reason or row.says != as_columns(duty)
    return row.state == State.PLANNED and (state != State.PLANNED or row.says != as_columns(duty))


def _ends(row: Kept, now: datetime, until: datetime) -> bool:
    """Whether the row is owed no longer. What is merely too late is for the sender to report.

    A row beyond the horizon was not asked about; a later planning reaches it long before it is due.
    """
    alive = row.state == State.PLANNED or (row.state == State.CLAIMED and not row.withdrawn) or row.gave_way
    return alive and row.says["planned_for"] <= until and row.says["valid_until"] > now


def _fingerprints(everybody: Iterable[PersonFacts], policy: Policy) -> dict[int, str]:
    """The same facts under the same decisions give the same print, in every process. What has left moves nothing."""
    return {facts.id: sha256(f"{_spelled(facts)} {policy.made_of}".encode()).hexdigest() for facts in everybody}


def _spelled(facts: PersonFacts) -> str:
    """As Python spells values: what has no order of its own is put into one first."""
    return repr([_in_order(getattr(facts, name)) for name in FACTS])


def _in_order(value: object) -> object:
    match value:
        case Mapping():
            return sorted(value.items())
        case frozenset():
            return sorted(value)
        case _:
            return value
