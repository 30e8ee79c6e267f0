"""The drivers' errors in our words; their text may hold values, so it stays behind."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DatabaseError, DBAPIError, IntegrityError, InterfaceError, OperationalError

from medvind.errors import ConflictError, DatabaseAwayError, OtherSchemaError

BEATEN = frozenset({"40P01", "40001"})
"""How PostgreSQL says that two transactions waited for one another, or could not both have been first: begin again."""
LACKING = frozenset({"42P01", "42703"})
"""How PostgreSQL says that there is no such table, or no such column."""
LACKING_ON_SQLITE = ("no such table: ", "no such column: ", " has no column named ")
"""SQLite has one code for all that it can't make sense of, and tells it apart by its words alone."""


@contextmanager
def translated() -> Iterator[None]:
    """Raises ConflictError, OtherSchemaError or DatabaseAwayError; a statement of ours that makes no sense stays as it is."""
    try:
        yield
    except IntegrityError:
        raise ConflictError("a unique key was taken meanwhile") from None
    except (OperationalError, InterfaceError, TimeoutError) as error:
        if _state(error) in BEATEN:
            raise ConflictError("another transaction was quicker") from None
        _tell_what_lacks(error)
        raise DatabaseAwayError(f"the database did not answer: {type(error).__name__}") from error
    except DatabaseError as error:
        _tell_what_lacks(error)
        if type(error) is not DatabaseError:
            raise
        raise DatabaseAwayError("the database's file is damaged; restore the last backup") from error


def _tell_what_lacks(error: Exception) -> None:
    """A newer version took it while this one was at work, or nobody has brought the schema up to date."""
    on_sqlite = isinstance(error, OperationalError) and any(words in str(error.orig) for words in LACKING_ON_SQLITE)
    if on_sqlite or _state(error) in LACKING:
        message = "the database lacks what this version asks for: start the one that changed it, or run 'medvind migrate'"
        raise OtherSchemaError(message) from error


def _state(error: Exception) -> str | None:
    return getattr(error.orig, "sqlstate", None) if isinstance(error, DBAPIError) else None
