"""How a line says whom, or which meeting, it is about."""

from datetime import datetime

from pydantic import BaseModel

from api.examples import MEETING, SOMEBODY, example
from medvind.model import MeetingKind


class SomebodyOut(BaseModel):
    """Whom it is about."""

    model_config = example(SOMEBODY)

    id: str
    external_id: str
    first_name: str


class MeetingOut(BaseModel):
    """A meeting, in its own local time."""

    model_config = example(MEETING)

    id: str
    external_id: str
    kind: MeetingKind
    title: str
    place: str
    starts_at: datetime
    minutes: int
    cancelled: bool
