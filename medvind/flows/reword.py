"""A municipality's own words: seen, written as drafts, compared, made live, and gone back to. Nothing is ever overwritten."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import groupby

import structlog

from medvind.errors import NotAllowedError, NotFoundError, WordsRefusedError
from medvind.model import Language, Role, Viewer
from medvind.rules.wording import Words
from medvind.saying import Saying
from medvind.store import texts
from medvind.store.database import Session
from medvind.store.texts import FIRST, Version
from medvind.store.views import Page
from medvind.texts import check, is_shipped, shipped, shipped_version, values_for, variants

SHIPPED = 0
"""The number of what Medvind brings, as it is now; a municipality's own begin at one."""
NO_TEXT = "there is no such text, or it has no such version"
log = structlog.get_logger()


class Standing(StrEnum):
    """Where a version stands. Past: it was live, or others were made live over it."""

    DRAFT = "draft"
    LIVE = "live"
    PAST = "past"


@dataclass(frozen=True, slots=True)
class Wording:
    """One version as it is shown. `version` is how it is named beside what was sent; `fault`: why it can't be used any more.

    What Medvind ships has the number 0, and nobody who made it.
    """

    number: int
    version: str
    state: Standing
    text: str
    telegram: str | None
    as_shipped: bool
    copy_of: int | None = None
    made_at: datetime | None = None
    made_by: str | None = None
    live_at: datetime | None = None
    fault: Saying | None = None


@dataclass(frozen=True, slots=True)
class History:
    """A text in one language: what holds, the draft that waits, and all versions, the newest first."""

    live: Wording
    draft: Wording | None
    versions: Sequence[Wording]


@dataclass(frozen=True, slots=True)
class Text:
    """A text in every language. `always` are the values that it may name, `sometimes` those that it must ask for first."""

    key: str
    always: Sequence[str]
    sometimes: Sequence[str]
    languages: Mapping[Language, History]


@dataclass(frozen=True, slots=True)
class Difference:
    """What turns the one into the other, line by line, as `diff -u` writes it; empty where they say the same."""

    before: str
    after: str
    lines: Sequence[str]


async def every(session: Session, after: str | None, limit: int) -> Page[Text]:
    """All texts, by key."""
    keys = [key for key in sorted(shipped(Language.DA)) if after is None or key > after]
    known = {key: list(versions) for key, versions in groupby(await texts.versions(session), lambda one: one.key)}
    kept = keys[:limit]
    return Page(tuple(_text(key, known.get(key, ())) for key in kept), kept[-1] if len(keys) > limit else None)


async def one(session: Session, key: str) -> Text:
    """One text with all its versions. Raises NotFoundError."""
    _must_be_shipped(key)
    return _text(key, await texts.versions(session, key))


async def version(session: Session, key: str, language: Language, number: int | None) -> Wording:
    """One version, None for the one that holds. Raises NotFoundError."""
    history = (await one(session, key)).languages[language]
    wanted = history.live.number if number is None else number
    return _find(history, wanted)


async def difference(session: Session, key: str, language: Language, before: int, after: int) -> Difference:
    """Between two versions of one text. Raises NotFoundError."""
    history = (await one(session, key)).languages[language]
    first, second = _find(history, before), _find(history, after)
    lines = difflib.unified_diff(_lines(first), _lines(second), first.version, second.version, lineterm="")
    return Difference(first.version, second.version, list(lines))


async def save(session: Session, viewer: Viewer, key: str, language: Language, words: Words, now: datetime) -> Wording:
    """Keeps a new draft; nobody is sent it yet. The words of the newest version once more change nothing.

    Raises NotAllowedError, NotFoundError, and WordsRefusedError with every fault and its cure.
    """
    _may_change(viewer)
    _must_be_shipped(key)
    _must_pass(key, language, words)
    known = [one for one in await texts.versions(session, key) if one.language == language]
    if not known or known[-1].words != words:
        number = known[-1].number + 1 if known else FIRST
        new = Version(key, language, number, words, None, now, viewer.token_id, None)
        await texts.add(session, new)
        known.append(new)
    return _find(_history(key, language, known), known[-1].number)


