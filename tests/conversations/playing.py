"""Plays a transcript against the real flows, on a clock that is moved, and compares every word that comes out."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from structlog.testing import capture_logs

from bot.updates import read_update
from medvind.channels import InboundKind
from medvind.flows import meet
from medvind.flows.deliver import deliver_due
from medvind.flows.plan import load_policy, plan_all, plan_people
from medvind.flows.receive import take_in
from medvind.flows.settle import settle_doubts, sweep
from medvind.model import ChannelName
from medvind.store import invites
from medvind.store.database import Database
from medvind.texts import Catalogue
from tests.conversations.cast import COACH_EMAIL, Cast, move_in
from tests.conversations.entering import give_number, mark, send_code, write_to
from tests.conversations.phones import Got, Thread
from tests.conversations.steps import (
    ZONE,
    Arrives,
    Bot,
    Coach,
    Edits,
    Happens,
    Listed,
    Minute,
    Moves,
    Plans,
    Sends,
    Step,
    Taps,
    Told,
    Transcript,
    Writes,
)
from tests.conversations.traces import traces
from tests.conversations.writing import Writers
from tests.fakes import HandClock, Town
from tests.spreadsheets import sheet_of

MINUTE = timedelta(minutes=1)
Opens = Callable[[], Awaitable[Database]]


class NotThereError(AssertionError):
    """A transcript wants what the service can't do yet."""


