"""What no text may say: found wherever it stands, named with the cure, and words that only look like it are left alone."""

import time
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medvind.model import Language
from medvind.rules.segments import measure
from medvind.rules.wording import (
    LONGEST_BUSINESS,
    business_name,
    careless,
    forbidden,
    place_remarks,
    reading_ease,
    states_a_figure,
    too_dear,
)
from medvind.saying import Saying


def told(found: Iterable[Saying]) -> list[str]:
    return [str(fault) for fault in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Se det på skat.dk.", "'skat.dk' is a web or mail address"),
        ("Se www.skat", "'www.' is a web or mail address"),
        ("Skriv til anne@kommune", "'@' is a web or mail address"),
        ("Du får 5 kr mere.", "'kr' speaks of an amount"),
        ("Det koster 5 €.", "'€' speaks of an amount"),
        ("Din førtidspension er klar.", "'førtidspension' is confidential"),
        ("Din gæld vokser.", "'gæld' is confidential"),
        ("Din studiegæld vokser.", "'studiegæld' is confidential"),
        ("Dit banklån er klar.", "'banklån' is confidential"),
        ("Gældsbrevet er klar.", "'Gældsbrevet' is confidential"),
        ("Det er din skyld til Skat.", "'skyld' is confidential"),
        ("Du skylder os svar.", "'skylder' is confidential"),
        ("Du har en tid hos lægen.", "'lægen' is a word of health"),
        ("Hvordan går det med din stress?", "'stress' is a word of health"),
        ("Er du syg?", "'syg' is confidential"),
        ("Hej {navn}.", "'{' is left over"),
        ("Hej  Maja.", "'  ' is a blank too many"),
        ("Hej Maja ", "' ' is a blank too many"),
        ("Hej Maja .", "' .' is a sign too many"),
        ("Vi ses 2026-12-03.", "'2026-12-03' is a day as computers write it"),
        ("Moms for 2026Q3.", "'2026Q3' is a period as computers write it"),
        ("Ring +4512345678.", "'+4512345678' is a number that nobody can read aloud"),
        ("", "in one of its forms it says nothing"),
        ("Hej None.", "'None' is what a missing value leaves behind"),
        ("Hej\x07.", "a control character stands in it"),
    ],
)
def test_what_may_not_be_said_is_found_and_named_with_its_cure(text: str, found: str) -> None:
    [fault] = told(forbidden([text], Language.DA))
    assert fault.startswith(found)
    assert "; " in fault


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Det er ikke på grund af dig. Undskyld.", Language.DA),
        ("Det er ikke din skyld.", Language.DA),
        ("Det gælder også dig efter de gældende regler. Det skyldes ferie. Der er en afbrydelse.", Language.DA),
        ("Ring til lægevagten eller 112. Livslinien: 70 201 201, læge: 1813.", Language.DA),
        ("Vi ses torsdag d. 3. december kl. 14.00. Sted: Vestergade 58, 1. sal th.", Language.DA),
        ("However it goes, answer YES. How are you? There is none.", Language.EN),
        ("Hej Maja.\nHvordan går det?", Language.DA),
    ],
)
def test_words_that_only_look_like_it_are_left_alone(text: str, language: Language) -> None:
    assert list(forbidden([text], language)) == []


def test_a_fault_is_told_once_however_many_forms_of_a_text_have_it() -> None:
    assert len(list(forbidden(["Vi ses.", "Vi ses 2026-12-03.", "Vi ses 2026-12-04."], Language.DA))) == 1


@pytest.mark.parametrize("text", ["Your pension is ready.", "You owe us.", "See your doctor.", "Any illness?"])
def test_english_has_its_own_words(text: str) -> None:
    assert len(list(forbidden([text], Language.EN))) == 1


@pytest.mark.parametrize(("literal", "figure"), [("Det koster 1400.", "'140'"), ("Det er 1.400.", "'1.4'"), ("0,5", "'0,5'")])
def test_figures_that_could_be_an_amount_are_found(literal: str, figure: str) -> None:
    assert str(states_a_figure(literal)).startswith(figure)


@pytest.mark.parametrize("literal", ["Ring 112.", "Livslinien: 70 201 201.", "Svar med et tal fra 1 til 5.", "1. januar"])
def test_numbers_to_call_and_small_ones_are_no_amounts(literal: str) -> None:
    assert states_a_figure(literal) is None


def test_a_dear_sign_is_named_with_its_plain_twin() -> None:
    assert told(too_dear("Hej \u2013 hvordan går det?")) == [
        "'\u2013' leaves room for only 70 characters in an SMS; write '-'",
    ]
    assert told(too_dear("Godt gået \U0001f600")) == ["'\U0001f600' leaves room for only 70 characters in an SMS; take it out"]
    assert list(too_dear("æ" * 160)) == []
    assert told(too_dear("æ" * 161)) == ["with the longest values it fills 161 septets, and an SMS has 160; make it 1 shorter"]


