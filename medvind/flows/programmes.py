"""A programme from a file: a new version, the cohorts that follow it, and everybody whose plan is another now."""

import difflib
import json
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from medvind.errors import FieldFault, FileFaultsError, InvalidError
from medvind.model import ChannelName, Language
from medvind.rules.programme import months_passed
from medvind.rules.programme_faults import look_at, part_of
from medvind.rules.programme_fields import shown
from medvind.rules.programme_file import FILE, restore, spell
from medvind.rules.steps import MEETING, SUPPORT_END, TEXTS, VAT_DEADLINE, Programme, Step
from medvind.store import programmes
from medvind.store.database import Session
from medvind.store.programmes import FIRST, Cohort
from medvind.texts import Catalogue, longest_values

MOST_BYTES = 1_000_000
_LINE = re.compile(r"line \d+")
_ALWAYS = ("first_name", "business", "coach", "coach_phone", "today")
_OF_MILESTONE: Mapping[str, tuple[str, ...]] = {
    MEETING: ("at", "place"),
    VAT_DEADLINE: ("day", "period"),
    SUPPORT_END: ("day",),
}
_UNDEFINED = re.compile(r"'(\w+)' is undefined")


@dataclass(frozen=True, slots=True)
class Brought:
    """What came of a file. `changed` cohorts follow another version now; `participant_ids` are theirs, none after a dry run."""

    name: str
    version: int
    changed: int
    unchanged: int
    participant_ids: tuple[int, ...]


def read(name: str, content: bytes) -> Mapping[str, Any]:
    """The tables of a TOML file. Raises InvalidError, which names the file and the line and never what stands there."""
    if len(content) > MOST_BYTES:
        raise InvalidError(f"{name}: larger than {MOST_BYTES // 1_000_000} MB; a programme is a page or two")
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise InvalidError(f"{name}: no text in UTF-8; save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        place = _LINE.search(str(error))
        raise InvalidError(
            f"{name}: no TOML{f', see {place[0]}' if place else ''}; docs/programmes.md has an example"
        ) from None


async def bring_in(
    session: Session, name: str, data: Mapping[str, Any], catalogue: Catalogue, now: datetime, *, dry_run: bool = False
) -> Brought:
    """Keeps the programme as a new version, unless the newest says the same, and lets the cohorts follow it.

    Without `cohorts` in the file all of them do. Raises FileFaultsError with every fault of the file, and then nothing is
    written; a dry run writes nothing and says the same.
    """
    known = await programmes.cohorts(session)
    programme, faults = look_at(data)
    named, unknown = _named(data, known)
    if faults := [*faults, *_unwritable(programme, catalogue), *unknown]:
        raise FileFaultsError(name, faults)
    before, says = await programmes.latest(session, programme.name), spell(programme)
    same = before if before and before.says == says else None
    number = same.number if same else before.number + 1 if before else FIRST
    changed = [cohort for cohort in named if same is None or cohort.programme_id != same.id]
    people: list[int] = []
    if not dry_run:
        row = same.id if same else await programmes.save(session, programme.name, number, says, now)
        people = await _follow(session, [cohort.id for cohort in changed], row)
    return Brought(programme.name, number, len(changed), len(named) - len(changed), tuple(people))


async def _follow(session: Session, cohorts: Collection[int], programme: int) -> list[int]:
    await programmes.follow(session, cohorts, programme)
    return await programmes.members(session, cohorts)


def _named(data: Mapping[str, Any], known: Mapping[str, Cohort]) -> tuple[list[Cohort], list[FieldFault]]:
    """The cohorts that the file speaks of, and what is wrong with those it names."""
    names = data.get("cohorts", list(known))
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names) or (not names and "cohorts" in data):
        cure = 'Write cohorts = ["Hold 1"], or leave it out for all of them.'
        return [], [FieldFault(FILE, "cohorts", "no list of names", cure)]
    named = dict.fromkeys(" ".join(name.split()) for name in names)
    faults = [_unknown(name, known) for name in named if name not in known]
    return [known[name] for name in named if name in known], faults


def _unknown(name: str, known: Collection[str]) -> FieldFault:
    near = difflib.get_close_matches(name, known, 1)
    cure = f"Did you mean {near[0]}?" if near else "A cohort begins with the first participant in it."
    return FieldFault(FILE, "cohorts", f"no participant is in a cohort called '{shown(name)}'", cure)


def _unwritable(programme: Programme, catalogue: Catalogue) -> Iterator[FieldFault]:
    """Texts that name something that the step has not: they could not be written when it leaves."""
    for ladder in programme.ladders:
        for place, step in enumerate(ladder, 1):
            if step.text not in TEXTS:
                continue
            lacks = _lacks(step, catalogue, _given(step, followed=place < len(ladder)))
            if lacks:
                cure = "Use another one; docs/programmes.md says what each needs."
                yield FieldFault(part_of(step), "text", f"{step.text} needs {lacks}, which this step can't give", cure)


def _given(step: Step, *, followed: bool) -> tuple[str, ...]:
    """What the text of this step can name, every time it goes out."""
    for_ever = step.repeat is not None and step.repeat.count is None and step.repeat.until is None
    next_day = ("next_day",) if followed or for_ever else ()
    months = ("months", "meant") if months_passed(step) else ()
    return (*_ALWAYS, *_OF_MILESTONE.get(step.milestone, ()), *next_day, *months)


def _lacks(step: Step, catalogue: Catalogue, given: Collection[str]) -> str | None:
    """The first value that some form of the text names and that isn't given."""
    for values in longest_values():
        some = {name: value for name, value in values.items() if name in given}
        for language in Language:
            for channel in ChannelName:
                try:
                    catalogue.render(step.text, language, channel, some)
                except InvalidError as error:
                    found = _UNDEFINED.search(str(error))
                    return found[1] if found else "something"
    return None


@lru_cache(maxsize=256)
def restored(name: str, text: str) -> Programme:
    """What the rules need of a programme, from its text in the database. Each text is read once a process."""
    return restore(name, json.loads(text))
