"""What stands around a whole sentence: a thank you, a pause's end, a slip of the keys, a day that is named in passing."""

import time
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medvind.model import Ask, PublicId
from medvind.rules import sentence_words, small_words
from medvind.rules.days_said import is_the_day, may_be_the_day, names_a_day, names_a_time
from medvind.rules.meanings import HalfYes, No, OpenQuestion, Yes
from medvind.rules.replies import read_reply
from medvind.rules.sentences import is_number_slip, is_slip, is_thanks, read_sentence
from medvind.rules.vocabulary import Word
from medvind.rules.words import wording_of

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
RSVP = OpenQuestion(PublicId("m"), Ask.RSVP, {"meeting": "m-1"}, NOW, NOW + timedelta(days=2))
LONGEST_TAKES = 0.05


@pytest.mark.parametrize(
    "text",
    ["tak", "Tak!", "mange tak", "ok", "okay :)", "fint", "tak skal du have", "😊", "👍🏽🙏", "❤️", ":)", "thank you", "super"],
)
def test_a_thank_you_and_a_smile_need_no_answer(text: str) -> None:
    assert is_thanks(text)


@pytest.mark.parametrize(
    "text",
    [
        "tak?",
        "ok?",
        "",
        " ",
        "😭",
        "💔",
        "😊😭",
        "👎",
        "?",
        "tak for ingenting",
        "fint nok",
        "ok men",
        "ja",
        "nej tak",
        ":(",
        "tak 4",
    ],
)
def test_what_may_want_an_answer_is_no_thank_you(text: str) -> None:
    assert not is_thanks(text)


SLIPPED = {word for word in Word if word in small_words.EASILY_TYPED}


def test_a_finger_beside_the_key_is_told_from_a_word_of_its_own() -> None:
    meant = {text: is_slip(text, SLIPPED) for text in ("jq", "js", "ua", "jas", "nrj", "nje", "enj", "nejk", "kalr", "klsr")}
    print(f"{len(meant)} slips looked at")
    assert set(meant.values()) == {True}, meant
    others = (
        "ja",
        "nej",
        "hej",
        "ha",
        "nem",
        "aj",
        "jx",
        "nxj",
        "jaz x",
        "4",
        "",
        "klap",
        "jaxx",
        "nejx",
        "jeg",
        "jpa",
        "stpo",
    )
    assert [text for text in others if is_slip(text, SLIPPED)] == []
    assert not is_slip("jq", {Word.DONE}), "not what the question takes"
    assert is_number_slip("fite")
    assert not is_number_slip("five")


def test_a_day_that_is_named_is_the_meetings_by_the_calendar_alone() -> None:
    tuesday, friday = date(2026, 11, 24), date(2026, 11, 27)
    cases = {
        ("i dag", tuesday, tuesday): True,
        ("i dag", tuesday, friday): False,
        ("i morgen", tuesday, tuesday + timedelta(days=1)): True,
        ("i overmorgen", tuesday, friday): False,
        ("på fredag", tuesday, friday): True,
        ("friday", tuesday, friday): True,
        ("på fredag", tuesday, friday + timedelta(days=7)): False,
        ("på torsdag", tuesday, friday): False,
        ("tomorrow", tuesday, friday): False,
        ("i dag eller fredag", tuesday, friday): False,
        ("senere", tuesday, friday): False,
    }
    print(f"{len(cases)} days looked at")
    assert {case: is_the_day(wording_of(case[0]).tokens, *case[1:]) for case in cases} == cases


def test_a_day_beside_a_bare_no_is_handed_on_and_beside_a_nej_it_is_a_no() -> None:
    assert read_reply("jeg kan ikke på fredag", [RSVP]) == HalfYes(RSVP, ("jeg", "kan", "ikke", "paa", "fredag"))
    assert isinstance(read_reply("nej jeg kan ikke på fredag", [RSVP]), No)


@pytest.mark.parametrize("name", ["Annemarie", "Søren", "Åse", "Bo"])
def test_a_name_may_stand_where_one_belongs_and_no_word_of_ours_is_one(name: str) -> None:
    assert isinstance(read_reply(f"Hej {name}, ja jeg kommer. Mvh {name}", [RSVP]), Yes)
    for word in ("nej", "ikke", "men", "hvis", "aldrig", "måske"):
        assert not isinstance(read_reply(f"Hej {word}, ja jeg kommer", [RSVP]), Yes), word


def test_twenty_words_are_read_and_more_are_none() -> None:
    tail = " og glæder mig" * 6
    assert read_sentence(wording_of(f"ja jeg kommer{tail}").tokens, asks=False) is None, "21 words"
    assert read_sentence((), asks=False) is None
    assert read_sentence(wording_of("ja jeg kommer og glæder mig og tak for sidst").tokens, asks=False) is not None


PIECES = sorted(
    {word for parts in sentence_words.SENTENCES.values() for word in parts.tails.split(", ") + parts.meeting.split(", ")}
)


@settings(max_examples=60, deadline=None, database=None)
@given(
    st.lists(
        st.sampled_from([*PIECES, "ja", "nej", "kan ikke", "ring", "12 34 56 78", "20", "kl 14", "mvh", "og"]), max_size=12
    )
)
def test_no_heap_of_our_own_words_takes_more_than_50_milliseconds(parts: list[str]) -> None:
    began = time.process_time()
    read_reply(" ".join(parts), [RSVP])
    assert time.process_time() - began < LONGEST_TAKES


def test_a_time_that_somebody_names_is_told_from_now() -> None:
    days, hours = ("ring på torsdag", "ring i morgen", "call me tomorrow"), ("ring kl 14", "ring efter 16", "i næste uge")
    none = ("ring nu", "ring når du kan", "kan du ringe til mig", "call me please")
    print(f"{len(days) + len(hours) + len(none)} wishes looked at")
    tokens = {text: wording_of(text).tokens for text in (*days, *hours, *none)}
    assert [text for text in tokens if names_a_day(tokens[text])] == [*days]
    assert [text for text in tokens if names_a_time(tokens[text])] == [*days, *hours]


def test_a_weekday_that_answers_a_question_is_the_one_that_was_asked_about() -> None:
    tuesday, friday, friday_after = date(2026, 11, 24), date(2026, 11, 27), date(2026, 12, 4)
    cases = {
        ("vi ses fredag", friday): True,
        ("vi ses fredag", friday_after): True,
        ("vi ses onsdag", friday): False,
        ("vi ses i morgen", friday): False,
        ("vi ses i morgen", date(2026, 12, 2)): False,
        ("ses i dag", tuesday): True,
        ("ja", friday): True,
    }
    assert {case: may_be_the_day(wording_of(case[0]).tokens, tuesday, case[1]) for case in cases} == cases
