"""The tables of words: every phrase in each way in which a phone writes it, and the few that must never be mixed up."""

import unicodedata
from itertools import product

from medvind.model import Ask, PublicId
from medvind.rules import vocabulary, words
from medvind.rules.meanings import FreeText, No, OpenQuestion, OptIn, Stop, Yes
from medvind.rules.replies import read_reply
from medvind.rules.vocabulary import Word
from medvind.rules.words import PHRASES, mood, number_phrase, words_of
from tests.rules.facts import local

EVERYTHING = tuple(
    OpenQuestion(PublicId(ask), ask, {}, local(f"2026-11-24 {hour}:00"), local("2026-11-26 10:00"))
    for hour, ask in ((13, Ask.RSVP), (12, Ask.CHECK_IN), (11, Ask.VAT), (10, Ask.INVITE))
)
DANISH = "færdig|måske|hjælp|hjælp mig|selvfølgelig|desværre|næ|ja det må i|jeg er færdig|det går dårligt|sådan da|går godt"
"""Known phrases with a letter that not every keyboard has."""

STOPS = (
    "stop|stopp|stop alt|stop alle|stop det hele|stop alle beskeder|afmeld|afmeld mig|afmelding|frameld|frameld mig|"
    "framelding|unsubscribe|cancel|end|quit|nej stop|stop medvind|stop all|stopall"
)


def phrases(word: Word) -> list[str]:
    return [phrase for phrase, meaning in PHRASES.items() if meaning == word]


def test_a_yes_is_never_taken_for_write_to_me_again() -> None:
    said = [*phrases(Word.YES), "ja", "JA", "Ja tak", "yes", "YES", "👍"]
    print(f"{len(said)} ways to say yes looked at")
    assert len(said) > 40
    assert {type(read_reply(text, [])) for text in said} == {FreeText}
    assert {type(read_reply(text, EVERYTHING)) for text in said} == {Yes}
    assert {type(read_reply(text, EVERYTHING)) for text in phrases(Word.NO)} == {No}


def test_only_start_and_its_kin_mean_write_to_me_again() -> None:
    said = ["start", "start again", "start igen", "tilmeld", "tilmeld mig", "tilmeld mig igen", "unstop"]
    assert sorted(phrases(Word.OPT_IN)) == said
    assert all(read_reply(text, EVERYTHING) == OptIn() for text in phrases(Word.OPT_IN))


def test_stop_in_each_of_its_forms_wins_over_every_open_question() -> None:
    forms = [
        form.format(stop) for stop in STOPS.split("|") for form in ("{}", "{}!", "  {}.", "/{}", "{} tak", "hej {}", '"{}"')
    ]
    forms += [form.upper() for form in forms]
    print(f"{len(forms)} forms looked at")
    assert [form for form in forms if read_reply(form, EVERYTHING) != Stop()] == []
    assert set(phrases(Word.STOP)) >= set(STOPS.split("|"))


def spellings(phrase: str) -> set[str]:
    """With the letters themselves, in two letters, in the one that looks alike, in capitals, and as a sign and its accent."""
    typed = {
        phrase.replace("æ", ae).replace("ø", oe).replace("å", aa)
        for ae, oe, aa in product(("æ", "ae", "a"), ("ø", "oe", "o"), ("å", "aa", "a"))
    }
    return {form for text in typed for form in (text, text.upper(), unicodedata.normalize("NFD", text))}


def test_a_word_means_the_same_on_a_keyboard_without_danish_letters() -> None:
    looked_at = 0
    for phrase in DANISH.split("|"):
        meant = PHRASES.get(words_of(phrase)), mood(words_of(phrase))
        assert meant != (None, False), phrase
        for text in spellings(phrase):
            assert (PHRASES.get(words_of(text)), mood(words_of(text))) == meant, text
            looked_at += 1
    print(f"{looked_at} spellings looked at")


def test_no_phrase_has_two_meanings() -> None:
    print(f"{len(PHRASES)} phrases looked at")
    assert {word for word in Word if phrases(word) == []} == set()
    assert [phrase for phrase in PHRASES if words_of(phrase) != phrase] == []
    said = [phrase for said in vocabulary.SAID.values() for phrase in set(words.spelled(said))]
    assert sorted(said) == sorted(PHRASES)


COMPARED = {
    "  JA\u00a0TAK! ": "ja",
    "tak for mødet": "tak for moedet",
    "ring, tak": "ring",
    "tak": "tak",
    "jaaa": "ja",
    "stop stop": "stop",
    "s\u00adt\u200bop": "stop",
    "4/5": "4 af 5",
    "👍🏽": "👍",
    "hvad?": "hvad",
    "?!": "?",
    "👍👎": "",
    "\u2026": "",
    "en to tre fire fem seks syv otte ni ti elleve tolv": "en to tre fire fem seks syv otte ni ti elleve tolv",
    "en to tre fire fem seks syv otte ni ti elleve tolv tretten": "",
}


def test_what_was_written_is_compared_without_its_trimmings() -> None:
    print(f"{len(COMPARED)} texts looked at")
    assert {text: words_of(text) for text in COMPARED} == COMPARED


NUMBERED = {
    "3": ["3"],
    "jeg vil sige 3": ["3"],
    "3 ud af 5": ["3"],
    "3 out of 5": ["3"],
    "3 of 5": ["3"],
    "et 3 tal": ["et", "3"],
    "3 kunder": [],
    "jeg vil sige": [],
}


def test_a_number_counts_only_among_the_words_people_put_around_it() -> None:
    print(f"{len(NUMBERED)} texts looked at")
    assert {said: number_phrase(said) for said in NUMBERED} == NUMBERED
