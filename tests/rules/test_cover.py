"""Whom a text names: the coach, who stands in while they are away, and nobody where neither is at work."""

from datetime import date

import pytest

from medvind.rules.calendar import OpenDays
from medvind.rules.cover import BY_THE_NEXT_DAY, BY_THEIR_DAY, INTRODUCES, OF_THE_COACH, Contact, Cover, named

MONDAY, TUESDAY, FRIDAY, NEXT_MONDAY = (date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 27), date(2026, 11, 30))
SATURDAY = date(2026, 11, 28)
KARIN = Contact("Karin", "+4501009001")
KARIN_AWAY = Contact("Karin", "+4501009001", ((MONDAY, FRIDAY),))
BENTE = Contact("Bente", "+4501009003")
BENTE_AWAY = Contact("Bente", "+4501009003", ((TUESDAY, TUESDAY),))
DAYS = OpenDays()


@pytest.mark.parametrize(
    ("cover", "day", "there"),
    [
        (Cover(), MONDAY, None),
        (Cover(KARIN), MONDAY, KARIN),
        (Cover(KARIN, BENTE, FRIDAY), MONDAY, KARIN),
        (Cover(KARIN_AWAY), MONDAY, None),
        (Cover(KARIN_AWAY, BENTE, FRIDAY), MONDAY, BENTE),
        (Cover(KARIN_AWAY, BENTE, FRIDAY), FRIDAY, BENTE),
        (Cover(KARIN_AWAY, BENTE, TUESDAY), FRIDAY, None),
        (Cover(KARIN_AWAY, BENTE_AWAY, FRIDAY), TUESDAY, None),
        (Cover(KARIN_AWAY, BENTE_AWAY, FRIDAY), FRIDAY, BENTE_AWAY),
        (Cover(KARIN_AWAY, BENTE, FRIDAY), NEXT_MONDAY, KARIN_AWAY),
    ],
)
def test_the_coach_is_there_unless_away_and_then_the_deputy_while_the_grant_runs(
    cover: Cover, day: date, there: Contact | None
) -> None:
    assert cover.on(day) == there


COVERED = Cover(KARIN_AWAY, BENTE, FRIDAY)


@pytest.mark.parametrize(
    ("text", "today", "promised", "coach", "in_place_of", "phone"),
    [
        ("help", MONDAY, None, "Bente", "Karin", BENTE.phone),
        ("help", NEXT_MONDAY, None, "Karin", None, KARIN.phone),
        ("help", SATURDAY, None, "Karin", None, KARIN.phone),
        ("call_me", MONDAY, None, "Bente", "Karin", BENTE.phone),
        ("call_me", FRIDAY, None, "Karin", None, BENTE.phone),
        ("call_me", date(2026, 11, 22), None, "Bente", "Karin", BENTE.phone),
        ("danger_today", FRIDAY, NEXT_MONDAY, "Karin", None, BENTE.phone),
        ("danger_today", FRIDAY, FRIDAY, "Bente", "Karin", BENTE.phone),
        ("danger_today", FRIDAY, None, "Bente", "Karin", BENTE.phone),
        ("vat_0", FRIDAY, NEXT_MONDAY, "Bente", "Karin", BENTE.phone),
        ("invite", MONDAY, None, "Karin", None, BENTE.phone),
    ],
)
def test_a_promise_is_that_of_who_is_there_on_its_day_and_a_number_that_of_who_is_there_now(
    text: str, today: date, promised: date | None, coach: str, in_place_of: str | None, phone: str
) -> None:
    says = named(text, COVERED, today, promised, DAYS)
    assert (says.coach, says.in_place_of, says.phone) == (coach, in_place_of, phone)


def test_where_neither_is_at_work_nobody_is_named_but_by_the_greeting_of_the_coach() -> None:
    for text in ("help", "call_me", "danger_today"):
        says = named(text, Cover(KARIN_AWAY), MONDAY, MONDAY, DAYS)
        assert (says.coach, says.in_place_of, says.phone) == (None, None, None)
    assert named("milestone", Cover(KARIN_AWAY), MONDAY, None, DAYS).coach == "Karin"
    assert named("milestone", Cover(), MONDAY, None, DAYS).coach is None


@pytest.mark.parametrize("cover", [Cover(KARIN), COVERED, Cover(KARIN_AWAY)])
def test_who_takes_over_is_introduced_with_their_own_number_also_while_they_are_away(cover: Cover) -> None:
    says = named(INTRODUCES, cover, MONDAY, MONDAY, DAYS)
    assert (says.coach, says.in_place_of, says.phone) == ("Karin", None, KARIN.phone)
    nobody = named(INTRODUCES, Cover(), MONDAY, MONDAY, DAYS)
    assert (nobody.coach, nobody.in_place_of, nobody.phone) == (None, None, None)


def test_no_text_stands_in_two_of_the_lists() -> None:
    every = [INTRODUCES, *OF_THE_COACH, *BY_THE_NEXT_DAY, *BY_THEIR_DAY]
    assert len(every) == len(set(every))
