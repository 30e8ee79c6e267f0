"""The word behind which somebody's own card is shown to them in Telegram."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, StringConstraints

from api.examples import PRIVATE_WORD, example
from api.participants import Name
from api.problems import responses
from api.repeats import Repeatable
from api.security import Reading, Writing
from medvind.rules.replies import LONGEST_WORD
from medvind.store import preferences, views

router = APIRouter(route_class=Repeatable, prefix="/v1/participants/{participant_id}/private-word", tags=["participants"])


class PrivateWordIn(BaseModel):
    """A word that the person has chosen, entered while you sit together."""

    model_config = ConfigDict(**example(PRIVATE_WORD), extra="forbid")

    word: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=LONGEST_WORD)]


@router.put(
    "",
    status_code=204,
    operation_id="set_private_word",
    summary="A word of their own",
    responses=responses(401, 404, 422, 503),
)
async def put(participant_id: Name, wish: PrivateWordIn, reader: Reading, tx: Writing) -> None:
    """In place of an earlier one. Nobody can read it afterwards, you neither: it is kept as a keyed hash.

    Whoever writes MIT in Telegram and then this word sees what you see on the card. After three wrong words in 24 hours
    you show it yourself, and stand on your list for it; a new word begins anew. What is tried is kept nowhere.
    """
    seen = await views.person(tx, participant_id, seen_by=reader.viewer)
    await preferences.set_private_word(tx, seen.id, wish.word)


@router.delete(
    "",
    status_code=204,
    operation_id="drop_private_word",
    summary="No word any more",
    responses=responses(401, 404, 422, 503),
)
async def delete(participant_id: Name, reader: Reading, tx: Writing) -> None:
    """From then on you show the card yourself. Doing it again is harmless."""
    seen = await views.person(tx, participant_id, seen_by=reader.viewer)
    await preferences.set_private_word(tx, seen.id, None)
