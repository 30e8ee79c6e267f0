"""Planning in a process of its own, so that its memory can be told: `python -m tests.bench.alone`, with the URL on stdin."""

import asyncio
import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from medvind.flows.plan import Counts, load_policy, plan_all
from tests.bench.places import MorningClock, opened

ROOT = Path(__file__).parents[2]
STATUS = Path("/proc/self/status")


@dataclass(frozen=True, slots=True)
class Planned:
    """Seconds for everybody's first plan and for the same plan again, and what each did.

    `grown`: by how many MB the process was larger at most than before it planned anybody; None where the system doesn't say.
    """

    first: Counts
    anew: float
    again: Counts
    unchanged: float
    grown: float | None

    @classmethod
    def read(cls, text: str) -> "Planned":
        """From what the process prints."""
        said = json.loads(text)
        return cls(Counts(**said.pop("first")), again=Counts(**said.pop("again")), **said)


def planned_alone(url: str) -> Planned:
    """Plans this database twice, in a process that ends before this returns."""
    words = [sys.executable, "-m", "tests.bench.alone"]
    return Planned.read(subprocess.run(words, cwd=ROOT, input=url, stdout=subprocess.PIPE, text=True, check=True).stdout)


async def _plan(url: str) -> Planned:
    """The texts are measured once a process, whoever is planned: that is over before the watch is started."""
    clock = MorningClock()
    async with opened(url) as db:
        async with db.read(None) as session:
            await load_policy(session)
        before, began = _peak(), time.perf_counter()
        first = await plan_all(db, clock, limit=None)
        planned = time.perf_counter()
        again = await plan_all(db, clock, limit=None)
        passed_by = time.perf_counter()
    after = _peak()
    grown = None if before is None or after is None else after - before
    return Planned(first, planned - began, again, passed_by - planned, grown)


def _peak() -> float | None:
    """How large this process was at most so far, in MB."""
    if not STATUS.exists():
        return None
    sizes = dict(line.split(":", 1) for line in STATUS.read_text().splitlines())
    return int(sizes["VmHWM"].split()[0]) / 1024


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(_plan(sys.stdin.read())))))
