"""What was measured, and how it is printed: medians over the rounds, ratios taken within a round."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True, slots=True)
class Target:
    """What was promised: a ratio of at least or at most so much, or a figure that stays under so much."""

    least: float | None = None
    most: float | None = None
    under: float | None = None

    def says(self, value: float, ratio: float | None) -> str:
        """The promise, and whether it is kept."""
        if self.under is not None:
            return f"under {self.under:g}: {_verdict(value < self.under)}"
        if ratio is None:
            return ""
        if self.least is not None:
            return f"at least {self.least:.0%}: {_verdict(ratio >= self.least)}"
        return "" if self.most is None else f"at most {self.most:.0%}: {_verdict(ratio <= self.most)}"


def _verdict(met: bool) -> str:
    return "target met" if met else "target not met"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure of one round. `beside` is what it is compared with in the same round, None where there is nothing."""

    measure: str
    database: str
    unit: str
    ours: float
    beside: float | None = None
    target: Target | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """What the provider's stand-in says of one run: how many messages were looked at, and what was wrong with them."""

    looked_at: int = 0
    lost: int = 0
    doubled: int = 0
    early: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        """Both together."""
        return Tally(
            self.looked_at + other.looked_at,
            self.lost + other.lost,
            self.doubled + other.doubled,
            self.early + other.early,
        )

    @property
    def clean(self) -> bool:
        """Nothing was wrong, and something was looked at."""
        return self.looked_at > 0 and not (self.lost or self.doubled or self.early)


def percentile(values: Sequence[float], share: int) -> float:
    """The value that so many in a hundred don't exceed."""
    return quantiles(values, n=100, method="inclusive")[share - 1]


def table(figures: Iterable[Figure]) -> list[str]:
    """One line for each measure and database, in the order in which they were taken."""
    taken: dict[tuple[str, str, str], list[Figure]] = defaultdict(list)
    for figure in figures:
        taken[figure.measure, figure.database, figure.unit].append(figure)
    lines = [_line("measure", "database", "Medvind", "beside", "", "ratio")]
    return lines + [_summed_up(*key, rounds) for key, rounds in taken.items()]


def _summed_up(measure: str, database: str, unit: str, rounds: Sequence[Figure]) -> str:
    ours, target = median(figure.ours for figure in rounds), rounds[0].target or Target()
    pairs = [(figure.ours, figure.beside) for figure in rounds if figure.beside is not None]
    if not pairs:
        return _line(measure, database, _number(ours), "", unit, "", target.says(ours, None))
    ratio, beside = median(mine / bare for mine, bare in pairs), median(bare for _, bare in pairs)
    return _line(measure, database, _number(ours), _number(beside), unit, f"{ratio:.0%}", target.says(ours, ratio))


def _line(measure: str, database: str, ours: str, beside: str, unit: str, ratio: str, target: str = "") -> str:
    return f"{measure:<34} {database:<10} {ours:>9} {beside:>9} {unit:<11} {ratio:>6}  {target}".rstrip()


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"
