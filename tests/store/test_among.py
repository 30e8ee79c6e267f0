"""A condition that names many ids finds the rows by their index, however many there are."""

from typing import Any

import pytest
from sqlalchemy import String, select, text
from sqlalchemy.orm import InstrumentedAttribute

from medvind.model import ChannelName
from medvind.store.among import among
from medvind.store.database import Database, ask
from medvind.store.tables import AllowanceRow, OutboxRow, ParticipantRow
from medvind.store.vault import Vault


@pytest.mark.parametrize("column", [OutboxRow.id, ParticipantRow.id])
async def test_no_table_is_walked_for_a_list(sqlite_url: str, vault: Vault, column: InstrumentedAttribute[Any]) -> None:
    async with Database.open(sqlite_url, vault) as db, db.read() as session:
        asked = select(column).where(among(column), column > 0)
        spelled = str(asked.compile(db.engine.sync_engine)).replace("__[POSTCOMPILE_asked]", "1, 2, 3").replace("?", "0")
        steps = [row.detail for row in await session.execute(text(f"EXPLAIN QUERY PLAN {spelled}"))]
    print(spelled, steps)
    assert all(step.startswith("SEARCH") and "PRIMARY KEY (rowid=?)" in step for step in steps)


@pytest.mark.parametrize("name", ['a"b', "a\\b", "{a,b}", "a,b", "", "null", " a ", "sms'", "æøå", '\\"'])
async def test_a_name_is_found_whatever_signs_it_has(db: Database, now: Any, name: str) -> None:
    async with db.begin() as session:
        session.add_all([AllowanceRow(name=one, next_free_at=now) for one in (name, f"not {name}")])
    async with db.read() as session:
        asked = select(AllowanceRow.name).where(among(AllowanceRow.name, "names", String))
        assert [tuple(row) for row in await ask(session, asked, names=[name, "nowhere"])] == [(name,)]


@pytest.mark.parametrize("names", [[], [ChannelName.SMS], [ChannelName.SMS, ChannelName.TELEGRAM, "elsewhere"]])
async def test_it_finds_those_and_no_others(db: Database, now: Any, names: list[str]) -> None:
    async with db.begin() as session:
        session.add_all([AllowanceRow(name=name, next_free_at=now) for name in (*ChannelName, "third")])
    async with db.read() as session:
        found = await ask(session, select(AllowanceRow.name).where(among(AllowanceRow.name, "names", String)), names=names)
    assert {name for (name,) in found} == set(names) & set(ChannelName)
