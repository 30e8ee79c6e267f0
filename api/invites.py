"""A code for one person: it joins their Telegram account, or another one in its place; by hand, or by SMS."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.examples import INVITE_WISH, INVITED, SENT_INVITE, example
from api.house import Home
from api.participants import Name
from api.problems import responses
from api.repeats import Repeatable
from api.security import Reading, Writing
from medvind.flows import join

router = APIRouter(route_class=Repeatable, prefix="/v1/participants/{participant_id}/invite", tags=["participants"])


class InviteIn(BaseModel):
    """What the code is for."""

    model_config = ConfigDict(**example(INVITE_WISH), extra="forbid")

    change: bool = Field(default=False, strict=True, description="For another account than the one that is joined")


class InviteOut(BaseModel):
    """A code, shown this once."""

    model_config = example(INVITED)

    code: str = Field(description="Good once; earlier codes of this person are good no more")
    link: str | None = Field(description="The same as a link that opens Telegram; null where the bot's name is not known")
    expires_at: datetime
    change: bool


class SentOut(BaseModel):
    """A code is on its way to the person's phone. It is not shown here."""

    model_config = example(SENT_INVITE)

    expires_at: datetime


@router.post(
    "/sms",
    status_code=202,
    operation_id="send_telegram_code",
    summary="Send a code that joins a Telegram account by SMS",
    responses=responses(401, 404, 422, 503),
)
async def send(participant_id: Name, reader: Reading, tx: Writing) -> SentOut:
    """For one of your own people whose number has said yes: good once, for a first account, for 24 hours.

    Earlier codes are good no more, and the wish for Telegram goes from your list. Refused at hours at which nothing is sent,
    and within 15 minutes after another code.
    """
    return SentOut(expires_at=await join.send_code(tx, reader.viewer, participant_id, reader.now))


@router.post(
    "",
    status_code=201,
    operation_id="invite_to_telegram",
    summary="A code that joins a Telegram account",
    responses=responses(401, 404, 422, 503),
)
async def post(participant_id: Name, reader: Reading, tx: Writing, house: Home, wish: InviteIn | None = None) -> InviteOut:
    """For one of your own people; give it to them yourself. Whoever brings it to the bot first is joined.

    Where an account is joined already, only a code made for a change puts another one in its place, and the old one is
    written to no more.
    """
    change = wish is not None and wish.change
    made = await join.invite(tx, reader.viewer, participant_id, reader.now, change=change)
    link = f"https://t.me/{house.bot_name}?start={made.code}" if house.bot_name else None
    return InviteOut(code=made.code, link=link, expires_at=made.expires_at, change=made.change)
