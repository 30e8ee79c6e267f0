"""Tasks: what a coach is asked to look at."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from api.examples import TASK, example, page_of
from api.paging import PageOut, Wanted
from api.people import PUBLIC_ID, SomebodyOut
from api.problems import responses
from api.repeats import Repeatable
from api.security import Reading, Tx, Writing
from medvind.flows import report, unread
from medvind.flows.report import Todo
from medvind.model import TaskKind
from medvind.store.cards import Due
from medvind.store.views import Page

router = APIRouter(route_class=Repeatable, prefix="/v1/tasks", tags=["tasks"])
TaskName = Annotated[str, Path(pattern=PUBLIC_ID, description="The task's `id`")]


class TaskOut(BaseModel):
    """Something to look at."""

    model_config = example(TASK)

    id: str
    kind: TaskKind
    participant: SomebodyOut
    why: dict[str, str] = Field(description="The cause: a reason, ids, dates and codes; never somebody's words")
    says: str | None = Field(description="What it is about, as a sentence")
    created_at: datetime
    due_at: datetime | None = Field(description="By when it is promised or of use; null: no such time")
    topic: str | None = Field(description="Of kind `network`: what they want to ask, as they wrote it; else null")


class TaskPage(PageOut[TaskOut]):
    """Open tasks, the newest first, or by the time they are due."""

    model_config = page_of(TASK)


@router.get(
    "",
    operation_id="list_tasks",
    summary="What is open on your list",
    response_model=TaskPage,
    responses=responses(401, 404, 422, 503),
)
async def index(
    reader: Reading,
    tx: Tx,
    wanted: Wanted,
    due: Annotated[
        Due | None, Query(description="Only what is due at some time, the first due first; `overdue`: that time is past")
    ] = None,
) -> Page[Todo]:
    """Promised calls, messages that were missed or never arrived, what could not be read; the newest first."""
    return await report.todos(tx, reader, wanted.after, wanted.limit, due)


@router.post(
    "/{task_id}/done",
    status_code=204,
    operation_id="finish_task",
    summary="It is dealt with",
    responses=responses(401, 404, 422, 503),
)
async def done(task_id: TaskName, reader: Reading, tx: Writing) -> None:
    """Off the list for good, for the deputy too, and what it is about counts as read. Doing it again is harmless."""
    await unread.finish(tx, reader.viewer, task_id, reader.now)
