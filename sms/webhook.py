"""What Twilio tells us: a text that came in, and how one that went out fared. Answered after the commit, never before."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from urllib.parse import parse_qsl

import structlog
from fastapi import APIRouter, Request, Response
from starlette.datastructures import ImmutableMultiDict

from medvind.channels import Status
from medvind.clock import Clock
from medvind.errors import ConflictError, DatabaseAwayError
from medvind.flows.receive import take_in
from medvind.flows.status import record
from medvind.model import ChannelName, PublicId, State
from medvind.store.database import Database
from sms.codes import CODES, Refusal
from sms.inbound import read_fields, sid_of
from sms.signature import HEADER, Signature

INBOUND = "/webhooks/twilio/inbound"
STATUS = "/webhooks/twilio/status"
NOTHING = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
"""TwiML that asks for nothing: what we have to say goes out by the outbox."""
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
        inbound = read_fields(form.multi_items())
        if inbound is None:
            return _refused(INBOUND, HTTPStatus.BAD_REQUEST)
        return await self._answer(INBOUND, take_in(self.db, inbound, self.clock))

    async def status(self, request: Request) -> Response:
        """A message of ours got somewhere, or didn't."""
        form = await self._genuine(request, STATUS)
        if form is None:
            return _refused(STATUS, HTTPStatus.FORBIDDEN)
        sid = sid_of(form.get("MessageSid", ""))
        if sid is None:
            return _refused(STATUS, HTTPStatus.BAD_REQUEST)
        word = form.get("MessageStatus") or form.get("SmsStatus") or ""
        state = STATES.get(word)
        if state is None:
            log.info("status_unknown", path=STATUS)
            return _done()
        ours = request.query_params.get("o")
        status = Status(ChannelName.SMS, PublicId(ours) if ours else None, sid, state, to=form.get("To", ""))
        if state is State.UNDELIVERED:
            status = _with_reason(status, form, word)
        return await self._answer(STATUS, record(self.db, status, self.clock))

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

    async def _answer(self, path: str, effect: Awaitable[bool]) -> Response:
        """Once it is committed; 503 says that it must be told again."""
        try:
            await effect
        except (ConflictError, DatabaseAwayError):
            return _refused(path, HTTPStatus.SERVICE_UNAVAILABLE)
        self.wake()
        return _done()


def _done() -> Response:
    return Response(NOTHING, media_type="application/xml")


def _refused(path: str, status: HTTPStatus) -> Response:
    log.warning("webhook_refused", path=path, status=int(status))
    return Response(status_code=status)


def _with_reason(status: Status, form: Form, word: str) -> Status:
    """The code of the carrier or of Twilio, with what it says of the number, else its word."""
    code = form.get("ErrorCode", "")
    if not CODE.fullmatch(code):
        return replace(status, reason=f"twilio {word}")
    says = CODES.get(int(code))
    return replace(status, reason=f"twilio {code}", dead=says is Refusal.DEAD, stopped=says is Refusal.STOPPED)
