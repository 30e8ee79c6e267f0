"""Made-up people as plain data: what becomes known of each of them over three years, and when.

The same seed gives the same people. Each has `deeds`, as they are done to the product (a row of a file, a word that is said),
and `events`, the same as the oracle reads them: the facts that are new from then on.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from tests.year.oracle import VAT_TYPES, shift, vat_due

FIRST, YEARS = date(2026, 10, 1), 3
DAY, HOME = timedelta(1), ZoneInfo("Europe/Copenhagen")
CLOCKS = (("11:20", "02:30"), ("13:05", "21:30"), ("07:30", "15:40"), ("12:40", "00:30"), ("17:15", "08:20"))
"""When something becomes known, on the wall in Copenhagen: two moments of a day, seldom the second. At night too."""
TALKS = (("09:45",), ("10:50",), ("12:15",), ("19:50",), ("08:40",))
STARTS = (time(9), time(10, 30), time(13), time(15))
SUCCESSOR = "jonas@kommune.example"
"""Another coach, who takes some of them over."""
OFFICE = 5
"""Things become known on every fifth day, so that much of it is one moment; over the years that is every day of the week."""
ABROAD = ("Atlantic/Faroe", "America/New_York", "Asia/Tokyo")
SUPPORT = ("cash_benefit", "sickness_benefit", "rehabilitation", "disability_pension")
NIGHT_AND_DAY = (time(0), time(23, 59, 59))
OWN_HOURS = ((time(9, 30), time(18)), (time(0), time(17)))
TOPICS = (None, None, None, "check_ins", "deadlines", "meetings", "encouragement")

SOON = timedelta(hours=3)
"""Nobody makes a meeting known, or changes it, so shortly before it begins."""

Deed = tuple[datetime, str, dict[str, Any]]
Event = tuple[datetime, dict[str, Any]]


@dataclass(slots=True)
class Person:
    """One of them. `events` are for `oracle.Walk`, by the person's own wall; `deeds` for the product, in UTC."""

    name: str
    zone: str
    sms: bool
    quiet: tuple[time, time]
    deeds: list[Deed] = field(default_factory=list)

    def events(self, unsaid: frozenset[tuple[datetime, str]] = frozenset()) -> list[Event]:
        """What the deeds mean. `unsaid`: a KLAR to what nobody had asked."""
        facts: dict[str, Any] = {"vat": [], "done": [], "paused": [], "wrote": [], "months": 6}
        found = []
        for at, kind, what in self.deeds:
            if (at, what.get("chain", "")) not in unsaid:
                news = self._news(self.wall(at), kind, what, facts)
                facts |= news
                found.append((self.wall(at), news))
        return found

    def wall(self, at: datetime) -> datetime:
        """On this person's wall; what has no zone was meant in Copenhagen."""
        return (at if at.tzinfo else at.replace(tzinfo=HOME)).astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)

    def _news(self, now: datetime, kind: str, what: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:
        match kind:
            case "row":
                return _row(now, what, facts)
            case "meeting":
                return self._meeting(now, what, facts)
            case "answer":
                name = f"meeting:{what['id']}"
                return {name: facts[name] | {"said": what["said"]}}
            case "klar":
                return {"done": [*facts["done"], what["chain"]]}
            case "words":
                return {"wrote": [*facts["wrote"], now]}
            case "pause":
                return {"paused": [*facts["paused"], (now, datetime.combine(what["until"], time()), what["topic"])]}
            case "extend":
                return {"months": facts["months"] + what["months"], "extended": now}
            case _:
                return {"joined": None}

    def _meeting(self, now: datetime, what: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:
        name = f"meeting:{what['id']}"
        old = facts.get(name, {"sequence": 0, "said": "", "cancelled": False})
        start = self.wall(what["start"]) if "start" in what else old["start"]
        return {name: old | {"start": start, "sequence": old["sequence"] + 1, "known": now, "cancelled": "start" not in what}}


def _row(now: datetime, what: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:
    """A row of the participants' file."""
    names = {"course_ended_on": "course", "paid_out_on": "paid", "business_started_on": "started", "pays_b_tax": "b_tax"}
    news: dict[str, Any] = {short: what[column] for column, short in names.items() if column in what}
    if "consent_on" in what:
        news |= {"joined": now, "pension": what["support_type"] == "disability_pension"}
    if "vat_period" in what:
        since = what.get("vat_period_from", what.get("vat_registered_on"))
        news["vat"] = [*facts["vat"], (since, what["vat_period"])]
    if "coach_email" in what:
        news["coach"] = now
    if "vat_deregistered_on" in what:
        news["vat"] = [*facts["vat"], (what["vat_deregistered_on"], None)]
    return news


def make_people(seed: int, count: int, years: int = YEARS) -> Iterator[Person]:
    """So many people, each by a seed of their own, so that the first ten of a thousand are the ten of ten."""
    for number in range(count):
        yield _Life(Random(f"{seed}:{number}"), number, 365 * years).person()  # noqa: S311 - made-up people


class _Life:
    """Writes one person's three years."""

    def __init__(self, dice: Random, number: int, days: int) -> None:
        self.dice, self.last = dice, FIRST + days * DAY
        zone = "Europe/Copenhagen" if dice.random() < 0.9 else dice.choice(ABROAD)
        quiet = NIGHT_AND_DAY if dice.random() < 0.8 else dice.choice(OWN_HOURS)
        self.made = Person(f"p-{number:04}", zone, dice.random() < 0.5, quiet)
        self.taken: set[datetime] = set()

    def person(self) -> Person:
        """All that happens, in order; nothing before somebody joined, and not much after a STOP."""
        dice = self.dice
        joined = FIRST + DAY * (
            dice.randrange(60) if dice.random() < 0.6 else dice.randrange((self.last - FIRST).days * 3 // 4)
        )
        course = joined + DAY * dice.randint(-40, 25)
        support = dice.choice(SUPPORT)
        self.add(joined, "row", consent_on=joined, course_ended_on=course, support_type=support)
        paid = max(course, joined) + DAY * dice.randint(5, 130)
        self.add(paid, "row", paid_out_on=paid)
        started = paid + DAY * dice.randint(1, 40)
        self.add(started + DAY * dice.randint(-min(10, (started - paid).days - 1), 12), "row", business_started_on=started)
        if support != "disability_pension" and dice.random() < 0.4:
            self.add(started + DAY * dice.randint(60, 150), "extend", months=dice.randint(1, 2))
        self._taxes(started)
        self._meetings(joined)
        self._moods(joined)
        if dice.random() < 0.3:
            self.add(joined + DAY * dice.randint(10, 1000), "row", coach_email=SUCCESSOR)
        self._leaves(joined)
        return self.made

    def add(self, day: date, kind: str, clocks: tuple[tuple[str, ...], ...] = CLOCKS, **what: Any) -> datetime | None:
        """At a clock time of that day at which nothing else happens to this person; the moment, None outside the years."""
        while True:
            day += DAY * (-day.toordinal() % OFFICE)
            todays = clocks[day.toordinal() % len(clocks)]
            clock = todays[0] if self.dice.random() < 0.8 else todays[-1]
            at = datetime.combine(day, time.fromisoformat(clock), HOME).astimezone(UTC)
            if at not in self.taken:
                break
            day += DAY
        if not FIRST <= day < self.last:
            return None
        self.taken.add(at)
        self.made.deeds.append((at, kind, what))
        return at

    def _taxes(self, started: date) -> None:
        dice = self.dice
        if dice.random() < 0.5:
            self.add(started + DAY * dice.randint(0, 60), "row", pays_b_tax=True)
        if dice.random() < 0.1:
            return
        registered = started + DAY * dice.randint(-10, 60)
        period = dice.choices(list(VAT_TYPES)[:3], (3, 6, 3))[0]
        known = max(started, registered) + DAY * dice.randint(13, 40)
        self.add(known, "row", vat_registered_on=registered, vat_period=period)
        held = [(registered, known, period)]
        if dice.random() < 0.5:
            begins = date(known.year + 1, dice.choice((1, 7)), 1)
            changed, period = (
                begins + DAY * dice.randint(-40, 20),
                dice.choice([kind for kind in list(VAT_TYPES)[:3] if kind != period]),
            )
            self.add(changed, "row", vat_period=period, vat_period_from=begins)
            held.append((begins, changed, period))
        ended = max(known + DAY * dice.randint(420, 900), held[-1][0] + DAY * 60)
        if dice.random() < 0.25:
            ended = ended.replace(day=max(ended.day, 2))
            self.add(ended + DAY * dice.randint(0, 20), "row", vat_deregistered_on=ended)
        for day in (known + DAY * days for days in range((self.last - known).days)):
            if due := vat_due(day):
                period = [kind for since, _, kind in held if since <= day][-1]
                self._answer(day, [f"vat:{name}" for kind, name, start, _ in due if kind == period and start < ended], 0.4)
            self._answer(day, [f"tax_return:{day.year - 1}"] if (day.month, day.day) == (7, 1) else [], 0.3)

    def _answer(self, deadline: date, chains: list[str], share: float) -> None:
        for chain in chains:
            if self.dice.random() < share:
                self.add(deadline - DAY * self.dice.randint(0, 14), "klar", chain=chain)

    def _meetings(self, joined: date) -> None:
        """One every few weeks: some are moved, moved back, cancelled, or answered; many are met with silence."""
        day, number = joined + DAY * self.dice.randint(1, 20), 0
        while day < self.last:
            number += 1
            name = f"m-{self.made.name}-{number}"
            known = self.add(day, "meeting", id=name, start=(start := self._start(day + DAY * self.dice.randint(1, 25))))
            fate = self.dice.random()
            if known and fate < 0.7:
                self._changes(name, known, start, fate)
            day += DAY * self.dice.randint(25, 90)

    def _changes(self, name: str, known: datetime, start: datetime, fate: float) -> None:
        """Between the day after it was made known and the day before it begins."""
        first, room = known.astimezone(HOME).date(), (start.date() - known.astimezone(HOME).date()).days - 2
        if room < 1:
            return
        day = first + DAY * self.dice.randint(1, room)
        if fate < 0.08:
            self.add(day, "meeting", id=name)
        elif fate < 0.15 or fate >= 0.4:
            self.add(day, "answer", id=name, said="no" if fate < 0.15 else "yes" if fate < 0.6 else "maybe")
        else:
            moved = self.add(day, "meeting", id=name, start=self._start(start.date() + DAY * self.dice.randint(1, 14)))
            if moved and fate < 0.22:
                self.add(moved.astimezone(HOME).date() + DAY, "meeting", id=name, start=start)

    def _start(self, day: date) -> datetime:
        """On an open day, now and then a Saturday."""
        if self.dice.random() < 0.06:
            day += DAY * ((5 - day.weekday()) % 7)
        day = shift(day, 1, day)
        return datetime.combine(day, self.dice.choice(STARTS))

    def _moods(self, joined: date) -> None:
        """Words for the coach, and pauses."""
        days = (self.last - joined).days
        for _ in range(self.dice.randint(0, 4)):
            self.add(joined + DAY * self.dice.randint(1, days), "words", TALKS)
        day = joined + DAY * self.dice.randint(20, 300)
        while self.dice.random() < 0.4 and day < self.last:
            until = day + DAY * self.dice.randint(3, 25)
            self.add(day, "pause", until=until, topic=self.dice.choice(TOPICS))
            day = until + DAY * self.dice.randint(5, 300)

    def _leaves(self, joined: date) -> None:
        """In order of time; after a STOP facts still come for two months."""
        deeds = sorted(self.made.deeds, key=lambda deed: deed[0])
        begins = next(at for at, _, what in deeds if "consent_on" in what)
        self.made.deeds = list(_possible(deed for deed in deeds if deed[0] >= begins))
        if self.dice.random() < 0.12:
            stop = self.add(joined + DAY * self.dice.randint(60, 1000), "stop")
            if stop:
                self.made.deeds = sorted((one for one in self.made.deeds if one[0] < stop + 60 * DAY), key=lambda deed: deed[0])


def _possible(deeds: Iterable[Deed]) -> Iterator[Deed]:
    """Without what comes too late for its meeting, what changes nothing, and a pause that is over before it begins."""
    starts: dict[str, datetime | None] = {}
    for at, kind, what in deeds:
        if kind in {"meeting", "answer"}:
            was, now = starts.get(what["id"]), what.get("start")
            ahead = [start for start in (was, now) if start]
            if was == now or not ahead or any(start.replace(tzinfo=HOME) - at < SOON for start in ahead):
                continue
            starts[what["id"]] = now if kind == "meeting" else was
        if kind != "pause" or what["until"] > at.date() + DAY:
            yield at, kind, what
