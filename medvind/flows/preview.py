"""What somebody would read: words as they come out on each channel, with a person's own facts or with the longest values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from medvind.errors import InvalidError
from medvind.flows import gate, reword
from medvind.flows.filling import of_person
from medvind.flows.plan import load_policy
from medvind.flows.report import Reader
from medvind.model import ChannelName, Language
from medvind.rules.segments import Segments, measure, plain
from medvind.rules.wording import Words, reading_ease
from medvind.store import recipients, texts, views
from medvind.store.database import Session
from medvind.texts import Catalogue, Own, check, longest_values, values_for


@dataclass(frozen=True, slots=True)
class Twin:
    """The same text in signs that an SMS carries cheaply."""

    text: str
    segments: int
    units: int


@dataclass(frozen=True, slots=True)
class Sight:
    """The text on one channel, and what it costs as an SMS; `plain` where signs without need make it dearer."""

    channel: ChannelName
    text: str
    encoding: str
    segments: int
    units: int
    plain: Twin | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What comes out, and what is wrong with the words by field. `sampled` are the values that are made up.

    No channel shows what can't be written: `missing` says which value there is none for.
    """

    version: str | None
    faults: Mapping[str, Sequence[str]]
    missing: str | None
    sampled: Sequence[str]
    reading_ease: float | None
    channels: Sequence[Sight]


async def preview(
    session: Session,
    reader: Reader,
    key: str,
    language: Language,
    *,
    words: Words | None = None,
    number: int | None = None,
    participant: str | None = None,
) -> Preview:
    """These words, else that version, else the one that holds; for one of the coach's own people where one is named.

    Raises NotFoundError for a text, a version or a person that this viewer can't see.
    """
    shown = await reword.version(session, key, language, number)
    said = words or Words(shown.text, shown.telegram)
    checked = check(key, language, said)
    values, sampled = await _values(session, reader, key, participant)
    sights, missing = (
        _look(reader.catalogue, Own(key, language, shown.number, said), values) if checked.readable else ([], None)
    )
    ease = round(reading_ease(sights[0].text), 1) if sights else None
    return Preview(None if words else shown.version, checked.faults, missing, sampled, ease, sights)


def _look(catalogue: Catalogue, own: Own, values: Mapping[str, object]) -> tuple[list[Sight], str | None]:
    """On each channel; or why it can't be written."""
    worn = catalogue.wearing([own])
    try:
        written = {channel: worn.render(own.key, own.language, channel, values).text for channel in ChannelName}
    except InvalidError as error:
        return [], str(error)
    return [_sight(channel, written[channel]) for channel in (ChannelName.SMS, ChannelName.TELEGRAM)], None


def _sight(channel: ChannelName, text: str) -> Sight:
    cost, twin = measure(text), plain(text)
    cheaper = channel == ChannelName.SMS and twin != text
    return Sight(channel, text, cost.encoding, cost.segments, cost.units, _twin(twin, measure(twin)) if cheaper else None)


def _twin(text: str, cost: Segments) -> Twin:
    return Twin(text, cost.segments, cost.units)


async def _values(
    session: Session, reader: Reader, key: str, participant: str | None
) -> tuple[Mapping[str, object], Sequence[str]]:
    """What the text may say, and what of that is made up."""
    named = values_for(key)
    sample = {name: value for name, value in next(iter(longest_values())).items() if name in named.sure | named.maybe}
    if participant is None:
        return sample, sorted(sample)
    seen = await views.person(session, participant, seen_by=reader.viewer)
    policy, duty = await load_policy(session), await texts.next_duty(session, seen.row, key)
    if duty is not None:
        return await gate.values_of(session, duty, reader.catalogue, policy, reader.now), []
    person = (await recipients.recipients_of(session, [seen.row]))[seen.row]
    known = of_person(person, policy)
    of_a_message = {name: value for name, value in sample.items() if name not in known}
    return of_a_message | known, sorted(of_a_message)
