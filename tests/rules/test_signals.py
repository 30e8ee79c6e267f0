"""The first rule for who could use a call: two lines that anybody can explain, and never a level without its facts."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medvind.rules.signals import Level, SignalFacts, read_signal

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


@pytest.mark.parametrize(
    ("what", "facts", "level", "kinds"),
    [
        ("nothing yet", SignalFacts(), Level.STEADY, ["no_answer"]),
        ("joined, not asked", SignalFacts(joined_at=ago(40)), Level.STEADY, ["no_answer"]),
        ("a 3", SignalFacts(((ago(2), 3),), (ago(3),), ago(10), ago(2)), Level.STEADY, ["last_answer"]),
        ("a 2", SignalFacts(((ago(2), 2),), (ago(3),), ago(10), ago(2)), Level.ACT, ["low_answer"]),
        ("a 1", SignalFacts(((ago(2), 1),), (ago(3),), ago(10), ago(2)), Level.ACT, ["low_answer"]),
        ("better since", SignalFacts(((ago(2), 4), (ago(9), 1)), (ago(3),), ago(20), ago(2)), Level.STEADY, ["last_answer"]),
        ("worse since", SignalFacts(((ago(2), 2), (ago(9), 5)), (ago(3),), ago(20), ago(2)), Level.ACT, ["low_answer"]),
        ("28 days quiet", SignalFacts((), (ago(20),), ago(28)), Level.ACT, ["silence"]),
        ("a moment less", SignalFacts((), (ago(20),), ago(27.999)), Level.STEADY, ["no_answer"]),
        ("quiet but not asked", SignalFacts((), (), ago(60)), Level.STEADY, ["no_answer"]),
        ("asked only before the last word", SignalFacts((), (ago(40),), ago(60), ago(35)), Level.STEADY, ["no_answer"]),
        ("asked since the last word", SignalFacts((), (ago(20), ago(40)), ago(60), ago(35)), Level.ACT, ["silence"]),
        ("joined again later", SignalFacts((), (ago(3), ago(40)), ago(5), ago(60)), Level.STEADY, ["no_answer"]),
        ("not asked yet, only planned", SignalFacts((), (ago(-1),), ago(60)), Level.STEADY, ["no_answer"]),
        ("asked before joining", SignalFacts((), (ago(5),), None, None), Level.STEADY, ["no_answer"]),
        ("asked at this moment", SignalFacts((), (ago(0),), ago(28)), Level.ACT, ["silence"]),
        ("asked on joining", SignalFacts((), (ago(28),), ago(28)), Level.ACT, ["silence"]),
        ("low and quiet", SignalFacts(((ago(31), 2),), (ago(20),), ago(60), ago(31)), Level.ACT, ["low_answer", "silence"]),
    ],
)
def test_a_low_answer_or_four_quiet_weeks_ask_for_a_call(what: str, facts: SignalFacts, level: Level, kinds: list[str]) -> None:
    signal = read_signal(facts, NOW)
    assert (signal.level, [reason.kind for reason in signal.reasons]) == (level, kinds), what


@pytest.mark.parametrize(
    ("what", "facts", "level", "kinds"),
    [
        ("one meeting missed", SignalFacts(missed=(ago(2),)), Level.STEADY, ["no_answer", "no_show"]),
        ("a 3 and one missed", SignalFacts(((ago(2), 3),), missed=(ago(9),)), Level.STEADY, ["last_answer", "no_show"]),
        ("a 2 and one missed", SignalFacts(((ago(2), 2),), missed=(ago(9),)), Level.ACT, ["low_answer", "no_show"]),
        ("two missed in 30 days", SignalFacts(missed=(ago(2), ago(30))), Level.ACT, ["no_show", "no_show"]),
        ("two missed in a moment more", SignalFacts(missed=(ago(2), ago(30.001))), Level.STEADY, ["no_answer", "no_show"]),
        ("long ago", SignalFacts(missed=(ago(31), ago(32))), Level.STEADY, ["no_answer"]),
        ("one that is still to come", SignalFacts(missed=(ago(-1), ago(2))), Level.STEADY, ["no_answer", "no_show"]),
    ],
)
def test_two_meetings_missed_in_30_days_ask_for_a_call_and_one_is_a_fact_beside_the_others(
    what: str, facts: SignalFacts, level: Level, kinds: list[str]
) -> None:
    signal = read_signal(facts, NOW)
    assert (signal.level, [reason.kind for reason in signal.reasons]) == (level, kinds), what


def test_the_reasons_carry_the_facts() -> None:
    facts = SignalFacts(((ago(31), 2),), (ago(20),), ago(60), ago(31), (ago(1),))
    low, silence, missed = read_signal(facts, NOW).reasons
    assert missed.values == {"at": "2026-11-23T09:00:00+00:00"}
    assert low.values == {"value": "2", "at": "2026-10-24T09:00:00+00:00"}
    assert silence.values == {"days": "31", "since": "2026-10-24T09:00:00+00:00"}


PAST = st.floats(0, 100).map(ago)


@settings(max_examples=30, deadline=None, database=None)
@given(st.lists(st.tuples(PAST, st.integers(1, 5))), st.lists(PAST), st.none() | PAST, st.none() | PAST)
def test_every_level_has_its_reasons_and_the_version_of_its_rule(
    answers: list[tuple[datetime, int]], asked: list[datetime], joined: datetime | None, heard: datetime | None
) -> None:
    facts = SignalFacts(tuple(sorted(answers, reverse=True)), tuple(sorted(asked, reverse=True)), joined, heard)
    signal = read_signal(facts, NOW)
    assert signal.reasons
    assert signal.table_version
    assert (signal.level == Level.ACT) == any(reason.kind in {"low_answer", "silence"} for reason in signal.reasons)
