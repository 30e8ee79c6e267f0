"""The texts, shipped and a municipality's own, and the filters that turn days, times and periods into words."""

import hashlib
import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache, lru_cache, partial
from importlib.resources import files
from typing import NamedTuple, Self

from babel import Locale
from babel.dates import format_date, format_time
from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from medvind.errors import InvalidError, UnreadableError
from medvind.model import ChannelName, Language, Why
from medvind.rules.segments import plain
from medvind.rules.wording import Words
from medvind.saying import Saying


class Rendered(NamedTuple):
    """A text as it leaves. `version` names the template that made it: language, key and a hash of its source."""

    text: str
    version: str


@dataclass(frozen=True, slots=True)
class Own:
    """A municipality's own words for one text in one language, and the number of their version."""

    key: str
    language: Language
    number: int
    words: Words

    @property
    def version(self) -> str:
        """As it stands beside what was sent."""
        return f"{self.language}/{self.key}@v{self.number}"


@dataclass(frozen=True, slots=True)
class _Tongue:
    """How one language writes days and times; the patterns are Unicode's (CLDR)."""

    locale: Locale
    date: str
    clock: str
    half_year: str


_TONGUES = {
    Language.DA: _Tongue(Locale("da"), "d. MMMM", "HH.mm", "{half}. halvår {year}"),
    Language.EN: _Tongue(Locale("en", "GB"), "d MMMM", "HH:mm", "half {half} of {year}"),
}
_UNDEFINED = re.compile(r"'(\w+)' is undefined")
"""How Jinja says that a value is missing."""


@dataclass(frozen=True, slots=True)
class _Text:
    """One template, ready to be filled in."""

    template: Template
    version: str

    def write(self, values: dict[str, object]) -> str:
        """As `Template.render`, without Jinja's global functions: no text calls one, and to list them costs as much again."""
        made = self.template
        return "".join(made.root_render_func(Context(made.environment, values, made.name, made.blocks)))


class Catalogue:
    """Every text in every language. A key that a language lacks is written in Danish."""

    def __init__(self, texts: Mapping[Language, Mapping[tuple[str, str], _Text]]) -> None:
        self._texts = texts

    @classmethod
    def load(cls) -> Self:
        """Reads and compiles the shipped files: once a process, at the start."""
        return cls({language: _compiled(language) for language in Language})

    def wearing(self, own: Iterable[Own]) -> Self:
        """The same with these words in place of what is shipped. They must have passed `check`: here they are only compiled."""
        texts = {language: dict(known) for language, known in self._texts.items()}
        for one in own:
            there = texts[one.language]
            there.pop((one.key, ChannelName.TELEGRAM.value), None)
            there |= {(one.key, variant): _own(one, source) for variant, source in variants(one.words).items()}
        return type(self)(texts)

    def keys(self) -> frozenset[str]:
        """The names of all texts."""
        return frozenset(key for key, _ in self._texts[Language.DA])

    def render(self, key: str, language: Language, channel: ChannelName, values: Mapping[str, object]) -> Rendered:
        """Writes one text from the facts as they are now.

        Names and places lose their typographic signs on every channel, so that people read the same. An empty value counts
        as missing. Raises UnreadableError, which names the key and what is missing, and never what was handed in.
        """
        text = self._find(key, language, channel)
        try:
            written = text.write(cleaned(values))
        except TemplateError as error:
            raise UnreadableError(_unwritten(key, language, error.message or "")) from None
        except (ValueError, TypeError):
            wrong = Saying(
                "text {key} ({language}): a value isn't a day, a time or a period", {"key": key, "language": language}
            )
            raise UnreadableError(wrong) from None
        return Rendered(written, text.version)

    def why(self, why: Why, language: Language) -> str:
        """The reason of a duty as a sentence; reasons of a signal too, under `signal_{kind}`."""
        return self.render(why.key, language, ChannelName.SMS, why.values).text

    def _find(self, key: str, language: Language, channel: ChannelName) -> _Text:
        for texts in (self._texts[language], self._texts[Language.DA]):
            for variant in (channel.value, "text"):
                if (key, variant) in texts:
                    return texts[key, variant]
        raise InvalidError(f"there is no text called {key}")


def _unwritten(key: str, language: Language, reason: str) -> Saying:
    """What Jinja found missing, with its name as a value of its own, so that it can be told in any language."""
    where = {"key": key, "language": language.value}
    if found := _UNDEFINED.fullmatch(reason):
        return Saying("text {key} ({language}): '{name}' is undefined", {**where, "name": found[1]})
    return Saying("text {key} ({language}): {reason}", {**where, "reason": reason})


def untranslated(texts: Mapping[Language, Collection[str]]) -> list[str]:
    """The texts that a language lacks, and that are written in Danish therefore."""
    return [f"{language}/{key}" for language in Language for key in sorted(set(texts[Language.DA]) - set(texts[language]))]


def shipped_version(key: str, language: Language, channel: ChannelName = ChannelName.SMS) -> str:
    """How the words that Medvind brings are named beside what was sent."""
    words = variants(shipped(language)[key])
    return _version(language, key, words.get(channel, words["text"]))


