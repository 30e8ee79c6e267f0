"""A coach's file of meetings on its way into a town, and what came of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from medvind.errors import FileFaultsError
from medvind.flows.enrol import enrol
from medvind.flows.meet import Arranged, bring_in
from medvind.flows.plan import plan_people
from medvind.model import Role
from medvind.rules.policy import policy_from
from medvind.store import coaches
from medvind.store.meetings import Meeting, known
from medvind.store.participants import ids_of
from tests.fakes import Town
from tests.spreadsheets import everything, sheet_of

ZONE = "Europe/Copenhagen"
FOLLOW_UP = {
    "external_id": "m-1",
    "kind": "follow_up_meeting",
    "title": "Opfølgende møde",
    "starts_at": "2026-12-03 14:00",
    "minutes": "90",
    "place": "Vestergade 58, 1. sal",
    "coach_email": "karin@kommune.example",
    "participants": "d-1 d-2",
}
AT_TWO = datetime(2026, 12, 3, 14, 0)  # noqa: DTZ001 - a wall time


async def add_people(town: Town) -> dict[str, int]:
    """Three who have said yes: two in a cohort, one in none."""
    cohorts = {"d-1": "Hold 1", "d-2": "Hold 1", "d-3": ""}
    rows = [
        {
            "external_id": name,
            "first_name": "Kim",
            "phone": f"+450100000{name[-1]}",
            "cohort": cohort,
            "coach_email": "karin@kommune.example",
            "consent_on": "01.11.2026",
            "channel": "sms",
        }
        for name, cohort in cohorts.items()
    ]
    async with town.db.begin() as session:
        await coaches.add(session, Role.COACH, "karin@kommune.example", "Karin", "+4501009001", town.clock.now())
        await enrol(session, sheet_of(*rows), town.clock.now(), env="test", by="test")
        return await ids_of(session, list(cohorts))


async def bring(town: Town, *rows: Mapping[str, str], dry_run: bool = False) -> Arranged:
    async with town.db.begin() as session:
        return await bring_in(session, sheet_of(*rows), town.clock.now(), zone=ZONE, dry_run=dry_run)


async def refused(town: Town, *rows: Mapping[str, str]) -> list[str]:
    """The faults, and that nothing was written."""
    before = await all_rows(town)
    with pytest.raises(FileFaultsError) as raised:
        await bring(town, *rows)
    assert await all_rows(town) == before
    return [str(fault) for fault in raised.value.faults]


async def all_rows(town: Town) -> dict[str, list[tuple[Any, ...]]]:
    async with town.db.read() as session:
        return await everything(session)


async def meeting(town: Town, external_id: str = "m-1") -> Meeting:
    async with town.db.read() as session:
        return (await known(session, [external_id]))[external_id].meeting


def counts(done: Arranged) -> tuple[int, int, int]:
    return done.added, done.changed, done.unchanged


async def arrange(town: Town, *rows: Mapping[str, str]) -> Arranged:
    """Brings the file in, and the plan follows in the same transaction, as the command does it."""
    async with town.db.begin() as session:
        done = await bring_in(session, sheet_of(*rows), town.clock.now(), zone=ZONE)
        await plan_people(session, done.participant_ids, policy_from({}), town.clock.now())
    return done
