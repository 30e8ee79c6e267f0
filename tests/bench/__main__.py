"""`make bench`: planning and sending, beside the bare way to do the same in the same run. Only its ratios can be compared.

Exit 1 where a message was lost, doubled or early, or where planning left somebody out. Ends by itself.
"""

import argparse
import asyncio
import os
import platform
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from medvind.logs import set_up_logs
from medvind.texts import Catalogue
from tests.bench import planning
from tests.bench.figures import Figure, Tally, percentile, table
from tests.bench.places import MorningClock, Place, migrated, places
from tests.bench.sending import Sender, lateness, one_by_one, plan_invitations, tally
from tests.bench.waiting import measure_waiting
from tests.system.standins import Standin, standins

KINDS = ("sqlite", "postgresql")
EACH_SECOND = 20
"""Messages that fall due in a second where lateness is measured."""
LEAD = timedelta(seconds=2)
"""To get everything ready before the first message falls due."""


@dataclass
class Bench:
    """The figures so far, and what they are taken with."""

    given: argparse.Namespace
    twilio: Standin
    sender: Sender
    clock: MorningClock
    figures: list[Figure] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)
    seen: int = 0

    def plan(self, place: Place, empty: str) -> None:
        """Planning by the thousand, which takes long enough to be measured once, and one person at a time."""
        _say(f"planning, {place.kind}")
        self.figures += planning.measure(place, empty, self.given.people, self.clock)
        _say(f"planning one by one, {place.kind}")
        self.figures += asyncio.run(planning.measure_one_by_one(place, empty, self.clock))

    def wait(self, place: Place, empty: str) -> None:
        """What one message costs where many others wait."""
        _say(f"millions that wait, {place.kind}")
        self.figures += asyncio.run(measure_waiting(place, empty, self.given.waiting, self.clock))

    def round(self, number: int, prepared: Sequence[tuple[Place, str]]) -> None:
        """Sending once, each measure on each database with its bare way beside it."""
        for place, empty in prepared:
            _say(f"round {number}: sending, {place.kind}")
            self._at_once(place, empty)
        bare = self._bare_lag(number)
        for place, empty in prepared:
            _say(f"round {number}: sending on time, {place.kind}")
            self._on_time(place, empty, bare)

    def _at_once(self, place: Place, empty: str) -> None:
        wanted = self.given.messages
        url = asyncio.run(plan_invitations(place, empty, [self.clock.now()] * wanted, self.clock))
        ours = asyncio.run(self.sender.work(url, wanted))
        arrived = self._arrived()
        self.tally += tally(arrived, wanted)
        bare = asyncio.run(self.sender.send_bare(arrived))
        sent = self._arrived()
        self.figures.append(Figure("send what is due at once", place.kind, "messages/s", len(arrived) / ours, len(sent) / bare))

    def _on_time(self, place: Place, empty: str, bare: Sequence[float]) -> None:
        moments = one_by_one(self.clock, EACH_SECOND, self.given.seconds, LEAD)
        url = asyncio.run(plan_invitations(place, empty, moments, self.clock))
        asyncio.run(self.sender.work(url, len(moments)))
        arrived = self._arrived()
        late = lateness(arrived, moments, self.clock)
        self.tally += tally(arrived, len(moments), early=sum(one < 0 for one in late))
        for name, share in (("median", 50), ("p99", 99)):
            figure = Figure(
                f"lateness of one by one, {name}", place.kind, "ms", percentile(late, share), percentile(bare, share)
            )
            self.figures.append(figure)

    def _bare_lag(self, number: int) -> list[float]:
        """How late the client alone is when it is told the moments."""
        _say(f"round {number}: sending on time, bare")
        moments = one_by_one(self.clock, EACH_SECOND, self.given.seconds, LEAD)
        asyncio.run(self.sender.send_bare_on_time(moments))
        return lateness(self._arrived(), moments, self.clock)

    def _arrived(self) -> list[dict[str, str]]:
        """What the stand-in took since it was asked last."""
        messages = self.twilio.messages()
        new, self.seen = messages[self.seen :], len(messages)
        return new


def main() -> int:
    """Runs the rounds and prints what came of them."""
    given = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is stopped
    kinds = [kind for kind in KINDS if given.database in {kind, "both"}]
    with tempfile.TemporaryDirectory(prefix="medvind-bench-") as name, _logs_to(Path(name) / "log"):
        folder = Path(name)
        with places(folder, kinds) as found, standins(folder, "twilio") as (twilio,):
            clock = MorningClock()
            bench = Bench(given, twilio, Sender(twilio.url, clock, Catalogue.load(), _limit(given)), clock)
            _print_machine(given)
            prepared = [(place, asyncio.run(migrated(place))) for place in found]
            for place, empty in prepared:
                _print_load(f"planning, {place.kind}")
                bench.plan(place, empty)
                bench.wait(place, empty)
            for number in range(1, given.rounds + 1):
                _print_load(f"sending, round {number}")
                bench.round(number, prepared)
    _say("")
    return _report(bench)


def _print_load(step: str) -> None:
    print(f"{step}: load {' '.join(f'{load:.2f}' for load in os.getloadavg())}", flush=True)


def _limit(given: argparse.Namespace) -> float:
    """Seconds that sending may take; what has not left by then counts as lost."""
    return float(LEAD.total_seconds() + given.seconds + 30 + given.messages / 20)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description="Planning and sending, beside a bare client.")
    parser.add_argument("--people", type=int, default=20_000, help="who is planned")
    parser.add_argument("--messages", type=int, default=500, help="how many are due at once")
    parser.add_argument("--seconds", type=int, default=10, help=f"how long {EACH_SECOND} messages a second fall due")
    parser.add_argument("--waiting", type=int, default=1_000_000, help="how many others wait while some are sent")
    parser.add_argument("--rounds", type=int, default=3, help="how often sending is measured; medians are printed")
    parser.add_argument("--database", choices=[*KINDS, "both"], default="both")
    return parser.parse_args()


@contextmanager
def _logs_to(path: Path) -> Iterator[None]:
    """The service logs as it does in production, to a file."""
    with path.open("w", encoding="utf-8") as file:
        with redirect_stderr(file):
            set_up_logs("json")
        yield


def _print_machine(given: argparse.Namespace) -> None:
    cores, python = os.cpu_count(), platform.python_version()
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {cores} cores, CPython {python}, {platform.system()} {platform.machine()}")
    print(f"{given.people:,} people, {given.messages:,} messages at once, {EACH_SECOND} a second for {given.seconds} s")


def _say(step: str) -> None:
    """Where we are, on a terminal only."""
    if sys.stderr.isatty():
        print(f"\r{step:<50}\r", end="", file=sys.stderr, flush=True)


def _report(bench: Bench) -> int:
    """The table, and whether every message arrived once and in time."""
    print(*table(bench.figures), sep="\n")
    found = bench.tally
    print(f"{found.looked_at:,} messages looked at: {found.lost} lost, {found.doubled} doubled, {found.early} early")
    return 0 if found.clean else 1


if __name__ == "__main__":
    sys.exit(main())
