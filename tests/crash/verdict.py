"""What became of every duty, counted at the providers: lost, extra by channel and kind, and what is silent by choice."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from medvind.model import ChannelName
from tests.crash.world import Ended, Owed, World

BLIND = "AD"
"""The kinds that prefer a double: on Telegram they may be sent once more in doubt."""


@dataclass
class Verdict:
    """Of one database, or of several added up. `most`: the most messages that one person got, by channel and kind."""

    looked_at: int = 0
    lost: list[str] = field(default_factory=list)
    silent: Counter[str] = field(default_factory=Counter)
    review: Counter[str] = field(default_factory=Counter)
    extra: Counter[str] = field(default_factory=Counter)
    most: Counter[str] = field(default_factory=Counter)
    duties: Counter[str] = field(default_factory=Counter)

    def add(self, owed: Owed, came: int, ended: Ended | None) -> None:
        """One duty more."""
        name = f"{owed.channel} {owed.letter}"
        self.looked_at += 1
        self.duties[name] += 1
        self.extra[name] += max(0, came - 1)
        self.most[name] = max(self.most[name], came)
        if came:
            return
        if ended and owed.channel == ChannelName.TELEGRAM and ended.state == "review" and ended.task:
            self.review[name] += 1
        elif ended and owed.channel == ChannelName.TELEGRAM and owed.letter not in BLIND and ended.reason == "fate unknown":
            self.silent[name] += 1
        else:
            self.lost.append(f"{name}, person {owed.number}: {ended}")

    @property
    def sms_extra(self) -> int:
        """Messages too many by SMS."""
        return sum(count for name, count in self.extra.items() if name.startswith("sms"))

    def broken(self) -> list[str]:
        """The promises P1 and P2, where they don't hold."""
        found = [f"lost: {one}" for one in self.lost[:5]]
        for name, most in self.most.items():
            allowed = 2 if name.startswith("telegram") and name[-1] in BLIND else 1
            if most > allowed:
                found.append(f"{name}: one person got {most}, at most {allowed} is promised")
        return found

    def lines(self) -> list[str]:
        """The table, with how many were looked at beside each 0."""
        head = f"  {'':12}{'duties':>8}{'extra':>8}{'most':>6}{'silent':>8}{'review':>8}"
        rows = [
            f"  {name:12}{self.duties[name]:>8}{self.extra[name]:>8}{self.most[name]:>6}"
            f"{self.silent[name]:>8}{self.review[name]:>8}"
            for name in sorted(self.duties)
        ]
        return [head, *rows, f"  lost {len(self.lost)} of {self.looked_at}; SMS extra {self.sms_extra} of {self._sms}"]

    @property
    def _sms(self) -> int:
        return sum(count for name, count in self.duties.items() if name.startswith("sms"))


def judge(worlds: Iterable[World]) -> Verdict:
    """All duties of these worlds. What arrived at somebody who is owed nothing is an extra as well."""
    verdict = Verdict()
    for world in worlds:
        came, ends = world.arrivals(), world.ends()
        for number, owed in world.owed.items():
            verdict.add(owed, came[number], ends.get(number))
    return verdict


@dataclass(frozen=True)
class Part:
    """What one part of the run says: its lines, and what is broken."""

    name: str
    lines: Sequence[str]
    broken: Sequence[str]
