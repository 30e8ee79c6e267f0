"""What somebody would read: words as they come out on each channel, with a person's own facts or with the longest values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from medvind.errors import FieldError, UnreadableError, WordsRefusedError
from medvind.flows import gate, reword
from medvind.flows.filling import home_day, of_person
from medvind.flows.plan import load_policy
from medvind.flows.report import Reader
from medvind.flows.said import ANSWER_WITHIN
from medvind.model import ChannelName, Language, PublicId, RecipientType
from medvind.rules.segments import Segments, measure, plain, price_of
from medvind.rules.wording import Words, reading_ease
from medvind.saying import Saying
from medvind.store import recipients, texts, views
from medvind.store import words as own
from medvind.store.database import Session
from medvind.texts import Catalogue, Own, check, longest_values, values_for

TRY = "coach_preview"
MOST_TRIES, A_DAY = 10, timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Twin:
    """The same text in signs that an SMS carries cheaply."""

    text: str
    segments: int
    units: int
    price: int | None


@dataclass(frozen=True, slots=True)
class Sight:
    """The text on one channel, and what it costs as an SMS; `plain` where signs without need make it dearer.

    `price` is in øre; None in Telegram, and where nobody has said what a segment costs.
    """

    channel: ChannelName
    text: str
    encoding: str
    segments: int
    units: int
    price: int | None
    plain: Twin | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What comes out, and what is wrong with the words by field. `sampled` are the values that are made up.

    No channel shows what can't be written: `missing` says which value there is none for.
    """

    version: str | None
    faults: Mapping[str, Sequence[Saying]]
    missing: Saying | None
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
    each = (await load_policy(session)).segment_price
    sights, missing = (
        _look(reader.catalogue, Own(key, language, shown.number, said), values, each) if checked.readable else ([], None)
    )
    ease = round(reading_ease(sights[0].text), 1) if sights else None
    return Preview(None if words else shown.version, checked.faults, missing, sampled, ease, sights)


@dataclass(frozen=True, slots=True)
class Tried:
    """A text as it goes to the coach's own phone, and how many SMS it fills."""

    id: PublicId
    text: str
    segments: int


async def send(
    session: Session,
    reader: Reader,
    key: str,
    language: Language,
    *,
    words: Words | None = None,
    number: int | None = None,
    participant: str | None = None,
) -> Tried:
    """Sends the same by SMS to whoever asks, marked as a try: only there one sees what a phone makes of it.

    Raises NotFoundError as `preview` does, and FieldError where there is no phone of theirs, where the words may not go
    out or can't be written, and where ten have gone within 24 hours.
    """
    coach = reader.viewer.coach_id
    phone = (await recipients.coach_phones(session, [coach]))[coach] if coach is not None else None
    if coach is None or phone is None:
        raise FieldError("phone", "this token has no phone; 'medvind token create --email … --phone …' enters one")
    shown = await preview(session, reader, key, language, words=words, number=number, participant=participant)
    if shown.faults:
        raise WordsRefusedError(key, shown.faults)
    if shown.missing is not None:
        raise FieldError("participant_id", shown.missing)
    if await own.written(session, coach, TRY, reader.now - A_DAY) >= MOST_TRIES:
        raise FieldError(
            "key", "{most} tries have gone to your phone within 24 hours; look at the preview here", most=MOST_TRIES
        )
    mark = reader.catalogue.render(TRY, reader.language, ChannelName.SMS, {}).text
    text = plain(f"{mark} {shown.channels[0].text}")
    to, until = (RecipientType.COACH, coach), reader.now + ANSWER_WITHIN
    when = {"now": reader.now, "due_at": reader.now, "valid_until": until}
    made = await own.owe(session, to, coach, ChannelName.SMS, text, kind=TRY, subject={}, **when)
    return Tried(made, text, measure(text).segments)


def _look(catalogue: Catalogue, own: Own, values: Mapping[str, object], each: int | None) -> tuple[list[Sight], Saying | None]:
    """On each channel; or why it can't be written."""
    worn = catalogue.wearing([own])
    try:
        written = {channel: worn.render(own.key, own.language, channel, values).text for channel in ChannelName}
    except UnreadableError as error:
        return [], error.faults[0]
    return [_sight(channel, written[channel], each) for channel in (ChannelName.SMS, ChannelName.TELEGRAM)], None


def _sight(channel: ChannelName, text: str, each: int | None) -> Sight:
    cost, twin, by_sms = measure(text), plain(text), channel == ChannelName.SMS
    price = price_of(cost, each) if by_sms else None
    cheaper = _twin(twin, measure(twin), each) if by_sms and twin != text else None
    return Sight(channel, text, cost.encoding, cost.segments, cost.units, price, cheaper)


def _twin(text: str, cost: Segments, each: int | None) -> Twin:
    return Twin(text, cost.segments, cost.units, price_of(cost, each))


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
    person = (await recipients.recipients_of(session, [seen.row], home_day(reader.now)))[seen.row]
    known = of_person(person, policy, key, {}, reader.now)
    of_a_message = {name: value for name, value in sample.items() if name not in known}
    return of_a_message | known, sorted(of_a_message)
