"""When a meeting begins, in the forms that spreadsheets have."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medvind.flows.cells import CellError
from medvind.flows.meet import starts_at


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 12, 31)))  # noqa: DTZ001 - wall times
def test_a_time_reads_the_same_in_each_of_its_forms(wall: datetime) -> None:
    minute = wall.replace(second=0, microsecond=0)
    forms = {
        f"{wall:%Y-%m-%d %H:%M}": minute,
        f"{wall:%Y-%m-%dT%H:%M}": minute,
        f"{wall:%d.%m.%Y %H:%M}": minute,
        f"{wall.day}.{wall.month}.{wall.year} {wall.hour}.{wall:%M}": minute,
        f"{wall:%Y-%m-%d %H:%M:%S}": wall.replace(microsecond=0),
        f"{wall:%Y-%m-%dT%H:%M:%S.%f}": wall,
        f"{wall:%Y-%m-%d %H:%M:%S}.5": wall.replace(microsecond=500_000),
        f"{wall:%Y-%m-%d %H:%M:%S.%f}999": wall,
    }
    assert {form: starts_at(form) for form in forms} == forms


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2026-12-03", "2026-12-03 is no day and time. Write it as 2026-12-03 14:00"),
        ("14:00", "14:00 is no day and time"),
        ("31.2.2026 14:00", "31.2.2026 is no date"),
        ("2026-12-03 25:00", "2026-12-03 25:00 is no time of day"),
        ("2026-12-03 14:60", "2026-12-03 14:60 is no time of day"),
        ("2026-12-03 14:00+01:00", "this is no day and time"),
        ("2026-12-03 14:00Z", "this is no day and time"),
        ("tomorrow at Amina's", "this is no day and time"),
    ],
)
def test_what_is_no_time_is_refused_with_an_example(text: str, says: str) -> None:
    with pytest.raises(CellError) as told:
        starts_at(text)
    assert str(told.value).startswith(says)
