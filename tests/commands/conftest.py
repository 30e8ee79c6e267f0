"""An environment that a test may set as an operator would."""

import os
from collections.abc import Iterator

import pytest


@pytest.fixture
def given() -> Iterator[dict[str, str]]:
    """The environment of this process, without any setting, put back afterwards."""
    before = dict(os.environ)
    for name in before:
        if name.startswith("MEDVIND_") and not name.startswith("MEDVIND_TEST_"):
            del os.environ[name]
    yield os.environ  # type: ignore[misc]
    os.environ.clear()
    os.environ.update(before)
