"""One person's duties put in order: what is replaced, what is dropped, and the one thing a latecomer is told."""

from datetime import timedelta

import pytest

from medvind.model import ClosedDay, Duty
from medvind.rules.arranging import arrange
from tests.rules.duties import duty
from tests.rules.facts import DEFAULTS, leaving, local, person, wall


def test_what_can_leave_as_it_was_meant_is_left_as_it_is() -> None:
    one = duty("one", "2026-11-24 10:00")
    assert arrange([one], person(), DEFAULTS) == [one]


def test_what_falls_into_the_night_leaves_in_the_morning() -> None:
    assert leaving(arrange([duty("one", "2026-11-24 22:00")], person(), DEFAULTS)) == [("one", "2026-11-25 08:00")]


@pytest.mark.parametrize(("until", "leaves"), [("2026-11-25 08:01", True), ("2026-11-25 08:00", False)])
def test_what_can_no_longer_be_true_when_it_leaves_is_left_out(until: str, *, leaves: bool) -> None:
    assert (arrange([duty("one", "2026-11-24 22:00", until)], person(), DEFAULTS) != []) is leaves


def test_each_ends_when_the_next_of_its_chain_leaves_and_the_last_as_it_was_meant() -> None:
    ladder = [
        duty("later", "2026-11-28 09:00", chain="a", off_closed=ClosedDay.BACK),
        duty("first", "2026-11-24 10:00", chain="a"),
        duty("other", "2026-11-25 10:00", chain="b"),
    ]
    arranged = {one.key: one for one in arrange(ladder, person(), DEFAULTS)}
    assert wall(arranged["later"].when) == wall(arranged["first"].valid_until) == "2026-11-27 09:00"
    assert arranged["later"].valid_until == arranged["other"].valid_until == local("2026-12-31 10:00")


def test_a_step_that_holds_for_less_than_until_the_next_keeps_its_own_end() -> None:
    ladder = [duty("short", "2026-11-24 10:00", "2026-11-24 12:00", chain="a"), duty("next", "2026-11-25 10:00", chain="a")]
    assert wall(arrange(ladder, person(), DEFAULTS)[0].valid_until) == "2026-11-24 12:00"


def test_of_two_that_fall_together_the_one_meant_later_goes() -> None:
    saturday = duty("of Saturday", "2026-11-28 10:00", chain="a", off_closed=ClosedDay.FORWARD)
    sunday = duty("of Sunday", "2026-11-29 10:00", chain="a", off_closed=ClosedDay.FORWARD)
    for order in ([saturday, sunday], [sunday, saturday]):
        assert leaving(arrange(order, person(), DEFAULTS)) == [("of Sunday", "2026-11-30 10:00")]
    apart = [duty("a", "2026-11-28 10:00"), duty("b", "2026-11-29 10:00")]
    assert len(arrange(apart, person(), DEFAULTS)) == 2


def late(joined: str, *duties: Duty) -> list[tuple[str, str]]:
    return leaving(arrange(duties, person(joined), DEFAULTS))


def test_a_latecomer_gets_the_weightiest_of_what_is_past_and_it_goes_at_once() -> None:
    past = duty("light", "2026-11-23 10:00", priority=6), duty("heavy", "2026-11-20 10:00", priority=2)
    assert late("2026-11-24 12:00", *past) == [("heavy", "2026-11-24 12:00")]


def test_of_several_as_weighty_the_latest_goes_and_then_the_one_whose_name_comes_first() -> None:
    assert late("2026-11-24 12:00", duty("a", "2026-11-20 10:00"), duty("b", "2026-11-23 10:00")) == [("b", "2026-11-24 12:00")]
    assert late("2026-11-24 12:00", duty("b", "2026-11-23 10:00"), duty("a", "2026-11-23 10:00")) == [("a", "2026-11-24 12:00")]


def test_what_still_lies_ahead_comes_to_a_latecomer_as_to_everybody() -> None:
    ahead = duty("now", "2026-11-24 12:00"), duty("then", "2026-11-25 10:00"), duty("past", "2026-11-23 10:00")
    expected = [("now", "2026-11-24 12:00"), ("past", "2026-11-24 13:00"), ("then", "2026-11-25 10:00")]
    assert late("2026-11-24 12:00", *ahead) == expected  # not two at once


def test_a_latecomer_is_spared_what_is_no_longer_true() -> None:
    assert late("2026-11-24 12:00", duty("over", "2026-11-23 10:00", "2026-11-24 12:00", priority=1)) == []
    passed_over = duty("over", "2026-11-23 10:00", "2026-11-24 12:00", priority=1), duty("true", "2026-11-23 10:00")
    assert late("2026-11-24 12:00", *passed_over) == [("true", "2026-11-24 12:00")]


def test_who_joins_at_night_is_told_in_the_morning() -> None:
    assert late("2026-11-27 22:00", duty("past", "2026-11-23 10:00")) == [("past", "2026-11-30 08:00")]


def test_what_needs_no_consent_is_no_backlog() -> None:
    assert late("2026-11-24 12:00", duty("invite", "2026-11-23 10:00", topic=None)) == [("invite", "2026-11-23 10:00")]
    nobody = person(None)
    assert leaving(arrange([duty("invite", "2026-11-23 10:00", topic=None)], nobody, DEFAULTS)) == [
        ("invite", "2026-11-23 10:00")
    ]


def test_the_last_moment_before_the_quiet_hours_is_still_open() -> None:
    one = duty("one", "2026-11-24 19:59:59.999999")
    assert arrange([one], person(), DEFAULTS)[0].when == local("2026-11-24 20:00") - timedelta(microseconds=1)
