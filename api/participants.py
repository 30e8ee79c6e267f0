"""People: the list, one person's card, one person's thread."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from api.check_ins import CheckInOut
from api.examples import CARD, MEETING, MESSAGE, PARTICIPANT, SUPPORT, example, page_of
from api.paging import PageOut, Wanted
from api.people import PUBLIC_ID, MeetingOut
from api.problems import responses
from api.security import Reading, Tx
from api.signals import SignalOut
from api.tasks import TaskOut
from medvind.flows import report
from medvind.flows.report import Card, Participant
from medvind.model import AddressState, ChannelName, Milestone, Purpose, Rsvp, Stage, State
from medvind.rules.support import NoEnd
from medvind.store.threads import Direction, Said
from medvind.store.views import Page

router = APIRouter(prefix="/v1/participants", tags=["participants"])
Name = Annotated[str, Path(pattern=PUBLIC_ID, description="The participant's public `id`")]


class ParticipantOut(BaseModel):
    """A person who takes part."""

    model_config = example(PARTICIPANT)

    id: str = Field(description="The public id, good in every address here")
    external_id: str = Field(description="The municipality's own name for them")
    first_name: str
    business_name: str | None
    cohort: str | None
    stage: Stage = Field(description="Follows from the dates; nobody sets it")
    channel: ChannelName | None = Field(description="Where messages go; null: nowhere, there is no yes or no working address")
    stopped: bool = Field(description="They have said no to everything")
    last_heard_at: datetime | None


class ParticipantPage(PageOut[ParticipantOut]):
    """People, by their external id."""

    model_config = page_of(PARTICIPANT)


class MilestoneOut(BaseModel):
    """A named date."""

    name: Milestone
    day: date
    days_since: int = Field(description="From that day to today; below zero while it lies ahead")


class ChannelOut(BaseModel):
    """A way to reach the person. The address itself isn't shown."""

    channel: ChannelName
    state: AddressState
    reason: str | None
    preferred: bool
    since: datetime


class ConsentOut(BaseModel):
    """The last yes or no to one purpose on one channel."""

    purpose: Purpose
    channel: ChannelName
    given: bool
    at: datetime
    how: str


class PlannedOut(BaseModel):
    """A message that will go out, and why."""

    id: str
    kind: str
    due_at: datetime
    state: State
    why: str | None


class InvitedOut(MeetingOut):
    """A meeting that lies ahead, in its own local time."""

    model_config = example(MEETING | {"rsvp": "yes"})

    rsvp: Rsvp | None = Field(description="What the person answered last; null: nothing yet")


class WorkingMonthOut(BaseModel):
    """What a month gives to work in."""

    month: date = Field(description="Its first day")
    working_days: int = Field(description="Without weekends, holidays and holiday weeks")
    lost: int = Field(description="Days that the holiday weeks take")


class SupportOut(BaseModel):
    """How the support stands today."""

    model_config = example(SUPPORT)

    ends_on: date | None = Field(description="The last day, with all extensions; null: there is none, see `no_end`")
    no_end: NoEnd | None = Field(
        None,
        description="Why there is no last day: a pension goes on, the business has not started, or nobody has said what the "
        "person lives on",
    )
    working_days_left: int | None = Field(description="From today, or from the start where that is later, to the last day")
    months: list[WorkingMonthOut] = Field(description="The same, month by month")


class CardOut(BaseModel):
    """What a coach needs before a call, on one page."""

    model_config = example(CARD)

    participant: ParticipantOut
    waiting_days: int | None = Field(description="Days since the course while the money has not come; else null")
    support: SupportOut = Field(description="When the support for starting a business ends, and what is left of it")
    milestones: list[MilestoneOut]
    channels: list[ChannelOut]
    consents: list[ConsentOut]
    messages: list[PlannedOut] = Field(description="The next five that are planned")
    answers: list[CheckInOut] = Field(description="The last ten answers to check-ins, the newest first")
    meetings: list[InvitedOut]
    signal: SignalOut
    tasks: list[TaskOut] = Field(description="What is open on the coach's list")


class MessageOut(BaseModel):
    """Something that was said."""

    model_config = example(MESSAGE)

    id: str
    at: datetime
    direction: Direction
    channel: ChannelName | None
    kind: str = Field(description="Out: what it was about. In: text, button, media …")
    state: str = Field(description="Out: how far it came. In: received")
    text: str | None = Field(description="As it was written or sent; null where it was never written")
    reason: str | None = Field(description="Out: why it did not come through, or may not have; else null")
    by: str | None = Field(None, description="Out: the coach who wrote it by hand; null: Medvind did")
    unread: bool = Field(description="In: a person should read it, and nobody has")


class Thread(PageOut[MessageOut]):
    """What was said, the newest first."""

    model_config = page_of(MESSAGE)


@router.get(
    "",
    operation_id="list_participants",
    summary="The people you follow",
    response_model=ParticipantPage,
    responses=responses(401, 404, 422, 503),
)
async def index(reader: Reading, tx: Tx, wanted: Wanted) -> Page[Participant]:
    """A coach's own people; for a service with the scope `participants:read`, everybody. In the order of external ids."""
    return await report.participants(tx, reader, wanted.after, wanted.limit)


@router.get(
    "/{participant_id}/card",
    operation_id="show_card",
    summary="One person's card",
    response_model=CardOut,
    responses=responses(401, 404, 422, 503),
)
async def card(participant_id: Name, reader: Reading, tx: Tx) -> Card:
    """Dates and days waited, channels, consent, what will be sent, answers, meetings, the signal with its reasons, tasks."""
    return await report.card(tx, reader, participant_id)


@router.get(
    "/{participant_id}/thread",
    operation_id="show_thread",
    summary="One person's thread",
    response_model=Thread,
    responses=responses(401, 404, 422, 503),
)
async def thread(participant_id: Name, reader: Reading, tx: Tx, wanted: Wanted) -> Page[Said]:
    """All that was said on both channels, in one line, the newest first."""
    return await report.thread(tx, reader, participant_id, wanted.after, wanted.limit)
