"""Where somebody is in the programme. Nobody sets it: it follows from the dates, so it can't contradict them."""

from collections.abc import Mapping
from datetime import date, timedelta

from medvind.model import Milestone, Stage
from medvind.rules.calendar import add_months

_COURSE = timedelta(days=4)
"""The entrepreneur course: four days away from home."""
_STARTUP_MONTHS = 6
"""As long as the support for starting a business usually runs."""


def stage_of(milestones: Mapping[Milestone, date], today: date) -> Stage:
    """The stage on this day, from the dates that have been reached by then."""
    reached = {name for name, day in milestones.items() if day <= today}
    if Milestone.BUSINESS_STARTED in reached:
        startup_ends = add_months(milestones[Milestone.BUSINESS_STARTED], _STARTUP_MONTHS)
        return Stage.STARTUP if today < startup_ends else Stage.OPERATION
    if Milestone.PAID_OUT in reached:
        return Stage.STARTUP
    if Milestone.COURSE_ENDED in reached:
        return Stage.WAITING
    course_ends = milestones.get(Milestone.COURSE_ENDED)
    if course_ends is None:
        return Stage.RECRUITMENT
    return Stage.ENTREPRENEUR_COURSE if course_ends - today < _COURSE else Stage.TRAINING