class Player(Writers):
    """One transcript on one database."""

    def __init__(self, transcript: Transcript, opens: Opens, catalogue: Catalogue) -> None:
        super().__init__(transcript, catalogue)
        self.opens = opens
        self.logs: list[Any] = []
        self.tapped: Got | None = None
        self.left_group = False
        self.swept: date | None = None
        self.meetings = self.looked_at = 0

    async def play(self) -> int:
        """How many steps were looked at. Raises TranscriptError at the first that is not what happens."""
        with capture_logs() as self.logs:
            first = self.transcript.steps[0]
            assert isinstance(first, Minute), f"{self.transcript.file}: begins without a time"
            self.clock = HandClock(_moment(first))
            await self._open()
            self.cast: Cast = await move_in(self.town, self.transcript, self.clock.now())
            self.threads.update({name: Thread(one.channels[-1]) for name, one in self.cast.people.items()})
            for step in self.transcript.steps:
                self.step = step
                await self._take(step)
                self.looked_at += 1
                self._nothing_went_wrong()
            self.all_was_said()
        return self.looked_at

    async def _open(self) -> None:
        self.town = Town(await self.opens(), self.clock, self.catalogue, self.sms, self.telegram)

    async def _take(self, step: Step) -> None:
        match step:
            case Minute():
                await self._go_on_to(step)
            case Arrives():
                for _ in range(step.times):
                    self.arrives(step)
            case Told():
                self.told(step)
            case Listed():
                await self.listed(step)
            case Happens():
                await self._happens(step)
            case _:
                await self._acts(step)

    async def _acts(self, step: Step) -> None:
        """Somebody does something; all that leaves because of it is on its way before the next step."""
        match step:
            case Writes():
                for _ in range(step.times):
                    await self._writes(step)
                    await self._send()
            case Edits():
                await self._edits(step)
            case Taps():
                await self._taps(step)
            case Sends(who=who, what=what):
                await self._inbound(who, self._channel(who), InboundKind.MEDIA, "", what)
            case Bot():
                await self._bot(step)
            case Plans():
                await self._meeting(step.at, step.place, step.who)
            case Moves():
                await self._meeting(step.at, step.place)
            case Coach():
                await self._coach(step)
            case _:
                raise self.fault(f"no way to play {type(step).__name__}")
        await self._send()

    # Time

    async def _go_on_to(self, step: Minute) -> None:
        """Minute by minute where something is due; what arrives on the way is no step of this transcript."""
        self.all_was_said()
        moment = _moment(step)
        while (due := await self.town.next_due()) is not None and due < moment:
            self.clock.moment = max(self.clock.now(), due)
            await deliver_due(self.town.db, self.town.machine, self.catalogue, self.clock)
            self.gather()
            self.all_was_said(f"until {moment.astimezone(ZONE):%d.%m. kl. %H.%M}")
            await plan_all(self.town.db, self.clock)
        self.clock.moment = moment
        await self._beats()
        await self._send()

    async def _beats(self) -> None:
        """As they are in production, but as seldom as something may come of them: what is in doubt once a day."""
        today = self.clock.now().astimezone(ZONE).date()
        if today != self.swept:
            self.swept = today
            await sweep(self.town.db, self.clock)
            await settle_doubts(self.town.db, self.town.machine, self.clock)
        await plan_all(self.town.db, self.clock)

    async def _send(self) -> None:
        """All that leaves within this minute."""
        end = self.clock.now().replace(second=0, microsecond=0) + MINUTE
        while (due := await self.town.next_due()) is not None and due < end:
            self.clock.moment = max(self.clock.now(), due)
            if not await deliver_due(self.town.db, self.town.machine, self.catalogue, self.clock):
                raise self.fault(f"something is due since {due.astimezone(ZONE):%d.%m. %H.%M.%S}, and nobody looks at it")
            self.gather()

    async def _happens(self, step: Happens) -> None:
        match step.what:
            case "nothing comes":
                await self._send()
                self.all_was_said()
            case "the service restarts":
                await self.town.db.engine.dispose()
                await self._open()
                self.note("the service restarts")
            case "the same message arrives again":
                assert self.last is not None, "nothing arrived yet"
                await take_in(self.town.db, self.last, self.clock)
                await self._send()
            case "the keyboard is gone":
                self._keyboard_is_gone()
            case "the bot leaves the group":
                if not self.left_group:
                    raise self.fault("expected: the bot leaves\n  came: it stays")
            case "no trace":
                if found := await traces(self.town.db, step.about) + [
                    str(line) for line in self.logs if step.about in str(line)
                ]:
                    raise self.fault(f"expected: no trace of {step.about}\n  stands in: {', '.join(found)}")
            case other:
                raise self.fault(f"no way to play ({other})")

    def _keyboard_is_gone(self) -> None:
        """Only that something was tapped: the edit of the message itself is shown where Telegram's edge is tested."""
        if self.tapped is None or self.tapped.gone:
            raise self.fault("no button was tapped since its keyboard was last there")
        self.tapped.gone = True

    def _nothing_went_wrong(self) -> None:
        for line in self.logs:
            if line["event"] in {"receive_failed", "quarantined", "plan_failed", "not_prepared", "not_replanned"}:
                raise self.fault(f"the service failed: {line}")

    # What people do

    async def _taps(self, step: Taps) -> None:
        shown = [got for got in self.threads[step.who].arrived if got.labels]
        if step.under is not None:
            shown = [got for got in shown if got.message.text.startswith(step.under)]
        if step.on is not None:
            shown = [got for got in shown if got.at.astimezone(ZONE).date() == step.on]
        if not shown or step.label not in shown[-1].labels:
            raise self.fault(f"no button [{step.label}] to tap; the last has {shown[-1].labels if shown else 'never come'}")
        self.tapped = shown[-1]
        data = next(button.data for button in self.tapped.message.buttons if button.label == step.label)
        self.threads[step.who].channel = ChannelName.TELEGRAM
        await self._inbound(step.who, ChannelName.TELEGRAM, InboundKind.BUTTON, data, f"taps [{step.label}]")

    async def _bot(self, step: Bot) -> None:
        if step.does == "brings":
            return await self._group(step)
        kind = InboundKind.BLOCKED if step.does == "blocks" else InboundKind.UNBLOCKED
        await self._inbound(step.who, ChannelName.TELEGRAM, kind, "", f"{step.does} the bot")
        return None

    async def _group(self, step: Bot) -> None:
        """As Telegram tells it: what the edge makes of it is all that the engine hears."""
        self.heard += 1
        sender = {"id": int(self.cast.address(step.who, ChannelName.TELEGRAM)), "is_bot": False, "first_name": step.who}
        change = {"chat": {"id": -100, "type": "group"}, "from": sender, "new_chat_member": {"status": "member"}}
        update = read_update({"update_id": self.heard, "my_chat_member": change})
        self.left_group = update.group is not None
        await take_in(self.town.db, update.inbound, self.clock)

    # What the coach does

    async def _meeting(self, at: datetime, place: str | None, who: tuple[str, ...] = ()) -> None:
        """By a row of the coach's file; without people it is the last one that was planned."""
        self.meetings += bool(who)
        cells = {"external_id": f"m-{self.meetings}", "starts_at": f"{at:%Y-%m-%d %H:%M}", "coach_email": COACH_EMAIL}
        if place is not None:
            cells["place"] = place
        if who:
            cells["participants"] = " ".join(self.cast.people[name].external_id for name in who)
        await self._bring(cells)

    async def _bring(self, cells: dict[str, str]) -> None:
        async with self.town.db.begin() as session:
            now = self.clock.now()
            done = await meet.bring_in(session, sheet_of(cells), now, zone=ZONE.key)
            await plan_people(session, done.participant_ids, await load_policy(session), now)

    async def _coach(self, step: Coach) -> None:
        match step.does:
            case "cancels":
                await self._bring({"external_id": f"m-{self.meetings}", "cancelled": "yes"})
            case "hands a link":
                async with self.town.db.begin() as session:
                    self.code = await invites.create(session, self.cast.people[step.who].id, self.clock.now())
            case "sends a code":
                await send_code(self.town.db, self.cast.coach, self.cast.people[step.who].id, self.clock.now())
            case "marks":
                person, meeting = self.cast.people[step.who].id, f"m-{self.meetings}"
                await mark(self.town.db, self.cast.coach, meeting, person, step.what, self.clock.now())
            case "new number":
                await self._new_number(step)
            case "writes" | "can't write":
                refused = await write_to(self.town, self.cast.coach, self.cast.people[step.who], step)
                if refused is not None if step.does == "writes" else step.what not in (refused or ""):
                    raise self.fault(f"{step.does}: the service says {refused or 'nothing against it'}")
            case _:
                raise NotThereError(f"{self.transcript.file}:{step.line}: the coach can't do this yet: {step.does}")

    async def _new_number(self, step: Coach) -> None:
        """A made-up one, as all numbers that are written to: it begins with a 0."""
        phone = f"0{step.what.replace(' ', '')[1:]}"
        await give_number(self.town.db, self.cast.people[step.who].external_id, phone, self.clock.now())
        self.cast.moves(step.who, f"+45{phone}")
        self.threads[step.who].channel = ChannelName.SMS


def _moment(step: Minute) -> datetime:
    return step.at.replace(tzinfo=ZONE).astimezone(UTC)
