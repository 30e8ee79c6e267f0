"""What one person must get, by the documents alone and in own wall times. Each event names the facts new from then on."""

import csv
from collections import namedtuple
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import cache, reduce
from pathlib import Path
from typing import Any

DAY, HOUR, MINUTE, ROOM = timedelta(1), timedelta(hours=1), timedelta(minutes=1), (("%F", 1), ("%G-W%V", 3))
VAT_TYPES = {"monthly": (1, "-{:02}"), "quarterly": (3, "Q{}"), "half_yearly": (6, "H{}"), "closing": (6, "H{}")}


def table(name: str, key: str, value: str = "deadline") -> dict[str, str]:
    rows = csv.DictReader((Path(__file__).parent.parent / "data" / name).read_text("utf-8").splitlines())
    return {key.format(**row): row[value] for row in rows}


CLOSED = table("bank_closing_days.csv", "{date}", "kind")
TOLD = table("vat_deadlines.csv", "{period_type}:{period_end}") | table("tax_dates.csv", "{date_type}:{nominal_date}")


@cache
def free_days(year: int) -> dict[date, str]:
    """Published where they are, else by the rule of Easter (Gauss; 24 and 5 hold from 1982 to 2048)."""
    moon = (19 * (year % 19) + 24) % 30
    easter = date(year, 3, 22) + (moon + (2 * (year % 4) + 4 * (year % 7) + 6 * moon + 5) % 7) * DAY
    public = [easter + n * DAY for n in (-3, -2, 0, 1, 39, 49, 50)] + [date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)]
    banks = [easter + 40 * DAY, date(year, 6, 5), date(year, 12, 24), date(year, 12, 31)]
    told = {date.fromisoformat(day): kind for day, kind in CLOSED.items() if day.startswith(f"{year}")}
    return told or dict.fromkeys(banks, "bank_closing_day") | dict.fromkeys(public, "public_holiday")


@cache
def shift(day: date, step: int, meeting: date | None = None, *, banks: bool = False) -> date:
    """The day itself where it is open (for banks, else for messages), else the next (1), the last before (-1) or itself (0)."""
    saturday = meeting is not None and meeting - DAY <= day  # it is open for a meeting on that or the next day
    kind = free_days(day.year).get(day)
    free = kind == "public_holiday" or (kind and (banks or (day.month, day.day) in {(6, 5), (12, 24), (12, 31)}))
    closed = free or day.weekday() == 6 or (day.weekday() == 5 and not saturday)
    return shift(day + step * DAY, step, meeting, banks=banks) if step and closed else day


