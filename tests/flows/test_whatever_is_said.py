"""Anything may be said, tapped and repeated, in any order and at any hour: what a person may rely on holds all the same."""

import os
import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, closing
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from medvind.channels import InboundKind
from medvind.model import ChannelName
from medvind.store.database import Database
from medvind.store.vault import Vault
from medvind.texts import Catalogue
from tests.conftest import KINDS, Engines, empty
from tests.flows.sayings import BEGINS_WITH_STOP, DANGER, IDS, SHORT, STOP_AND_DANGER, stops, words
from tests.flows.talks import BEGINNINGS, COACH_OF, COACHES, SMS, SOMEBODY, TELEGRAM, WAYS, WORD, Heard, Talks

EXAMPLES = {kind: int(os.environ.get("MEDVIND_EXAMPLES", usual)) for kind, usual in {"sqlite": "10", "postgresql": "1"}.items()}
"""How many talks are held on each database, of two dozen things each that are said, done, or go by: more on the quick one."""
SAME_EACH_TIME = "MEDVIND_EXAMPLES" not in os.environ
MOST_SECONDS, REPEATS = 0.050, 5
"""Of processor time, for hearing one thing."""
Way = tuple[str, ChannelName]
OURS = st.sampled_from([(who, channel) for who, ways in WAYS.items() for channel, _ in ways])
ANYBODY = st.one_of(OURS, OURS, st.sampled_from([("somebody", channel) for channel in SOMEBODY]))
TAPPERS = st.sampled_from([("Ibrahim", TELEGRAM), ("Signe", TELEGRAM), ("somebody", TELEGRAM)])
SPANS = st.builds(timedelta, minutes=st.sampled_from([1, 11, 70, 300, 780, 4320]))
LATE = st.one_of(st.none(), st.none(), st.builds(timedelta, minutes=st.sampled_from([3, 40, 540])))
MOST_ANSWERS = {"yes": 2, "yes_with_words": 2, "opt_in": 2, "choice": 2, "danger_now": 2, "danger_today": 2}
"""A first yes is answered twice over: that it was heard, and what it means. A question beside one has a receipt. A choice may
be of both. Words of danger may have a stop beside them. One more is for a number that was taken out."""
AFTER_STOP = frozenset(
    {
        *("stop", "help", "help_more", "national_id_seen"),
        *("crisis", "crisis_quiet", "danger_again", "danger_again_quiet", "danger_today", "danger_today_quiet"),
        *("danger_help", "danger_call"),
    }
)
"""The texts that may leave to somebody who has said STOP."""
Fresh = Callable[[int], Talks]


def happens(name: str, *what: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[str, tuple[Any, ...]]]:
    """A method of `Talk`, and what it is called with."""
    return st.tuples(st.just(name), st.tuples(*what))


EVENTS = st.one_of(
    happens("writes", ANYBODY, words(), LATE),
    happens("goes_on", OURS, st.lists(words(), min_size=2, max_size=3)),
    happens("goes_on", OURS, st.tuples(st.sampled_from(SHORT), stops(), st.sampled_from(["ja", "nej", "start"])).map(list)),
    happens("goes_on", OURS, st.lists(st.sampled_from(SHORT), min_size=1, max_size=3)),
    happens("goes_on", OURS, st.lists(st.sampled_from(["ja", "nej", "stop", "start"]), min_size=2, max_size=3)),
    happens("taps", TAPPERS, st.integers(1, 12), st.integers(1, 2)),
    happens(
        "sends", TAPPERS, st.sampled_from([one for one in InboundKind if one not in {InboundKind.TEXT, InboundKind.BUTTON}])
    ),
    happens("arrives_again", st.integers(0, 99)),
    happens("meets", st.integers(1, 2), st.integers(1, 6), st.sampled_from(["Torvet 1", "Vestergade 58"])),
    happens("time_goes_by", SPANS),
    happens("restarts"),
)
ONCE_FOUND = [
    ("goes_on", (("Yusuf", SMS), ["stop", "ja", "nej"])),
    ("restarts", ()),
    ("goes_on", (("Maja", SMS), ["ja", "ja", f"{DANGER[0]} {IDS[0]}", "stop", "3"])),
    ("arrives_again", (0,)),
    ("taps", (("Signe", TELEGRAM), 2, 2)),
    ("goes_on", (("Signe", SMS), ["STOP", "mit", WORD, STOP_AND_DANGER, "hjælp", "ring"])),
    ("time_goes_by", (timedelta(days=3),)),
    ("goes_on", (("Signe", TELEGRAM), ["start", "mit", WORD])),
]
ONCE_FOUND_TOO = [
    ("goes_on", (("Signe", SMS), ["forkert nummer"])),
    ("goes_on", (("Signe", TELEGRAM), ["stop", "ja", "stop"])),
    ("goes_on", (("Maja", SMS), ["STOP. Mit cpr er 010190-1234"])),
    ("goes_on", (("Ibrahim", TELEGRAM), ["STOP. " + "a" * 5000])),
    ("goes_on", (("Yusuf", SMS), ["STOP 0101901234"])),
]
"""What broke a promise before, and what would: each of these is looked at every time."""


