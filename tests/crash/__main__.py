"""`make crash`: the sending machine under kills, stops and restarts, with real processes. Counted at the providers' stand-ins.

Exit 1 where a promise is broken. Ends by itself: every wait has a limit.
"""

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.bench.places import Place, places
from tests.crash import inbound, kills, points, restarts, stopped, terms
from tests.crash.together import worlds, zygotes
from tests.crash.verdict import Part
from tests.crash.world import World
from tests.system.rig import Zygote

KINDS = ("sqlite", "postgresql")
PARTS = ("kills", "control", "points", "stopped", "terms", "restarts", "inbound")


def _parts(given: argparse.Namespace) -> dict[str, Callable[[list[World]], Part]]:
    """Each on fresh databases."""
    return {
        "kills": lambda worlds: kills.kills(worlds, given.kills, given.duties, given.seed),
        "control": lambda worlds: kills.control(worlds, given.control_kills, given.seed),
        "points": lambda worlds: points.points(worlds, given.every_line),
        "stopped": lambda worlds: stopped.stopped(worlds, given.stop_rounds),
        "terms": lambda worlds: terms.terms(worlds, given.terms, given.seed),
        "restarts": lambda worlds: restarts.restarts(worlds, given.restarts),
        "inbound": lambda worlds: inbound.inbound(worlds, given.inbound, given.seed),
    }


def main() -> int:
    """Runs the parts that were asked for and prints what came of them."""
    given = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is stopped
    kinds = [kind for kind in KINDS if given.database in {kind, "both"}]
    print(f"seed {given.seed}, {' and '.join(kinds)}", flush=True)
    with tempfile.TemporaryDirectory(prefix="medvind-crash-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with places(folder, kinds) as found, zygotes(len(found)) as forks:
            ended = [_run(part, act, found, forks) for part, act in _parts(given).items() if given.part in {None, part}]
    broken = [f"{part.name}: {one}" for part in ended for one in part.broken]
    print("every promise held" if not broken else "BROKEN", *broken, sep="\n")
    return 1 if broken else 0


def _run(name: str, act: Callable[[list[World]], Part], found: Sequence[Place], forks: Sequence[Zygote]) -> Part:
    began = time.monotonic()
    with worlds(found, forks, name) as made:
        try:
            part = act(made)
        except Exception as error:  # noqa: BLE001 - a part that goes wrong is said, and the others are still played
            part = Part(name, [], [f"it could not be played to its end: {type(error).__name__}: {error}"])
    took = f"{part.name} ({time.monotonic() - began:.0f} s)"
    print(took, *part.lines, *(f"  BROKEN: {one}" for one in part.broken), sep="\n", flush=True)
    return part


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make crash", description="The sending machine under kills, stops and restarts.")
    parser.add_argument("--kills", type=int, default=1000, help="kill -9 at random moments, over all databases")
    parser.add_argument("--duties", type=int, default=2000, help="what is owed meanwhile")
    parser.add_argument("--control-kills", type=int, default=40, help="of the control that must turn red")
    parser.add_argument("--every-line", type=int, default=1, help="of the send path only each so manieth")
    parser.add_argument("--stop-rounds", type=int, default=5, help="SIGSTOP past the lease, on each database")
    parser.add_argument("--terms", type=int, default=100, help="SIGTERM under load, over all databases")
    parser.add_argument("--restarts", type=int, default=5, help="of PostgreSQL while three workers send")
    parser.add_argument("--inbound", type=int, default=5000, help="what the providers tell, over all databases")
    parser.add_argument("--part", choices=PARTS, help="only this one")
    parser.add_argument("--database", choices=[*KINDS, "both"], default="both")
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
