"""Whether the service lives, and whether it does its work. For machines; open to whoever can reach the port."""

from datetime import timedelta
from typing import Literal

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from api.examples import READINESS, example
from api.house import Home, House
from medvind.errors import DatabaseAwayError
from medvind.store.schema import is_current
from medvind.store.views import oldest_due_at

LATE = timedelta(minutes=5)

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """It lives."""

    model_config = example({"status": "ok"})

    status: Literal["ok"] = "ok"


class Readiness(BaseModel):
    """Whether the work gets done; without reasons it does."""

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
    """503 with the reasons where the database is away, its schema is old, or a message is due since more than 5 minutes."""
    reasons = await _reasons(house)
    readiness = Readiness(status="not ready" if reasons else "ok", reasons=reasons)
    return JSONResponse(readiness.model_dump(), 503 if reasons else 200)


async def _reasons(house: House) -> list[str]:
    now = house.clock.now()
    try:
        async with house.db.read() as session:
            if not await is_current(session):
                return ["the schema is old: run 'medvind migrate'"]
            due = await oldest_due_at(session, now)
    except DatabaseAwayError:
        return ["the database does not answer"]
    if due is None or now - due <= LATE:
        return []
    return [f"a message is due since {int((now - due).total_seconds() // 60)} minutes: is a worker running?"]
