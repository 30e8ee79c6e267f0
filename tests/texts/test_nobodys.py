"""Whoever has no coach is answered all the same, and nobody is promised to them: which texts are answers stands in the code."""

import ast
import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from itertools import product
from pathlib import Path

import pytest

from medvind import flows
from medvind.model import ChannelName, Language
from medvind.rules.cover import BY_THE_NEXT_DAY, BY_THEIR_DAY, OF_THE_COACH
from medvind.rules.segments import measure
from medvind.rules.wording import forbidden
from medvind.texts import shipped
from tests.texts.filled import fillings
from tests.texts.test_catalogue import CATALOGUE, LONGEST_DAYS, told_before, values

DUTY = "+4501009002"
ANSWERS = {"Answer", "outbox.reply"}
"""Which calls say something back."""
CALLS_BACK = re.compile(
    "så ringer|ringer til dig|ringer senest|calls|svarer senest|giver det videre|answers by|pass it on|"
    "får besked|is told|Svar RING|Answer CALL"
)
"""What would have to be somebody's promise."""


@cache
def answers() -> frozenset[str]:
    """Every text that a module which answers can name: its words that are keys, and those that an f-string can become."""
    found = set[str]()
    for path in sorted(Path(flows.__file__).parent.glob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        if any(ast.unparse(one.func) in ANSWERS for one in ast.walk(tree) if isinstance(one, ast.Call)):
            found |= {key for one in ast.walk(tree) for key in _keys(one)}
    return frozenset(found)


def _keys(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(key)) if key in CATALOGUE.keys():  # noqa: SIM118 - no mapping
            yield key
        case ast.JoinedStr(values=[ast.Constant(value=str(begin)), *rest]):
            parts = [re.escape(str(one.value)) if isinstance(one, ast.Constant) else r"\w+" for one in rest]
            yield from filter(re.compile(re.escape(begin) + "".join(parts)).fullmatch, CATALOGUE.keys())
        case _:
            return


def alone(key: str, language: Language, channel: ChannelName, phone: str | None) -> Iterator[str]:
    """The text by every way in which it is said to somebody without a coach, with the number on duty or without one."""
    for day in LONGEST_DAYS:
        for ahead in (0, 1, 14):
            known = {name: value for name, value in values(day, ahead, phone=False).items() if name != "coach"}
            known |= {"coach_phone": phone} if phone else {}
            named: Mapping[str, object] = known | told_before(day, None)
            for filled in fillings(key, language, named):
                yield CATALOGUE.render(key, language, channel, {**named, **filled}).text


def test_the_answers_are_found_in_the_code() -> None:
    print(f"{len(answers())} texts of {len(CATALOGUE.keys())} are answers")
    said = {"crisis", "crisis_quiet", "danger_today", "danger_again", "stop", "help", "media", "my_data", "erase"}
    built = {"rsvp_no", "rsvp_maybe", "vat_done", "next_b_tax", "question_call"}
    assert said | built | {"channel_moved", "stranger", "consent_info"} <= answers()
    assert len(NAMING) > 30
    assert {"invite", "meeting_invite", "checkin", "vat_14", "vat_0", "period_end_6w", "number_check"} <= planned()


@cache
def planned() -> frozenset[str]:
    """Every text that comes unasked: a step of a programme or an alert, a meeting's, the invitation."""
    others = ("why_", "signal_", "task_", "away_", "capped_", "gave_way_", "coach_")
    return frozenset(key for key in CATALOGUE.keys() - answers() if not key.startswith(others))


@pytest.mark.parametrize("phone", [DUTY, None], ids=["somebody is on duty", "nobody is"])
@pytest.mark.parametrize("key", sorted(answers() | planned()))
def test_every_answer_and_whatever_is_planned_can_be_written_for_a_person_without_a_coach(key: str, phone: str | None) -> None:
    for language in Language:
        for channel in ChannelName:
            for text in alone(key, language, channel, phone):
                assert list(forbidden([text], language)) == [], text
                cost = measure(text)
                assert channel != ChannelName.SMS or (cost.encoding, cost.segments) == ("GSM-7", 1), text


NAMING = sorted(key for key in answers() | planned() if "coach is defined" in shipped(Language.DA)[key].text)
"""The texts that say something of a coach to whoever has one."""


@pytest.mark.parametrize("key", NAMING)
def test_nobody_is_promised_to_who_has_nobody(key: str) -> None:
    for language in Language:
        for channel in ChannelName:
            for text in alone(key, language, channel, None):
                assert not CALLS_BACK.search(text), text


@pytest.mark.parametrize(
    "key",
    [
        *("crisis", "crisis_quiet", "danger_again", "danger_again_quiet", "danger_today", "danger_today_quiet"),
        *("danger_help", "danger_call", "stranger_danger"),
    ],
)
def test_words_of_danger_are_answered_with_the_numbers_of_help_whoever_is_there(key: str) -> None:
    for language in Language:
        for channel in ChannelName:
            for phone in (DUTY, None):
                for text in alone(key, language, channel, phone):
                    assert "112" in text
                    assert phone or "70 201 201" in text


def test_who_is_on_duty_is_told_and_the_text_says_no_more_than_that() -> None:
    def said(key: str, phone: str | None) -> str:
        told = {"coach": None, "coach_phone": phone, "helpline": "Livslinien: 70 201 201"}
        known = values(date(2026, 12, 3), 0, phone=False) | told
        return CATALOGUE.render(key, Language.DA, ChannelName.SMS, known).text

    begin = "Det lyder svært. Er du i fare, så ring 112 nu. Livslinien: 70 201 201. Jeg er en robot"
    assert said("crisis", DUTY) == f"{begin}, men et menneske får besked. Du kan ringe på 01 00 90 02."
    assert said("crisis", None) == f"{begin}. Ingen læser med, så ring selv."
    assert said("crisis_quiet", DUTY) == f"{begin}. Ingen læser med nu, men et menneske får besked."
    assert said("crisis_quiet", None) == f"{begin}. Ingen læser med nu, så ring selv."


@pytest.mark.parametrize("key", sorted(OF_THE_COACH))
def test_a_text_that_speaks_of_the_coach_whoever_is_there_promises_nobodys_help(key: str) -> None:
    for language in Language:
        for day, phone in product(LONGEST_DAYS, (True, False)):
            text = CATALOGUE.render(key, language, ChannelName.SMS, values(day, 1, phone=phone)).text
            assert "Annemarie" in text
            assert not CALLS_BACK.search(text), text
            assert not re.search("12 34 56 78|[Rr]ing til Annemarie|[Cc]all Annemarie", text), text


def test_what_is_promised_by_a_day_is_promised_by_who_is_there_on_that_day() -> None:
    by_the_next, by_their_day = (
        "senest næste hverdag|finder en ny tid med|sender dig en kode",
        "svarer( i stedet for Christina)? senest|ser din besked|ringer til dig torsdag",
    )
    for name, promise in ((BY_THE_NEXT_DAY, by_the_next), (BY_THEIR_DAY, by_their_day)):
        found = {key for key in NAMING if re.search(promise, said_by_annemarie(key))}
        assert found == name


def said_by_annemarie(key: str) -> str:
    known = values(LONGEST_DAYS[0], 1, phone=True)
    told: Mapping[str, object] = next(iter(fillings(key, Language.DA, known)))
    return CATALOGUE.render(key, Language.DA, ChannelName.SMS, {**known, **told}).text
