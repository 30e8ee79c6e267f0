"""Calendar files: one meeting for a coach, and the private feed that a participant's calendar program fetches."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, Field

from api.examples import FEED, example
from api.house import Home
from api.participants import Name
from api.people import PUBLIC_ID
from api.problems import responses
from api.repeats import Repeatable
from api.security import Reading, SignedIn, Tx, Writing
from medvind.flows import calendar

router = APIRouter(route_class=Repeatable, tags=["calendar"])
feeds = APIRouter()
"""What calendar programs fetch: they send no token, so the secret in the path is the key. No part of the coaches' document."""
MeetingName = Annotated[str, Path(pattern=PUBLIC_ID, description="The meeting's public `id`")]


class CalendarFile(Response):
    """An iCalendar file."""

    media_type = "text/calendar"


class FeedOut(BaseModel):
    """Where a participant's calendar lies."""

    model_config = example(FEED)

    url: str = Field(description="Shown this once. Whoever has it sees when and where the meetings are, and nothing else")


@router.get(
    "/v1/meetings/{meeting_id}.ics",
    operation_id="show_meeting_file",
    summary="One meeting as a calendar file",
    response_class=CalendarFile,
    responses=responses(401, 404, 422, 503),
)
async def meeting(meeting_id: MeetingName, reader: Reading, tx: Tx) -> CalendarFile:
    """A meeting that you hold or that one of your people is invited to, with its title.

    Fetched again after a change it has the same UID and a higher SEQUENCE, so a calendar changes what it has.
    """
    file = await calendar.meeting_file(tx, reader, meeting_id)
    return CalendarFile(file, headers={"Content-Disposition": 'attachment; filename="meeting.ics"'})


@router.post(
    "/v1/participants/{participant_id}/calendar",
    operation_id="give_calendar",
    summary="A new private calendar for one person",
    status_code=201,
    response_model=FeedOut,
    responses=responses(401, 404, 422, 503),
)
async def give(participant_id: Name, viewer: SignedIn, house: Home, tx: Writing) -> dict[str, Any]:
    """Its address, which you hand over yourself: a calendar program subscribes to it. It never goes by SMS.

    An earlier address of this person is dead from then on, so a call that is made twice leaves one. The calendar holds the
    meetings of the last 30 and of all coming days: when and where, without titles and without alarms.
    """
    return {"url": await calendar.give_feed(tx, viewer, participant_id, house.public_url, house.clock.now())}


@router.delete(
    "/v1/participants/{participant_id}/calendar",
    operation_id="end_calendar",
    summary="End the private calendar of one person",
    status_code=204,
    responses=responses(401, 404, 422, 503),
)
async def end(participant_id: Name, viewer: SignedIn, tx: Writing) -> None:
    """Its address is dead at once. Where there is none nothing changes."""
    await calendar.end_feed(tx, viewer, participant_id)


@feeds.get("/calendar/{secret}.ics")
async def feed(secret: str, house: Home) -> CalendarFile:
    """One person's meetings. An unknown, an ended and a misspelt secret give the same 404."""
    async with house.db.read() as session:
        return CalendarFile(await calendar.feed_file(session, secret, house.clock.now()))
