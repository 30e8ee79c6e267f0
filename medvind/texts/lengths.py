"""How much room a text takes at most: in an SMS two can be one message only where their longest forms fit."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from itertools import product
from zoneinfo import ZoneInfo

from medvind.errors import InvalidError
from medvind.model import ChannelName, Language
from medvind.rules.segments import measure
from medvind.texts.catalogue import Catalogue, shipped

LONGEST_DAYS = (date(2027, 9, 30), date(2026, 9, 30))
"""A Thursday is the longest in Danish, a Wednesday in English, both in September."""
DAYS_AHEAD = (0, 1, 14)
LONGEST_NAME = "Christoffersens Bagerier"
"""A business's, as long as `rules.wording.business_name` lets it be."""


def longest_values() -> Iterator[Mapping[str, object]]:
    """The longest values of the phrase list, by every way in which a template may branch: days ahead, a phone, a business."""
    for day, ahead, phone, business in product(LONGEST_DAYS, DAYS_AHEAD, (True, False), (True, False)):
        there = {"coach_phone": "+4512345678"} if phone else {}
        yield _values(day, ahead) | there | ({"business": LONGEST_NAME} if business else {})
    yield _values(LONGEST_DAYS[0], DAYS_AHEAD[-1]) | {"coach_phone": "+4512345678", "silent": "silent"}


def _values(day: date, ahead: int) -> dict[str, object]:
    moment = datetime(day.year, day.month, day.day, 14, tzinfo=ZoneInfo("Europe/Copenhagen"))
    return {
        "first_name": "Christoffer",
        "coach": "Annemarie",
        "in_place_of": "Christina",
        "at": moment,
        "was_at": moment - timedelta(weeks=1),
        "today": day - timedelta(ahead),
        "place": "Vestergade 58, 1. sal th.",
        "period": "2026Q3",
        "day": day,
        "next_day": day,
        "meant": day,
        "months": "12",
        "code": "482913",
        "year": "2026",
        "start": moment.isoformat(),
        "deadline": day.isoformat(),
        "lead": "14",
        "working_days": "128",
        "lost": "20",
        "ask": "extension",
        "value": "2",
        "days": "31",
        "hours": "12",
        "minutes": "720",
        "step": "chase",
        "week": "52",
        "telegram": "telegram",
        "other_channel": "telegram",
        "topic": "encouragement",
        "next_step": "udbetaling",
        "helpline": "Livslinien: 70 201 201, læge: 1813",
        "why": "Sidste dag for moms for 3. kvartal 2026 er torsdag d. 30. september. Beskeden hører til 14 dage før.",
        "first": "mødet torsdag d. 30. september kl. 14.00",
        "second": "mødet torsdag d. 30. september kl. 14.00",
        "facts": "Sidste svar var 2 af 5, d. 30. september; Ikke hørt fra i 31 dage",
    }


@cache
def longest_units() -> Mapping[tuple[Language, str], int]:
    """By language and key, how many septets the longest form of each message fills in an SMS."""
    catalogue = Catalogue.load()
    found: dict[tuple[Language, str], int] = {}
    for language, key, values in product(Language, sorted(catalogue.keys()), longest_values()):
        if "business" not in values and not _names_business(key):
            continue  # it reads the same
        try:
            text = catalogue.render(key, language, ChannelName.SMS, values).text
        except InvalidError:  # a sentence of another kind, that nobody is sent
            continue
        found[language, key] = max(found.get((language, key), 0), measure(text).units)
    return found


@cache
def _names_business(key: str) -> bool:
    return any("business" in shipped(language)[key].text for language in Language if key in shipped(language))
