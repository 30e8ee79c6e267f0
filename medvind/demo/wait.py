"""The two months: time jumps to the next thing that happens, and the very beats and flows of the service do the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from medvind.channels import Inbound, InboundKind
from medvind.demo.board import Board
from medvind.demo.cast import COACHES, HOME, Persona
from medvind.demo.clock import FastClock
from medvind.demo.files import File, Subject, files
from medvind.demo.phones import Act, Agenda, JoinsTelegram, People, Phones, Says
from medvind.flows import enrol, meet, sheets
from medvind.flows.deliver import Machine, deliver_due
from medvind.flows.plan import load_policy, plan_people
from medvind.flows.receive import receive
from medvind.flows.turns import Line
from medvind.model import ChannelName, Role
from medvind.store import coaches, front, invites
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
    phones: Mapping[ChannelName, Phones] = field(init=False)
    machine: Machine = field(init=False)
    _last: dict[str, datetime] = field(init=False, default_factory=dict)
    _said: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self.agenda = Agenda()
        self.people = People(self.cast, self.clock, self.agenda)
        dead = frozenset(one.phone for one in self.cast if one.dead)
        self.phones = {name: Phones(name, dead, self.people.read) for name in ChannelName}
        self.machine = Machine("demo", {name: Line(phones, RATE) for name, phones in self.phones.items()})
        for file in files(self.cast):
            self.agenda.add(file.at, file)

    async def run(self, until: datetime, board: Board) -> None:
        """Lets it all happen until then."""
        async with self.db.begin() as session:
            for coach in COACHES:
                await coaches.add(session, Role.COACH, coach.email, coach.first_name, coach.phone, self.clock.now())
        looks = beats(self.db, self.machine, self.clock)
        while self.clock.now() < until:
            for act in self.agenda.due(self.clock.now()):
                await self._do(act)
            await self._beat(looks)
            due = await self._deliver()
            await board.show(self.db, self.clock.now())
            await self.clock.sleep_until(min(due or until, self.agenda.next_at() or until, until))

    async def _deliver(self) -> datetime | None:
        """Sends what is due, as the worker does; when the next duty can be looked at."""
        while True:
            async with self.db.read() as session:
                due = await front.next_due(session)
            if due is None or due > self.clock.now():
                return due
            if not await deliver_due(self.db, self.machine, self.catalogue, self.clock):
                return self.clock.now() + BLOCKED

    async def _beat(self, looks: Sequence[Beat]) -> None:
        """Each beat whose time has come."""
        now = self.clock.now()
        for beat in looks:
            last = self._last.get(beat.name)
            if last is None or now - last >= max(beat.every, LOOKS):
                await beat.run()
                self._last[beat.name] = now

    async def _do(self, act: Act) -> None:
        """One thing that somebody does, in a transaction of its own, as at the edges."""
        async with self.db.begin() as session:
            match act:
                case Says():
                    await self._hear(session, act)
                case JoinsTelegram():
                    person = await get_id(session, act.persona.external_id)
                    code = await invites.create(session, person, self.clock.now())
                    text = f"/start {code}"
                    await self._hear(session, Says(ChannelName.TELEGRAM, act.persona.telegram, InboundKind.TEXT, text))
                case File():
                    await self._bring_in(session, act)

    async def _hear(self, session: Session, says: Says) -> None:
        self._said += 1
        inbound = Inbound(says.channel, f"in-{self._said}", says.sender, says.kind, says.text, raw=says.text)
        await receive(session, inbound, self.clock.now())

    async def _bring_in(self, session: Session, file: File) -> None:
        """As `medvind import` does: the file, and the plan with it."""
        now, sheet = self.clock.now(), sheets.read(file.name, file.content)
        if file.subject is Subject.PARTICIPANTS:
            people = (await enrol.enrol(session, sheet, now, env="demo")).participant_ids
        else:
            people = (await meet.bring_in(session, sheet, now, zone=HOME.key)).participant_ids
        await plan_people(session, sorted(people), await load_policy(session), now)
