"""Programmes of a few steps, and somebody with every date that a step can hang on."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from medvind.model import (
    Duty,
    Milestone,
    PersonFacts,
    SupportType,
    VatPeriod,
    VatRegistration,
)
from medvind.rules.ladders import read_offset
from medvind.rules.programme import owed
from medvind.rules.steps import Programme, Step
from tests.rules.facts import DEFAULTS, local, meeting

SINCE, UNTIL = local("2026-11-24 10:00"), local("2027-02-22 10:00")


def following(facts: PersonFacts, *steps: Step, since: datetime = SINCE, until: datetime = UNTIL) -> list[Duty]:
    """What a programme of these steps asks of somebody who follows it."""
    policy = replace(DEFAULTS, programmes={7: Programme("Vores", steps)})
    return list(owed(replace(facts, programme=7), policy, since, until))


def tip(offset: str, milestone: str = "course_ended", **more: Any) -> Step:
    """A step called tip, so far from a milestone."""
    return replace(Step("tip", milestone, read_offset(offset), "small_step"), **more)


def everything(facts: PersonFacts) -> PersonFacts:
    return replace(
        facts,
        milestones=dict.fromkeys(Milestone, date(2026, 8, 31)),
        support_type=SupportType.CASH_BENEFIT,
        vat=(VatRegistration(date(2026, 1, 1), VatPeriod.QUARTERLY),),
        meetings=(meeting("2026-12-03 14:00", "2026-11-01 10:00"),),
    )
