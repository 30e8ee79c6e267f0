"""Whether words may go out as a text. What is shipped passes it in the tests, a municipality's own before they are live."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain

from jinja2 import TemplateError

from medvind.errors import UnreadableError
from medvind.model import ChannelName, Language
from medvind.rules.segments import measure
from medvind.rules.wording import LONGEST_CHAT, Words, forbidden, states_a_figure, too_dear
from medvind.saying import Saying
from medvind.texts.catalogue import cleaned, environment, shipped, variants
from medvind.texts.grammar import Values, literals, missing, parse, values_of, ways
from medvind.texts.lengths import longest_values

LONGEST_SOURCE = 1200
"""Characters of a text with all its choices."""
NOT_WHAT_IT_IS = Saying("line 1: a value is compared or written as something that it isn't; see the shipped words")
_SENTENCES = ("why_", "signal_", "task_", "away_", "capped_", "gave_way_")
"""How the keys begin of what is said to no participant by itself: their values are those of their reason alone."""
_TO_NO_PARTICIPANT = frozenset(
    {
        "stranger",
        "stranger_start",
        "stranger_danger",
        "duty_stranger",
        "code_unknown",
        "coach_danger",
        "coach_concern",
        "coach_unread",
        "deputy_unread",
        "duty_unread",
    }
)
_TO_PEOPLE = Values(frozenset({"first_name", "today"}), frozenset({"business", "coach", "coach_phone", "in_place_of"}))


@dataclass(frozen=True, slots=True)
class Checked:
    """What is wrong with each template, by its name; and the septets that the longest form of `text` fills in an SMS.

    Only where it is `readable` may it be compiled and written at all.
    """

    faults: Mapping[str, tuple[Saying, ...]]
    units: int
    readable: bool

    @property
    def first(self) -> Saying | None:
        """One fault, with the template that it is in; None where there is none."""
        every = (Saying("{field}: {fault}", {"field": name, "fault": faults[0]}) for name, faults in self.faults.items())
        return next(every, None)


def is_shipped(key: str) -> bool:
    """Whether there is such a text."""
    return key in shipped(Language.DA)


@cache
def values_for(key: str) -> Values:
    """What this text may name: the values that what is shipped under this key names, and in a message whom it is for."""
    told = [
        values_of(parse(environment(language), source))
        for language in Language
        if key in shipped(language)
        for source in variants(shipped(language)[key]).values()
    ]
    return agreed(told) if key.startswith(_SENTENCES) or key in _TO_NO_PARTICIPANT else _with_people(agreed(told))


def agreed(told: Sequence[Values]) -> Values:
    """What is always there by all of these: a value that one of them asks for may be missing, however the others name it."""
    asked = frozenset(chain.from_iterable(one.maybe for one in told))
    return Values(frozenset(chain.from_iterable(one.sure for one in told)) - asked, asked)


def _with_people(told: Values) -> Values:
    return Values(told.sure | _TO_PEOPLE.sure - told.maybe, told.maybe | _TO_PEOPLE.maybe - told.sure)


@lru_cache(maxsize=2048)
def check(key: str, language: Language, words: Words) -> Checked:
    """Looks at every way through these words, with the longest values. The same words are looked at once a process."""
    found: dict[str, tuple[Saying, ...]] = {}
    units, readable = 0, True
    for name, source in variants(words).items():
        try:
            texts, faults = _look_at(key, language, source)
            by_sms = name != ChannelName.TELEGRAM
            faults += chain.from_iterable(too_dear(text) for text in texts) if by_sms else _too_long(texts)
            units = max(measure(text).units for text in texts) if by_sms else units
        except UnreadableError as error:
            faults, readable = list(error.faults), False
        except Exception as error:  # noqa: BLE001 - one text that nobody foresaw must not keep all the others from being sent
            says = Saying("line 1: it can't be read ({reason}); write it plainly", {"reason": type(error).__name__})
            faults, readable = [says], False
        if faults:
            found[name] = tuple(dict.fromkeys(faults))
    return Checked(found, units, readable)


def _look_at(key: str, language: Language, source: str) -> tuple[list[str], list[Saying]]:
    """The text in each of its forms, and what is wrong with it on every channel. Raises UnreadableError."""
    if len(source) > LONGEST_SOURCE:
        raise UnreadableError(Saying("line 1: longer than {most} characters; make it shorter", {"most": LONGEST_SOURCE}))
    tree = parse(environment(language), source)
    if faults := missing(tree, values_for(key)):
        raise UnreadableError(*faults)
    texts = list(dict.fromkeys(_forms(key, language, source)))
    figure = states_a_figure(literals(tree))
    faults = [*([figure] if figure else []), *forbidden(texts, language)]
    return texts, faults


def _forms(key: str, language: Language, source: str) -> Iterator[str]:
    """Every way through it, with the longest values that it may name."""
    sandbox, named = environment(language), values_for(key)
    tree = parse(sandbox, source)
    if unmeasured := values_of(tree).sure - set().union(*longest_values()):
        says = Saying("line 1: how long {values} can be is not known; texts/lengths.py must say it")
        raise UnreadableError(says.of(values=", ".join(sorted(unmeasured))))
    full = [cleaned(values) for values in longest_values() if {"coach_phone", "business"} <= values.keys()]
    every = [{name: value for name, value in values.items() if name in named.sure | named.maybe} for values in full]
    for way in ways(tree, sandbox):
        for values in every:
            try:
                yield way.render(values)
            except (TemplateError, ValueError, TypeError, ArithmeticError):
                raise UnreadableError(NOT_WHAT_IT_IS) from None


def _too_long(texts: list[str]) -> Iterator[Saying]:
    longest = max(map(len, texts))
    if longest > LONGEST_CHAT:
        yield Saying(
            "with the longest values it has {length} characters, {most} at most; make it shorter",
            {"length": longest, "most": LONGEST_CHAT},
        )
