"""The two months: time jumps to the next thing that happens, and the very beats and flows of the service do the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from medvind.channels import Inbound, InboundKind, Outgoing
from medvind.demo.board import Board
from medvind.demo.cast import COACHES, DUTY_PHONE, HOME, Persona
from medvind.demo.clock import FastClock
from medvind.demo.files import File, Subject, files
from medvind.demo.phones import Act, Agenda, JoinsTelegram, People, Phones, Says
from medvind.demo.screens import STARTS, Screens
from medvind.flows import enrol, meet, sheets
from medvind.flows.deliver import Machine, deliver_due
from medvind.flows.plan import load_policy, plan_people
from medvind.flows.receive import take_in
from medvind.flows.turns import Line
from medvind.model import ChannelName, Role
from medvind.store import coaches, front, invites, settings
from medvind.store.database import Database, Session
from medvind.store.participants import get_id
from medvind.texts import Catalogue
from scheduler.clockwork import Beat, beats

RATE = 10.0
LOOKS = timedelta(hours=1)
"""The shortest time between two beats: a day has 17,280 times five seconds, and nobody falls out of the row here."""
BLOCKED = timedelta(minutes=1)
"""How far time moves where something is due that can't be taken now."""


@dataclass(slots=True)
class Wait:
    """A town of simulated people, and the service that writes to them."""

    db: Database
    clock: FastClock
    catalogue: Catalogue
    cast: Sequence[Persona]
    agenda: Agenda = field(init=False)
    people: People = field(init=False)
    screens: Screens = field(init=False)
    phones: Mapping[ChannelName, Phones] = field(init=False)
    machine: Machine = field(init=False)
    _looks: Sequence[Beat] = field(init=False)
    _last: dict[str, datetime] = field(init=False, default_factory=dict)
    _said: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self.agenda = Agenda()
        self.people = People(self.cast, self.clock, self.agenda)
        self.screens = Screens(self.cast, self.clock)
        dead = {one.phone for one in self.cast if one.dead}
        self.phones = {name: Phones(name, dead, self._ring) for name in ChannelName}
        self.machine = Machine("demo", {name: Line(phones, RATE) for name, phones in self.phones.items()})
        self._looks = beats(self.db, self.machine, self.clock)
        for file in files(self.cast):
            self.agenda.add(file.at, file)

    async def run(self, until: datetime, board: Board) -> None:
        """Lets it all happen from the beginning until then."""
        async with self.db.begin() as session:
            for coach in COACHES:
                await coaches.add(session, Role.COACH, coach.email, coach.first_name, coach.phone, self.clock.now())
            await settings.put(session, "duty_phone", DUTY_PHONE, self.clock.now())
        await self.go_on(until, board)

    async def go_on(self, until: datetime, board: Board) -> None:
        """Lets time pass until then, from one thing that happens to the next; what falls on that very moment is left."""
        while self.clock.now() < until:
            due = await self.happen()
            await board.show(self.db, self.clock.now())
            await self.clock.sleep_until(min(due or until, until))

    async def happen(self) -> datetime | None:
        """All that happens at this moment; when the next thing does, as far as one knows."""
        for act in self.agenda.due(self.clock.now()):
            if self.people.still_do(act):
                await self._do(act)
        await self._beat()
        following = (await self._deliver(), self.agenda.next_at())
        return min((moment for moment in following if moment), default=None)

    def _ring(self, channel: ChannelName, message: Outgoing) -> None:
        """A message lands: it stands on the screen, and somebody may look at it. What coaches are told stands on none."""
        if message.to in {DUTY_PHONE, *(coach.phone for coach in COACHES)}:
            return
        self.screens.land(self.people.owner(channel, message.to), channel, message)
        self.people.read(channel, message)

    async def _deliver(self) -> datetime | None:
        """Sends what is due, as the worker does; when the next duty can be looked at."""
        while True:
            async with self.db.read() as session:
                due = await front.next_due(session)
            if due is None or due > self.clock.now():
                return due
            if not await deliver_due(self.db, self.machine, self.catalogue, self.clock):
                return self.clock.now() + BLOCKED

    async def _beat(self) -> None:
        """Each beat whose time has come."""
        now = self.clock.now()
        for beat in self._looks:
            last = self._last.get(beat.name)
            if last is None or now - last >= max(beat.every, LOOKS):
                await beat.run()
                self._last[beat.name] = now

    async def _do(self, act: Act) -> None:
        """One thing that somebody does, in a transaction of its own, as at the edges."""
        match act:
            case Says():
                await self.hear(act)
            case JoinsTelegram():
                await self.join(act.persona)
            case File():
                async with self.db.begin() as session:
                    await self._bring_in(session, act)

    async def join(self, persona: Persona) -> None:
        """The coach hands out a code, and it is used in Telegram."""
        async with self.db.begin() as session:
            person = await get_id(session, persona.external_id)
            code = await invites.create(session, person, self.clock.now())
        await self.hear(Says(ChannelName.TELEGRAM, persona.telegram, InboundKind.TEXT, f"{STARTS} {code}"))

    async def hear(self, says: Says) -> None:
        """Somebody writes or taps: it stands on their screen, and the service takes it in as from a channel."""
        self._said += 1
        self.screens.say(self.people.owner(says.channel, says.sender), says.channel, says.kind, says.text)
        inbound = Inbound(says.channel, f"in-{self._said}", says.sender, says.kind, says.text, raw=says.text)
        await take_in(self.db, inbound, self.clock)

    async def _bring_in(self, session: Session, file: File) -> None:
        """As `medvind import` does: the file, and the plan with it."""
        now, sheet = self.clock.now(), sheets.read(file.name, file.content)
        if file.subject is Subject.PARTICIPANTS:
            people = (await enrol.enrol(session, sheet, now, env="demo", by="demo")).participant_ids
        else:
            people = (await meet.bring_in(session, sheet, now, zone=HOME.key)).participant_ids
        await plan_people(session, sorted(people), await load_policy(session), now)