async def make_live(session: Session, viewer: Viewer, key: str, language: Language, number: int, now: datetime) -> Wording:
    """From now on these words hold; again is harmless. What was live before comes back as a new version with its words.

    Raises NotAllowedError, NotFoundError, WordsRefusedError where they no longer pass, and ConflictError where somebody else
    was quicker.
    """
    _may_change(viewer)
    _must_be_shipped(key)
    known = [one for one in await texts.versions(session, key) if one.language == language]
    history = _history(key, language, known)
    wanted, live = _find(history, number), history.live
    if _says_the_same(wanted, live) and number <= live.number:
        return live
    if not wanted.as_shipped:
        _must_pass(key, language, Words(wanted.text, wanted.telegram))
    if number > live.number:
        draft = next(one for one in known if one.number == number)
        await texts.go_live(session, draft, now)
        known = [replace(one, live_at=now) if one is draft else one for one in known]
    else:
        words = None if wanted.as_shipped else Words(wanted.text, wanted.telegram)
        back = Version(key, language, known[-1].number + 1, words, number, now, viewer.token_id, now)
        await texts.add(session, back)
        known.append(back)
    holds = _history(key, language, known).live
    log.info("text_live", reason=holds.version)
    return holds


def _may_change(viewer: Viewer) -> None:
    if viewer.role != Role.ADMIN:
        raise NotAllowedError("only an admin changes texts")


def _must_be_shipped(key: str) -> None:
    if not is_shipped(key):
        raise NotFoundError(NO_TEXT)


def _must_pass(key: str, language: Language, words: Words) -> None:
    if faults := check(key, language, words).faults:
        raise WordsRefusedError(key, faults)


def _says_the_same(one: Wording, other: Wording) -> bool:
    return (one.as_shipped, one.text, one.telegram) == (other.as_shipped, other.text, other.telegram)


def _text(key: str, versions: Sequence[Version]) -> Text:
    values = values_for(key)
    languages = {
        language: _history(key, language, [one for one in versions if one.language == language]) for language in Language
    }
    return Text(key, sorted(values.sure), sorted(values.maybe), languages)


def _history(key: str, language: Language, versions: Sequence[Version]) -> History:
    """The newest that went live holds; only what is newer than that is still a draft."""
    holds = max((one.number for one in versions if one.live_at), default=SHIPPED)
    brought = shipped(language)[key]
    every = [_brought(key, language, brought, Standing.PAST if holds else Standing.LIVE)]
    for one in versions:
        state = Standing.LIVE if one.number == holds else Standing.DRAFT if one.number > holds else Standing.PAST
        every.append(_wording(one, brought, state))
    live = next(one for one in every if one.state == Standing.LIVE)
    draft = next((one for one in reversed(every) if one.state == Standing.DRAFT), None)
    return History(live, draft, tuple(reversed(every)))


def _brought(key: str, language: Language, words: Words, state: Standing) -> Wording:
    named = shipped_version(key, language)
    return Wording(SHIPPED, named, state, words.text, words.telegram, as_shipped=True)


def _wording(one: Version, brought: Words, state: Standing) -> Wording:
    words = one.words or brought
    named = f"{one.language}/{one.key}@v{one.number}" if one.words else shipped_version(one.key, one.language)
    fault = check(one.key, one.language, one.words).first if one.words and state != Standing.PAST else None
    return Wording(
        one.number,
        named,
        state,
        words.text,
        words.telegram,
        one.words is None,
        one.copy_of,
        one.made_at,
        one.made_by,
        one.live_at,
        fault,
    )


def _find(history: History, number: int) -> Wording:
    found = next((one for one in history.versions if one.number == number), None)
    if found is None:
        raise NotFoundError(NO_TEXT)
    return found


def _lines(one: Wording) -> list[str]:
    """Each template under its name, so that a change of one isn't taken for a change of the other."""
    named = variants(Words(one.text, one.telegram))
    return [line for name, source in named.items() for line in (f"[{name}]", *source.splitlines())]
