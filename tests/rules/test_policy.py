"""What a municipality decides, as it writes it: each text is read, or refused in words that name the setting and a cure."""

import time as clock
from datetime import date, time, timedelta

import pytest

from medvind.errors import InvalidError
from medvind.model import Danger
from medvind.rules.calendar import OpenDays
from medvind.rules.danger_phrases import DangerWords
from medvind.rules.decided import Step
from medvind.rules.hours import Hours, QuietHours
from medvind.rules.policy import SETTINGS, policy_from

DAYS = OpenDays()
NIGHT = Hours(time(20), time(8))
SEVEN, ONE, TWO_HOURS = Step(7, "d"), Step(1, "d"), Step(2, "h")


def test_until_somebody_decides_the_defaults_hold() -> None:
    policy = policy_from({})
    assert policy.quiet_hours == QuietHours((*(NIGHT,) * 5, Hours(time(18), time(10), meetings=True), Hours()), Hours())
    assert policy.vat_lead_days == (14, 7, 2, 0)
    assert policy.meeting_ladder == (SEVEN, ONE, TWO_HOURS)
    assert (policy.duty_phone, policy.duty_email) == ("", "")


def test_quiet_hours_are_read_by_weekday() -> None:
    cases = [
        ("off", QuietHours(off=True)),
        (" off ", QuietHours(off=True)),
        ("mon-sun 21:00-09:00", QuietHours((Hours(time(21), time(9)),) * 7)),
        ("sun all", QuietHours((*(None,) * 6, Hours()))),
        ("mon-fri  20:00-08:00 ;sat all;  sun all", QuietHours((*(NIGHT,) * 5, Hours(), Hours()))),
        ("holidays 12:00-13:30", QuietHours(holidays=Hours(time(12), time(13, 30)))),
        ("wed 00:00-08:00", QuietHours((None, None, Hours(time(0), time(8)), None, None, None, None))),
        ("thu-thu 20:00-00:00 meetings", QuietHours((*(None,) * 3, Hours(time(20), time(0), meetings=True), *(None,) * 3))),
    ]
    print(f"{len(cases)} cases looked at")
    for text, hours in cases:
        assert policy_from({"quiet_hours": text}).quiet_hours == hours


def test_lead_days_are_read_longest_first() -> None:
    cases = [("14 7 2 0", (14, 7, 2, 0)), ("0 2 7", (7, 2, 0)), ("60", (60,)), (" 3   1 ", (3, 1)), ("off", ()), ("07", (7,))]
    print(f"{len(cases)} cases looked at")
    for text, leads in cases:
        assert policy_from({"lead_days.vat": text}).vat_lead_days == leads


def test_a_meetings_ladder_is_read_longest_first() -> None:
    cases = [
        ("7d 1d 2h", (SEVEN, ONE, TWO_HOURS)),
        ("30m 1d 2h", (ONE, TWO_HOURS, Step(30, "m"))),
        ("60d 12h 720m", (Step(60, "d"), Step(12, "h"), Step(720, "m"))),
        ("1h 90m", (Step(90, "m"), Step(1, "h"))),
        ("off", ()),
    ]
    print(f"{len(cases)} cases looked at")
    for text, steps in cases:
        assert policy_from({"meeting_ladder": text}).meeting_ladder == steps


def test_when_the_silent_are_asked_again_is_a_count_of_open_days_or_off() -> None:
    cases = [("3", 3), (" 2 ", 2), ("10", 10), ("off", None), (" off ", None)]
    print(f"{len(cases)} cases looked at")
    for text, days in cases:
        assert policy_from({"meeting_chase": text}).meeting_chase == days
    assert policy_from({}).meeting_chase == 3


def test_a_step_knows_its_length_and_is_written_as_it_was_read() -> None:
    steps = (SEVEN, TWO_HOURS, Step(45, "m"))
    assert [step.length for step in steps] == [timedelta(days=7), timedelta(hours=2), timedelta(minutes=45)]
    assert [str(step) for step in steps] == ["7d", "2h", "45m"]


def test_who_is_on_duty_is_read_without_blanks() -> None:
    cases = [
        ("duty_phone", "+45 01 00 90 01", "+4501009001"),
        ("duty_phone", " ", ""),
        ("duty_email", " vagt@kommune.example ", "vagt@kommune.example"),
        ("duty_email", "", ""),
    ]
    print(f"{len(cases)} cases looked at")
    for key, text, read in cases:
        assert getattr(policy_from({key: text}), key) == read


