"""Who is calling, and the transaction in which they read. Nobody gets a transaction before they have signed in."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.exceptions import HTTPException

from api.house import Home
from api.language import Spoken
from api.repeats import Key, note
from medvind.errors import NotFoundError
from medvind.flows import wording
from medvind.flows.report import Reader
from medvind.model import Viewer
from medvind.store import tokens, views
from medvind.store.database import Session

BEARER = HTTPBearer(
    scheme_name="token",
    description="A token from `medvind token create`: `Authorization: Bearer mv_…`. In a URL it is refused and revoked.",
    auto_error=False,
)
TRIED, NOTHING_KEPT = "Medvind-Test", "nothing was kept"
"""What an answer to a test key's call says beside what it would have said."""
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="medvind"'}
REFUSAL = {"WWW-Authenticate": 'Bearer realm="medvind", error="invalid_token"'}


async def _signed_in(house: Home, shown: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]) -> Viewer:
    """Unknown, expired and revoked look the same. The last use is noted in a transaction of its own."""
    if shown is None:
        raise HTTPException(401, headers=CHALLENGE)
    now = house.clock.now()
    try:
        async with house.db.read() as session:
            holder = await tokens.get(session, shown.credentials, now)
    except NotFoundError:
        raise HTTPException(401, headers=REFUSAL) from None
    if holder.stale:
        async with house.db.begin() as session:
            await tokens.touch(session, holder.viewer.token_id, now)
    return holder.viewer


SignedIn = Annotated[Viewer, Depends(_signed_in)]
"""Who is looking."""


async def _transaction(house: Home, _viewer: SignedIn) -> AsyncIterator[Session]:
    async with house.db.read() as session:
        yield session


Tx = Annotated[Session, Depends(_transaction, scope="function")]
"""A transaction that is over before the answer leaves; without the scope FastAPI would end it afterwards."""


async def _renewal(house: Home, viewer: SignedIn) -> AsyncIterator[Session]:
    async with house.db.begin() as session:
        yield session
        await _taken_back(session, viewer)


async def _taken_back(session: Session, viewer: Viewer) -> None:
    if viewer.test:
        await session.rollback()


Renewing = Annotated[Session, Depends(_renewal, scope="function")]
"""The same for a look that first brings up to date what it shows: it asks for nothing, so it carries no key."""


async def _change(
    house: Home, viewer: SignedIn, request: Request, response: Response, idempotency_key: Key = None
) -> AsyncIterator[Session]:
    if viewer.test:
        response.headers[TRIED] = NOTHING_KEPT
    async with house.db.begin() as session:
        await note(request, session, viewer, idempotency_key, house.clock.now())
        if (person := request.path_params.get("participant_id")) is not None:
            await views.hold(session, person)
        yield session
        await _taken_back(session, viewer)


Writing = Annotated[Session, Depends(_change, scope="function")]
"""The same for a call that writes: committed before the answer says so, undone where the call fails.

With a test key everything is looked at and answered as else, and then taken back.
Its router makes `Repeatable` routes: the call may carry a key, and made again with it has no second effect.
"""


async def _reader(house: Home, viewer: SignedIn, language: Spoken) -> Reader:
    async with house.db.read() as session:
        catalogue = await wording.current(session, house.catalogue)
    return Reader(viewer, language, catalogue, house.clock.now())


Reading = Annotated[Reader, Depends(_reader)]
"""Who reads, in which language and words, and when."""
