"""Who is in a conversation: people put into the tables as Given says, and whose phone is whose."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from medvind.flows.plan import plan_all
from medvind.model import ChannelName, Milestone
from medvind.store import deputies, preferences, settings
from medvind.store.database import Session
from tests.conversations.steps import SOMEBODY, ZONE, Participant, Transcript
from tests.fakes import Town
from tests.flows.steering import add_vat
from tests.people import Person, add_coach, add_consent, add_person

COACH_EMAIL = "annemarie@kommune.example"
DEPUTY_AT = "+4501009009"
SOMEBODY_AT = {ChannelName.SMS: "+4501999999", ChannelName.TELEGRAM: "7999"}
ENV = "test"
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Member(Person):
    """A participant with their channels, the preferred one last."""

    channels: tuple[ChannelName, ...]


@dataclass
class Cast:
    """Everybody, and where each is reached."""

    coach: int
    people: dict[str, Member] = field(default_factory=dict)
    phones: dict[tuple[ChannelName, str], str] = field(default_factory=dict)

    def who(self, channel: ChannelName, address: str) -> str:
        """Whose phone this is."""
        return self.phones.get((channel, address), f"nobody's {channel} {address}")

    def address(self, who: str, channel: ChannelName) -> str:
        """Where this person writes from."""
        return next(address for (way, address), name in self.phones.items() if (way, name) == (channel, who))

    def moves(self, who: str, phone: str) -> None:
        """From now on this is the phone."""
        old = self.address(who, ChannelName.SMS)
        self.phones[ChannelName.SMS, old] = f"{who}'s old phone"
        self.phones[ChannelName.SMS, phone] = who


async def move_in(town: Town, transcript: Transcript, now: datetime) -> Cast:
    """Puts everybody in as they stand at the first minute of the conversation, and plans for them."""
    name, phone = transcript.coach
    number = f"+45{phone.replace(' ', '')}"
    async with town.db.begin() as session:
        coach = await add_coach(session, town.db.vault, first_name=name, email=COACH_EMAIL, phone=number, now=now - YEAR)
        cast = Cast(coach.id, phones={(ChannelName.SMS, number): name})
        cast.phones |= dict.fromkeys(SOMEBODY_AT.items(), SOMEBODY)
        await _cover(session, town, cast, transcript, now)
        if transcript.deputy:
            await settings.put(session, "duty_phone", DEPUTY_AT, now - YEAR)
            cast.phones[ChannelName.SMS, DEPUTY_AT] = transcript.deputy
        for number_, one in enumerate(transcript.people, 1):
            await _add(session, town, cast, one, number_, now)
    await plan_all(town.db, town.clock)
    return cast


async def _cover(session: Session, town: Town, cast: Cast, transcript: Transcript, now: datetime) -> None:
    """Who looks after the coach's people, and on which days the coach is away."""
    if transcript.away:
        since, until = transcript.away
        await deputies.add_absence(session, cast.coach, since or now.astimezone(ZONE).date(), until, now)
    if transcript.stands_in:
        name, phone, until = transcript.stands_in
        number = f"+45{phone.replace(' ', '')}"
        colleague = await add_coach(session, town.db.vault, first_name=name, phone=number, now=now - YEAR)
        await deputies.grant(session, cast.coach, colleague.id, until, now)
        cast.phones[ChannelName.SMS, number] = name


async def _add(session: Session, town: Town, cast: Cast, one: Participant, number: int, now: datetime) -> None:
    ways = {ChannelName.SMS: f"+450100000{number}", ChannelName.TELEGRAM: f"700{number}"}
    asked = one.standing != "not asked yet"
    since = now - YEAR if asked else now
    person = await add_person(
        session,
        town.db.vault,
        external_id=f"d-{one.name}",
        first_name=one.name,
        business_name=one.business,
        language=one.language,
        coach_id=cast.coach if one.coached else None,
        phone=ways[ChannelName.SMS] if ChannelName.SMS in one.channels else None,
        telegram=ways[ChannelName.TELEGRAM] if ChannelName.TELEGRAM in one.channels and asked else None,
        consented=asked,
        milestones=_milestones(one, now),
        now=since,
    )
    if one.standing == "said stop":
        for channel in one.channels:
            await add_consent(session, person, channel, given=False, how="STOP", now=now - timedelta(days=30))
    if one.in_business:
        await add_vat(session, person, since=(now - YEAR).date())
    if one.word:
        await preferences.set_private_word(session, person.public_id, one.word)
    cast.people[one.name] = Member(person.id, person.public_id, person.external_id, one.channels)
    cast.phones |= dict.fromkeys(ways.items(), one.name)


def _milestones(one: Participant, now: datetime) -> dict[Milestone, date]:
    today = now.astimezone(ZONE).date()
    if one.in_business:
        return {Milestone.BUSINESS_STARTED: today.replace(year=today.year - 1)}
    if one.waiting_since is None:
        return {}
    month, day = one.waiting_since
    ended = date(today.year, month, day)
    return {Milestone.COURSE_ENDED: ended if ended <= today else ended.replace(year=today.year - 1)}
