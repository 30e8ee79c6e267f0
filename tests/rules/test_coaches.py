"""Another coach takes over: who is told of it, when, and who is spared a word about a mistake."""

from datetime import timedelta

import pytest

from medvind.model import Coached, Doubt, Duty, Topic, Why
from medvind.rules.plan import plan
from tests.rules.facts import DEFAULTS, leaving, local, person

KARIN, JONAS, MIKKEL = 1, 2, 3


def followed(*stints: tuple[int, str, str | None]) -> tuple[Coached, ...]:
    return tuple(Coached(coach, local(since), local(until) if until else None) for coach, since, until in stints)


def told(*stints: tuple[int, str, str | None], now: str = "2026-11-24 12:00") -> list[Duty]:
    duties = plan(person(coaches=followed(*stints)), DEFAULTS, local(now), timedelta(days=30))
    return [duty for duty in duties if duty.kind == "coach_changed"]


def test_who_gets_another_coach_reads_who_it_is_an_hour_after_it_was_entered() -> None:
    [duty] = told((KARIN, "2026-09-01 10:00", "2026-11-24 11:30"), (JONAS, "2026-11-24 11:30", None))
    assert leaving([duty]) == [("coach_changed:2026-11-24T11.30", "2026-11-24 12:30")]
    assert (duty.text, duty.topic, duty.doubt, duty.asks) == ("coach_changed", Topic.MEETINGS, Doubt.B, None)
    assert duty.why == Why("why_coach_changed", {"day": "2026-11-24"})
    assert duty.subject == {"deadline": "2026-11-24"}


def test_what_is_entered_in_the_evening_is_told_when_the_quiet_hours_end() -> None:
    evening = told((KARIN, "2026-09-01 10:00", "2026-11-27 19:30"), (JONAS, "2026-11-27 19:30", None), now="2026-11-27 19:40")
    assert leaving(evening) == [("coach_changed:2026-11-27T19.30", "2026-11-30 08:00")]


@pytest.mark.parametrize(
    "stints",
    [
        [(KARIN, "2026-09-01 10:00", None)],
        [(KARIN, "2026-09-01 10:00", "2026-11-24 11:30")],  # nobody follows them now
        [(KARIN, "2026-11-24 08:00", "2026-11-24 11:30"), (JONAS, "2026-11-24 11:30", None)],  # entered wrong the first time
        [  # the wrong file, put right within the hour
            (KARIN, "2026-09-01 10:00", "2026-11-24 11:00"),
            (JONAS, "2026-11-24 11:00", "2026-11-24 11:40"),
            (KARIN, "2026-11-24 11:40", None),
        ],
        [  # the same in the evening, put right before anybody could be told
            (KARIN, "2026-09-01 10:00", "2026-11-23 19:30"),
            (JONAS, "2026-11-23 19:30", "2026-11-24 07:50"),
            (KARIN, "2026-11-24 07:50", None),
        ],
    ],
)
def test_whoever_knew_nobody_else_hears_nothing(stints: list[tuple[int, str, str | None]]) -> None:
    assert told(*stints) == []


def test_who_comes_back_after_somebody_who_was_told_of_is_told_too() -> None:
    back = told(
        (KARIN, "2026-09-01 10:00", "2026-11-20 11:00"),
        (JONAS, "2026-11-20 11:00", "2026-11-24 11:40"),
        (KARIN, "2026-11-24 11:40", None),
    )
    assert [duty.key for duty in back] == ["coach_changed:2026-11-24T11.40"]


def test_after_a_time_without_a_coach_the_next_one_is_told_and_the_same_one_is_not() -> None:
    gap = (KARIN, "2026-09-01 10:00", "2026-11-20 11:00")
    assert [duty.key for duty in told(gap, (JONAS, "2026-11-24 11:40", None))] == ["coach_changed:2026-11-24T11.40"]
    assert told(gap, (KARIN, "2026-11-24 11:40", None)) == []


def test_of_two_changes_in_a_row_only_the_last_is_told() -> None:
    twice = told(
        (KARIN, "2026-09-01 10:00", "2026-11-24 09:00"),
        (JONAS, "2026-11-24 09:00", "2026-11-24 11:40"),
        (MIKKEL, "2026-11-24 11:40", None),
    )
    assert [duty.key for duty in twice] == ["coach_changed:2026-11-24T11.40"]


def test_what_is_two_weeks_old_is_told_no_more_and_without_a_yes_nothing_is() -> None:
    change = [(KARIN, "2026-09-01 10:00", "2026-11-24 11:30"), (JONAS, "2026-11-24 11:30", None)]
    assert len(told(*change, now="2026-12-08 12:29")) == 1
    assert told(*change, now="2026-12-08 12:31") == []
    facts = person(None, coaches=followed(*change))
    assert [duty.kind for duty in plan(facts, DEFAULTS, local("2026-11-24 12:00"))] == []
