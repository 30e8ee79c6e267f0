"""Who looks after a coach's people, as a text needs it: looked up for all of a batch in one question."""

from datetime import date, datetime, timedelta

from medvind.rules.cover import Contact, Cover
from medvind.store import deputies
from medvind.store.database import Database
from tests.people import add_coach

TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)


async def test_a_coach_and_who_stands_in_come_with_their_absences_from_today_on(db: Database, now: datetime) -> None:
    async with db.begin() as session:
        names = {"Karin": "+4501009001", "Bente": None, "Carl": "+4501009003"}
        made = [await add_coach(session, db.vault, first_name=name, phone=phone, now=now) for name, phone in names.items()]
        karin, bente, carl = [one.id for one in made]
        for who, first, last in [
            (karin, TODAY - 9 * DAY, TODAY - DAY),
            (karin, TODAY - DAY, TODAY),
            (karin, TODAY + 9 * DAY, TODAY + 9 * DAY),
            (bente, TODAY, TODAY),
        ]:
            await deputies.add_absence(session, who, first, last, now)
        await deputies.grant(session, karin, bente, TODAY + DAY, now)
        await deputies.grant(session, carl, bente, TODAY - DAY, now)
        found = await deputies.covers(session, [karin, bente, carl], TODAY)
    (coach, deputy, until) = (found[karin].coach, found[karin].deputy, found[karin].until)
    assert coach is not None
    assert (coach.name, coach.phone) == ("Karin", "+4501009001")
    assert sorted(coach.away) == [(TODAY - DAY, TODAY), (TODAY + 9 * DAY, TODAY + 9 * DAY)]
    of_bente = Contact("Bente", None, ((TODAY, TODAY),))
    assert (deputy, until) == (of_bente, TODAY + DAY)
    assert found[bente] == Cover(of_bente)
    assert found[carl] == Cover(Contact("Carl", "+4501009003")), "a grant that is over is none"
