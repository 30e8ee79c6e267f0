"""Two records of one person become one, and can be taken apart again: what was said stays said, and nothing is said twice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from medvind.errors import MergeRefusedError
from medvind.flows.plan import keep_up, replan
from medvind.model import ChannelName, PublicId, Viewer
from medvind.rules.merging import UNDO_WITHIN, Joined, Whose, join
from medvind.store import apart, comparing, merging, moved, moving, participants
from medvind.store.comparing import Difference
from medvind.store.database import Session
from medvind.store.merging import Merged, Named
from medvind.store.reach import reach_of

SAME = "other_id is the same record: name the other one of the two"
ON_ITS_WAY = "a message to one of them is just being sent: try again in a few minutes"
UNDONE = "this was taken back already: there is nothing to undo"
LATER = "another record was joined to this one afterwards: take that back first"
TOO_OLD = "that was more than 30 days ago: what has left since can't be told apart any more"
ADDRESS = "an address of theirs has come, been changed or given to somebody else since: bring them in anew by hand"
YES = "they have said yes since, and nobody can tell for which of the two: bring them in anew by hand"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Look:
    """What joining them would do. `moves` counts rows by table; `cancels`: planned messages of the other record.

    `written_to` says whose address is used on each channel; `stopped`: one of them wants nothing, so nothing will be sent.
    """

    kept: Named
    other: Named
    differences: Sequence[Difference]
    written_to: Mapping[ChannelName, Whose]
    stopped: bool
    on_its_way: bool
    moves: Mapping[str, int]
    cancels: int


@dataclass(frozen=True, slots=True)
class Done:
    """What was joined, under the name by which it can be undone, and what that did."""

    id: PublicId
    look: Look


@dataclass(frozen=True, slots=True)
class Apart:
    """Both stand for themselves again. What came and went meanwhile stays with the record that was kept.

    `not_again`: messages that the other one is not owed again, since they have left to its address; `carried`: a stop or a
    pause from that time holds for both.
    """

    kept: Named
    other: Named
    came: int
    went: int
    not_again: int
    carried: bool


async def look(session: Session, viewer: Viewer, kept_id: str, other_id: str) -> Look:
    """What would happen; nothing does. Raises as `merge` does, but for what is on its way."""
    kept, other = await _both(session, viewer, kept_id, other_id)
    return await _look(session, kept, other, await _joined(session, kept, other))


async def merge(session: Session, viewer: Viewer, kept_id: str, other_id: str, now: datetime) -> Done:
    """The other record becomes part of the one that is kept, with all that was said; its own plan ends, and one plan follows.

    Raises NotFoundError where the viewer may not see both, and MergeRefusedError where they are the same, where one of them
    was joined before, and while a message to one of them is on its way.
    """
    kept, other = await _held(session, viewer, kept_id, other_id)
    people = (kept.row, other.row)
    before = await moved.snapshot(session, people)
    joined = await _joined(session, kept, other)
    seen = await _look(session, kept, other, joined)
    records = {whose: await merging.record(session, row) for whose, row in zip(Whose, people, strict=True)}
    asked = {
        whose: await merging.invitation(session, row, records[whose].numbers) for whose, row in zip(Whose, people, strict=True)
    }
    today = now.astimezone(ZoneInfo(await participants.zone_of(session, kept.row))).date()
    await moving.move(session, kept.row, other.row, joined, records, now, today)
    await _ask_no_number_twice(session, kept.row, joined, asked)
    await replan(session, kept.row, now)
    entries = moved.difference(before, await moved.snapshot(session, people), *people)
    stays = await merging.messages_of(session, other.row)
    kept_log = {"entries": entries, "last": await moved.last_ids(session), "stays": stays}
    name = await merging.keep(session, kept, other, kept_log, viewer.token_id, now)
    log.info("merged", participant=kept.id)
    return Done(name, seen)


async def merges(session: Session, viewer: Viewer, kept_id: str) -> list[Merged]:
    """What was joined to this record, undone or not, the last first. Raises NotFoundError, MergeRefusedError."""
    return await merging.listed(session, await merging.named(session, kept_id, seen_by=viewer))


async def undo(session: Session, viewer: Viewer, kept_id: str, merge_id: str, now: datetime) -> Apart:
    """Both records are again what they were, with what has become of their rows since; what is new stays where it came.

    Raises NotFoundError, and MergeRefusedError where that could not be exact any more: after 30 days, where another record was
    joined to the same one since, where an address has changed or somebody has said yes, and while a message is on its way.
    """
    kept = await merging.named(session, kept_id, seen_by=viewer)
    merged, _ = await merging.get(session, kept, merge_id, seen_by=viewer)
    people = (kept.row, merged.other.row)
    await merging.hold(session, people)
    kept = await merging.named(session, kept_id, seen_by=viewer)
    merged, kept_log = await merging.get(session, kept, merge_id, seen_by=viewer)
    entries, last = kept_log["entries"], kept_log["last"]
    await _check_undo(session, merged, entries, last, now)
    not_again = await apart.said_already(session, kept.row, entries, merged.at)
    came, went = await apart.meanwhile(session, kept.row, last["inbox"], merged.at)
    await apart.forget_stray(session, merged.other.row, kept_log["stays"])
    whole = await moved.put_back(session, entries, not_again, now)
    today = now.astimezone(ZoneInfo(await participants.zone_of(session, kept.row))).date()
    carried = await apart.carry_over(session, *people, last, now, today)
    await keep_up(session, people, now, anew=not whole)
    await merging.undone(session, merged, viewer.token_id, now)
    log.info("merge_undone", participant=kept.id)
    return Apart(kept, merged.other, came, went, len(not_again), carried)


async def _both(session: Session, viewer: Viewer, kept_id: str, other_id: str) -> tuple[Named, Named]:
    kept = await merging.named(session, kept_id, seen_by=viewer)
    other = await merging.named(session, other_id, seen_by=viewer)
    if kept.row == other.row:
        raise MergeRefusedError("same-record", SAME)
    return kept, other


async def _held(session: Session, viewer: Viewer, kept_id: str, other_id: str) -> tuple[Named, Named]:
    """Both, and nobody else changes anything of theirs from now on."""
    kept, other = await _both(session, viewer, kept_id, other_id)
    await merging.hold(session, (kept.row, other.row))
    await _both(session, viewer, kept_id, other_id)
    await _check_nothing_leaves(session, (kept.row, other.row))
    return kept, other


async def _check_nothing_leaves(session: Session, people: Sequence[int]) -> None:
    if await merging.is_on_its_way(session, people):
        raise MergeRefusedError("on-its-way", ON_ITS_WAY)


async def _joined(session: Session, kept: Named, other: Named) -> Joined:
    return join(await merging.record(session, kept.row), await merging.record(session, other.row))


async def _look(session: Session, kept: Named, other: Named, joined: Joined) -> Look:
    moves, cancels = await merging.counts(session, other.row)
    return Look(
        kept,
        other,
        await comparing.differences(session, kept.row, other.row),
        joined.written_to,
        joined.stopped,
        await merging.is_on_its_way(session, (kept.row, other.row)),
        moves,
        cancels,
    )


async def _ask_no_number_twice(session: Session, kept: int, joined: Joined, asked: Mapping[Whose, int | None]) -> None:
    """A number that is still to say yes was asked already by the record that it came with: that question is the one."""
    reach = (await reach_of(session, [kept]))[kept]
    before = asked[joined.written_to[ChannelName.SMS]] if reach.to_invite() else None
    if before is not None:
        await merging.invited(session, before, reach.numbers)


async def _check_undo(session: Session, merged: Merged, entries: Sequence[Any], last: Mapping[str, int], now: datetime) -> None:
    kept = merged.kept.row
    if merged.undone_at is not None:
        raise MergeRefusedError("undone", UNDONE)
    if not await merging.is_last(session, merged):
        raise MergeRefusedError("joined-since", LATER)
    if now - merged.at > UNDO_WITHIN:
        raise MergeRefusedError("too-long-ago", TOO_OLD)
    await _check_nothing_leaves(session, (kept, merged.other.row))
    if await apart.has_new_address(session, kept, last["addresses"]) or await apart.is_address_changed(session, entries):
        raise MergeRefusedError("address-changed", ADDRESS)
    if await apart.has_said_yes(session, kept, last["consents"]):
        raise MergeRefusedError("yes-since", YES)
