"""What a person should read and nobody has: when it is told of, and to whom. Only while somebody is at work.

That is on open days from eight to four, on the town hall's clock: four hours of it after something came the coach is told,
after a day of it once more, and after two days the deputy. Who is away is not waited for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from medvind.model import Reminder
from medvind.rules.calendar import DAY, OpenDays, at_wall

OPENS, CLOSES = time(8), time(16)
FIRST = timedelta(hours=4)
"""Of work, before anybody is told: a coach who answers within it hears nothing."""
LADDER = tuple(Reminder)


class Whom(StrEnum):
    """Who is told: the coach, who stands in for them, whoever is on duty."""

    COACH = "coach"
    DEPUTY = "deputy"
    DUTY = "duty"


@dataclass(frozen=True, slots=True)
class Office:
    """The days on which somebody is at work, and the clock on the wall there."""

    days: OpenDays
    zone: str

    def at_work_until(self, now: datetime) -> datetime | None:
        """When work is over today; None where nobody is at work now."""
        here = now.astimezone(ZoneInfo(self.zone))
        if self.days.is_closed(here.date()) or not OPENS <= here.time() < CLOSES:
            return None
        return at_wall(here.date(), CLOSES, self.zone)

    def told_at(self, step: Reminder, came: datetime, *, there: bool) -> datetime:
        """When this step is due for what came then. `there`: the coach is not away, so there is a second day to wait for."""
        here = came.astimezone(ZoneInfo(self.zone))
        day, clock = here.date(), max(here.time(), OPENS)
        if self.days.is_closed(day) or clock >= CLOSES:
            day, clock = self._next(day), OPENS
        if step != Reminder.HOURS:
            later = self._next(day)
            return at_wall(self._next(later) if step == Reminder.DEPUTY and there else later, clock, self.zone)
        end = datetime.combine(day, clock) + FIRST
        over = end - datetime.combine(day, CLOSES)
        if over >= timedelta():
            end = datetime.combine(self._next(day), OPENS) + over
        return at_wall(end.date(), end.time(), self.zone)

    def _next(self, day: date) -> date:
        return self.days.open_from(day + DAY)


@dataclass(frozen=True, slots=True)
class Due:
    """What is due of one message: the steps, whom they tell, and which comes `then`; None: nobody is told any more."""

    steps: Sequence[Reminder]
    whom: frozenset[Whom]
    then: Reminder | None

    @property
    def listed(self) -> bool:
        """Whether it has waited so long that it is a task."""
        return self.steps[-1] != Reminder.HOURS


def due(office: Office, waits_for: Reminder, came: datetime, now: datetime, *, there: bool, deputy: bool) -> Due | None:
    """What is due by now, beginning with the step that it waits for; of several at once each one's reader is told.

    `there`: the person has a coach who is not away. `deputy`: somebody stands in for that coach.
    """
    left = LADDER[LADDER.index(waits_for) :]
    steps = [step for step in left if office.told_at(step, came, there=there) <= now]
    if not steps:
        return None
    return Due(
        steps, frozenset(_whom(step, there=there, deputy=deputy) for step in steps), next(iter(left[len(steps) :]), None)
    )


def _whom(step: Reminder, *, there: bool, deputy: bool) -> Whom:
    if there and step != Reminder.DEPUTY:
        return Whom.COACH
    return Whom.DEPUTY if deputy else Whom.DUTY
