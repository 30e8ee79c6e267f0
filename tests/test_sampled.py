"""What a run leaves out on PostgreSQL: rows of long tables that SQLite plays, and nothing else."""

import pytest

from tests.sampled import left_out

KINDS = ("sqlite", "postgresql")


def cases(test: str, count: int, kinds: tuple[str, ...] = KINDS) -> list[str]:
    return [f"{test}[{kind}-{number}]" for number in range(count) for kind in kinds]


def test_of_a_long_table_postgresql_plays_the_first_row_and_each_fourth_and_sqlite_all() -> None:
    left = left_out(cases("tests/flows/test_a.py::test_it", 10))
    assert left == {f"tests/flows/test_a.py::test_it[postgresql-{number}]" for number in (1, 2, 3, 5, 6, 7, 9)}


@pytest.mark.parametrize(
    "names",
    [
        cases("tests/store/test_a.py::test_it", 10),
        cases("tests/system/test_a.py::test_it", 10),
        cases("tests/flows/test_a.py::test_it", 10, ("postgresql",)),
        [f"tests/flows/test_a.py::test_it[{kind}]" for kind in KINDS],
        [f"tests/rules/test_a.py::test_it[{number}]" for number in range(10)],
    ],
    ids=["of the store", "of whole processes", "no row of it on SQLite", "no table", "no database"],
)
def test_nothing_else_is_left_out(names: list[str]) -> None:
    assert left_out(names) == set()


def test_each_test_is_counted_by_itself() -> None:
    left = left_out([name for test in ("test_it", "test_that") for name in cases(f"tests/api/test_a.py::{test}", 2)])
    assert left == {f"tests/api/test_a.py::{test}[postgresql-1]" for test in ("test_it", "test_that")}
