"""Duties for the tests of how they are put in order: a test says only what it is about."""

from typing import Any

from medvind.model import Doubt, Duty, Topic, Why
from tests.rules.facts import local


def duty(key: str, when: str, until: str = "2026-12-31 10:00", *, chain: str = "", **facts: Any) -> Duty:
    """Something owed from a wall time on, about a deadline; alone in its chain unless that is named."""
    given: dict[str, Any] = {"doubt": Doubt.B, "topic": Topic.DEADLINES} | facts
    return Duty("kind", key, chain or key, local(when), local(until), "text", Why("why"), **given)
