"""Where somebody is in the programme. Nobody sets it: it follows from the dates, so it can't contradict them."""

from collections.abc import Mapping
from datetime import date, timedelta

from medvind.model import Milestone, Stage
from medvind.rules.calendar import DAY, add_months

_COURSE = timedelta(days=4)
"""The entrepreneur course: four days away from home."""
_STARTUP_MONTHS = 6
"""As long as starting up takes for somebody whose support has no end."""


def stage_of(milestones: Mapping[Milestone, date], today: date, support_ends: date | None = None) -> Stage:
    """The stage on this day, from the dates that have been reached by then. Start-up lasts as long as its support does."""
    reached = {name for name, day in milestones.items() if day <= today}
    if Milestone.BUSINESS_STARTED in reached:
        ends = support_ends or add_months(milestones[Milestone.BUSINESS_STARTED], _STARTUP_MONTHS) - DAY
        return Stage.STARTUP if today <= ends else Stage.OPERATION
    if Milestone.PAID_OUT in reached:
        return Stage.STARTUP
    if Milestone.COURSE_ENDED in reached:
        return Stage.WAITING
    course_ends = milestones.get(Milestone.COURSE_ENDED)
    if course_ends is None:
        return Stage.RECRUITMENT
    return Stage.ENTREPRENEUR_COURSE if course_ends - today < _COURSE else Stage.TRAINING
