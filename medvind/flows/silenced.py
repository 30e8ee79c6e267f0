"""A number whose owner was erased and wanted nothing more: an old list with their yes in it does not bring them back."""

from dataclasses import replace
from datetime import date, datetime, time

from medvind.flows.cells import Entry
from medvind.flows.changes import Remarks
from medvind.model import ChannelName, Purpose
from medvind.rules.calendar import at_wall
from medvind.store.participants import Person, Said


def silenced(before: Person, entry: Entry, since: datetime, remarks: Remarks, *, is_new: bool) -> Person:
    """Somebody new begins with the no of then, so that only a later yes counts; to anybody else the number isn't given.

    Nobody knows whose it is now, and asking it would be one more message.
    """
    day: date | None = entry.get("consent_on", None)
    later_yes = day is not None and at_wall(day, time(), before.zone) > since
    if is_new:
        no = tuple(Said(channel, purpose, given=False, at=since) for channel in ChannelName for purpose in Purpose)
        if day is None:
            says = "its owner has asked for nothing more, and that holds; START from that phone is a new yes"
            remarks.warnings.append(entry.warning("phone", says))
        return replace(before, said=no)
    theirs = any(way.value == entry.get("phone", None) for way in before.ways)
    if not theirs and not later_yes:
        problem = "its owner has asked for nothing more"
        remarks.faults.append(entry.fault("phone", problem, "Take another, or write the day of a later yes in consent_on."))
    return before
