"""The driver that crosses to its thread once for a statement says what SQLAlchemy's own says."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from medvind.store.sqlite import DRIVER
from medvind.store.tables import CohortRow

NAMES = ("Hold 1", "Hold 2", "Hold 3")


@pytest.fixture(params=[DRIVER, "sqlite+aiosqlite"])
async def connection(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[AsyncConnection]:
    """Ours, and the one it stands in for: each promise must hold of both."""
    engine = create_async_engine(f"{request.param}:///{tmp_path / 'one.db'}")
    async with engine.connect() as opened:
        await opened.run_sync(CohortRow.metadata.create_all)
        await opened.execute(insert(CohortRow), [{"name": name} for name in NAMES])
        yield opened
    await engine.dispose()


async def test_rows_come_whole_and_in_order(connection: AsyncConnection) -> None:
    found = await connection.execute(select(CohortRow.name).order_by(CohortRow.name))
    assert list(found.keys()) == ["name"]
    assert [tuple(row) for row in found] == [(name,) for name in NAMES]


async def test_one_by_one_some_and_the_rest(connection: AsyncConnection) -> None:
    found = await connection.execute(select(CohortRow.name).order_by(CohortRow.name))
    assert (found.fetchone(), found.fetchmany(1), found.fetchall()) == (("Hold 1",), [("Hold 2",)], [("Hold 3",)])
    assert found.fetchone() is None


async def test_nothing_found_is_an_empty_answer_with_its_columns(connection: AsyncConnection) -> None:
    found = await connection.execute(select(CohortRow.name).where(CohortRow.id < 0))
    assert (list(found.keys()), found.all()) == (["name"], [])


async def test_how_many_rows_a_change_met_is_told(connection: AsyncConnection) -> None:
    changed = await connection.execute(update(CohortRow).where(CohortRow.name != "Hold 1").values(name=CohortRow.name + "b"))
    assert changed.rowcount == 2


async def test_an_insert_tells_its_new_key_and_what_it_is_asked_to_return(connection: AsyncConnection) -> None:
    done = await connection.execute(insert(CohortRow).values(name="Hold 4"))
    assert done.inserted_primary_key == (4,)
    back = await connection.execute(insert(CohortRow).returning(CohortRow.id, CohortRow.name), [{"name": "a"}, {"name": "b"}])
    assert sorted(tuple(row) for row in back) == [(5, "a"), (6, "b")]


async def test_many_rows_that_nobody_takes_up_do_not_stand_in_the_way_of_a_commit(connection: AsyncConnection) -> None:
    await connection.execute(select(CohortRow.name))
    await connection.commit()
    assert (await connection.execute(text("select count(*) from cohorts"))).scalar() == len(NAMES)


async def test_a_row_at_a_time_from_an_open_cursor(connection: AsyncConnection) -> None:
    names = [name async for (name,) in await connection.stream(select(CohortRow.name).order_by(CohortRow.name))]
    assert names == list(NAMES)


Wrong = Callable[[AsyncConnection], Any]
WRONG: dict[str, tuple[Wrong, type[Exception]]] = {
    "a key that is taken": (lambda one: one.execute(insert(CohortRow).values(name="Hold 1")), IntegrityError),
    "a key that is taken, among many": (
        lambda one: one.execute(insert(CohortRow), [{"name": "x"}, {"name": "Hold 1"}]),
        IntegrityError,
    ),
    "a table that is not there": (lambda one: one.execute(text("select * from nowhere")), OperationalError),
}


@pytest.mark.parametrize("name", WRONG)
async def test_an_error_is_the_same_and_the_connection_lives_on(connection: AsyncConnection, name: str) -> None:
    ask, error = WRONG[name]
    await connection.commit()
    with pytest.raises(error):
        await ask(connection)
    await connection.rollback()
    assert len((await connection.execute(select(CohortRow.name))).all()) == len(NAMES)
