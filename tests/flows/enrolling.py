"""A coach's file of people on its way into a town, and what came of it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import event

from medvind.errors import FileFaultsError
from medvind.flows.enrol import Enrolled, enrol
from medvind.model import AddressState, ChannelName, Role
from medvind.store import coaches
from medvind.store.database import Database
from medvind.store.participants import Kept, Person, known
from tests.fakes import Town
from tests.spreadsheets import everything, sheet_of

KARIN, MIKKEL = "karin@kommune.example", "mikkel@kommune.example"
TODAY = date(2026, 11, 24)
FULL = {
    "external_id": "d-001",
    "first_name": "Amina",
    "business_name": "Aminas Syværksted",
    "phone": "01 00 00 01",
    "language": "en",
    "zone": "atlantic/faroe",
    "quiet_hours": "mon-fri 16:00-18:00; sun all",
    "cohort": "Hold 2026",
    "coach_email": "Karin@Kommune.example",
    "support_type": "cash_benefit",
    "course_ended_on": "21.11.2026",
    "payout_promised_on": "2026-12-21",
    "paid_out_on": "5.1.2027",
    "business_started_on": "2027-02-01",
    "vat_registered_on": "01.10.2026",
    "vat_period": "half_yearly",
    "vat_period_from": "01.11.2026",
    "vat_deregistered_on": "31.12.2027",
    "pays_b_tax": "ja",
    "sells_to_eu": "ja",
    "consent_on": "01.11.2026",
    "channel": "sms",
}
AMINA = {"external_id": "d-001", "first_name": "Amina", "phone": "+4501000001", "coach_email": KARIN}
BO = {"external_id": "d-002", "first_name": "Bo", "phone": "+4501000002", "coach_email": KARIN}
SAID_YES = {"consent_on": "01.11.2026", "channel": "sms"}
BY = "operator hanne"
FIRST_OF_NOVEMBER = datetime(2026, 11, 1, 0, 0, tzinfo=UTC)
"""On the Faroe Islands."""


async def add_team(town: Town) -> None:
    """Two coaches and a lead."""
    async with town.db.begin() as session:
        await coaches.add(session, Role.COACH, KARIN, "Karin", "+4501009001", town.clock.now())
        await coaches.add(session, Role.COACH, MIKKEL, "Mikkel", None, town.clock.now())
        await coaches.add(session, Role.LEAD, "lead@kommune.example", "Lis", None, town.clock.now())


async def bring(town: Town, *rows: Mapping[str, str], env: str = "test", by: str = BY, dry_run: bool = False) -> Enrolled:
    async with town.db.begin() as session:
        return await enrol(session, sheet_of(*rows), town.clock.now(), env=env, by=by, dry_run=dry_run)


async def refused(town: Town, *rows: Mapping[str, str], env: str = "test") -> list[str]:
    """The faults, and that nothing was written."""
    before = await all_rows(town)
    with pytest.raises(FileFaultsError) as raised:
        await bring(town, *rows, env=env)
    assert await all_rows(town) == before
    return [str(fault) for fault in raised.value.faults]


async def all_rows(town: Town) -> dict[str, list[tuple[Any, ...]]]:
    async with town.db.read() as session:
        return await everything(session)


async def kept(town: Town, external_id: str = "d-001") -> Kept:
    async with town.db.read() as session:
        return (await known(session, [external_id]))[external_id]


async def person(town: Town, external_id: str = "d-001") -> Person:
    return (await kept(town, external_id)).person


def living(one: Person) -> dict[ChannelName, tuple[str, AddressState, bool]]:
    return {way.channel: (way.value, way.state, way.preferred) for way in one.ways if way.lives}


def counts(done: Enrolled) -> tuple[int, int, int]:
    return done.added, done.changed, done.unchanged


@contextmanager
def statements(db: Database) -> Iterator[list[str]]:
    """The statements that are sent while this is open; one with many rows counts once."""
    seen: list[str] = []

    def note(*call: Any) -> None:
        seen.append(call[2])

    event.listen(db.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine.sync_engine, "before_cursor_execute", note)
