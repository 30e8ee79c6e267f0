"""Who is in business is spoken to as that: a message that is about the business names it, as far as an SMS can bear it."""

from datetime import UTC, datetime

import pytest

from medvind.flows.preview import preview
from medvind.flows.report import Reader
from medvind.model import ChannelName, Language, Role, Viewer
from medvind.rules.segments import measure
from medvind.texts import Catalogue, longest_values, shipped
from tests.fakes import Town
from tests.flows.steering import add_vat
from tests.people import Made, Person, add_person

IN_TIME = datetime(2026, 11, 16, 9, tzinfo=UTC)
LATER = (
    " skal du indberette og betale moms for 3. kvartal 2026 senest tirsdag d. 1. december. Gå bare i gang. Færdig? Svar KLAR."
)
WITHOUT = "Husk moms for 3. kvartal 2026. Sidste dag er tirsdag d. 1. december."


async def owner(town: Town, coach: Made, business: str | None) -> Person:
    town.clock.moment = IN_TIME
    async with town.db.begin() as session:
        person = await add_person(session, town.db.vault, business_name=business, coach_id=coach.id, now=IN_TIME)
        await add_vat(session, person)
    await town.plan(person.id)
    return person


@pytest.mark.parametrize(
    ("business", "begins"),
    [
        ("Birtes Bageri", f"Som ejer af Birtes Bageri{LATER}"),
        ("Birtes \u201cBageri\u201d og Kaffebar ved Havnen", f'Som ejer af Birtes "Bageri"{LATER}'),
        (None, WITHOUT),
        ("birte.dk", WITHOUT),
        ("Birtes lånekontor", WITHOUT),
    ],
)
async def test_the_word_on_vat_names_the_business_where_it_can(
    town: Town, coach: Made, business: str | None, begins: str
) -> None:
    await owner(town, coach, business)
    await town.run_until(datetime(2026, 11, 18, 9, tzinfo=UTC))
    [text] = [text for text in town.sms.texts() if "moms for 3. kvartal" in text]
    assert text.startswith(begins)
    assert measure(text).segments == 1


async def test_the_preview_names_the_business_of_the_person_it_is_for(town: Town, coach: Made) -> None:
    person = await owner(town, coach, "Birtes Bageri og Kaffebar")
    reader = Reader(Viewer(coach.id, Role.COACH), Language.DA, town.catalogue, town.clock.now())
    async with town.db.read() as session:
        of_a_message = await preview(session, reader, "vat_14", Language.DA, participant=person.public_id)
        beside = await preview(session, reader, "milestone", Language.DA, participant=person.public_id)
        sample = await preview(session, reader, "vat_14", Language.DA)
    assert of_a_message.channels[0].text.startswith("Som ejer af Birtes Bageri ")
    assert "du været ejer af Birtes Bageri i " in beside.channels[0].text
    assert "business" not in beside.sampled
    assert "business" in sample.sampled
    assert sample.channels[0].channel == ChannelName.SMS
    assert sample.channels[0].units <= 160


NAMING = sorted(key for key, words in shipped(Language.DA).items() if "business" in words.text)


@pytest.mark.parametrize("key", NAMING)
@pytest.mark.parametrize(("language", "role"), [(Language.DA, "ejer af"), (Language.EN, "owner of")])
def test_who_is_named_by_their_business_is_spoken_to_as_its_owner(
    key: str, language: Language, role: str, catalogue: Catalogue
) -> None:
    for values in longest_values():
        text = catalogue.render(key, language, ChannelName.SMS, values).text
        owns = f"{role} {values['business']}" if "business" in values else ""
        assert (owns in text) if owns else (role not in text), text
        assert measure(text).segments == 1, text


def test_the_word_on_vat_on_b_tax_and_the_praise_speak_to_an_owner() -> None:
    assert NAMING == ["b_tax", "milestone", "vat_14"]
