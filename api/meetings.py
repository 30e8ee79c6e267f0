"""Meetings: which there are, who is invited, what they answered, and who came."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from api.examples import ATTENDEE, CAME, MEETING, example, page_of
from api.paging import PageOut, Wanted
from api.people import PUBLIC_ID, MeetingOut, SomebodyOut
from api.problems import responses
from api.repeats import Repeatable
from api.security import Reading, SignedIn, Tx, Writing
from medvind.errors import FieldError
from medvind.flows import attend
from medvind.model import Attendance, Rsvp
from medvind.store import attendance
from medvind.store.attendance import Attendee, Held
from medvind.store.views import Page

MOST = 200
"""People in one call."""

router = APIRouter(route_class=Repeatable, prefix="/v1/meetings", tags=["meetings"])
MeetingName = Annotated[str, Path(pattern=PUBLIC_ID, description="The meeting's public `id`")]


class MeetingPage(PageOut[MeetingOut]):
    """Meetings, the latest on the calendar first."""

    model_config = page_of(MEETING)


class AttendeeOut(BaseModel):
    """Somebody who is invited."""

    model_config = example(ATTENDEE)

    participant: SomebodyOut
    rsvp: Rsvp | None = Field(description="What they answered last; null: nothing yet. `maybe` is an answer too")
    rsvp_at: datetime | None
    attendance: Attendance | None = Field(description="Whether they came; null: not entered. `excused`: they had said so")
    entered_at: datetime | None


class AttendeePage(PageOut[AttendeeOut]):
    """Who is invited, by their external id."""

    model_config = page_of(ATTENDEE)


class CameIn(BaseModel):
    """Whether one person came."""

    model_config = ConfigDict(extra="forbid")

    participant_id: str = Field(pattern=PUBLIC_ID, description="The participant's public `id`")
    attendance: Attendance | None = Field(description="null takes back what was entered")


class AttendanceIn(BaseModel):
    """Who came; who isn't named stays as they are."""

    model_config = ConfigDict(**example(CAME), extra="forbid")

    attendance: list[CameIn] = Field(min_length=1, max_length=MOST)


@router.get(
    "",
    operation_id="list_meetings",
    summary="The meetings of your people",
    response_model=MeetingPage,
    responses=responses(401, 404, 422, 503),
)
async def index(viewer: SignedIn, tx: Tx, wanted: Wanted) -> Page[Held]:
    """Those that you hold or that one of your people is invited to, past ones too, the latest on the calendar first."""
    return await attendance.meetings(tx, seen_by=viewer, after=wanted.after, limit=wanted.limit)


@router.get(
    "/{meeting_id}",
    operation_id="show_meeting",
    summary="One meeting",
    response_model=MeetingOut,
    responses=responses(401, 404, 422, 503),
)
async def show(meeting_id: MeetingName, viewer: SignedIn, tx: Tx) -> Held:
    """When and where. Who is invited stands under `attendees`; `.ics` behind the id is the same as a calendar file."""
    return await attendance.meeting(tx, meeting_id, seen_by=viewer)


@router.get(
    "/{meeting_id}/attendees",
    operation_id="list_attendees",
    summary="Who is invited, and who came",
    response_model=AttendeePage,
    responses=responses(401, 404, 422, 503),
)
async def attendees(meeting_id: MeetingName, viewer: SignedIn, tx: Tx, wanted: Wanted) -> Page[Attendee]:
    """Your own people among those invited, by their external id: what they answered, and whether they came."""
    return await attend.attendees(tx, viewer, meeting_id, wanted.after, wanted.limit)


@router.post(
    "/{meeting_id}/attendance",
    operation_id="enter_attendance",
    summary="Enter who came",
    response_model=AttendeePage,
    responses=responses(401, 404, 422, 503),
)
async def enter(meeting_id: MeetingName, body: AttendanceIn, reader: Reading, tx: Writing) -> Page[Attendee]:
    """From the start of the meeting until the end of the 14th day after it, again and again; the last entry counts.

    Whoever is entered as `no_show` gets one kind word, not before a quarter of an hour after the entry or while they may just
    be late, and not later than two days after the meeting. Take it back before then and nothing is sent. The same call again
    changes nothing. All or nothing: one who is not your own, or not invited, gives 404.
    """
    came = {one.participant_id: one.attendance for one in body.attendance}
    if len(came) < len(body.attendance):
        raise FieldError("participant_id", "somebody is named twice")
    return Page(tuple(await attend.enter(tx, reader.viewer, meeting_id, came, reader.now)))
