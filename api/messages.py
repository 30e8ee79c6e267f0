"""What a coach writes to a person by hand."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.examples import WRITING, WRITTEN, example
from api.faults import say
from api.participants import Name
from api.people import PUBLIC_ID
from api.problems import responses
from api.repeats import Repeatable
from api.security import Reading, Writing
from medvind.flows import write
from medvind.flows.report import Reader
from medvind.model import ChannelName

router = APIRouter(route_class=Repeatable, prefix="/v1/participants/{participant_id}/messages", tags=["participants"])


class WritingIn(BaseModel):
    """Words of your own."""

    model_config = ConfigDict(**example(WRITING), extra="forbid")

    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=write.LONGEST)]
    channel: ChannelName | None = Field(None, description="null: the way that messages go to this person")
    answers: Annotated[str, StringConstraints(pattern=PUBLIC_ID)] | None = Field(
        None,
        description="The `id` of what you had before you: what came after it stays unread, and where it is a question to your "
        "network, that is answered. null: all that they have written counts as read",
    )


class DraftOut(BaseModel):
    """What would leave."""

    model_config = example({name: value for name, value in WRITTEN.items() if name != "id"})

    channel: ChannelName
    text: str = Field(description="As it leaves: with your name, and by SMS without typographic signs")
    due_at: datetime = Field(description="When it leaves; later than now: it waits for the end of the quiet hours")
    valid_until: datetime = Field(description="What could not be sent by then stands on your list instead")
    segments: int | None = Field(description="How many SMS it fills; null in Telegram")
    price: int | None = Field(None, description="What they cost, in øre by the setting `sms_price`; null: nobody has said")
    warnings: list[str] = Field(description="What an SMS should not say, such as an address or an amount. It goes all the same")


class WrittenOut(DraftOut):
    """What will leave."""

    model_config = example(WRITTEN)

    id: str = Field(description="The same in the thread")


@router.post(
    "/preview",
    operation_id="preview_message",
    summary="See how a message would leave",
    responses=responses(401, 404, 422, 503),
)
async def preview(participant_id: Name, wish: WritingIn, reader: Reading, tx: Writing) -> DraftOut:
    """How these words would be read, when they would leave, how many SMS they fill and what those cost. Nothing is owed.

    Refused is what `write_message` refuses.
    """
    return DraftOut(**_shown(await write.draft(tx, reader, participant_id, wish.text, wish.channel), reader))


@router.post(
    "",
    status_code=201,
    operation_id="write_message",
    summary="Write to a person",
    responses=responses(401, 404, 422, 503),
)
async def post(participant_id: Name, wish: WritingIn, reader: Reading, tx: Writing) -> WrittenOut:
    """To one of your own people who has said yes: at once, or when the quiet hours end; at any hour to who has just written.

    Reminders wait for half an hour after it, but for a deadline of the next days. Refused are a person who has said STOP or
    has no confirmed address, a CPR number, more than 6 SMS or 4,096 signs, and the 21st message to one person in 24 hours.
    """
    message, made = await write.write(tx, reader, participant_id, wish.text, wish.channel, wish.answers)
    return WrittenOut(id=message, **_shown(made, reader))


def _shown(made: write.Draft, reader: Reader) -> dict[str, Any]:
    return {
        "channel": made.channel,
        "text": made.text,
        "due_at": made.due_at,
        "valid_until": made.valid_until,
        "segments": made.cost.segments if made.cost else None,
        "price": made.price,
        "warnings": [say(one, reader.language) for one in made.warnings],
    }