class Talk:
    """What happens among four people and a stranger, and what is looked at after each thing."""

    def __init__(self, talks: Talks, looked: Counter[str]) -> None:
        self.talks, self.looked = talks, looked
        self.ids, self.stopped, self.seen = set[str](), set[str](), set[str]()
        self.danger: dict[str, datetime] = {}
        self.worst = 0.0
        self._look()

    def writes(self, whose: Way, text: str, late: timedelta | None) -> None:
        self._does(whose, InboundKind.TEXT, text, late)

    def goes_on(self, whose: Way, texts: list[str]) -> None:
        for text in texts:
            self._does(whose, InboundKind.TEXT, text)

    def taps(self, whose: Way, number: int, times: int) -> None:
        """A button of anybody's, old or new, once or twice."""
        there = self.talks.buttons()
        for _ in range(times if there else 0):
            self._does(whose, InboundKind.BUTTON, there[-min(number, len(there))])

    def sends(self, whose: Way, kind: InboundKind) -> None:
        """A picture, say; or the bot is blocked or let in."""
        self._does(whose, kind, "")

    def arrives_again(self, number: int) -> None:
        """The provider says something over again."""
        if self.talks.heard:
            self.talks.arrives_again(number)
            self.looked["said again"] += 1

    def meets(self, number: int, days: int, place: str) -> None:
        """The coach plans a meeting, or moves it."""
        self.talks.meets(number, timedelta(days=days, hours=2), place)
        self._look()

    def time_goes_by(self, span: timedelta) -> None:
        self.talks.time_goes_by(span)
        self._look()

    def restarts(self) -> None:
        self.talks.restart()
        self.looked["restarts"] += 1

    def ends(self) -> None:
        """No number that was typed stands anywhere in clear."""
        digits = {"".join(filter(str.isdecimal, one)) for one in self.ids}
        assert not self.talks.stands_anywhere([*self.ids, *digits])

    def _does(self, whose: Way, kind: InboundKind, text: str, late: timedelta | None = None) -> None:
        who, channel = whose
        self.talks.does(who, channel, kind, text, late)
        self.ids |= {one for one in IDS if one in text}
        name, meaning = list(self.talks.understood().items())[-1]
        assert meaning not in {"None", "unreadable"}, text
        self._is_heard_in_time(self.talks.heard[-1])
        self._is_answered_once(name, meaning, seen=any(one in text for one in IDS))
        self._is_helped(who, name, meaning)
        begins = kind == InboundKind.TEXT and late is None and who in WAYS and BEGINS_WITH_STOP.match(text)
        self.looked["stops"] += bool(begins)
        if begins or meaning == "stop" or (meaning.startswith("danger") and text == STOP_AND_DANGER):
            self.stopped.add(who)
        elif meaning in {"opt_in", "joining"}:
            self.stopped.discard(who)
        self._look()

    def _is_heard_in_time(self, heard: Heard) -> None:
        self.looked["heard"] += 1
        took = heard.seconds
        if took > MOST_SECONDS:  # asked the database something for the first time, say
            took = median(self.talks.takes(heard.inbound, REPEATS))
        self.worst = max(self.worst, took)
        assert took < MOST_SECONDS, (heard.inbound.kind, heard.inbound.text[:80])

    def _is_answered_once(self, name: str, meaning: str, *, seen: bool) -> None:
        """At the stand-in: no message has more answers than it asks for, or one twice over."""
        kept = self.talks.kept()
        theirs = [
            one.text
            for one in self.talks.sent()
            if kept[one.id].answers == name and kept[one.id].text not in ("coach_danger", "coach_concern", "duty_stranger")
        ]
        assert len(set(theirs)) == len(theirs) <= MOST_ANSWERS.get(meaning, 1) + seen, (meaning, theirs)
        self.looked["answers"] += len(theirs)

    def _is_helped(self, who: str, name: str, meaning: str) -> None:
        """For a day after words of danger a call for help is answered with neither a menu nor the day of a call."""
        if meaning == "danger_now":
            self.danger[who] = self.talks.now
        elif meaning in {"help", "call_me"} and who in self.danger and self.talks.now - self.danger[who] < timedelta(hours=24):
            owed = {one.text for one in self.talks.kept().values() if one.answers == name}
            assert owed <= {"danger_help", "danger_call"}, (meaning, owed)
            self.looked["helped"] += 1

    def _look(self) -> None:
        kept, sent = self.talks.kept(), self.talks.sent()
        assert len({one.id for one in sent}) == len(sent)
        for one in sent:
            if one.id not in self.seen:
                who = next((name for name, ways in WAYS.items() if one.to in dict(ways).values()), "")
                assert who not in self.stopped or kept[one.id].text in AFTER_STOP, (who, one.text)
                assert not [name for name in strangers_to(who, one.to) if name in one.text.replace(" ", "")], one.text
                self.seen.add(one.id)
        for name in self.stopped:
            assert self.talks.wants_nothing(name), f"{name} has said STOP, and a yes stands"


