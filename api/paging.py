"""Lists come in pages: `?limit=&cursor=`, and `next` leads to the rest. A cursor is a place in the list, not a number."""

import base64
import binascii
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel, Field, field_serializer

from medvind.store.views import no_place

USUAL, MOST = 50, 200

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Paging:
    """Which part of a list is wanted."""

    limit: int
    after: str | None


class PageOut(BaseModel, Generic[Item]):
    """Some of a list, and where the rest begins."""

    items: list[Item]
    next: str | None = Field(description="The `cursor` of the next page; null at the end")

    @field_serializer("next")
    def opaque(self, place: str | None) -> str | None:
        """Nobody should build one by hand."""
        return None if place is None else base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def _paging(
    limit: Annotated[int, Query(ge=1, le=MOST, description="How many at most")] = USUAL,
    cursor: Annotated[str | None, Query(max_length=1000, description="`next` of the page before")] = None,
) -> Paging:
    return Paging(limit, None if cursor is None else _place(cursor))


def _place(cursor: str) -> str:
    """The place that a cursor names. Raises FieldError where it was not made here."""
    try:
        place = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, ValueError):
        raise no_place() from None
    if "\x00" in place:
        raise no_place()
    return place


Wanted = Annotated[Paging, Depends(_paging)]
"""Which part of the list this call wants."""
