"""What the coach does in a conversation, by the flows that the files and the API call."""

from datetime import datetime

from medvind.flows import meet
from medvind.flows.plan import load_policy, plan_people
from medvind.model import ChannelName
from medvind.store import invites
from tests.conversations.cast import COACH_EMAIL
from tests.conversations.doing import Doing
from tests.conversations.entering import deal_with, erase, give_number, mark, note, read, send_code, write_to
from tests.conversations.steps import ZONE, Coach, Notes
from tests.spreadsheets import sheet_of


class NotThereError(AssertionError):
    """A transcript wants what the service can't do yet."""


class Coaching(Doing):
    """One coach's desk."""

    meetings = 0

    async def meeting(self, at: datetime, place: str | None, who: tuple[str, ...] = ()) -> None:
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

    async def notes(self, step: Notes) -> None:
        await note(self.town.db, self.cast.people[step.who].external_id, step.what, step.on, self.clock.now())

    async def coach(self, step: Coach) -> None:
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
            case "reads":
                await read(self.town.db, self.cast.coach, self.cast.people[step.who], self.clock.now())
            case "deals with":
                await deal_with(self.town.db, self.cast.coach, await self.task(step.who, step.what), self.clock.now())
            case "new number":
                await self._new_number(step)
            case "writes" | "can't write":
                self._is_refused(step, await write_to(self.town, self.cast.coach, self.cast.people[step.who], step))
            case "erases" | "can't erase":
                self._is_refused(step, await erase(self.town.db, self.cast.coach, self.cast.people[step.who], self.clock.now()))
            case _:
                raise NotThereError(f"{self.transcript.file}:{step.line}: the coach can't do this yet: {step.does}")

    def _is_refused(self, step: Coach, refused: str | None) -> None:
        """Where it must be, for this reason; and else not."""
        wrong = refused is not None if step.does in {"writes", "erases"} else step.what not in (refused or "")
        if wrong:
            raise self.fault(f"{step.does}: the service says {refused or 'nothing against it'}")

    async def _new_number(self, step: Coach) -> None:
        """A made-up one, as all numbers that are written to: it begins with a 0."""
        phone = f"0{step.what.replace(' ', '')[1:]}"
        await give_number(self.town.db, self.cast.people[step.who].external_id, phone, self.clock.now())
        self.cast.moves(step.who, f"+45{phone}")
        self.threads[step.who].channel = ChannelName.SMS
