"""One round of everything on a database of its own, before anybody forks: what a process only reckons once is there then."""

import asyncio
import threading
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from structlog.testing import capture_logs

from medvind.flows.plan import plan_all
from medvind.flows.settle import settle_doubts, sweep
from medvind.model import Milestone
from medvind.store.database import Database
from medvind.store.schema import migrate
from medvind.store.vault import Keys, Vault
from medvind.texts import Catalogue
from tests.fakes import HandClock, Town
from tests.people import add_coach, add_person

MORNING = datetime(2026, 11, 24, 9, 5, tzinfo=UTC)


def go_round() -> None:
    """Somebody is planned for, is sent what is due, and answers. Nothing of it is left but what the modules remember."""
    with TemporaryDirectory(prefix="medvind-warm-") as folder, capture_logs(), asyncio.Runner() as runner:
        runner.run(_round(Path(folder)))
    for thread in threading.enumerate():
        if thread is not threading.current_thread():
            thread.join()  # a process that is forked has but one


async def _round(folder: Path) -> None:
    async with Database.open(f"sqlite:///{folder}/medvind.db", Vault(Keys.new())) as db:
        await migrate(db)
        town = Town(db, HandClock(MORNING), Catalogue.load())
        async with db.begin() as session:
            ended = {Milestone.COURSE_ENDED: date(2026, 11, 21)}
            coach = await add_coach(session, db.vault, now=MORNING)
            await add_person(session, db.vault, coach_id=coach.id, milestones=ended, now=MORNING)
        await plan_all(db, town.clock)
        await town.deliver()
        await town.hear("4")
        await town.deliver()
        await sweep(db, town.clock)
        await settle_doubts(db, town.machine, town.clock)
