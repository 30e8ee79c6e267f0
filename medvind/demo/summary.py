"""What it came to: figures read from the database, never counted along the way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rich.table import Table

from medvind.demo.board import day_of
from medvind.demo.cast import COACHES, HOME
from medvind.flows.plan import load_policy
from medvind.flows.report import Reader, Standing, signals
from medvind.model import Language, Role, Viewer
from medvind.rules.policy import Policy
from medvind.rules.sending import is_quiet
from medvind.store import coaches
from medvind.store.database import Database
from medvind.store.figures import Departure, Figures, departures, figures
from medvind.texts import Catalogue

ALL = 200


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of the whole wait. `quiet`: how many of the `departures` left in quiet hours."""

    figures: Figures
    signals: Sequence[Standing]
    departures: int
    quiet: int


async def sum_up(db: Database, catalogue: Catalogue, now: datetime) -> Summary:
    """Asks the database."""
    async with db.read() as session:
        policy, left = await load_policy(session), await departures(session)
        found: list[Standing] = []
        for coach in COACHES:
            known = await coaches.find_by_email(session, coach.email)
            viewer = Viewer(known.id if known else None, Role.COACH)
            found += (await signals(session, Reader(viewer, Language.EN, catalogue, now), None, ALL)).items
        return Summary(await figures(session), found, len(left), sum(_in_quiet_hours(one, policy) for one in left))


def _in_quiet_hours(one: Departure, policy: Policy) -> bool:
    return is_quiet(one.at, policy, one.zone, one.meeting_at.date() if one.meeting_at else None)


def drawn(summary: Summary, now: datetime) -> Table:
    """As a table for people."""
    seen = summary.figures
    table = Table(
        title=f"What it came to by {day_of(now.astimezone(HOME))}", title_justify="left", show_header=False, expand=False
    )
    table.add_column(style="bold")
    table.add_column()
    total = sum(seen.sent.values())
    table.add_row("people", f"{seen.people}: {seen.invited} were asked first, {seen.declined} said no, {seen.joined} joined")
    table.add_row("messages", f"{total} sent: {_listed(seen.sent)}")
    table.add_row("not sent", _listed(seen.ended))
    table.add_row("came in", f"{sum(seen.received.values())}: {_listed(seen.received)}")
    table.add_row("check-ins", f"{seen.answered} of {seen.asked} answered")
    table.add_row("stopped", f"{seen.received.get('stop', 0)} wrote STOP, {seen.received.get('opt_in', 0)} came back")
    table.add_row("tasks for the coaches", _listed(seen.tasks))
    table.add_row("who could use a call", "\n".join(_reasons(one) for one in summary.signals) or "nobody")
    table.add_row("doubled", f"{seen.doubled} of {total}")
    table.add_row("sent in quiet hours", f"{summary.quiet} of {summary.departures} (answers not counted: they go at once)")
    return table


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in counts.items()) or "none"


def _reasons(one: Standing) -> str:
    return f"{one.participant.first_name}: {'; '.join(reason.text or reason.kind for reason in one.signal.reasons)}"