REFUSED = [
    ("quiet_hours", "", "'' is neither"),
    ("quiet_hours", "mon", "'mon' is neither"),
    ("quiet_hours", "mon 8-10", "'mon 8-10' is neither"),
    ("quiet_hours", "mon 24:00-08:00", "is neither"),
    ("quiet_hours", "mon 20:60-08:00", "is neither"),
    ("quiet_hours", "mon 20:00-08:00 meeting", "is neither"),
    ("quiet_hours", "mon all meetings", "is neither"),
    ("quiet_hours", "mon 08:00-08:00", "begins when it ends"),
    ("quiet_hours", "man all", "'man' is no day"),
    ("quiet_hours", "mon-son all", "'mon-son' is no day"),
    ("quiet_hours", "fri-mon all", "runs over the end of the week"),
    ("quiet_hours", "mon-fri 20:00-08:00; wed-thu all", "thu and wed said twice"),
    ("quiet_hours", "holidays all; holidays all", "holidays said twice"),
    ("quiet_hours", "mon-sun all", "no hour of the week is left"),
    ("quiet_hours", "mon-sun 20:00-08:00 meetings", "no hour of the week is left"),
    ("lead_days.vat", "", "it is empty; 'off' turns it off"),
    ("lead_days.vat", "14 to 7", "'to' is no whole number from 0 to 60"),
    ("lead_days.vat", "61", "'61' is no whole number"),
    ("lead_days.vat", "-1", "'-1' is no whole number"),
    ("lead_days.vat", "\u0667", "is no whole number"),
    ("lead_days.vat", "off 7", "'off' is no whole number"),
    ("lead_days.vat", "7 7", "a step is said twice"),
    ("lead_days.vat", "7 07", "a step is said twice"),
    ("meeting_ladder", " ", "it is empty"),
    ("meeting_ladder", "7", "'7' is none of 30m to 720m, 1h to 12h, 1d to 60d"),
    ("meeting_ladder", "29m", "'29m' is none"),
    ("meeting_ladder", "721m", "'721m' is none"),
    ("meeting_ladder", "0h", "'0h' is none"),
    ("meeting_ladder", "13h", "'13h' is none"),
    ("meeting_ladder", "0d", "'0d' is none"),
    ("meeting_ladder", "61d", "'61d' is none"),
    ("meeting_ladder", "1w", "'1w' is none"),
    ("meeting_ladder", "1d 01d", "a step is said twice"),
    ("meeting_chase", "1", "'1' is no whole number from 2 to 10"),
    ("meeting_chase", "11", "'11' is no whole number from 2 to 10"),
    ("meeting_chase", "3d", "'3d' is no whole number"),
    ("closing_days", "02-30", "'02-30' is neither a day of every year, like 12-24, nor one day"),
    ("closing_days", "24.12.", "'24.12.' is neither"),
    ("closing_days", " ".join(f"{month:02}-{day:02}" for month in (1, 2, 3) for day in range(1, 22)), "more than 60"),
    ("holiday_weeks", "54", "'54' is no whole number from 1 to 53"),
    ("holiday_weeks", " ".join(map(str, range(1, 28))), "more than 26"),
    ("duty_phone", "01009001", "it is no number with its country code"),
    ("duty_phone", "+45 1", "it is no number"),
    ("duty_email", "vagt", "it is no mail address"),
    ("duty_email", "vagt@kommune", "it is no mail address"),
    ("duty_email", "a b@kommune.example", "it is no mail address"),
    ("crisis_numbers", "", "it is not a name and a number"),
    ("crisis_numbers", "70 201 201", "it is not a name and a number"),
    ("crisis_numbers", "Livslinien", "it is not a name and a number"),
    ("crisis_numbers", "Livslinien 70 201 201; læge 1813", "it is not a name and a number"),
    ("crisis_numbers", "Livslinien 70 201 201, lægevagten 1813", "it is longer than the 34 signs"),
    ("crisis_numbers", "Livslinien \u2013 70 201 201", "it has a sign that makes an SMS longer"),
    ("danger_words", "hoppe fra broen", "entry 1 does not say now:, today: or none:"),
    ("danger_words", "now: hoppe fra broen;", "entry 2 does not say"),
    ("danger_words", "now:", "entry 1 does not say"),
    ("danger_words", "soon: hoppe fra broen", "entry 1 does not say"),
    ("danger_words", "now: hoppe fra broen; today: .. huslejen", "entry 2, '.. huslejen': it must begin and end with a word"),
    ("danger_words", "now: hoppe ..", "it must begin and end with a word"),
    ("danger_words", "now: sel*mord", "'sel*mord' is no word"),
    ("danger_words", "now: ~selvmord*", "'~selvmord*' has a sign before and after it"),
    ("danger_words", "now: og", "it has fewer than 4 letters"),
    ("danger_words", "now: a b c d e f g h i j k", "it has more than 10 words"),
    ("danger_words", "now: " + ", ".join(f"gade {number}" for number in range(101)), "these are more than 100 phrases"),
    ("danger_words", "now: " + "a" * 4000, "it is longer than 4000 signs"),
    ("danger_off", "på drukk", "'på drukk' is no phrase of the list; the nearest is 'på druk'"),
    ("danger_off", "på druk, qqqqqqqqqq", "'qqqqqqqqqq' is no phrase of the list"),
]


