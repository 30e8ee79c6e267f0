"""What is too private for a message: what is told apart, and its harmless twins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medvind.errors import InvalidError
from medvind.model import Danger
from medvind.rules.danger import level_of
from medvind.rules.danger_phrases import Phrase
from medvind.rules.policy import policy_from
from medvind.rules.private_matters import PrivateWords, is_private, shipped_phrases

PRIVATE = [
    "lægen siger jeg har en depression og skal have medicin",
    "Jeg har angst",
    "jeg har fået konstateret kræft",
    "Min depression er kommet igen",
    "jeg har ADHD og det er svært",
    "jeg lider af ptsd",
    "jeg blev indlagt i går",
    "jeg er sygemeldt med stress",
    "har lige fået en diagnose",
    "min psykiater siger det går fremad",
    "jeg tager medicin mod det",
    "de har sat mig på sertralin",
    "jeg har glemt mine piller",
    "mit cpr er det du kender",
    "cpr-nummer: 010203",
    "CPR 010203",
    "mit kontonummer er 1234567",
    "Reg.nr. 1234 konto 1234567",
    "reg nr. 1234 kontonr. 0001234567",
    "kortnummer 4571 0000 0000 0000",
    "min pinkode er 1234",
    "min kode til MitID er hemmelig",
    "IBAN DK5000400440116243",
    "I have depression",
    "I've got cancer",
    "I was diagnosed last week",
    "my medication makes me tired",
    "I am on medication now",
    "my account number is 1234567",
    "card number 4571 0000 0000 0000",
    "my CPR is the one you know",
]
HARMLESS = [
    "jeg vil hjælpe folk med depression",
    "jeg holder foredrag om angst",
    "jeg har angst for at ringe til kunder",
    "jeg vil åbne en klinik for kunder med diabetes",
    "min diabetes app er næsten færdig",
    "jeg har demens kurser på tirsdag",
    "min psykolog praksis åbner i maj",
    "jeg sælger medicin til dyr",
    "hunden skal have medicin",
    "nej jeg skal til lægen",
    "jeg er syg i dag",
    "jeg kan ikke komme, min søn har feber",
    "hvad er mit cvr nummer",
    "cvr 12345678",
    "hvor finder jeg mit kontonummer",
    "hvilket kontonummer skal jeg skrive på fakturaen",
    "skal jeg bruge mitid til momsen",
    "konto 1000 i regnskabet er salg",
    "bilen har reg nr AB 12 345",
    "cpr kontoret åbner kl 10",
    "jeg har fået en recept på succes",
    "jeg har fået et lån til en ovn",
    "mit regnskab er i orden",
    "I want to help people with depression",
    "my anxiety about calling is gone",
    "my therapist training begins in May",
    "the dog needs medication",
    "what is my VAT number",
]


@pytest.mark.parametrize("text", PRIVATE)
def test_what_is_private_is_told_apart(text: str) -> None:
    assert is_private(text)
    assert is_private(text.upper())


@pytest.mark.parametrize("text", HARMLESS)
def test_its_harmless_twin_is_not(text: str) -> None:
    assert not is_private(text)


def said(phrase: Phrase, number: int, place: int) -> str:
    """A sentence with this alternative at this place."""
    words = [sorted(part.words)[number % len(part.words) if at == place else 0] for at, part in enumerate(phrase.parts)]
    return " ".join("24" if word == "#" else word.strip("~*") for word in words)


def test_every_phrase_of_the_list_is_found_with_each_of_its_words() -> None:
    off, looked = tuple(phrase.text for phrase in shipped_phrases()), 0
    for phrase in shipped_phrases():
        if phrase.level is Danger.NONE:
            continue
        alone = PrivateWords(added=(phrase.text,), off=off)
        for place, part in enumerate(phrase.parts):
            for number in range(len(part.words)):
                looked += 1
                assert is_private(f"hej. {said(phrase, number, place)}", alone), phrase.text
    print(f"{looked} forms looked at")
    assert looked > 200


def test_each_harmless_phrase_takes_something_out() -> None:
    alone = PrivateWords(added=("har angst", "min psykolog", "my anxiety", "my therapist", "min diabetes", "jeg har diabetes"))
    for text in HARMLESS:
        assert not is_private(text, alone), text


def test_a_municipality_adds_and_takes_out() -> None:
    policy = policy_from({"private_words": "min sag i  fogedretten, min gæld", "private_off": "min psykolog"})
    assert policy.private == PrivateWords(("min sag i fogedretten", "min gæld"), ("min psykolog",))
    assert is_private("det er min gæld igen", policy.private)
    assert not is_private("det er min gæld igen")
    assert is_private("min psykolog siger nej")
    assert not is_private("min psykolog siger nej", policy.private)
    assert policy_from({}).private == policy_from({"private_words": " ", "private_off": ""}).private == PrivateWords()


@pytest.mark.parametrize(
    ("key", "text", "fault"),
    [
        ("private_words", "min .. ", "entry 1, 'min ..': it must begin and end with a word"),
        ("private_words", "min gæld, og", "entry 2, 'og': it has fewer than 4 letters"),
        ("private_words", ", ".join(f"gade {number}" for number in range(101)), "these are more than 100 phrases"),
        ("private_words", "a" * 4001, "it is longer than 4000 signs"),
        ("private_off", "min psykologg", "'min psykologg' is no phrase of the list; the nearest is 'min psykolog'"),
        ("private_off", "a" * 4001, "it is longer than 4000 signs"),
    ],
)
def test_a_setting_that_cannot_be_read_is_refused_with_the_fault_and_an_example(key: str, text: str, fault: str) -> None:
    with pytest.raises(InvalidError) as refused:
        policy_from({key: text})
    assert str(refused.value).startswith(f"{key}: ")
    assert fault in str(refused.value)
    assert "For example: min " in str(refused.value)


def test_words_of_danger_stay_what_they_are() -> None:
    assert level_of("jeg har en depression og vil ikke leve mere") is Danger.NOW


@given(st.text(max_size=300))
def test_whatever_somebody_writes_it_is_read(text: str) -> None:
    assert is_private(text) in {True, False}
