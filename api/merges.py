"""Two records of one person: what joining them would do, joining them, and taking them apart again."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from api.examples import APART, MERGE, MERGE_LOOK, MERGE_WISH, MERGED, example, page_of
from api.paging import PageOut
from api.participants import Name
from api.people import PUBLIC_ID
from api.problems import responses
from api.repeats import Repeatable
from api.security import Reading, Tx, Writing
from medvind.flows import merging
from medvind.flows.merging import Apart, Done, Look
from medvind.model import ChannelName
from medvind.rules.merging import Whose
from medvind.store.merging import Merged
from medvind.store.views import Page

router = APIRouter(route_class=Repeatable, prefix="/v1/participants/{participant_id}/merges", tags=["participants"])
MergeName = Annotated[str, Path(pattern=PUBLIC_ID, description="The merge's `id`")]
Other = Annotated[str, Query(pattern=PUBLIC_ID, description="The `id` of the record that would be joined to this one")]


class RecordOut(BaseModel):
    """A record, by the names that say nothing of the person."""

    id: str
    external_id: str


class UnlikeOut(BaseModel):
    """Something that the two records say differently. What the one that is kept says holds."""

    what: str = Field(description="Such as `coach`, `cohort`, `programme`, `language`, or a date's name")
    kept: str | None = Field(description="What the record that is kept says; null: it isn't shown, or nothing")
    other: str | None = Field(description="What the other one says")


class CountsOut(BaseModel):
    """How much moves."""

    messages_in: int
    messages_out: int
    answers: int
    meetings: int
    tasks: int
    pauses: int


class LookOut(BaseModel):
    """What joining two records does."""

    model_config = example(MERGE_LOOK)

    kept: RecordOut
    other: RecordOut
    differences: list[UnlikeOut]
    written_to: dict[ChannelName, Whose] = Field(
        description="Whose address is used on each channel; what comes from the other one's is heard all the same"
    )
    stopped: bool = Field(description="One of them has said no to everything, and that holds: nothing will be sent")
    on_its_way: bool = Field(description="A message is just being sent, so it can't be done this moment")
    moves: CountsOut
    cancels: int = Field(description="Planned messages of the other record; what is owed is planned anew in one plan")


class MergeIn(BaseModel):
    """What is to be joined."""

    model_config = ConfigDict(**example(MERGE_WISH), extra="forbid")

    other_id: str = Field(pattern=PUBLIC_ID, description="The `id` of the record that becomes part of this one")


class MergedOut(BaseModel):
    """Two records, joined."""

    model_config = example(MERGED)

    id: str = Field(description="By it this can be undone within 30 days")
    look: LookOut


class MergeOut(BaseModel):
    """One merge, as it is kept."""

    model_config = example(MERGE)

    id: str
    kept: RecordOut
    other: RecordOut
    at: datetime
    made_by: str = Field(description="The id of the token that asked for it")
    undone_at: datetime | None
    undone_by: str | None


class MergePage(PageOut[MergeOut]):
    """What was joined to one record, the last first; all of it on one page."""

    model_config = page_of(MERGE)


class ApartOut(BaseModel):
    """Two records, each for itself again."""

    model_config = example(APART)

    kept: RecordOut
    other: RecordOut
    came: int = Field(description="Messages that have come since; they stay with the record that was kept")
    went: int = Field(description="Messages that have gone since; they stay there too")
    not_again: int = Field(description="Of them those that the other record is not owed again: its address has had them")
    carried: bool = Field(description="A stop or a pause from that time holds for both")


@router.get(
    "",
    operation_id="list_merges",
    summary="What was joined to a record",
    response_model=MergePage,
    responses=responses(401, 404, "merged", 422, 503),
)
async def index(participant_id: Name, reader: Reading, tx: Tx) -> Page[Merged]:
    """Who joined what to this record and when, undone or not. For one of your own people; an administrator asks of anybody."""
    return Page(tuple(await merging.merges(tx, reader.viewer, participant_id)))


@router.get(
    "/look",
    operation_id="look_at_merge",
    summary="What joining two records would do",
    response_model=LookOut,
    responses=responses(401, 404, "merged", 422, 503),
)
async def look(participant_id: Name, other_id: Other, reader: Reading, tx: Tx) -> Look:
    """Where the two differ, what is written to, what would move and what would be cancelled. Nothing is done."""
    return await merging.look(tx, reader.viewer, participant_id, other_id)


@router.post(
    "",
    status_code=201,
    operation_id="merge",
    summary="Join another record of the same person to this one",
    response_model=MergedOut,
    responses=responses(401, 404, "merged", 422, 503),
)
async def post(participant_id: Name, wish: MergeIn, reader: Reading, tx: Writing) -> Done:
    """All that was said and asked becomes one thread, there is one plan, and nothing is sent twice. A stop of either holds.

    Both must be your own people; an administrator joins anybody's. Refused while a message to one of them is on its way.
    """
    return await merging.merge(tx, reader.viewer, participant_id, wish.other_id, reader.now)


@router.delete(
    "/{merge_id}",
    operation_id="undo_merge",
    summary="Take two records apart again",
    response_model=ApartOut,
    responses=responses(401, 404, "merged", 422, 503),
)
async def undo(participant_id: Name, merge_id: MergeName, reader: Reading, tx: Writing) -> Apart:
    """Both are again exactly what they were. What has come and gone since stays here, and the answer says how much.

    Refused where that can't be exact any more: after 30 days, where another record was joined since, where an address has
    changed or somebody has said yes.
    """
    return await merging.undo(tx, reader.viewer, participant_id, merge_id, reader.now)
