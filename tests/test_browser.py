"""How the suite comes by a browser, and what it says where it can't."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.browser import ADDRESS, NoBrowserError, install, path


def test_where_no_browser_can_be_had_the_error_names_what_was_tried_and_the_cure() -> None:
    asked: list[str] = []

    def refuse(command: Sequence[str]) -> str:
        asked.append(" ".join(command))
        return f"no network for {command[-1]}"

    with pytest.raises(NoBrowserError) as error:
        install(refuse)
    assert ["apt-get" in asked[0], "playwright install" in asked[1], len(asked)] == [True, True, 2]
    assert "Debian's package: no network for update" in str(error.value)
    assert f"point {ADDRESS} at one" in str(error.value)
    assert "\n" not in str(error.value)


def test_the_browser_is_a_program_that_can_be_started(tmp_path_factory: pytest.TempPathFactory) -> None:
    assert Path(path()).stat().st_mode & 0o100
