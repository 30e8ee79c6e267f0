"""A word on where things stand, 20 and 30 days after the course, while the money has not come."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from medvind.model import ClosedDay, Doubt, Duty, Milestone, PersonFacts, Topic, Why
from medvind.rules.calendar import at_wall
from medvind.rules.policy import Policy
from medvind.rules.sending import settle

_CLOCK = time(10)
_WORDS = {20: "no_news", 30: "waiting_30"}
_VALID = timedelta(days=3)


def owed(facts: PersonFacts, policy: Policy, _since: datetime, _until: datetime) -> Iterator[Duty]:
    """Both words. A word that announces the next one names the day on which that will really leave."""
    if not facts.waiting:
        return
    ended = facts.milestones[Milestone.COURSE_ENDED]
    meant = {days: at_wall(ended + timedelta(days), _CLOCK, facts.zone) for days in _WORDS}
    leaves = {days: settle(when, ClosedDay.FORWARD, policy, facts.zone) for days, when in meant.items()}
    last = leaves[max(_WORDS)].astimezone(ZoneInfo(facts.zone)).date()
    for days, text in _WORDS.items():
        yield Duty(
            kind="waiting_word",
            key=f"waiting:{days}d",
            chain="waiting",
            when=meant[days],
            valid_until=leaves[days] + _VALID,
            text=text,
            why=Why("why_waiting_word", {"day": ended.isoformat(), "days": str(days)}),
            doubt=Doubt.B,
            topic=Topic.ENCOURAGEMENT,
            subject={} if days == max(_WORDS) else {"next_day": last.isoformat()},
            off_closed=ClosedDay.FORWARD,
        )
