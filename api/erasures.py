"""Erasing one person, looking first at what would go, and keeping somebody for a case."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.examples import ERASED, ERASURE, example
from api.participants import Name
from api.problems import responses
from api.repeats import Repeatable
from api.security import Reading, Tx, Writing
from medvind.flows import erase
from medvind.flows.erase import Preview
from medvind.rules.erasing import EraseReason
from medvind.store.erasures import Erased

router = APIRouter(route_class=Repeatable, prefix="/v1/participants/{participant_id}", tags=["participants"])


class ErasureOut(BaseModel):
    """What erasing somebody would take."""

    model_config = example(ERASURE)

    external_id: str = Field(description="The municipality's own name for them: is it the right person?")
    rows: dict[str, int] = Field(description="How many rows would go, by table")
    copies: int = Field(description="How many messages would be deleted at Twilio")
    asked_at: datetime | None = Field(description="When they wrote SLET MIG; null: they have not, or have taken it back")
    not_before: datetime | None = Field(description="Until then they can take it back by BEHOLD")
    held_at: datetime | None = Field(description="Since when they are kept for a case, and can't be erased; null: they are not")
    code: str = Field(description="To be given back with the call that erases this very person")


class ErasedOut(BaseModel):
    """The proof that somebody was erased. Nothing in it says who they were."""

    model_config = example(ERASED)

    id: str = Field(description="What their public `id` was; it leads nowhere any more")
    at: datetime
    reason: EraseReason
    rows: dict[str, int] = Field(description="How many rows went, by table")
    copies: int = Field(
        description="How many messages are deleted at Twilio: it begins within minutes, and is tried until done"
    )


@router.get(
    "/erasure",
    operation_id="preview_erasure",
    summary="What erasing somebody would take",
    response_model=ErasureOut,
    responses=responses(401, 404, 422, 503),
)
async def show(participant_id: Name, reader: Reading, tx: Tx) -> Preview:
    """Changes nothing. A coach looks at their own people, an administrator at anybody: counts, and no content."""
    return await erase.preview(tx, reader.viewer, participant_id)


@router.delete(
    "",
    operation_id="erase_participant",
    summary="Erase one person for good",
    response_model=ErasedOut,
    responses=responses(401, "not-allowed", 404, 409, 422, 503),
)
async def delete(
    participant_id: Name,
    reader: Reading,
    tx: Writing,
    code: Annotated[str, Query(max_length=40, description="From `preview_erasure`, so that it is the right person")],
    filed: Annotated[
        Literal["true"], Query(description="`true`: what the law wants kept (see `export_participant`) lies in the case system")
    ],
    reason: Annotated[
        EraseReason | None, Query(description="Only from an administrator: why, where they have not asked")
    ] = None,
) -> Erased:
    """Messages, plan, addresses, answers, notes, tasks: all of it, at once, with no way back. Again, it answers the same.

    Tell them first, as SLET MIG has promised: afterwards nobody can. A coach erases whoever has written SLET MIG, once the day
    to regret it is over; an administrator also for a `reason`. Counts stay, without a name. What Twilio keeps is deleted there;
    the chat in their own Telegram is theirs to delete.
    """
    del filed
    return await erase.erase_for(tx, reader.viewer, participant_id, code, reason, reader.now)


@router.put(
    "/hold",
    status_code=204,
    operation_id="hold_participant",
    summary="Keep somebody for a case",
    responses=responses(401, 404, 422, 503),
)
async def hold(participant_id: Name, reader: Reading, tx: Writing) -> None:
    """While somebody has asked to see the case, or a complaint runs, nobody erases them. Doing it again is harmless."""
    await erase.hold(tx, reader.viewer, participant_id, reader.now)


@router.delete(
    "/hold",
    status_code=204,
    operation_id="end_hold",
    summary="Keep them no longer",
    responses=responses(401, "not-allowed", 404, 422, 503),
)
async def end_hold(participant_id: Name, reader: Reading, tx: Writing) -> None:
    """For administrators: a case is not the coach's to close. Doing it again is harmless."""
    await erase.end_hold(tx, reader.viewer, participant_id)
