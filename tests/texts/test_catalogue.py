"""Every text as a participant may read it: short, plain, neutral, and refused rather than sent with a hole in it."""

import itertools
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest
from jinja2.exceptions import SecurityError

from medvind.errors import InvalidError
from medvind.model import ChannelName, Language, Why
from medvind.rules.segments import measure
from medvind.rules.wording import forbidden, reading_ease, states_a_figure
from medvind.texts import Catalogue, shipped
from medvind.texts.catalogue import environment
from tests.texts.filled import fillings

CATALOGUE = Catalogue.load()
COPENHAGEN = ZoneInfo("Europe/Copenhagen")
NOT_EVERYBODYS = ("coach", "business", "in_place_of")
LONGEST_DAYS = (date(2027, 9, 30), date(2026, 9, 30))
"""A Thursday is the longest in Danish, a Wednesday in English, both in September."""


def values(day: date, days_ahead: int, *, phone: bool) -> dict[str, object]:
    """The longest values of the phrase list, `days_ahead` before the day itself."""
    spoken = {
        "first_name": "Christoffer",
        "coach": "Annemarie",
        "in_place_of": "Christina",
        "business": "Christoffersens Bagerier",
        "at": datetime(day.year, day.month, day.day, 14, tzinfo=COPENHAGEN),
        "today": day - timedelta(days_ahead),
        "place": "Vestergade 58, 1. sal th.",
        "period": "2026Q3",
        "day": day,
        "next_day": day,
        "code": "482913",
        "meant": day,
        "months": "12",
        "start": f"{day}T14:00:00+02:00",
        "deadline": day.isoformat(),
        "lead": str(days_ahead),
        "working_days": "128",
        "lost": "20",
        "ask": "extension",
        "value": "2",
        "days": "31",
        "hours": "12",
        "minutes": "720",
        "step": "chase",
        "year": "2026",
        "next_step": "udbetaling",
    }
    return spoken | ({"coach_phone": "+4512345678", "telegram": ChannelName.TELEGRAM} if phone else {})


@cache
def branches(key: str, language: Language, channel: ChannelName) -> frozenset[str]:
    """The text by every way through its template: with and without what it asks for first, a coach say.

    Of a change by what was told before, too: nothing known, or this long ago.
    """
    before = (
        (None, timedelta(), timedelta(hours=4), timedelta(weeks=1))
        if key in {"meeting_moved", "meeting_cancelled"}
        else (None,)
    )
    ways = itertools.product(LONGEST_DAYS, (0, 1, 14), (True, False), before, without(key, language))
    return frozenset(
        CATALOGUE.render(key, language, channel, {**known, **told_before(day, span), **filled}).text
        for day, ahead, phone, span, lacks in ways
        for known in (values(day, ahead, phone=phone) | dict.fromkeys(lacks),)
        for filled in fillings(key, language, known)
    )


def without(key: str, language: Language) -> tuple[tuple[str, ...], ...]:
    """What is left out of this text one time: nothing, and then what not everybody has and the text asks for."""
    asked = [name for name in NOT_EVERYBODYS if f"{name} is defined" in shipped(language)[key].text]
    return ((), *((name,) for name in asked))


def told_before(day: date, span: timedelta | None) -> dict[str, object]:
    """When a meeting was, so long before the one at two on this day."""
    return {} if span is None else {"was_at": datetime(day.year, day.month, day.day, 14, tzinfo=COPENHAGEN) - span}


EVERY_TEXT = [(key, language) for key in sorted(CATALOGUE.keys()) for language in Language]
MESSAGES = [(key, language) for key, language in EVERY_TEXT if not key.startswith("signal_")]


def none_wrong(is_wrong: Callable[[str, Language], object], languages: Sequence[Language] = (*Language,)) -> None:
    """Looks at every text of these languages by every way, on every channel, and names all that are wrong."""
    texts = [
        (f"{language} {key} {channel}", language, text)
        for (key, language), channel in itertools.product(EVERY_TEXT, ChannelName)
        if language in languages
        for text in branches(key, language, channel)
    ]
    wrong = [f"{where}: {text}" for where, language, text in texts if is_wrong(text, language)]
    print(f"{len(wrong)} wrong of {len(texts)} texts")
    assert len(texts) > len(CATALOGUE.keys()) * len(languages) * len(ChannelName)
    assert wrong == []


