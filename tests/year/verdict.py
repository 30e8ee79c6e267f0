"""What the product sent beside what the oracle says: each difference by its kind, and how many messages were looked at."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.year.people import Person

FAULTS = ("wrong day", "wrong clock time", "doubled", "missing", "uncalled for", "wrong company")
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Message:
    """What left, on the person's own wall; `along` is the key of the message that it was part of."""

    key: str
    at: datetime
    along: str | None = None


@dataclass(slots=True)
class Verdict:
    """How many messages were looked at, and each fault with the person's name, the key and the times."""

    people: int = 0
    looked_at: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    faults: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, other: "Verdict") -> None:
        """Both together."""
        self.people += other.people
        self.looked_at += other.looked_at
        self.kinds += other.kinds
        for kind, found in other.faults.items():
            self.faults[kind] += found


def compare(person: Person, expected: Sequence[Message], sent: Sequence[Message], verdict: Verdict) -> None:
    """Message by message, by key: that is what each of them is owed for."""
    got: dict[str, list[Message]] = defaultdict(list)
    for message in sent:
        got[message.key].append(message)
    for due in expected:
        found = got.pop(due.key, [])
        kind = _fault(due, found)
        if kind:
            verdict.faults[kind].append(f"{person.name} {due.key} due {due.at}, sent {[f'{one.at}' for one in found]}")
    for key, those in got.items():
        verdict.faults["uncalled for"].append(f"{person.name} {key} sent {[f'{one.at}' for one in those]}")
    verdict.people += 1
    verdict.looked_at += len(expected)
    verdict.kinds.update(message.key.split(":")[0] for message in expected)


def _fault(due: Message, found: Sequence[Message]) -> str | None:
    if not found:
        return "missing"
    if len(found) > 1:
        return "doubled"
    if found[0].at.date() != due.at.date():
        return "wrong day"
    if not timedelta() <= found[0].at - due.at < MINUTE:
        return "wrong clock time"
    return None if found[0].along == due.along else "wrong company"


def report(verdict: Verdict) -> str:
    """The counts, each beside how many were looked at, and the first faults of each kind."""
    lines = [
        f"{len(verdict.faults[kind])} {kind} of {verdict.looked_at:,} messages to {verdict.people:,} people" for kind in FAULTS
    ]
    lines += [f"  {kind}: {one}" for kind in FAULTS for one in verdict.faults[kind][:5]]
    return "\n".join([*lines, ", ".join(f"{kind} {count:,}" for kind, count in verdict.kinds.most_common())])
