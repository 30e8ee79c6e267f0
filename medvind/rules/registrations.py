"""VAT registrations as a file tells them: since when, by which periods, and no longer."""

from collections.abc import Iterable
from datetime import date

from medvind.model import VatPeriod, VatRegistration

History = tuple[VatRegistration, ...]
"""In order of time; each entry holds until the next."""


def registered_since(history: History) -> date | None:
    """Since when the business is registered without a break; None: it isn't."""
    run = _run(history)
    return run[0].since if run else None


def register(history: History, since: date, period: VatPeriod | None, today: date) -> History:
    """Registered since that day. The day given before is corrected by it, and so is an end that came after it.

    Without a period, the one that held stays; a business that is new to us files quarterly, as most do in their first years.
    """
    if registered_since(history) == since:
        return change_period(history, period, today) if period else history
    before = [one for one in history if one.since < since]
    while before and before[-1].period is not None:
        before.pop()
    later = [one for one in _run(history) if one.since > since] if period is None else []
    held = [one.period for one in history if one.since <= since and one.period is not None]
    first = period or (held[-1] if held else None) or _first_period(history) or VatPeriod.QUARTERLY
    return _plain([*before, VatRegistration(since, first), *later])


def change_period(history: History, period: VatPeriod, today: date) -> History:
    """Another period type from today on; before the registration begins, from its first day. Not registered: as it was."""
    run = _run(history)
    if not run or run[-1].period == period:
        return history
    from_day = max(today, run[-1].since)
    return _plain([*(one for one in history if one.since < from_day), VatRegistration(from_day, period)])


def deregister(history: History, today: date) -> History:
    """No longer registered from today on; a registration still to come never begins."""
    run = _run(history)
    if not run:
        return history
    kept = [one for one in history if one.since < today]
    ended = [VatRegistration(today, None)] if kept and kept[-1].period is not None else []
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
