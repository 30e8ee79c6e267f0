"""A sentence that is said in more than one language: the English one is its name, a table of the edge holds the others."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self


@dataclass(frozen=True, slots=True)
class Saying:
    """An English sentence with `{name}` where a value stands, and its values. As text it is the English one.

    A brace that is meant as one is doubled. A value may be a sentence too: then it is told in the same language.
    """

    english: str
    values: Mapping[str, "str | int | Saying"] = field(default_factory=dict)

    def __str__(self) -> str:
        """In English, as the command line, logs and whoever runs the service read it."""
        return self.english.format_map(self.values)

    def __hash__(self) -> int:
        """Values are few and plain: what reads the same is the same."""
        return hash(str(self))

    def of(self, **values: str | int) -> Self:
        """The same sentence with these values."""
        return replace(self, values=values)
