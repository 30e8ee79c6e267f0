"""What is kept of a person, for their own eyes."""

from fastapi import APIRouter, Response

from api.participants import Name
from api.problems import responses
from api.security import Reading, Tx
from medvind.flows import own_data

router = APIRouter(prefix="/v1/participants/{participant_id}/export", tags=["participants"])


class OwnData(Response):
    """A JSON file."""

    media_type = "application/json"


@router.get(
    "",
    operation_id="export_participant",
    summary="All that is kept of one person",
    response_class=OwnData,
    responses=responses(401, 404, 422, 503),
)
async def show(participant_id: Name, reader: Reading, tx: Tx) -> OwnData:
    """The copy that article 15 of the GDPR gives them, by table, the oldest first; words and numbers stand in clear.

    Hand it over yourself or by Digital Post, never into a chat, and delete it afterwards.
    """
    file = await own_data.copy_for(tx, reader.viewer, participant_id, reader.now)
    return OwnData(file, headers={"Content-Disposition": 'attachment; filename="own-data.json"', "Cache-Control": "no-store"})
