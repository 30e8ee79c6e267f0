"""Words of danger: what is raised, how soon, and what is left alone; how many were missed and raised for nothing is printed."""

import json
import time
import unicodedata
from collections import Counter
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medvind.errors import InvalidError
from medvind.model import Danger
from medvind.rules.danger import level_of
from medvind.rules.danger_phrases import GAP, SPELLINGS, DangerWords, Phrase, shipped_phrases, tokens_of
from medvind.rules.danger_words import KINDS
from medvind.rules.policy import policy_from

NOW, TODAY, NONE = Danger.NOW, Danger.TODAY, Danger.NONE
DATA = Path(__file__).parents[1] / "data"


def cases(name: str) -> list[tuple[Danger, str]]:
    lines = (DATA / name).read_text("utf-8").splitlines()
    return [(Danger(one["level"]), one["text"]) for one in map(json.loads, lines)]


def measured(name: str) -> Counter[tuple[Danger, Danger]]:
    """How often a sentence of the first level was given the second; printed as the README has it."""
    given = cases(name)
    found = Counter((level, level_of(text)) for level, text in given)
    for level in Danger:
        many = sum(1 for one, _ in given if one is level)
        print(f"{name}: {level}: " + ", ".join(f"{found[level, was]} of {many} raised as {was}" for was in Danger))
    return found


def test_of_the_seeds_sentences_every_danger_is_raised_and_at_most_one_for_nothing() -> None:
    found = measured("distress_cases.jsonl")
    assert found.total() == 26
    assert found[NOW, TODAY] + found[NOW, NONE] + found[TODAY, NONE] == 0
    assert found[NONE, NOW] + found[NONE, TODAY] <= 1


def example(phrase: Phrase, word: int, place: int) -> str:
    """A sentence in which the phrase stands, with this alternative at this place and words in its gaps."""
    said: list[str] = []
    for number, part in enumerate(phrase.parts):
        among = sorted(part.words)
        chosen = among[word % len(among) if number == place else 0].strip("~").replace("*", "en").replace("#", "24")
        said += [*(["lige", "nu"] if part.after_gap else []), chosen]
    return "Hej. " + " ".join(said).replace(" .", ".")


def test_every_phrase_of_the_list_is_found_with_each_of_its_words() -> None:
    looked = 0
    for phrase in shipped_phrases():
        alone = DangerWords(added=((phrase.level, phrase.text),), off=tuple(one.text for one in shipped_phrases()))
        if phrase.level is NONE:
            continue
        for place, part in enumerate(phrase.parts):
            for word in range(len(part.words)):
                looked += 1
                assert level_of(example(phrase, word, place), alone) is phrase.level, (
                    phrase.text,
                    example(phrase, word, place),
                )
    print(f"looked at {looked} sentences of {len(shipped_phrases())} phrases")
    assert looked > 1000