def strangers_to(who: str, address: str) -> list[str]:
    """The names and numbers of all but this person and their own coach, as they stand in a text without blanks."""
    coaches = [name for name, phone in COACHES.items() if name != COACH_OF.get(who) and phone != address]
    others = [name for name in WAYS if name != who]
    numbers = [number for name in others for _, number in WAYS[name]] + [COACHES[name] for name in coaches]
    return [*others, *coaches, *(number.removeprefix("+45") for number in numbers)]


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Which kind of database is talked on."""
    chosen: str = request.param
    return chosen


@pytest.fixture
def fresh(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, vault: Vault, engines: Engines, catalogue: Catalogue
) -> Fresh:
    """Worlds on empty databases of each kind; at first on the engine that all tests share, after a restart on a new one."""
    kept: list[AbstractAsyncContextManager[Database]] = []

    def begin(number: int) -> Talks:
        url, opened = empty_database(), list[Database]()

        async def opens() -> Database:
            if not opened:
                opened.append(await engines.at(url, vault))
                return opened[0]
            kept.append(Database.open(url, vault))
            return await kept[-1].__aenter__()

        return Talks(opens, catalogue, BEGINNINGS[number])

    def empty_database() -> str:
        if kind == "postgresql":
            url: str = request.getfixturevalue("postgresql_database")
            empty(url)
            return url
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite:///{path}"

    return begin


def promises(examples: int) -> settings:
    """So many examples of each database's, the same each time unless more are asked for."""
    return settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=SAME_EACH_TIME,
        phases=[Phase.explicit, Phase.generate] if SAME_EACH_TIME else [Phase.explicit, Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )


def test_whatever_is_said_nobody_is_answered_twice_or_after_a_stop_or_with_somebody_elses_name(kind: str, fresh: Fresh) -> None:
    looked, worst = Counter[str](), list[float]()

    @promises(EXAMPLES[kind])
    @example(0, ONCE_FOUND)
    @example(0, ONCE_FOUND_TOO)
    @given(st.integers(0, len(BEGINNINGS) - 1), st.lists(EVENTS, min_size=15, max_size=25))
    def anything_happens(number: int, events: list[tuple[str, tuple[Any, ...]]]) -> None:
        with closing(fresh(number)) as talks:
            talk = Talk(talks, looked)
            for name, what in events:
                getattr(talk, name)(*what)
            talk.ends()
            worst.append(talk.worst)

    anything_happens()
    print(f"0 promises broken; {looked['heard']} things heard, {looked['answers']} answers, {looked['said again']} said again")
    print(f"0 stops not obeyed; {looked['stops']} looked at, by a list of our own")
    print(f"{looked['restarts']} restarts; the longest took {max(worst) * 1000:.0f} ms of processor time")
    kinds = ("heard", "answers", "said again", "restarts", "helped", "stops")
    assert min(looked[one] for one in kinds) > 0


def test_a_restart_changes_no_answer(kind: str, fresh: Fresh) -> None:
    @promises((EXAMPLES[kind] + 1) // 2)
    @given(st.integers(0, len(BEGINNINGS) - 1), st.lists(st.tuples(OURS, words(), st.booleans()), min_size=5, max_size=8))
    def whenever_it_comes(number: int, said: list[tuple[Way, str, bool]]) -> None:
        seen = []
        for restarts in (False, True):
            with closing(fresh(number)) as talks:
                for (who, channel), text, before in said:
                    if restarts and before:
                        talks.restart()
                    talks.does(who, channel, InboundKind.TEXT, text)
                    talks.time_goes_by(timedelta(minutes=2))
                seen.append({name: [(one.text, [tap.label for tap in one.buttons]) for one in talks.to(name)] for name in WAYS})
        assert seen[0] == seen[1]

    whenever_it_comes()
