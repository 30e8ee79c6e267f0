"""How a line says whom, or which meeting, it is about."""

from datetime import datetime

from pydantic import BaseModel, Field

from api.examples import MEETING, SOMEBODY, example
from medvind.model import MeetingKind

PUBLIC_ID = r"^[A-Za-z0-9_-]{1,64}$"
"""What can be an id at all; anything else in an address is refused before it is looked for."""


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
    link: str | None = Field(description="Where it is online; it stands in calendars and in no message")
    capacity: int | None = Field(description="How many there is room for; null: nobody has said")
    series: str | None = Field(description="The name that it shares with the other meetings of its series")
    cancelled: bool
