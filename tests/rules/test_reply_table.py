"""A thousand short replies as people type them, and what each means beside what is open."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from medvind.model import Ask, PublicId
from medvind.rules.meanings import (
    About,
    AskCoach,
    CallMe,
    Done,
    Erase,
    FreeText,
    HalfYes,
    Help,
    Keep,
    Letter,
    Maybe,
    MaybeStop,
    MyCard,
    MyData,
    Next,
    No,
    NotAScore,
    OpenQuestion,
    OptIn,
    Pause,
    PrivateWord,
    Reply,
    Score,
    ScoreAndMore,
    Slip,
    Speak,
    Status,
    Stop,
    StopTopic,
    Telegram,
    Thanks,
    Which,
    WhoWrites,
    Why,
    WrongNumber,
    Yes,
)
from medvind.rules.pause_words import Day, End, Over, Span, Unclear, Weekday
from medvind.rules.replies import read_reply

PARTS = tomllib.loads((Path(__file__).parents[1] / "data" / "replies.toml").read_text("utf-8"))
TABLE = [row for part in PARTS.values() for row in part]
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
NAMES: dict[type[Reply], str] = {
    Stop: "stop",
    MaybeStop: "maybe_stop",
    OptIn: "opt_in",
    Help: "help",
    Next: "next",
    Status: "status",
    Why: "why",
    CallMe: "call",
    Letter: "letter",
    MyData: "my_data",
    MyCard: "my_card",
    Erase: "erase",
    Keep: "keep",
    NotAScore: "not_a_score",
    HalfYes: "half_yes",
    Which: "which",
    Telegram: "telegram",
    WrongNumber: "wrong_number",
    WhoWrites: "who_writes",
    PrivateWord: "private_word",
    Thanks: "thanks",
    FreeText: "free",
    About: "about",
    Slip: "slip",
}


def asked(names: str) -> list[OpenQuestion]:
    """The questions, the latest first: an hour apart, or within the same minute where a + joins them."""
    return list(_asked(names)) if names != "-" else []


def _asked(names: str) -> Iterator[OpenQuestion]:
    at = NOW
    for number, group in enumerate(names.split(",")):
        for place, name in enumerate(group.split("+")):
            subject = {"meeting": f"m-{number}-{place}", "period": "2026Q3"}
            yield OpenQuestion(PublicId(f"{name}-{number}-{place}"), Ask(name), subject, at, NOW + timedelta(days=2))
        at -= timedelta(hours=1)


def meaning_of(reply: Reply) -> str:
    """As the table calls it."""
    match reply:
        case Yes(question) | No(question) | Maybe(question) | Done(question):
            return f"{type(reply).__name__.lower()}:{question.ask}{_more(reply)}"
        case Which():
            return f"which{_more(reply)}"
        case Help(more=True):
            return "help_more"
        case Score(_, value):
            return f"score:{value}"
        case ScoreAndMore(_, value, call):
            return f"score_and_more:{value}{' call' if call else ''}"
        case StopTopic(topic):
            return f"stop_kind:{topic}"
        case Speak(language):
            return f"language:{language}"
        case AskCoach(topic):
            return f"ask:{topic}" if topic else "ask"
        case Pause(end):
            return f"pause{_end(end)}"
        case _:
            return NAMES[type(reply)]


def _end(end: End | None) -> str:
    """Until when, as the table has it."""
    match end:
        case None:
            return ""
        case Unclear():
            return ":unclear"
        case Over():
            return ":over"
        case Weekday(number):
            return f":weekday {number}"
        case Span(days):
            return f":{days} days"
        case Day(day, month):
            return f":{day:02}-{month:02}"


def _more(reply: Yes | No | Maybe | Done | Which) -> str:
    """Whether something else is told or asked, for a person to read."""
    more = getattr(reply, "more", None)
    return f"+{more}" if more else ""


def test_each_short_reply_means_what_people_mean_by_it() -> None:
    read = [(open_, text, meaning, meaning_of(read_reply(text, asked(open_)))) for open_, text, meaning in TABLE]
    print(f"{len(read)} replies looked at: {dict(Counter(meaning.partition(':')[0] for _, _, meaning, _ in read))}")
    assert [one for one in read if one[2] != one[3]] == []


def test_a_third_of_the_sentences_look_like_something_and_are_not_taken_for_it() -> None:
    rows, traps = len(PARTS["everyday"]) + len(PARTS["traps"]), len(PARTS["traps"])
    print(f"{rows} sentences as people type them, {traps} of them traps")
    assert rows >= 150
    assert traps * 3 >= rows


TURNS = ("men", "hvis", "aldrig", "måske", "medmindre", "k2")
"""What takes a sentence back, or a word that nobody has thought of."""
DOES = ("yes", "no", "done", "call", "letter", "which")


@pytest.mark.parametrize("turn", [*TURNS, "ikke"])
def test_one_word_that_turns_a_sentence_wherever_it_stands_leaves_it_to_a_person(turn: str) -> None:
    taken, looked = [], 0
    for open_, text, meaning in PARTS["everyday"]:
        if meaning.partition(":")[0].partition("+")[0] not in DOES or (turn == "ikke" and {"ikke", "ik", "n't"} & _ends(text)):
            continue
        words = text.split()
        for place in range(len(words) + 1):
            looked += 1
            turned = " ".join([*words[:place], turn, *words[place:]])
            if meaning_of(read_reply(turned, asked(open_))).partition("+")[0] == meaning.partition("+")[0]:
                taken.append(turned)
    print(f"{looked} turned sentences looked at")
    assert taken == []


def _ends(text: str) -> set[str]:
    """Its words, and that it is a no already: who says no twice says no."""
    return {word.strip(",.!").lower() for word in text.split()} | ({"n't"} if "nej" in text.lower() or "'t" in text else set())


def test_the_table_holds_at_least_three_hundred_different_replies() -> None:
    assert len({(open_, text) for open_, text, _ in TABLE}) >= 300


@pytest.mark.parametrize("open_", ["-", "invite", "rsvp,check_in", "vat+tax_return", "rsvp+call"])
def test_a_stop_in_the_table_is_one_whatever_is_open(open_: str) -> None:
    stops = [text for _, text, meaning in TABLE if meaning == "stop"]
    print(f"{len(stops)} stops looked at")
    assert [text for text in stops if read_reply(text, asked(open_)) != Stop()] == []
