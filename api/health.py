"""Whether the service lives, and whether it does its work. For machines; open to whoever can reach the port."""

from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from api.examples import READINESS, example
from api.house import Home, House
from medvind.errors import DatabaseAwayError, OtherSchemaError
from medvind.flows import wording
from medvind.flows.filling import HOME
from medvind.store import breakers
from medvind.store.schema import fault
from medvind.store.views import oldest_due_at

LATE = timedelta(minutes=5)

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """It lives."""

    model_config = example({"status": "ok"})

    status: Literal["ok"] = "ok"


class Readiness(BaseModel):
    """Whether the work gets done. `ok` with a reason: somebody should look at that, and the work goes on as far as it can."""

    model_config = example(READINESS)

    status: Literal["ok", "not ready"]
    reasons: list[str]


@router.get("/healthz", operation_id="healthz", summary="Alive")
async def healthz() -> Health:
    """200 as long as the process answers; it asks nobody else."""
    return Health()


@router.get(
    "/readyz",
    operation_id="readyz",
    summary="Ready",
    response_model=Readiness,
    responses={503: {"model": Readiness, "description": "Something keeps the work from being done"}},
)
async def readyz(house: Home) -> JSONResponse:
    """503 with the reasons where the database is away, its schema is old, or a message is over 5 minutes later than its slot.

    A channel whose provider is away is named too, and a text of the municipality's own that can't be used. Alone they are no
    503: nothing that is done to this service would bring the one back, and in place of the other goes what is shipped.
    """
    faults, notes = await _reasons(house)
    readiness = Readiness(status="not ready" if faults else "ok", reasons=[*faults, *notes])
    return JSONResponse(readiness.model_dump(), 503 if faults else 200)


async def _reasons(house: House) -> tuple[list[str], list[str]]:
    """What keeps the work from being done here, and what does so elsewhere."""
    now = house.clock.now()
    try:
        async with house.db.read() as session:
            if says := await fault(session):
                return [says], []
            due = await oldest_due_at(session, now)
            known = await breakers.all_of(session)
            words = [str(one) for one in await wording.unusable(session)]
    except OtherSchemaError as error:
        return [str(error)], []
    except DatabaseAwayError:
        return ["the database does not answer"], []
    away = [f"{name}: provider away since {_clock(one.away_since, now)}" for name, one in known.items() if one.away_since]
    notes = [*away, *words]
    if due is None or now - due <= LATE:
        return [], notes
    return [f"a message is due since {int((now - due).total_seconds() // 60)} minutes: is a worker running?"], notes


def _clock(moment: datetime, now: datetime) -> str:
    """In local time, with the day where that is another one."""
    local = moment.astimezone(ZoneInfo(HOME))
    return local.strftime("%H:%M" if local.date() == now.astimezone(local.tzinfo).date() else "%Y-%m-%d %H:%M")
