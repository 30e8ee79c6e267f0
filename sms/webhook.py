"""What Twilio tells us: a text that came in, and how one that went out fared. Answered after the commit, never before."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

import structlog
from fastapi import APIRouter, Request, Response
from starlette.datastructures import ImmutableMultiDict

from medvind.channels import Inbound, InboundKind, Status
from medvind.clock import Clock
from medvind.errors import ConflictError, DatabaseAwayError
from medvind.flows.receive import quarantine, receive
from medvind.flows.status import record_status
from medvind.model import ChannelName, PublicId, State
from medvind.store.database import Database, Session
from sms.signature import HEADER, Signature

INBOUND = "/webhooks/twilio/inbound"
STATUS = "/webhooks/twilio/status"
NOTHING = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
"""TwiML that asks for nothing: what we have to say goes out by the outbox."""
SID = 34
"""Characters of a sid. Twilio signs names and values without a mark between them, so a captured request could be cut anew
with a longer sid that nobody has seen; no honest one is longer."""
FIELDS = 1000
CODE = re.compile("[1-9][0-9]{4}")

STATES = {
    "accepted": State.SENT,
    "scheduled": State.SENT,
    "queued": State.SENT,
    "sending": State.SENT,
    "sent": State.SENT,
    "delivered": State.DELIVERED,
    "read": State.DELIVERED,
    "undelivered": State.UNDELIVERED,
    "failed": State.UNDELIVERED,
    "canceled": State.UNDELIVERED,
}
"""Twilio's words in ours: any word about a message of ours proves that it was taken. Others are new, and mean nothing yet."""

Form = ImmutableMultiDict[str, str]

log = structlog.get_logger()


def router(db: Database, clock: Clock, signature: Signature, wake: Callable[[], None]) -> APIRouter:
    """The two doors. `wake` is called after each commit: an answer may be waiting to go out."""
    doors = _Doors(db, clock, signature, wake)
    routes = APIRouter(include_in_schema=False)
    routes.add_api_route(INBOUND, doors.inbound, methods=["POST"])
    routes.add_api_route(STATUS, doors.status, methods=["POST"])
    return routes


@dataclass(frozen=True, slots=True)
class _Doors:
    db: Database
    clock: Clock
    signature: Signature
    wake: Callable[[], None]

    async def inbound(self, request: Request) -> Response:
        """Somebody wrote."""
        form = await self._genuine(request, INBOUND)
        if form is None:
            return _refused(INBOUND, HTTPStatus.FORBIDDEN)
        inbound = _inbound(form)
        if inbound is None:
            return _refused(INBOUND, HTTPStatus.BAD_REQUEST)
        try:
            return await self._commit(INBOUND, lambda session: receive(session, inbound, self.clock.now()))
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not cost the message: a person gets to see it
            log.error("receive_failed", error=type(error).__name__, path=INBOUND)  # noqa: TRY400 - a traceback may hold words
            return await self._commit(INBOUND, lambda session: quarantine(session, inbound, self.clock.now()))

    async def status(self, request: Request) -> Response:
        """A message of ours got somewhere, or didn't."""
        form = await self._genuine(request, STATUS)
        if form is None:
            return _refused(STATUS, HTTPStatus.FORBIDDEN)
        sid = _sid(form)
        if sid is None:
            return _refused(STATUS, HTTPStatus.BAD_REQUEST)
        word = form.get("MessageStatus") or form.get("SmsStatus") or ""
        state = STATES.get(word)
        if state is None:
            log.info("status_unknown", path=STATUS)
            return _done()
        ours = request.query_params.get("o")
        reason = _reason(form, word) if state is State.UNDELIVERED else ""
        status = Status(ChannelName.SMS, PublicId(ours) if ours else None, sid, state, reason)
        return await self._commit(STATUS, lambda session: record_status(session, status, self.clock.now()))

    async def _genuine(self, request: Request, path: str) -> Form | None:
        """The form, blank fields and all, where Twilio signed it; looked at before anything in it means anything."""
        try:
            text = (await request.body()).decode()
            pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=FIELDS)
        except ValueError:
            return None
        form = ImmutableMultiDict(pairs)
        query = request.scope["query_string"].decode("latin-1")
        return form if self.signature.holds(path, query, form, request.headers.get(HEADER)) else None

    async def _commit(self, path: str, effect: Callable[[Session], Awaitable[Any]]) -> Response:
        """All of it or nothing, then the answer; whoever lost a race begins again once. 503 says that it must be told again."""
        for _ in range(2):
            try:
                async with self.db.begin() as session:
                    await effect(session)
            except ConflictError:
                continue
            except DatabaseAwayError:
                break
            self.wake()
            return _done()
        return _refused(path, HTTPStatus.SERVICE_UNAVAILABLE)


def _done() -> Response:
    return Response(NOTHING, media_type="application/xml")


def _refused(path: str, status: HTTPStatus) -> Response:
    log.warning("webhook_refused", path=path, status=int(status))
    return Response(status_code=status)


def _inbound(form: Form) -> Inbound | None:
    """What somebody sent; None where Twilio's own fields are missing. Pictures without a word are media.

    `raw` is the whole form decoded, a field a line: in its own coding a national id would hide from whoever blanks it.
    """
    sid, sender, text = _sid(form), form.get("From"), form.get("Body", "")
    if sid is None or not sender:
        return None
    pictures = form.get("NumMedia", "0").strip("0") != ""
    kind = InboundKind.MEDIA if pictures and not text.strip() else InboundKind.TEXT
    raw = "\n".join(f"{name}={value}" for name, value in form.multi_items())
    return Inbound(ChannelName.SMS, sid, sender, kind, text, raw)


def _sid(form: Form) -> str | None:
    sid = form.get("MessageSid", "")
    return sid if sid.isalnum() and sid.isascii() and len(sid) <= SID else None


def _reason(form: Form, word: str) -> str:
    """The code of the carrier or of Twilio, else its word."""
    code = form.get("ErrorCode", "")
    return f"twilio {code}" if CODE.fullmatch(code) else f"twilio {word}"
