"""The inbox: what people wrote that only a person can answer; for a lead and an administrator what strangers wrote."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.examples import INCOMING, example, page_of
from api.paging import PageOut, Wanted
from api.people import SomebodyOut
from api.problems import responses
from api.security import Reading, Tx
from medvind.channels import InboundKind
from medvind.flows import report
from medvind.model import ChannelName
from medvind.store.threads import Incoming
from medvind.store.views import Page

router = APIRouter(prefix="/v1/inbox", tags=["inbox"])


class IncomingOut(BaseModel):
    """Something to read."""

    model_config = example(INCOMING)

    id: str
    participant: SomebodyOut | None = Field(None, description="Null: nobody we know")
    sender: str | None = Field(
        None, description="Where a stranger wrote from, so that somebody can find out whose it is; else null"
    )
    at: datetime
    channel: ChannelName
    kind: InboundKind
    meaning: str = Field(
        description="What was made of it: free_text, private_matter, ask_coach, call_me, unreadable, media, too_long, "
        "national_id_seen, unconfirmed_number (a changed number without a JA: it had no effect and no answer), stranger"
    )
    text: str = Field(
        description="As it was written; a national id, a private word and a try at one are blanked before it is kept"
    )


class IncomingPage(PageOut[IncomingOut]):
    """What came in, the newest first."""

    model_config = page_of(INCOMING)


@router.get(
    "",
    operation_id="list_inbox",
    summary="What your people wrote, or what strangers did",
    response_model=IncomingPage,
    responses=responses(401, 404, 422, 503),
)
async def index(reader: Reading, tx: Tx, wanted: Wanted) -> Page[Incoming]:
    """Free text, requests for a call, and what could not be read; the newest first.

    A lead and an administrator see what came from numbers and accounts that belong to nobody, and nothing of anybody's people.
    """
    return await report.inbox(tx, reader, wanted.after, wanted.limit)
