"""The words that hold: what is shipped, and over it a municipality's own, as soon as they are live.

The mark that changes with them stands among the settings, which every batch reads anyway: where it is known, nothing is asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

import structlog

from medvind.model import ChannelName, Language
from medvind.store import texts
from medvind.store.database import Session
from medvind.store.texts import Live
from medvind.texts import Catalogue, Own, check, is_shipped, shipped, shipped_version

KEPT = 16
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Unusable:
    """A live text that doesn't pass the check; what is shipped goes out in its place."""

    version: str
    fault: str

    def __str__(self) -> str:
        """One line, for whoever runs the service."""
        return (
            f"text {self.version} can't be used, so the shipped one goes out: {self.fault}. Make other words live in /v1/texts"
        )


@dataclass(frozen=True, slots=True, eq=False)
class Ours:
    """A municipality's own words, as far as they can be used; `units` are those of their longest forms in an SMS."""

    texts: tuple[Own, ...] = ()
    units: Mapping[tuple[Language, str], int] = field(default_factory=dict)
    unusable: tuple[Unusable, ...] = ()


NOTHING = Ours()
_known: dict[str, Ours] = {}
"""By mark: two databases never share one, and it never comes again."""


async def ours(session: Session, mark: str) -> Ours:
    """The own words that hold under this mark. The database is asked once for each mark, and so is the log told."""
    if not mark:
        return NOTHING
    if mark not in _known:
        found = _read(await texts.live(session))
        for one in found.unusable:
            log.error("text_unusable", reason=one.version)
        for old in list(islice(_known, max(0, len(_known) + 1 - KEPT))):
            del _known[old]
        _known[mark] = found
    return _known[mark]


async def worn(session: Session, shipped: Catalogue, mark: str) -> Catalogue:
    """The catalogue as it holds under this mark."""
    return _worn(shipped, await ours(session, mark)) if mark else shipped


async def current(session: Session, shipped: Catalogue) -> Catalogue:
    """The same where nobody has read the settings."""
    return await worn(session, shipped, await texts.mark(session))


async def version_now(session: Session, key: str, language: Language, channel: ChannelName) -> str:
    """The version of the text as it holds now: what is written from it in this moment stands under this name."""
    for tongue in dict.fromkeys((language, Language.DA)):  # what a language lacks is written in Danish
        for own in (await ours(session, await texts.mark(session))).texts:
            if (own.key, own.language) == (key, tongue):
                return own.version
        if key in shipped(tongue):
            break
    return shipped_version(key, tongue, channel)


async def unusable(session: Session) -> tuple[Unusable, ...]:
    """The live texts that can't be used."""
    return (await ours(session, await texts.mark(session))).unusable


@lru_cache(maxsize=KEPT)
def _worn(shipped: Catalogue, own: Ours) -> Catalogue:
    return shipped.wearing(own.texts) if own.texts else shipped


def _read(live: Sequence[Live]) -> Ours:
    """A text that Medvind no longer ships is nobody's to say, and is passed by."""
    own = [Own(one.key, one.language, one.number, one.words) for one in live if one.words and is_shipped(one.key)]
    checked = [(one, check(one.key, one.language, one.words)) for one in own]
    return Ours(
        texts=tuple(one for one, found in checked if not found.faults),
        units={(one.language, one.key): found.units for one, found in checked if not found.faults},
        unusable=tuple(Unusable(one.version, str(found.first)) for one, found in checked if found.faults),
    )
