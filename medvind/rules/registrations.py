"""VAT registrations as a file tells them: since when, by which periods from which day on, and until when."""

from collections.abc import Iterable
from datetime import date

from medvind.model import VatPeriod, VatRegistration

History = tuple[VatRegistration, ...]
"""In order of time; each entry holds until the next."""
USUAL = VatPeriod.QUARTERLY
"""How a business files of whose first periods nothing is known: most do so in their first years."""


def registered_since(history: History) -> date | None:
    """Since when the business is registered without a break; None: it isn't."""
    run = _run(history)
    return run[0].since if run else None


def reopened(history: History) -> tuple[History, date | None]:
    """The history as if it had never ended, and the day on which it did; None: it hasn't."""
    if history and history[-1].period is None:
        return history[:-1], history[-1].since
    return history, None


def register(history: History, since: date, period: VatPeriod | None, today: date) -> History:
    """Registered since that day. The day given before is corrected by it, and so is an end that came after it.

    Without a period, the one that held stays; a business that is new to us files quarterly.
    """
    if registered_since(history) == since:
        return change_period(history, period, today) if period else history
    before = [one for one in history if one.since < since]
    while before and before[-1].period is not None:
        before.pop()
    later = [one for one in _run(history) if one.since > since] if period is None else []
    held = [one.period for one in history if one.since <= since and one.period is not None]
    first = period or (held[-1] if held else None) or _first_period(history) or USUAL
    return _plain([*before, VatRegistration(since, first), *later])


def change_period(history: History, period: VatPeriod, today: date) -> History:
    """Another period type from today on; before the registration begins, from its first day. Not registered: as it was."""
    run = _run(history)
    if not run or run[-1].period == period:
        return history
    from_day = max(today, run[-1].since)
    return _plain([*(one for one in history if one.since < from_day), VatRegistration(from_day, period)])


def begin_period(history: History, period: VatPeriod, day: date) -> History:
    """This period type from that day on, as the tax agency wrote: it is the last one, and a day given before is corrected.

    Where nothing is known of the periods before, they were quarterly. Not registered by that day: as it was.
    """
    run = _run(history)
    if not run or day < run[0].since:
        return history
    earlier = [one for one in run if one.since < day]
    if earlier and earlier[-1].period == period:
        earlier.pop()
    if not earlier and run[0].since < day:
        earlier = [VatRegistration(run[0].since, USUAL)]
    return _plain([*history[: len(history) - len(run)], *earlier, VatRegistration(day, period)])


def deregister(history: History, day: date) -> History:
    """No longer registered from that day on; a registration that would come later never begins."""
    run = _run(history)
    if not run:
        return history
    kept = [one for one in history if one.since < day]
    ended = [VatRegistration(day, None)] if kept and kept[-1].period is not None else []
    return _plain([*kept, *ended])


def _run(history: History) -> History:
    """The entries since the last end."""
    ends = [number for number, one in enumerate(history, 1) if one.period is None]
    return history[ends[-1] if ends else 0 :]


def _first_period(history: History) -> VatPeriod | None:
    run = _run(history)
    return run[0].period if run else None


def _plain(entries: Iterable[VatRegistration]) -> History:
    """Without entries that say what the one before says already."""
    kept: list[VatRegistration] = []
    for one in entries:
        if one.period != (kept[-1].period if kept else None):
            kept.append(one)
    return tuple(kept)