def refusal(key: str, text: str) -> str:
    with pytest.raises(InvalidError) as refused:
        policy_from({key: text})
    return str(refused.value)


def test_what_cannot_be_read_is_refused_with_the_setting_the_fault_and_an_example() -> None:
    print(f"{len(REFUSED)} texts looked at")
    for key, text, fault in REFUSED:
        said = refusal(key, text)
        setting = next(setting for setting in SETTINGS if setting.key == key)
        assert said.startswith(f"{key}: "), (key, text)
        assert fault in said, (key, text)
        assert said.endswith(f". For example: {setting.example or setting.default}")


def test_a_refused_number_or_address_is_not_repeated() -> None:
    for key, text in (("duty_phone", "01009001"), ("duty_email", "karin@kommune")):
        assert text not in refusal(key, text)


def test_every_settings_default_and_example_can_be_read_and_each_says_what_it_means() -> None:
    print(f"{len(SETTINGS)} settings looked at")
    assert len({setting.key for setting in SETTINGS}) == len(SETTINGS) >= 5
    for setting in SETTINGS:
        setting.read({})
        setting.read({setting.key: setting.example or setting.default})
        assert setting.says


def test_a_near_miss_of_64_kib_is_refused_at_once() -> None:
    cases = ["a" * 65_536, "mon all;" * 8_192, "7 " * 32_768, "7" * 65_536, "+" + "4" * 65_535, "a@" + "a." * 32_766 + "@"]
    print(f"{len(cases)} cases looked at")
    for text in cases:
        for setting in SETTINGS:
            began = clock.process_time()
            with pytest.raises(InvalidError):
                setting.read({setting.key: text})
            assert clock.process_time() - began <= 0.05, setting.key


def test_a_count_is_a_whole_number() -> None:
    cases = [("daily_messages", 2, 1, 99), ("weekly_messages", 4, 1, 99), ("join_minutes", 60, 0, 720)]
    print(f"{len(cases)} cases looked at")
    for key, default, least, most in cases:
        setting = next(setting for setting in SETTINGS if setting.key == key)
        assert [setting.read(values) for values in ({}, {key: f" {least} "}, {key: str(most)})] == [default, least, most]
        for text in ("", "-1", "two", "1.5", "10000", "\u0667", str(least - 1), str(most + 1)):
            says = rf"^{key}: .* is no whole number from {least} to {most}\. For example: {default}$"
            with pytest.raises(InvalidError, match=says):
                setting.read({key: text})


def test_a_holidays_hours_replace_those_of_its_weekday() -> None:
    hours = policy_from({}).quiet_hours
    assert hours.on(date(2026, 12, 23), DAYS) == NIGHT
    assert hours.on(date(2026, 12, 24), DAYS) == Hours()
    assert hours.on(date(2026, 12, 26), DAYS) == Hours()  # a Saturday and a holiday
    assert hours.on(date(2026, 12, 19), DAYS) == Hours(time(18), time(10), meetings=True)
    assert policy_from({"quiet_hours": "mon-fri 20:00-08:00"}).quiet_hours.on(date(2026, 12, 24), DAYS) == NIGHT


def test_who_helps_in_danger_is_read_as_it_stands_in_the_answer() -> None:
    cases = [
        ("Livslinien 70 201 201", "Livslinien: 70 201 201"),
        (" Livslinien:  70 201 201 ", "Livslinien: 70 201 201"),
        ("Krise 1818,  læge 1813", "Krise: 1818, læge: 1813"),
        ("Lægevagten 70 11 31 31", "Lægevagten: 70 11 31 31"),
    ]
    assert policy_from({}).crisis_numbers == "Livslinien: 70 201 201"
    for text, read in cases:
        assert policy_from({"crisis_numbers": text}).crisis_numbers == read


def test_what_is_added_to_the_words_of_danger_and_taken_out_is_read() -> None:
    policy = policy_from(
        {"danger_words": "now: a b c d,  gå  i havnen ;today:mister butikken; none: x y z q", "danger_off": "på druk"}
    )
    assert policy.danger.added == (
        (Danger.NOW, "a b c d"),
        (Danger.NOW, "gå i havnen"),
        (Danger.TODAY, "mister butikken"),
        (Danger.NONE, "x y z q"),
    )
    assert policy.danger.off == ("på druk",)
    assert policy_from({}).danger == policy_from({"danger_words": " ", "danger_off": ""}).danger == DangerWords()