def test_every_text_fits_one_sms_with_the_longest_values() -> None:
    texts = {text: f"{language} {key}" for key, language in EVERY_TEXT for text in branches(key, language, ChannelName.SMS)}
    costs = {text: measure(text) for text in texts}
    wrong = [
        f"{texts[text]}: {cost.units}: {text}"
        for text, cost in costs.items()
        if (cost.encoding, cost.segments) != ("GSM-7", 1) or cost.units > 160
    ]
    print(f"{len(wrong)} wrong of {len(texts)} texts")
    assert len(texts) > len(CATALOGUE.keys()) * len(Language)
    assert wrong == []


def test_no_text_holds_an_address_an_amount_or_a_confidential_word() -> None:
    none_wrong(lambda text, language: list(forbidden([text], language)))


def test_no_template_speaks_of_an_amount() -> None:
    looked = 0
    for language in Language:
        texts = tomllib.loads((files("medvind.texts") / f"{language}.toml").read_text("utf-8"))
        for key, variants in texts.items():
            for template in variants.values():
                looked += 1
                assert states_a_figure(re.sub(r"{%.*?%}|{{.*?}}", "", template)) is None, key
                assert not re.search(r"{{[^}]*(amount|fee|price|cost|sum)", template), key
    print(f"looked at {looked} templates")
    assert looked > 100


def test_no_text_leaves_a_hole_or_a_double_sign_where_a_value_is_missing() -> None:
    none_wrong(lambda text, _: re.search(r"  |\.\.| [.,?:]|[{}]|None|^\s|\s$", text))


def test_every_text_is_easy_to_read() -> None:
    none_wrong(lambda text, _: reading_ease(text) >= 40, [Language.DA])


@pytest.mark.parametrize("language", Language)
def test_the_catalogue_as_a_whole_is_very_easy_to_read(language: Language) -> None:
    every = [text for key, spoken in MESSAGES if spoken == language for text in branches(key, language, ChannelName.SMS)]
    ease = reading_ease(" ".join(every))
    print(f"LIX {ease:.1f} over {len(every)} texts")
    assert ease < 25


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("Godt. Annemarie ringer til dig senest næste hverdag. Haster det, så ring selv på 12 34 56 78.", 17),
        ("Velkommen tilbage. Du får beskeder igen. Skriv STOP, hvis du vil stoppe.", 29),
        ("Dejligt. Vi ses torsdag d. 30. september kl. 14.00. Du får en påmindelse dagen før.", 32),
        ("Det er helt i orden. Du får ikke flere beskeder. Annemarie er der stadig for dig på 12 34 56 78.", 17),
    ],
)
def test_reading_ease_is_counted_as_the_phrase_list_counts_it(text: str, index: float) -> None:
    assert reading_ease(text) == pytest.approx(index, abs=0.7)


