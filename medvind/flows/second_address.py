"""What comes from an address that came with a second record of the same person, beside the one that is written to."""

from medvind.channels import Inbound
from medvind.model import Ask
from medvind.rules.meanings import No, OpenQuestion, OptIn, Reply, WrongNumber, Yes
from medvind.store import beside
from medvind.store.database import Session
from medvind.store.reach import reach_of


async def is_about_another(session: Session, person: int, inbound: Inbound, reply: Reply) -> bool:
    """A yes from there takes it up. That it is somebody else's says nothing of the other one: a person must read that.

    True: it is kept and does nothing. From any other address this is False, and nothing is done.
    """
    at = (session, person, inbound.channel, inbound.sender)
    match reply:
        case OptIn() | Yes(OpenQuestion(ask=Ask.INVITE)):
            await beside.take_up(*at)
            return False
        case WrongNumber():
            return await beside.is_beside(*at)
        case No(OpenQuestion(ask=Ask.INVITE)):
            return await beside.is_beside(*at) and (await reach_of(session, [person]))[person].has_moved
        case _:
            return False
