"""Finding what is due takes no longer for all that others have in hand."""

import re
from datetime import datetime

from sqlalchemy import Executable, Select, text

from medvind.store import front
from medvind.store.database import Database, Session


async def steps(session: Session, question: Executable, now: datetime) -> list[str]:
    """How the database would go about it."""
    assert isinstance(question, Select)
    bind, most = session.get_bind(), 400
    spelled = question.params(now=now, most=most, worker="one").compile(bind, compile_kwargs={"literal_binds": True})
    how = "EXPLAIN" if session.on_postgresql else "EXPLAIN QUERY PLAN"
    return [str(row[-1]) for row in await session.execute(text(f"{how} {spelled}".replace(":", r"\:")))]


async def test_what_others_have_in_hand_is_read_once_and_not_for_each_that_is_due(db: Database, now: datetime) -> None:
    """On PostgreSQL into tables of its own that each is looked up in; SQLite finds the few there are by their index."""
    async with db.read() as session:
        found = "\n".join(await steps(session, front.DUE, now))
        on_postgresql = session.on_postgresql
    print(found)
    assert not [word for word in ("CORRELATED", "Join", "Nested Loop") if word in found]
    if on_postgresql:
        assert set(re.findall(r"(\w*) ?SubPlan \d\)", found)) == {"hashed"}
        assert len(re.findall(r"SubPlan \d$", found, re.MULTILINE)) == 2
    else:
        assert len(re.findall(r"USING INDEX ix_outbox_unsettled \(state=\?\)", found)) == 2