def test_reading_ease_grows_with_long_words_and_long_sentences() -> None:
    assert reading_ease("Vi ses. Du får en ny tid.") < reading_ease("Forskudsopgørelsen indberettes elektronisk kvartalsvis.")
    assert reading_ease("Vi ses kl. 14.00 d. 3. december.") == pytest.approx(7 + 100 / 7)


@pytest.mark.parametrize("piece", ["a", "lån", "gæld", "læge", " ", "1", "{", "a.", "@a", "å\n"])
@pytest.mark.parametrize("language", Language)
def test_a_huge_text_is_looked_through_at_once(piece: str, language: Language) -> None:
    text = piece * (65536 // len(piece))
    began = time.process_time()
    list(forbidden([text], language))
    states_a_figure(text)
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Birtes Bageri", "Birtes Bageri"),
        ("  Birtes\n Bageri ", "Birtes Bageri"),
        ("Birtes \u201cBageri\u201d \u2013 Aarhus", 'Birtes "Bageri" - Aarhus'),
        ("Birte & Co.", "Birte & Co"),
        ("Birtes Bageri og Kaffebar", "Birtes Bageri"),
        ("Birtes Bageri & Kaffebar ved Havnen", "Birtes Bageri & Kaffebar"),
        ("Birtes Bageri & Vinstue ved Havnen", "Birtes Bageri & Vinstue"),
        ("Christoffersens Bagerier", "Christoffersens Bagerier"),
        ("Christoffersens Bageriers", "Christoffersens"),
        ("Smørrebrødsfabrikkernes ApS", "Smørrebrødsfabrikkernes"),
        ("Speciallægepraksisselskabet", ""),
        ("", ""),
        ("\u200b", ""),
        ("...", ""),
        ("Birtes bageri \U0001f956", "Birtes bageri"),
        ("\u041f\u0435\u043a\u0430\u0440\u043d\u044f", ""),
        ("birte.dk", ""),
        ("Birtes lånekontor", ""),
        ("Birtes Gæld og Pension", ""),
        ("{{ coach }}", ""),
        ("Birte\x07", ""),
    ],
)
@pytest.mark.parametrize("language", Language)
def test_a_business_is_named_as_an_sms_can_bear_it_or_not_at_all(name: str, said: str, language: Language) -> None:
    assert business_name(name) == said
    assert measure(said).units <= LONGEST_BUSINESS
    assert not said or list(forbidden([said], language)) == []


@given(st.text(max_size=200))
def test_whatever_a_business_is_called_it_can_be_sent(name: str) -> None:
    said = business_name(name)
    cost = measure(said)
    assert (cost.encoding, cost.units <= LONGEST_BUSINESS) == ("GSM-7", True)
    assert said == said.strip()
    assert not said or all(list(forbidden([f"{said}."], language)) == [] for language in Language)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Se mere p\u00e5 www.kommune.dk i dag.", "'www.'"),
        ("Du f\u00e5r 5.000 kr. p\u00e5 fredag.", "'kr'"),
        ("Din kontanthj\u00e6lp er klar.", "'kontanthj\u00e6lp'"),
        ("Hvordan g\u00e5r det med din depression?", "'depression'"),
    ],
)
def test_what_a_coach_should_not_write_in_an_sms_is_named(text: str, what: str) -> None:
    (warning,) = told(careless(text, Language.DA))
    assert what in warning


def test_a_kind_word_is_not_careless() -> None:
    assert list(careless("Hej Maja. Ring til mig i morgen kl. 10.", Language.DA)) == []


@pytest.mark.parametrize(
    ("place", "remarks"),
    [
        ("Vestergade 58, 1. sal th.", []),
        ("", []),
        ("Biblioteket", []),
        ("Medborgerhuset, Store Kongensgade 5", ["35 characters"]),
        ("Jobcenter, Torvet 5", ["'Jobcenter' is confidential"]),
        ("Café \N{LEFT DOUBLE QUOTATION MARK}Solen\N{RIGHT DOUBLE QUOTATION MARK}", []),
        ("www.moede.dk", ["'www.' is a web or mail address"]),
    ],
)
def test_a_place_is_remarked_on_where_it_makes_two_parts_or_says_too_much(place: str, remarks: list[str]) -> None:
    found = told(place_remarks(place))
    assert [one[: len(remark)] for one, remark in zip(found, remarks, strict=True)] == remarks