def test_both_languages_say_the_same_things_on_the_same_channels() -> None:
    danish, english = (tomllib.loads((files("medvind.texts") / f"{name}.toml").read_text("utf-8")) for name in ("da", "en"))
    assert {key: set(variants) for key, variants in danish.items()} == {key: set(variants) for key, variants in english.items()}


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (
            "meeting_day_before",
            (
                "Husk: Vi mødes i morgen, torsdag d. 3. december kl. 14.00. Sted: Vestergade 58, 1. sal th. Kan du ikke? "
                "Svar NEJ, så finder vi en ny tid. Hilsen Annemarie"
            ),
        ),
        (
            "meeting_two_hours",
            (
                "Vi ses torsdag d. 3. december kl. 14.00. Sted: Vestergade 58, 1. sal th. "
                "Bliver du forsinket, så ring til Annemarie på 12 34 56 78."
            ),
        ),
        (
            "vat_2",
            (
                "Nu er det snart: torsdag d. 3. december skal moms for 3. kvartal 2026 være indberettet og betalt. "
                "Betal gerne allerede nu. Færdig? Svar KLAR."
            ),
        ),
        (
            "period_end_6w",
            "Torsdag d. 3. december slutter din periode. Lad os lave en plan sammen. Svar JA, så finder Annemarie en tid.",
        ),
        (
            "period_extended",
            "Godt nyt: Din periode er blevet længere. Nu slutter den d. 3. december. Vi skriver igen inden.",
        ),
        ("no_news", "Der er ikke nyt i din sag i denne uge. Den er ikke glemt. Vi skriver igen torsdag d. 3. december."),
        ("why_vat", "Sidste dag for moms for 3. kvartal 2026 er torsdag d. 3. december. Beskeden hører til dagen før."),
        (
            "vat_zero",
            (
                "Ingen køb eller salg i 3. kvartal 2026? Du skal stadig indberette 0 senest torsdag d. 3. december. "
                "Ellers koster det penge. Svar KLAR bagefter."
            ),
        ),
        (
            "eu_list",
            (
                "Har du solgt til firmaer i andre EU-lande i 3. kvartal 2026? "
                "Så skal Skat have din liste senest torsdag d. 3. december. Hjælp? Svar RING."
            ),
        ),
        (
            "b_tax",
            (
                "Husk din B-skat som ejer af Christoffersens Bagerier. Betal den senest torsdag d. 3. december. "
                "Du kan se tallet i TastSelv hos Skat."
            ),
        ),
        ("why_b_tax", "Du betaler B-skat. Sidste dag er torsdag d. 3. december. Beskeden hører til bankdagen før."),
        (
            "why_tax_return",
            "Du var i gang i 2026. Oplysningsskemaet skal være hos Skat torsdag d. 3. december. Beskeden hører til dagen før.",
        ),
        (
            "why_meeting",
            "Der er et møde torsdag d. 3. december kl. 14.00, som du er inviteret til. Vi minder om det 31 dage før.",
        ),
    ],
)
def test_days_and_times_stand_as_danes_write_them(key: str, text: str) -> None:
    spoken = values(date(2026, 12, 3), 1, phone=True)
    assert CATALOGUE.render(key, Language.DA, ChannelName.SMS, spoken).text == text


@pytest.mark.parametrize(
    ("was", "danish", "english"),
    [
        (
            "2026-12-01 10:30",
            "Mødet tirsdag d. 1. december kl. 10.30 er flyttet til torsdag d. 3. december kl. 14.00. Sted: Torvet 1.",
            "The meeting on Tuesday 1 December at 10:30 is moved to Thursday 3 December at 14:00. Place: Torvet 1.",
        ),
        (
            "2026-12-03 10:30",
            "Mødet torsdag d. 3. december er flyttet fra kl. 10.30 til kl. 14.00. Sted: Torvet 1.",
            "The meeting on Thursday 3 December is moved from 10:30 to 14:00. Place: Torvet 1.",
        ),
        (
            "2026-12-03 14:00",
            "Mødet torsdag d. 3. december kl. 14.00 har fået et nyt sted: Torvet 1.",
            "The meeting on Thursday 3 December at 14:00 has a new place: Torvet 1.",
        ),
        (
            None,
            "Mødet er flyttet. Ny tid: torsdag d. 3. december kl. 14.00. Sted: Torvet 1.",
            "The meeting is moved. New time: Thursday 3 December at 14:00. Place: Torvet 1.",
        ),
    ],
)
def test_a_moved_meeting_is_told_with_the_old_time_and_the_new_one(was: str | None, danish: str, english: str) -> None:
    spoken: dict[str, object] = {"at": datetime(2026, 12, 3, 14, tzinfo=COPENHAGEN), "place": "Torvet 1."}
    spoken |= {"was_at": datetime.fromisoformat(was).replace(tzinfo=COPENHAGEN)} if was else {}
    asks = {Language.DA: "Kan du komme? Svar JA eller NEJ.", Language.EN: "Can you come? Answer YES or NO."}
    for language, words in ((Language.DA, danish), (Language.EN, english)):
        text = CATALOGUE.render("meeting_moved", language, ChannelName.SMS, spoken).text
        assert text == f"{words} {asks[language]}"