def month(year: int, number: int) -> date:
    return date(year + (number - 1) // 12, (number - 1) % 12 + 1, 1)


@cache
def months_on(day: date, months: int, less: int = 0) -> date:
    return min((new := month(day.year, day.month + months)) + (day.day - 1 - less) * DAY, month(new.year, new.month + 1) - DAY)


@cache
def vat_due(due: date) -> list[tuple[str, str, date, date]]:
    """Type, name, first and last day of the VAT periods due that day; `closing`: a half-year that ended in its first half."""
    found = []
    for kind, (length, name) in VAT_TYPES.items():
        for end in (month(due.year, due.month - back) - DAY for back in range(-1, 6) if (due.month - back - 1) % length == 0):
            monthly = date(end.year, 8, 17) if end.month == 6 else month(end.year, end.month + 1).replace(day=25)
            rule = monthly if kind == "monthly" else month(end.year, end.month + 3 * (kind != "closing"))
            if TOLD.get(f"{kind}:{end}", f"{shift(rule, 1, banks=True)}") == f"{due}":
                called = f"{end.year}{name.format(end.month // length)}"
                found.append((kind, called, month(end.year, end.month - length + 1), end))
    return found


# It leaves `at`; the urgent go first, then a lower weight; of those with the same `one_of` one goes; `eve`: a meeting's day
Duty = namedtuple("Duty", "at key chain topic meant until weight urgent asks eve one_of", defaults=(None, None))  # noqa: PYI024
Groups = list[tuple[datetime, list[Duty]]]


class Walk:
    """One person: what is known so far, what is owed, and what has `left`: (key, moment, the key it went along with)."""

    def __init__(self, person: Mapping[str, Any]) -> None:
        self.sms, self.quiet, self.left = person["sms"], person["quiet"], list[tuple[str, datetime, str | None]]()
        self.facts: dict[str, Any] = {"months": 6, "vat": [], "done": [], "paused": [], "wrote": [], "joined": None}
        self.told, self.seen, self.sent, plan = dict[str, dict[str, Any]](), dict[str, datetime](), dict[str, str](), Groups()
        self.about = cache(lambda day: list(self.owed(day)))
        for midnight in (datetime.combine(person["from"] + n * DAY, time()) for n in range(person["days"])):
            today = [(midnight, {}), *((at, news) for at, news in person["events"] if midnight <= at < midnight + DAY)]
            for (now, news), ends in zip(today, [*(at for at, _ in today[1:]), midnight + DAY], strict=True):
                self.facts |= news
                if not all(name.startswith(("done", "meeting", "paused", "wrote")) for name in news):
                    self.about.cache_clear()
                waits = {duty.key for _, group in plan for duty in group} if not news else None  # else what gave way asks again
                plan = plan if not news and now.day % 14 != 1 else self.plan(now, waits) if self.facts["joined"] else []
                for at, group in sorted(together for together in plan if now <= together[0] < ends):
                    self.left += [(duty.key, at, group[0].key if duty is not group[0] else None) for duty in group]
                    self.sent |= {duty.key: duty.one_of or duty.key for duty in group}
                    told = {":".join(duty.key.split(":")[:2]).partition("@")[0] for duty in group}
                    self.told |= {name: self.facts[name] for name in told if name in self.facts}

    def out(self, at: datetime, eve: date | None = None) -> datetime:
        """The first moment from here on that is in nobody's quiet hours."""
        saturday = (10, 18) if eve and at.date() >= eve - DAY else (0, 0)
        opens, closes = (8, 20) if at.weekday() < 5 else saturday if at.weekday() == 5 else (0, 0)
        opens, closes = max(time(opens), self.quiet[0]), min(time(closes), self.quiet[1])
        if at.time() >= closes or shift(at.date(), 1, at.date()) != at.date():
            return self.out(datetime.combine(at.date() + DAY, time()), eve)
        return max(at, datetime.combine(at.date(), opens))

    def duty(self, key: str, topic: str, meant: datetime, step: int, true: Any, rank: Any, *eve: date) -> Duty:
        at = self.out(datetime.combine(shift(meant.date(), step, *eve), meant.time()), *eve)
        chain, until = key.rpartition(":")[0], true if isinstance(true, datetime) else at + true
        return Duty(at, key, chain, topic, meant, until, *rank, *eve)

    def owed(self, day: date) -> Iterator[Duty]:
        """What tells of this day as a last day, and what is said of the wait on it."""
        facts, start, ladders = self.facts, self.facts.get("started"), dict[str, tuple[int, ...]]()
        for kind, name, first, last in vat_due(day):
            closed = next((since for since, form in facts["vat"] if form is None), date.max)
            held = [form for since, form in facts["vat"] if since <= min(last, closed - DAY) and form][-1:]
            early = held == ["half_yearly"] and closed <= month(first.year, first.month + 3)
            ladders |= {f"vat:{name}": (14, 7, 2, 0)} if first < closed and (["closing"] if early else held) == [kind] else {}
        told = TOLD.get(f"b_tax_instalment:{day.replace(day=20)}", f"{shift(day.replace(day=20), 1, banks=True)}")
        ladders |= {f"b_tax:{day:%Y-%m}": (3,)} if facts.get("b_tax") and day.month % 6 and told == f"{day}" else {}
        ladders |= {f"tax_return:{day.year - 1}": (28, 7)} if start and day == date(max(day.year, start.year + 1), 7, 1) else {}
        ends = months_on(start, facts["months"], 1) if start and not facts["pension"] else date.min
        ladders |= {f"support_end:{day}": (42, 14)} if day == ends else {}
        for chain, lead in ((name, lead) for name, leads in ladders.items() for lead in leads):
            on = reduce(lambda on, _: shift(on - DAY, -1, banks=True), range(3), day) if chain[0] == "b" else day - lead * DAY
            urgent = chain[0] == "b" or (chain[0] == "v" and lead <= 3)
            meant, last_hour = datetime.combine(on, time(10 if chain[0] == "s" else 9)), datetime.combine(day, time(20))
            rank = (2 if urgent else 4, urgent, chain[0] != "b")
            yield self.duty(f"{chain}:{lead}d", "deadlines", meant, -1 if lead else 0, last_hour, rank)
        if "extended" in facts and day == facts["extended"].date():
            rest = (facts["extended"], 0, datetime.combine(ends, time(20)), (4, False, False))
            yield self.duty(f"support_extended:{ends}", "deadlines", *rest)._replace(chain=f"support_end:{ends}")
        if "coach" in facts and day == (at := facts["coach"] + HOUR).date():
            yield self.duty(f"coach_changed:{at - HOUR:%Y-%m-%dT%H.%M}", "meetings", at, 0, at + 14 * DAY, (4, False, False))
        ten, days = datetime.combine(day, time(10)), 0 if facts.get("paid") else (day - facts.get("course", day)).days
        words = [(f"check_in:{day:%G-W%V}", "check_ins", 36 * HOUR, 6)] if days > 0 and days % 7 == 3 else []
        words += [(f"waiting:{days}d", "encouragement", 3 * DAY, 5)] if days in {20, 30} else []
        steps = (("milestone", 3, start and months_on(start, 1)), ("payout_done", 7, facts.get("paid")))
        words += [(f"step:{name}", "encouragement", span * DAY, 5) for name, span, on in steps if on == day]
        yield from (self.duty(key, topic, ten, 1, true, (rank, False, rank == 6)) for key, topic, true, rank in words)

    def meet(self, name: str, start: datetime, known: datetime, sequence: int, *, said: str, cancelled: bool) -> Iterator[Duty]:
        """A meeting's first word, or that it has moved or is cancelled, its ladder, and for the silent a chase."""
        known, told = max(known, self.facts["joined"]), self.told.get(name, {"start": known})
        day, two, soon, new = start.date(), start - 2 * HOUR, self.out(known, start.date()), told["start"] <= known
        chain, change = f"{name}@{sequence}".removesuffix("@1"), f"{name}:{'cancelled' if cancelled else 'moved'}:{sequence}"
        first = [known, *(at + HOUR for key, at, _ in self.left if key == change)]
        if not new and (told["start"], told["cancelled"]) != (start, cancelled):
            until, near = told["start"] if cancelled else start, min(day, told["start"].date())
            yield self.duty(change, "meetings", known, 0, until, (1, True, not cancelled), near)
            first.append(self.out(known, near) + HOUR)
        late, third = 20 + 24 * (self.out(two, day) != two), reduce(lambda on, _: shift(on - DAY, -1), range(3), day)
        week = self.duty(f"{chain}:7d", "meetings", datetime.combine(day - 7 * DAY, time(10)), -1, two, (4, False, True), day)
        chase = self.duty(f"{chain}:chase", "meetings", datetime.combine(third, time(10)), 0, two, (3, False, True), day)
        eve = self.duty(f"{chain}:1d", "meetings", datetime.combine(day - DAY, time(10)), -1, two, (2, True, True), day)
        notice = self.duty(f"{chain}:2h", "meetings", two, 0, start - late * MINUTE, (1, True, False), day)
        invite = self.duty(f"{chain}:invite", "meetings", known, 0, two, (3, start - soon < DAY, True), day)
        if not cancelled and said != "no":
            spared = week.at <= known + 2 * DAY or (week.at == chase.at and chase.key in self.sent)
            ladder = [chase] * (not said and chase.at >= soon + 2 * DAY) + [week, eve, notice][spared:]
            yield from [eve if eve.at <= known else invite] * new + [duty for duty in ladder if known < duty.at >= max(first)]

    def plan(self, now: datetime, waits: set[str] | None) -> Groups:
        joined, ends, ready = self.facts["joined"], dict[str, datetime](), list[Duty]()
        owed = [duty for n in range(-15, 62) for duty in self.about(now.date() + n * DAY)]
        ahead = (name for name, one in self.facts.items() if name.startswith("meeting:") and one["start"] > now)
        owed += [duty for name in ahead for duty in self.meet(name, **self.facts[name])]
        owed = [duty for duty in owed if duty.at < duty.until and duty.chain not in self.facts["done"]]
        for duty in sorted(owed, key=lambda duty: duty.meant, reverse=True):
            until, at, one, ends[duty.chain] = min(duty.until, ends.get(duty.chain, duty.until)), duty.at, "", duty.at
            if at < (known := self.seen.setdefault(duty.key, now)):
                at, one = self.out(known, duty.eve), "past" if at < joined else ""
            for since, over, topic in self.facts["paused"]:
                if since <= at < over and topic in {None, duty.topic}:
                    at, one = self.out(over, duty.eve), f"{over} {topic}"
            for wrote in self.facts["wrote"] if not (duty.urgent and duty.topic == "deadlines") else []:
                if wrote - HOUR <= at < wrote + 30 * MINUTE and self.out(wrote + 30 * MINUTE, duty.eve) < until:
                    at = self.out(wrote + 30 * MINUTE, duty.eve)
            if duty.key not in self.sent and one not in self.sent.values() and max(at, self.out(now, duty.eve)) < until:
                ready.append(duty._replace(at=at, until=until, one_of=one))
        ready = [duty for duty in ready if waits is None or duty.at >= now or duty.key in waits]
        best = {duty.one_of: duty for duty in sorted(ready, key=lambda duty: (-duty.weight, duty.meant))}
        return self.arrange([duty for duty in ready if not duty.one_of or best[duty.one_of] is duty], now)

    def arrange(self, duties: list[Duty], now: datetime) -> Groups:
        groups: Groups = [(at, []) for _, at, carrier in self.left[-24:] if not carrier]
        for duty in sorted(duties, key=lambda duty: (not duty.urgent, duty.weight, duty.at, duty.key)):
            for meant in sorted({duty.at, max(duty.at, self.out(now, duty.eve))}):  # what gave way asks at its time, then now
                at, fitting = meant, list[list[Duty]]()
                while at < duty.until and (near := sorted(group for group in groups if abs(group[0] - at) < HOUR)):
                    open_to = [one for when, one in near if one and when < duty.until and not self.sms]
                    fitting = [one for one in open_to if sum(other.asks for other in one) + duty.asks < 2]
                    if fitting or duty.urgent:
                        break
                    at = self.out(near[-1][0] + HOUR, duty.eve)
                on = [on for on, one in groups if duty.key[-7:] != ":invite" or on <= at or not one or not one[0].urgent]
                full = not duty.urgent and any(sum(f"{o:{by}}" == f"{at:{by}}" for o in on) > most for by, most in ROOM)
                if not fitting and (at >= duty.until or full):
                    break
            else:
                fitting[0].append(duty) if fitting else groups.append((at, [duty]))
        return [(max(at, self.out(now, group[0].eve)), group) for at, group in groups if group]
