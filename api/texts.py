"""What Medvind says, and a municipality's own words for it: seen by everybody here, changed by admins, without a deployment."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from api.examples import DIFFERENCE, PREVIEW, PREVIEW_WISH, TEXT, TEXT_LINE, TRIED, WORDING, WORDS, example, page_of
from api.faults import Told, told
from api.paging import PageOut, Wanted
from api.people import PUBLIC_ID
from api.problems import responses
from api.repeats import Repeatable
from api.security import Reading, Tx, Writing
from medvind.flows import preview, reword
from medvind.flows.preview import Tried
from medvind.flows.reword import Difference, Standing
from medvind.model import ChannelName, Language
from medvind.rules.wording import Words

router = APIRouter(route_class=Repeatable, prefix="/v1/texts", tags=["texts"])
LONGEST = 1200
MOST = 1_000_000
Key = Annotated[str, Path(pattern=r"^[a-z0-9_]{1,60}$", description="The text's name")]
Number = Annotated[int, Path(ge=0, le=MOST, description="The version's number; 0 is what Medvind ships")]


class WordingOut(BaseModel):
    """One version. Its words never change."""

    model_config = example(WORDING)

    number: int = Field(description="0 is what Medvind ships, as it is now")
    version: str = Field(description="How it is named beside each message that was written with it")
    state: Standing = Field(description="`draft` waits, `live` is sent, `past` was live or was passed by")
    text: str = Field(description="The words, with values in braces")
    telegram: str | None = Field(description="Others for Telegram; null: the same")
    as_shipped: bool = Field(description="It says what Medvind ships, and follows where that changes")
    copy_of: int | None = Field(description="The version that was gone back to; else null")
    made_at: datetime | None
    made_by: str | None = Field(description="The id of the token that made it, as `medvind token list` shows it")
    live_at: datetime | None
    fault: Told | None = Field(description="Why these words can't go out any more; then what is shipped goes out instead")


class HistoryOut(BaseModel):
    """A text in one language."""

    live: WordingOut
    draft: WordingOut | None = Field(description="The newest that waits; null: there is none")


class WholeHistoryOut(HistoryOut):
    """The same with all versions."""

    versions: list[WordingOut] = Field(description="The newest first; the last is what Medvind ships")


class TextLineOut(BaseModel):
    """A text, and what holds for it."""

    model_config = example(TEXT_LINE)

    key: str
    always: list[str] = Field(description="The values that it may name")
    sometimes: list[str] = Field(description="Those that may be missing: `{% if coach_phone is defined %} … {% endif %}`")
    languages: Mapping[Language, HistoryOut]


class TextOut(TextLineOut):
    """A text with all its versions."""

    model_config = example(TEXT)

    languages: Mapping[Language, WholeHistoryOut]


class TextPage(PageOut[TextLineOut]):
    """Texts, by their name."""

    model_config = page_of(TEXT_LINE)


class WordsIn(BaseModel):
    """Words for a text."""

    model_config = ConfigDict(**example(WORDS), extra="forbid")

    text: str = Field(min_length=1, max_length=LONGEST, description="At most one SMS in every form that it can take")
    telegram: str | None = Field(None, min_length=1, max_length=LONGEST, description="Others for Telegram; null: the same")

    def words(self) -> Words:
        """As the rules know them."""
        return Words(_one_end(self.text), None if self.telegram is None else _one_end(self.telegram))


class DifferenceOut(BaseModel):
    """What turns one version into another."""

    model_config = example(DIFFERENCE)

    before: str
    after: str
    lines: list[str] = Field(description="As `diff -u` writes it; empty where both say the same")


class PreviewIn(BaseModel):
    """What is to be shown: words that are not kept yet, or a version; without either, what holds."""

    model_config = ConfigDict(**example(PREVIEW_WISH), extra="forbid")

    words: WordsIn | None = None
    number: int | None = Field(None, ge=0, le=MOST, description="A version; ignored where there are words")
    participant_id: str | None = Field(
        None, pattern=PUBLIC_ID, description="One of your own people, whose facts are used; without one, the longest values are"
    )


class TwinOut(BaseModel):
    """The same text in signs that an SMS carries cheaply."""

    text: str
    segments: int
    units: int
    price: int | None = Field(None, description="What it costs then, in øre")


class SightOut(BaseModel):
    """The text on one channel."""

    channel: ChannelName
    text: str
    encoding: str = Field(description="`GSM-7`, or `UCS-2` where one sign needs it: then less than half fits")
    segments: int = Field(description="How many SMS it fills")
    units: int
    price: int | None = Field(
        None, description="What it costs to send, in øre by the setting `sms_price`; null: in Telegram, or nobody has said"
    )
    plain: TwinOut | None = Field(description="Its plain twin, where a sign makes it dearer; null: there is none")


class PreviewOut(BaseModel):
    """What somebody would read."""

    model_config = example(PREVIEW)

    version: str | None = Field(description="null: the words are not kept")
    faults: dict[str, list[Told]] = Field(description="What `POST` would refuse these words for, by field")
    missing: Told | None = Field(None, description="Why it can't be written with these facts; then it would not be sent either")
    sampled: list[str] = Field(description="The values that are made up, the longest there are")
    reading_ease: float | None = Field(None, description="LIX: to 24 very easy, 25 to 34 easy, from 45 on hard")
    channels: list[SightOut]


class TriedOut(BaseModel):
    """What is on its way to your phone."""

    model_config = example(TRIED)

    id: str
    text: str = Field(description="With the mark before it, in signs that an SMS carries cheaply")
    segments: int = Field(description="How many SMS it fills, the mark included")


@router.get("", operation_id="list_texts", summary="All texts", responses=responses(401, 404, 422, 503))
async def index(reader: Reading, tx: Tx, wanted: Wanted) -> TextPage:
    """Every text in every language with the words that hold, the draft that waits and the values that it may name."""
    return told(TextPage, await reword.every(tx, wanted.after, wanted.limit), reader.language)


@router.get("/{key}", operation_id="show_text", summary="One text", responses=responses(401, 404, 422, 503))
async def show(key: Key, reader: Reading, tx: Tx) -> TextOut:
    """One text with all its versions, who made them and when they went live."""
    return told(TextOut, await reword.one(tx, key), reader.language)


@router.post(
    "/{key}/{language}/versions",
    status_code=201,
    operation_id="save_text",
    summary="Write a draft",
    responses=responses(401, "not-allowed", 404, 409, 422, 503),
)
async def save(key: Key, language: Language, body: WordsIn, reader: Reading, tx: Writing) -> WordingOut:
    """Keeps new words as a draft, for an admin. Words that may not go out are refused, each fault with its cure.

    Looked at is every way through them with the longest values: one SMS of the cheap alphabet, no address, no amount, nothing
    confidential, no word of health, no value that isn't there. The same words again change nothing.
    """
    made = await reword.save(tx, reader.viewer, key, language, body.words(), reader.now)
    return told(WordingOut, made, reader.language)


@router.post(
    "/{key}/{language}/versions/{number}/live",
    operation_id="make_text_live",
    summary="Make a version live",
    responses=responses(401, "not-allowed", 404, 409, 422, 503),
)
async def make_live(key: Key, language: Language, number: Number, reader: Reading, tx: Writing) -> WordingOut:
    """From now on messages are written with it, also those that are planned already. For an admin; again is harmless.

    A version that was live before comes back as a new one with the same words. 0 goes back to what Medvind ships.
    """
    holds = await reword.make_live(tx, reader.viewer, key, language, number, reader.now)
    return told(WordingOut, holds, reader.language)


@router.get(
    "/{key}/{language}/difference",
    operation_id="compare_texts",
    summary="Compare two versions",
    response_model=DifferenceOut,
    responses=responses(401, 404, 422, 503),
)
async def difference(
    key: Key,
    language: Language,
    _reader: Reading,
    tx: Tx,
    before: Annotated[int, Query(ge=0, le=MOST, description="The number of the one")],
    after: Annotated[int, Query(ge=0, le=MOST, description="The number of the other")],
) -> Difference:
    """What turns the one into the other, line by line."""
    return await reword.difference(tx, key, language, before, after)


@router.post(
    "/{key}/{language}/preview",
    operation_id="preview_text",
    summary="See what would be read",
    responses=responses(401, 404, 422, 503),
)
async def look(key: Key, language: Language, body: PreviewIn, reader: Reading, tx: Tx) -> PreviewOut:
    """The words on each channel, with the parts that an SMS would fill. Nothing is kept, and nothing is sent.

    With a `participant_id` a coach sees them with that person's own facts.
    """
    words = body.words.words() if body.words else None
    seen = await preview.preview(tx, reader, key, language, words=words, number=body.number, participant=body.participant_id)
    return told(PreviewOut, seen, reader.language)


@router.post(
    "/{key}/{language}/preview/send",
    status_code=202,
    operation_id="try_text",
    summary="Send it to your own phone",
    response_model=TriedOut,
    responses=responses(401, 404, 422, 503),
)
async def try_it(key: Key, language: Language, body: PreviewIn, reader: Reading, tx: Writing) -> Tried:
    """The same words as one SMS to the phone that stands for you here, marked as a try, ten times in 24 hours at most.

    Words that may not go out as a text don't go to your phone either. Refused too where no phone is known of you.
    """
    words = body.words.words() if body.words else None
    return await preview.send(tx, reader, key, language, words=words, number=body.number, participant=body.participant_id)


def _one_end(words: str) -> str:
    """Lines end in the same way, whatever they were written on."""
    return words.replace("\r\n", "\n")