def variants(words: Words) -> Mapping[str, str]:
    """The templates of a text, by the name that each has in the files."""
    return {"text": words.text} | ({ChannelName.TELEGRAM.value: words.telegram} if words.telegram is not None else {})


@cache
def environment(language: Language) -> ImmutableSandboxedEnvironment:
    """Jinja's sandbox with the filters of this language; a missing value refuses."""
    sandbox = ImmutableSandboxedEnvironment(undefined=StrictUndefined)
    sandbox.filters.update(_filters(_TONGUES[language]))
    return sandbox


@cache
def shipped(language: Language) -> Mapping[str, Words]:
    """The texts that Medvind brings, by key."""
    source = tomllib.loads((files(__package__) / f"{language}.toml").read_text("utf-8"))
    return {key: Words(**given) for key, given in source.items()}


@cache
def _compiled(language: Language) -> dict[tuple[str, str], _Text]:
    return {
        (key, variant): _Text(environment(language).from_string(template), _version(language, key, template))
        for key, words in shipped(language).items()
        for variant, template in variants(words).items()
    }


def _own(one: Own, source: str) -> _Text:
    return _Text(_template(one.language, source), one.version)


@lru_cache(maxsize=1024)
def _template(language: Language, source: str) -> Template:
    return environment(language).from_string(source)


def _version(language: Language, key: str, template: str) -> str:
    return f"{language}/{key}@{hashlib.sha256(template.encode()).hexdigest()[:8]}"


_STOPS = re.compile(r"[\s.]+$")
_CLEAN = re.compile("[0-9A-Za-zÆØÅæøå,:/+-]+(?: [0-9A-Za-zÆØÅæøå,:/+-]+)*")
"""What nothing has to be done to: most values are so, and a message has five."""


def cleaned(values: Mapping[str, object]) -> dict[str, object]:
    """Values as a text takes them: on one line, in plain signs, and without those that are empty."""
    return {
        name: ready
        for name, value in values.items()
        if (ready := _cleaned(name, value) if isinstance(value, str) else value) is not None and ready != ""
    }


def _cleaned(name: str, value: str) -> str:
    """Text on one line in signs that an SMS carries cheaply; a place without the full stop that its sentence brings."""
    if _CLEAN.fullmatch(value):
        return value
    line = " ".join(plain(value).split())
    return _STOPS.sub("", line) if name == "place" else line


def _filters(tongue: _Tongue) -> dict[str, Callable[..., object]]:
    return {
        "weekday": partial(_dated, tongue, "EEEE"),
        "date": partial(_dated, tongue, tongue.date),
        "clock": partial(_clock, tongue),
        "phone": _phone,
        "period": partial(_period, tongue),
        "days_after": _days_after,
    }


def _day(value: object) -> date:
    """The day of a date, of a moment, or of either in ISO form."""
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else datetime.fromisoformat(str(value)).date()


def _dated(tongue: _Tongue, pattern: str, value: object) -> str:
    return _day_in_words(_day(value), pattern, tongue.locale)


def _clock(tongue: _Tongue, value: object) -> str:
    """The clock as it stands in the value: a moment comes in the zone in which people read it."""
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return _clock_in_words(moment.hour, moment.minute, tongue.clock, tongue.locale)


@lru_cache(maxsize=1024)
def _day_in_words(day: date, pattern: str, locale: Locale) -> str:
    """Kept: many messages name the same day, and Babel takes as long for it as for all the rest of a text."""
    return format_date(day, pattern, locale)


@lru_cache(maxsize=4096)
def _clock_in_words(hour: int, minute: int, pattern: str, locale: Locale) -> str:
    return format_time(time(hour, minute), pattern, locale=locale)


def _days_after(value: object, today: object) -> int:
    return (_day(value) - _day(today)).days


_DANISH = re.compile(r"(?:\+45|0045)?((?:[0-9]{2}){4})")


def _phone(value: object) -> str:
    """A Danish number in pairs, as it is read aloud; a foreign one as it was given."""
    number = str(value)
    danish = _DANISH.fullmatch(re.sub(r"[\s-]", "", number))
    return " ".join(re.findall("..", danish[1])) if danish else number


_PERIOD = re.compile(r"([0-9]{4})(?:Q([1-4])|H([12])|-(0[1-9]|1[0-2]))(?:@2)?")


def _period(tongue: _Tongue, value: object) -> str:
    """`2026Q3`, `2026H1` or `2026-05` in words; `2026H1@2` is the second return of one half-year."""
    named = _PERIOD.fullmatch(str(value))
    if named is None:
        raise ValueError
    year, quarter, half, month = named.groups()
    if half:
        return tongue.half_year.format(half=half, year=year)
    if quarter:
        return format_date(date(int(year), 3 * int(quarter), 1), "QQQQ y", tongue.locale)
    return format_date(date(int(year), int(month), 1), "MMMM y", tongue.locale)
