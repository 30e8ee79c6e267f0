"""Signals: who could use a call, with the facts that say so."""

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.examples import SIGNAL, SOMEBODY, example, page_of
from api.paging import PageOut, Wanted
from api.people import SomebodyOut
from api.problems import responses
from api.security import Reading, Tx
from medvind.flows import report
from medvind.flows.report import Standing
from medvind.rules.signals import Level
from medvind.store.views import Page

router = APIRouter(prefix="/v1/signals", tags=["signals"])


class ReasonOut(BaseModel):
    """One fact, as a sentence."""

    kind: str
    text: str | None


class SignalOut(BaseModel):
    """A level, never without the facts that made it."""

    model_config = example(SIGNAL)

    level: Level = Field(description="How soon to look. No order among people follows from it")
    reasons: list[ReasonOut]
    table_version: str = Field(description="The version of the rule that read the facts")


class StandingOut(BaseModel):
    """Somebody who could use a call, and why."""

    participant: SomebodyOut
    signal: SignalOut


class StandingPage(PageOut[StandingOut]):
    """Who could use a call, by their external id."""

    model_config = page_of({"participant": SOMEBODY, "signal": SIGNAL})


@router.get(
    "",
    operation_id="list_signals",
    summary="Who could use a call",
    response_model=StandingPage,
    responses=responses(401, 404, 422, 503),
)
async def index(reader: Reading, tx: Tx, wanted: Wanted) -> Page[Standing]:
    """Your people whose last answer was 2 or less, who were asked and are silent for 28 days, or missed two meetings in 30.

    Facts, and no ranking: the order is that of external ids.
    """
    return await report.signals(tx, reader, wanted.after, wanted.limit)
