"""Where somebody is in the programme: it follows from the dates alone."""

from datetime import date

from medvind.model import Milestone, Stage
from medvind.rules.stages import stage_of

ALL = {
    Milestone.COURSE_ENDED: date(2026, 2, 20),
    Milestone.PAID_OUT: date(2026, 4, 20),
    Milestone.BUSINESS_STARTED: date(2026, 8, 31),
}


def test_a_stage_begins_on_its_date() -> None:
    cases = [
        ("2026-01-05", Stage.TRAINING),
        ("2026-02-16", Stage.TRAINING),
        ("2026-02-17", Stage.ENTREPRENEUR_COURSE),
        ("2026-02-19", Stage.ENTREPRENEUR_COURSE),
        ("2026-02-20", Stage.WAITING),
        ("2026-04-19", Stage.WAITING),
        ("2026-04-20", Stage.STARTUP),
        ("2026-08-30", Stage.STARTUP),
        ("2026-08-31", Stage.STARTUP),
        ("2027-02-27", Stage.STARTUP),
        ("2027-02-28", Stage.OPERATION),  # six months from the 31st end on the last of February
    ]
    print(f"{len(cases)} cases looked at")
    for today, stage in cases:
        assert stage_of(ALL, date.fromisoformat(today)) == stage


def test_without_dates_somebody_is_being_recruited() -> None:
    assert stage_of({}, date(2026, 2, 20)) == Stage.RECRUITMENT
    assert stage_of({Milestone.PAYOUT_PROMISED: date(2026, 2, 1)}, date(2026, 2, 20)) == Stage.RECRUITMENT


def test_a_business_that_started_before_the_money_came_is_starting_up() -> None:
    started = {Milestone.COURSE_ENDED: date(2026, 2, 20), Milestone.BUSINESS_STARTED: date(2026, 3, 1)}
    assert stage_of(started, date(2026, 2, 28)) == Stage.WAITING
    assert stage_of(started, date(2026, 3, 1)) == Stage.STARTUP


def test_a_promised_date_is_no_payout() -> None:
    promised = {Milestone.COURSE_ENDED: date(2026, 2, 20), Milestone.PAYOUT_PROMISED: date(2026, 4, 1)}
    assert stage_of(promised, date(2026, 4, 2)) == Stage.WAITING


def test_start_up_lasts_as_long_as_its_support_and_its_extensions() -> None:
    cases = [
        (date(2027, 2, 28), "2027-02-28", Stage.STARTUP),
        (date(2027, 2, 28), "2027-03-01", Stage.OPERATION),
        (date(2027, 3, 30), "2027-03-30", Stage.STARTUP),
        (date(2027, 3, 30), "2027-03-31", Stage.OPERATION),
    ]
    print(f"{len(cases)} cases looked at")
    for support_ends, today, stage in cases:
        assert stage_of(ALL, date.fromisoformat(today), support_ends) == stage
