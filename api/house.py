"""What the routes are given: the database, the texts and the clock, handed over once by whoever builds the app."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from medvind.clock import Clock
from medvind.store.database import Database
from medvind.texts import Catalogue


@dataclass(frozen=True, slots=True)
class House:
    """The rooms below, as the API sees them. `public_url` is how the outside reaches this service, None where nobody said.

    `bot_name`: the bot's, as links spell it; None where there is none, or nobody can say.
    """

    db: Database
    catalogue: Catalogue
    clock: Clock
    public_url: str | None = None
    bot_name: str | None = None


def _house(request: Request) -> House:
    house: House = request.app.state.house
    return house


Home = Annotated[House, Depends(_house)]
