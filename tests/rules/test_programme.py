"""A word on where things stand, 20 and 30 days after the course."""

from datetime import date, timedelta

from medvind.model import Doubt, Duty, Milestone, PersonFacts, Topic, Why
from medvind.rules.plan import plan
from medvind.rules.programme import owed
from tests.rules.facts import DEFAULTS, leaving, local, person, wall


def waiting(ended: str, joined: str = "2025-01-06 10:00") -> PersonFacts:
    return person(joined, milestones={Milestone.COURSE_ENDED: date.fromisoformat(ended)})


def words(facts: PersonFacts, now: str) -> list[Duty]:
    return [duty for duty in plan(facts, DEFAULTS, local(now), timedelta(60)) if duty.kind == "waiting_word"]


def test_the_wait_is_spoken_of_after_20_and_30_days() -> None:
    assert leaving(words(waiting("2026-09-01"), "2026-09-01 12:00")) == [
        ("waiting:20d", "2026-09-21 10:00"),
        ("waiting:30d", "2026-10-01 10:00"),
    ]


def test_the_first_word_names_the_day_on_which_the_second_really_leaves() -> None:
    cases = [
        ("2026-09-01", "2026-09-21 10:00", "2026-10-01"),
        ("2026-11-24", "2026-12-14 10:00", "2026-12-28"),  # 24 December
        ("2026-11-26", "2026-12-16 10:00", "2026-12-28"),
        ("2027-02-26", "2027-03-18 10:00", "2027-03-30"),  # Easter
    ]
    print(f"{len(cases)} cases looked at")
    for ended, leaves, next_day in cases:
        first, second = words(waiting(ended), f"{ended} 12:00")
        assert wall(first.when) == leaves
        assert first.subject == {"next_day": next_day}
        assert wall(second.when)[:10] == next_day
        assert second.subject == {}


def test_a_word_holds_for_three_days() -> None:
    first, second = words(waiting("2026-11-24"), "2026-11-24 12:00")
    assert (wall(first.valid_until), wall(second.valid_until)) == ("2026-12-17 10:00", "2026-12-31 10:00")


def test_the_words_are_useful_encouragement_and_say_why() -> None:
    first, second = words(waiting("2026-09-01"), "2026-09-01 12:00")
    assert (first.text, second.text) == ("no_news", "waiting_30")
    assert {duty.chain for duty in (first, second)} == {"waiting"}
    assert (first.topic, first.doubt, first.priority, first.asks) == (Topic.ENCOURAGEMENT, Doubt.B, 5, None)
    assert first.why == Why("why_waiting_word", {"day": "2026-09-01", "days": "20"})
    assert second.why == Why("why_waiting_word", {"day": "2026-09-01", "days": "30"})


def test_who_joins_in_between_gets_the_word_that_is_still_fresh_and_no_old_one() -> None:
    fresh = waiting("2026-09-01", joined="2026-09-23 12:00")
    assert leaving(words(fresh, "2026-09-23 12:00"))[0] == ("waiting:20d", "2026-09-23 12:00")
    old = waiting("2026-09-01", joined="2026-09-24 10:00")
    assert leaving(words(old, "2026-09-24 10:00")) == [("waiting:30d", "2026-10-01 10:00")]


def test_nothing_is_said_of_a_wait_that_is_none() -> None:
    since, until = local("2026-09-01 00:00"), local("2026-12-01 00:00")
    paid = person(milestones={Milestone.COURSE_ENDED: date(2026, 9, 1), Milestone.PAID_OUT: date(2026, 9, 10)})
    assert list(owed(paid, DEFAULTS, since, until)) == []
    assert list(owed(person(), DEFAULTS, since, until)) == []
