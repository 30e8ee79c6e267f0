"""The inbox: what people wrote that only a person can answer; for a lead and an administrator what strangers wrote."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from api.examples import INCOMING, example, page_of
from api.paging import PageOut, Wanted
from api.people import PUBLIC_ID, SomebodyOut
from api.problems import responses
from api.repeats import Repeatable
from api.security import Reading, Tx, Writing
from medvind.channels import InboundKind
from medvind.flows import report
from medvind.model import ChannelName
from medvind.store import unread as store
from medvind.store.threads import Incoming
from medvind.store.views import Page

router = APIRouter(route_class=Repeatable, prefix="/v1/inbox", tags=["inbox"])

MessageName = Annotated[str, Path(pattern=PUBLIC_ID, description="The message's `id`, also that of a thread")]


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
        description="What was made of it: free_text, half_yes (a JA or NEJ with a but, and they were asked which), maybe_stop, "
        "yes_with_words, no_with_words, which_with_words (an answer, and more is told or asked beside it), "
        "slip (a finger beside the key where something was asked, and they were asked again), "
        "private_matter, ask_coach, call_me, danger_now, danger_today, unreadable, media, too_long, national_id_seen, "
        "unconfirmed_number (a changed number without a JA: it had no effect and no answer), stranger"
    )
    text: str = Field(
        description="As it was written; a national id, a private word and a try at one are blanked before it is kept"
    )
    unread: bool = Field(description="Nobody has read it yet, as far as anybody has said")


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
async def index(
    reader: Reading,
    tx: Tx,
    wanted: Wanted,
    *,
    unread: Annotated[bool, Query(description="`true`: only what nobody has read yet")] = False,
) -> Page[Incoming]:
    """Free text, requests for a call, and what could not be read; the newest first. To look at it is not to have read it.

    A lead and an administrator see what came from numbers and accounts that belong to nobody, and nothing of anybody's people.
    """
    return await report.inbox(tx, reader, wanted.after, wanted.limit, unread=unread)


@router.post(
    "/{message_id}/read",
    status_code=204,
    operation_id="mark_read",
    summary="Somebody has read it",
    responses=responses(401, 404, 422, 503),
)
async def read(message_id: MessageName, reader: Reading, tx: Writing) -> None:
    """One message of your own people, or of whom you stand in for; for a lead and an administrator one of a stranger's.

    From then on nobody is told that it is unread, but a question to your network is yours until it is answered. The first
    time counts; doing it again is harmless. Your own words to the person, and a task about it that is done, say the same.
    """
    await store.read(tx, message_id, seen_by=reader.viewer, now=reader.now)
