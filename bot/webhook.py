"""Telegram's door, for installations that are reached from outside. Answered after the commit, never before."""

import asyncio
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

from bot.after import show
from bot.keeping import keep
from bot.telegram import Telegram
from bot.updates import Update, parse, read_update
from medvind.clock import Clock
from medvind.errors import ChannelError, ConflictError, DatabaseAwayError, NotReadyError, UndeliverableError
from medvind.store.database import Database

PATH = "/webhooks/telegram"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
PAUSES = (1.0, 2.0)
"""Seconds between the tries to register."""

log = structlog.get_logger()


async def register(channel: Telegram, public_url: str, secret: str, pauses: Sequence[float] = PAUSES) -> None:
    """Tells Telegram where we are. Raises NotReadyError where it says that the address is no good.

    Telegram remembers what it was told, so trouble on the way there does not stop the start: the coaches' page must not
    depend on it.
    """
    for pause in (*pauses, None):
        try:
            await channel.set_webhook(f"{public_url}{PATH}", secret)
        except UndeliverableError as error:
            raise NotReadyError(
                f"MEDVIND_PUBLIC_URL: Telegram does not take it ({error.reason}); it must be https on port 443, 80, 88 or 8443"
            ) from None
        except ChannelError as error:
            log.error("webhook_not_set", reason=error.reason)  # noqa: TRY400 - it says all there is
        else:
            return
        if pause is not None:
            await asyncio.sleep(pause)


def router(db: Database, clock: Clock, secret: str, wake: Callable[[], None], channel: Telegram) -> APIRouter:
    """The door. `wake` is called after each commit: an answer may be waiting to go out."""
    door = _Door(db, clock, secret.encode(), wake, channel)
    routes = APIRouter(include_in_schema=False)
    routes.add_api_route(PATH, door.update, methods=["POST"])
    return routes


@dataclass(frozen=True, slots=True)
class _Door:
    db: Database
    clock: Clock
    secret: bytes
    wake: Callable[[], None]
    channel: Telegram

    async def update(self, request: Request) -> Response:
        """Something came. 503 asks Telegram to tell it again; whatever is kept gets 200, readable or not."""
        if not self._genuine(request):
            return _refused(HTTPStatus.UNAUTHORIZED)
        update = read_update(parse(await request.body()))
        try:
            await keep(self.db, self.clock, update)
        except (DatabaseAwayError, ConflictError):
            return _refused(HTTPStatus.SERVICE_UNAVAILABLE)
        self.wake()
        rest = BackgroundTask(show, self.channel, [update], answered=True) if update.tapped else None
        return JSONResponse(_call(update), background=rest)

    def _genuine(self, request: Request) -> bool:
        """Whether it knows the secret; compared as bytes, since text that isn't ASCII can't be."""
        shown = request.headers.get(HEADER, "").encode("latin-1")
        return hmac.compare_digest(shown, self.secret)


def _call(update: Update) -> dict[str, Any]:
    """The one call that Telegram takes from an answer: the button stops turning, or we leave. Whether it worked is not told."""
    if update.tap is not None:
        return {"method": "answerCallbackQuery", "callback_query_id": update.tap}
    return {} if update.group is None else {"method": "leaveChat", "chat_id": update.group}


def _refused(status: HTTPStatus) -> Response:
    log.warning("webhook_refused", path=PATH, status=int(status))
    return Response(status_code=status)