def test_a_cancelled_meeting_is_told_with_the_day_that_people_know_and_also_to_who_has_no_coach() -> None:
    spoken = {"at": datetime(2026, 12, 3, 14, tzinfo=COPENHAGEN), "was_at": datetime(2026, 12, 1, 10, 30, tzinfo=COPENHAGEN)}
    alone = "Mødet tirsdag d. 1. december kl. 10.30 er aflyst. Det er ikke på grund af dig."
    assert CATALOGUE.render("meeting_cancelled", Language.DA, ChannelName.SMS, spoken).text == alone
    with_coach = CATALOGUE.render("meeting_cancelled", Language.DA, ChannelName.SMS, spoken | {"coach": "Karin"}).text
    assert with_coach == f"{alone} Karin finder en ny tid."
    unknown = CATALOGUE.render("meeting_cancelled", Language.EN, ChannelName.SMS, {"at": spoken["at"], "coach": "Karin"}).text
    assert (
        unknown == "The meeting on Thursday 3 December at 14:00 is cancelled. It is not because of you. Karin finds a new time."
    )


@pytest.mark.parametrize(
    ("key", "language", "ahead", "words"),
    [
        ("meeting_day_before", Language.DA, 1, "i morgen"),
        ("meeting_day_before", Language.EN, 1, "tomorrow"),
        ("meeting_two_hours", Language.DA, 0, "i dag"),
        ("meeting_two_hours", Language.EN, 0, "today"),
        ("vat_0", Language.DA, 0, "i dag"),
        ("vat_0", Language.EN, 0, "today"),
        ("meeting_missed", Language.DA, 0, "i dag"),
        ("meeting_missed", Language.EN, 0, "today"),
        ("rsvp_yes", Language.DA, 2, "dagen før"),
        ("rsvp_yes", Language.EN, 2, "the day before"),
    ],
)
def test_words_of_time_stand_only_where_they_are_true(key: str, language: Language, ahead: int, words: str) -> None:
    def said(days: int) -> str:
        return CATALOGUE.render(key, language, ChannelName.SMS, values(date(2026, 12, 3), days, phone=True)).text.lower()

    assert words in said(ahead)
    assert words not in said(ahead - 1)
    if key != "rsvp_yes":
        assert words not in said(ahead + 1)


@pytest.mark.parametrize(
    ("period", "danish", "english"),
    [
        ("2026Q3", "3. kvartal 2026", "3rd quarter 2026"),
        ("2026H1", "1. halvår 2026", "half 1 of 2026"),
        ("2026-05", "maj 2026", "May 2026"),
        ("2026H1@2", "1. halvår 2026", "half 1 of 2026"),
    ],
)
def test_periods_are_told_in_words(period: str, danish: str, english: str) -> None:
    for language, words in ((Language.DA, danish), (Language.EN, english)):
        assert f" {words} " in CATALOGUE.render("vat_done", language, ChannelName.SMS, {"period": period}).text


@pytest.mark.parametrize(
    ("number", "spoken"),
    [
        ("+4512345678", "12 34 56 78"),
        ("12345678", "12 34 56 78"),
        ("12 34 56 78", "12 34 56 78"),
        ("+46701234567", "+46701234567"),
    ],
)
def test_danish_numbers_are_told_in_pairs(number: str, spoken: str) -> None:
    text = CATALOGUE.render("media", Language.DA, ChannelName.SMS, {"coach": "Anne", "coach_phone": number}).text
    assert text.endswith(f"Anne på {spoken}.")


@pytest.mark.parametrize(("key", "missing"), [("invite", "first_name"), ("meeting_invite", "place")])
@pytest.mark.parametrize("empty", [None, "", "  ", "\u200b"])
def test_a_text_that_lacks_a_value_is_refused_by_name(key: str, missing: str, empty: str | None) -> None:
    at = datetime(2026, 12, 3, 14, tzinfo=COPENHAGEN)
    spoken: dict[str, object] = {"first_name": "Christoffer", "place": "Vestergade 12", "at": at}
    for handed_in in (spoken | {missing: empty}, {name: value for name, value in spoken.items() if name != missing}):
        with pytest.raises(InvalidError, match=rf"{key}.*{missing}"):
            CATALOGUE.render(key, Language.DA, ChannelName.SMS, handed_in)


