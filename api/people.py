"""How a line says whom it is about."""

from pydantic import BaseModel

from api.examples import SOMEBODY, example


class SomebodyOut(BaseModel):
    """Whom it is about."""

    model_config = example(SOMEBODY)

    id: str
    external_id: str
    first_name: str
