"""A call that writes may carry a key of the caller's own: made again with it, it has no second effect and the same answer."""

from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Annotated, Any

from fastapi import Header, Request, Response
from fastapi.routing import APIRoute

from medvind.model import Viewer
from medvind.store import repeats
from medvind.store.database import Session
from medvind.store.repeats import Answered, Call

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        pattern="^[!-~]+$",
        description="Your own name for this call, such as a UUID. Made again with it within 24 hours, it has no second effect, "
        "and the answer is that of the first time, with `Idempotent-Replayed: true`. "
        "What was refused may be mended and sent again",
    ),
]


LONGEST_ID = 64


class _Again(Exception):  # noqa: N818 - no error: the answer is there already
    """The call was made before."""

    def __init__(self, answered: Answered) -> None:
        self.answered = answered
        super().__init__()


async def note(request: Request, session: Session, viewer: Viewer, key: str | None, now: datetime) -> None:
    """Before anything is written. Ends the call where it was made before.

    Raises FieldError where the key was used for another one.
    """
    if key is None:
        return
    said = f"{request.method} {request.url.path}?{request.url.query}\n".encode() + await request.body()
    about = str(request.path_params.get("participant_id", ""))[:LONGEST_ID] or None
    found = await repeats.first(session, Call(viewer.token_id, key, said, about), now)
    if isinstance(found, Answered):
        raise _Again(found)
    request.state.noted = session, found


class Repeatable(APIRoute):
    """The answer is noted while the transaction is still open, so that effect and answer commit together or not at all."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """As FastAPI asks for it."""
        handle = super().get_route_handler()

        async def handling(request: Request) -> Response:
            try:
                response = await handle(request)
            except _Again as again:
                return _replayed(again.answered)
            if under_way := getattr(request.state, "noted", None):
                session, noted = under_way
                await repeats.answer(session, noted, Answered(response.status_code, bytes(response.body).decode()))
            return response

        return handling


def _replayed(answered: Answered) -> Response:
    media = "application/json" if answered.body else None
    return Response(answered.body or None, answered.status, {"Idempotent-Replayed": "true"}, media)
