"""When to try again, and what to do where nobody knows whether a message left."""

from datetime import timedelta
from enum import StrEnum
from hashlib import sha256

from medvind.model import Doubt

STEPS = (1, 5, 15, 60)
"""Minutes to wait after the first, second, third and every later failure that certainly sent nothing."""
JITTER = 0.2


def backoff(attempts: int, salt: str) -> timedelta:
    """How long to wait after so many tries, up to a fifth longer: the same row always the same, two rows seldom together."""
    minutes = STEPS[min(max(attempts, 1), len(STEPS)) - 1]
    share = sha256(f"{salt}:{attempts}".encode()).digest()[0] / 255
    return timedelta(minutes=minutes * (1 + JITTER * share))


class Verdict(StrEnum):
    """How a doubt ends that no provider can settle."""

    AGAIN = "again"
    SILENCE = "silence"
    PERSON = "person"


def judge(doubt: Doubt, *, tried_in_doubt: bool, later_step: bool) -> Verdict:
    """What doubt prefers, by kind: A and D one double, C silence, B silence where a later step repairs it.

    A second unknown of the same row is for a person to look at, so that there is at most one extra message.
    """
    match doubt:
        case Doubt.A | Doubt.D:
            return Verdict.PERSON if tried_in_doubt else Verdict.AGAIN
        case Doubt.B:
            return Verdict.SILENCE if later_step else Verdict.PERSON
        case Doubt.C:
            return Verdict.SILENCE
