"""A file that changes who follows somebody, or says that the money has come: the person reads it, once."""

from datetime import datetime, timedelta

from medvind.flows.plan import load_policy, plan_people
from tests.fakes import Town
from tests.flows.enrolling import AMINA, BO, MIKKEL, SAID_YES, add_team, bring

NEW_COACH = "Fra tirsdag d. 24. november er Mikkel din kontakt i Medvind."
PAID = (
    "Godt nyt: Din sag er f\u00e6rdig. Tjek din konto og Digital Post. F\u00e5r du et brev, du ikke forst\u00e5r, "
    "s\u00e5 ring til Karin p\u00e5 01 00 90 01."
)


async def brought(town: Town, *rows: dict[str, str]) -> None:
    done = await bring(town, *rows)
    async with town.db.begin() as session:
        await plan_people(session, done.participant_ids, await load_policy(session), town.clock.now())


async def started(town: Town) -> None:
    """Amina and Bo have known Karin for some days."""
    await add_team(town)
    town.clock.pass_by(days=-5)
    await brought(town, AMINA | SAID_YES, BO | SAID_YES)
    town.clock.pass_by(days=5)


async def test_whoever_gets_another_coach_by_a_file_reads_it_once_and_the_others_nothing(town: Town) -> None:
    await started(town)
    for _ in range(2):  # the same file again changes nothing
        await brought(town, AMINA | {"coach_email": MIKKEL}, BO)
        await town.run_until(town.clock.now() + timedelta(hours=2))
    assert [(message.to, message.text[: len(NEW_COACH)]) for message in town.sms.sent] == [("+4501000001", NEW_COACH)]
    await town.hear("hvorfor")
    await town.deliver()
    assert town.sms.texts()[-1].startswith("Du fik en anden coach tirsdag d. 24. november.")


async def test_a_wrong_file_that_is_put_right_within_the_hour_is_nobodys_business(town: Town) -> None:
    await started(town)
    await brought(town, AMINA | {"coach_email": MIKKEL})
    town.clock.pass_by(minutes=40)
    await brought(town, AMINA)
    await town.run_until(town.clock.now() + timedelta(days=3))
    assert town.sms.sent == []


async def test_the_day_of_the_money_is_told_in_words_that_name_none_and_nothing_more_is_said_of_the_wait(
    town: Town,
) -> None:
    await started(town)
    await brought(town, AMINA | {"course_ended_on": "2026-11-20", "paid_out_on": "2026-11-24"})
    await town.run_until(datetime.fromisoformat("2027-01-10T12:00Z"))
    assert town.sms.texts() == [PAID]


async def test_a_day_of_the_money_that_lies_ahead_is_worth_a_look(town: Town) -> None:
    await add_team(town)
    row = AMINA | {"paid_out_on": "2026-11-25"}
    assert [one.partition(";")[0] for one in (await bring(town, row)).warnings] == ["row 2, paid_out_on: lies ahead"]
    assert (await bring(town, row)).warnings == ()
    assert (await bring(town, AMINA | {"paid_out_on": "2026-11-24"})).warnings == ()
