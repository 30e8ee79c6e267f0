"""The support for starting a business, as a coach sees and extends it: when it ends, and how much of it is left to work in."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from medvind.errors import FieldError, NotFoundError
from medvind.flows.plan import load_policy, replan
from medvind.model import Milestone, PersonFacts, PublicId, TaskKind, Viewer
from medvind.rules.policy import Policy
from medvind.rules.support import NoEnd, WorkingMonth, end_of_support, extended_key, support_ends, working_months
from medvind.store import support, tasks, views
from medvind.store.database import Session
from medvind.store.facts import facts_of
from medvind.store.support import Granted


@dataclass(frozen=True, slots=True)
class Support:
    """How the support stands on one day. `no_end` says why there is no last day; with one, `months` counts what is left.

    The days left include the day itself; before the start they are those of the whole period.
    """

    ends_on: date | None
    no_end: NoEnd | None
    months: tuple[WorkingMonth, ...] = ()

    @property
    def working_days_left(self) -> int | None:
        """Without holidays and holiday weeks; None where there is no end."""
        return None if self.ends_on is None else sum(month.working_days for month in self.months)


@dataclass(frozen=True, slots=True)
class Extended:
    """An extension, and the last day of support with all that are recorded."""

    id: PublicId
    months: int
    granted_on: date
    ends_on: date | None


def standing(facts: PersonFacts, policy: Policy, today: date) -> Support:
    """Of one person, from today on."""
    end = end_of_support(facts, policy)
    if isinstance(end, NoEnd):
        return Support(None, end)
    return Support(end, None, working_months(max(today, facts.milestones[Milestone.BUSINESS_STARTED]), end, policy))


async def extensions(session: Session, viewer: Viewer, public_id: str) -> list[Granted]:
    """All of one of the coach's own people, in the order in which they were recorded. Raises NotFoundError for others."""
    seen = await views.person(session, public_id, seen_by=viewer)
    return await support.listed(session, seen.row)


async def grant(session: Session, viewer: Viewer, public_id: str, months: int, granted_on: date, now: datetime) -> Extended:
    """Records an extension and plans anew: the alerts of the old end go, those of the new one come, and the person is told.

    The same once more changes nothing. Raises NotFoundError, and FieldError, which names the field, where there is no end
    to put off or the day fits no decision about it.
    """
    seen = await views.person(session, public_id, seen_by=viewer)
    before = await _facts(session, seen.row)
    policy = await load_policy(session)
    known = any(extension.granted_on == granted_on for extension in before.extensions)
    if not known:
        _check(before, policy, granted_on, now)
    granted = await support.add(session, seen.row, months, granted_on, viewer.coach_id, now)
    if granted.months != months:
        raise FieldError("granted_on", "another extension of that day is recorded; take it back first")
    if not known:
        await replan(session, seen.row, now)
    ends_on = support_ends(await _facts(session, seen.row), policy)
    return Extended(granted.id, granted.months, granted.granted_on, ends_on)


async def take_back(session: Session, viewer: Viewer, public_id: str, extension: str, now: datetime) -> Support:
    """Takes back the last extension and plans anew. Raises NotFoundError, and FieldError for one that is not the last.

    Who was told of the longer period hears from a human that it is none: that is bad news, and is never written.
    """
    seen = await views.person(session, public_id, seen_by=viewer)
    recorded = [granted.id for granted in await support.listed(session, seen.row)]
    if extension not in recorded:
        raise NotFoundError("this person has no such extension")
    if extension != recorded[-1]:
        raise FieldError("extension_id", "take back the later ones first, so that nobody is told of an end that was none")
    policy = await load_policy(session)
    ended = support_ends(await _facts(session, seen.row), policy)
    await support.remove(session, seen.row, PublicId(extension))
    if ended is not None and await support.may_have_read(session, seen.row, extended_key(ended)):
        why = {"reason": "was told of an extension that is taken back", "ended": ended.isoformat()}
        await tasks.raise_task(session, TaskKind.CALL, f"call:{extension}", seen.row, why, now)
    await replan(session, seen.row, now)
    return standing(await _facts(session, seen.row), policy, now.astimezone(ZoneInfo(seen.zone)).date())


async def _facts(session: Session, person: int) -> PersonFacts:
    return (await facts_of(session, [person]))[person]


def _check(facts: PersonFacts, policy: Policy, granted_on: date, now: datetime) -> None:
    """An extension is granted while there is something to extend. It may be recorded later than that."""
    end = end_of_support(facts, policy)
    if isinstance(end, NoEnd):
        raise _without(end)
    if granted_on > now.astimezone(ZoneInfo(facts.zone)).date():
        raise FieldError("granted_on", "that day is still to come")
    if granted_on < facts.milestones[Milestone.BUSINESS_STARTED]:
        raise FieldError("granted_on", "the business had not started by then")
    if granted_on > end:
        raise FieldError("granted_on", "the support ended before that, on {day}", day=end.isoformat())


def _without(end: NoEnd) -> FieldError:
    match end:
        case NoEnd.PENSION:
            return FieldError("support_type", "a pension goes on, so there is no end to put off")
        case NoEnd.NOT_STARTED:
            return FieldError("business_started_on", "not known yet, so there is no end to put off")
        case NoEnd.TYPE_UNKNOWN:
            return FieldError("support_type", "not known, so no end can be reckoned")