@pytest.mark.parametrize("wrong", ["in a while", "2026-13-45", 17, "2026Q9"])
@pytest.mark.parametrize("key", ["vat_7", "no_news"])
def test_a_value_that_is_no_day_is_refused_and_not_repeated(key: str, wrong: object) -> None:
    with pytest.raises(InvalidError, match=key) as refusal:
        CATALOGUE.render(key, Language.DA, ChannelName.SMS, {"period": wrong, "day": wrong, "next_day": wrong})
    assert str(wrong) not in str(refusal.value)


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(InvalidError, match="no_such_text"):
        CATALOGUE.render("no_such_text", Language.DA, ChannelName.SMS, {})


@pytest.mark.parametrize("channel", ChannelName)
def test_names_lose_typographic_signs_and_nothing_else(channel: ChannelName) -> None:
    spoken: Mapping[str, object] = {
        "first_name": "Anne\u2013Sofie\u00a0\u201cFie\u201d Ángel",
        "coach": "Łukasz-Benjamin-Alexander",
    }
    text = CATALOGUE.render("invite", Language.DA, channel, spoken).text
    assert text.startswith('Hej Anne-Sofie "Fie" Angel. Medvind skriver for Lukasz-Benjamin-Alexander.')


@pytest.mark.parametrize("name", ["{{ 7 * 7 }}", "{% raw %}", "{{ coach.__class__ }}", "<b>Bo</b>"])
def test_a_name_is_never_a_template(name: str) -> None:
    text = CATALOGUE.render("checkin", Language.DA, ChannelName.TELEGRAM, {"first_name": name}).text
    assert text.startswith(f"Hej {name}. ")


def test_a_receipt_names_the_template_and_not_the_values() -> None:
    first, second = (CATALOGUE.render("checkin", Language.DA, ChannelName.SMS, {"first_name": name}) for name in ("Bo", "Ida"))
    assert re.fullmatch(r"da/checkin@[0-9a-f]{8}", first.version)
    assert first.version == second.version
    spoken = values(date(2026, 12, 3), 1, phone=True)
    by_channel = {CATALOGUE.render("help", Language.DA, channel, spoken).version for channel in ChannelName}
    assert len(by_channel) == len(ChannelName)


def test_reasons_become_sentences() -> None:
    low = Why("signal_low_answer", {"value": "2", "at": "2026-12-03T10:00:00+01:00"})
    assert CATALOGUE.why(low, Language.DA) == "Sidste svar var 2 af 5, d. 3. december"
    assert CATALOGUE.why(Why("signal_silence", {"days": "31"}), Language.DA) == "Ikke hørt fra i 31 dage"
    assert CATALOGUE.why(low, Language.EN) == "The last answer was 2 of 5, on 3 December"


def test_the_weeks_to_the_end_of_a_period_are_counted_when_the_text_is_written() -> None:
    for key in ("period_end_6w", "period_end_2w"):
        said = [
            CATALOGUE.render(key, Language.DA, ChannelName.SMS, values(date(2026, 12, 3), days, phone=True)).text[:34]
            for days in (60, 44, 42, 39, 14, 11, 10, 0)
        ]
        about = [f"Om cirka {weeks} uger, d. 3. december, s" for weeks in (9, 6, 6, 6, 2, 2)]
        assert said == [*about, *["Torsdag d. 3. december slutter din"] * 2]


@pytest.mark.parametrize("text", ["{{ place.__class__.__mro__ }}", "{{ ''.__class__.__base__ }}", "{{ parts.append(1) }}"])
def test_a_text_that_no_check_has_seen_reaches_into_nothing_all_the_same(text: str) -> None:
    """The sandbox stands behind the check: words that came with an older backup, say, are written in it too."""
    for language in Language:
        with pytest.raises(SecurityError):
            environment(language).from_string(text).render(place="Torvet 5", parts=[])
