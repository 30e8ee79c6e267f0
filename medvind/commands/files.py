"""Files that a command writes: whole, for their owner alone, and never over another one unasked."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from medvind.errors import InvalidError
from medvind.model import new_id


@contextmanager
def whole(file: Path, *, force: bool) -> Iterator[Path]:
    """A new file beside this one, which takes its name once it is complete and on the disk."""
    _require_free(file, force=force)
    part = file.with_name(f".{file.name}.{new_id()}")
    part.touch(mode=0o600, exist_ok=False)
    try:
        yield part
        _to_disk(part)
        _require_free(file, force=force)
        part.replace(file)
        _to_disk(file.parent)
    finally:
        part.unlink(missing_ok=True)


def _require_free(file: Path, *, force: bool) -> None:
    if file.exists() and not force:
        raise InvalidError(f"{file}: there is such a file already; name another one, or replace it with --force")


def _to_disk(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def told(file: Path) -> Iterator[None]:
    """What the disk refuses, in one line."""
    try:
        yield
    except OSError as error:
        raise InvalidError(f"{file}: {error.strerror or type(error).__name__}") from None
