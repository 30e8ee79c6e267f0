"""What a text costs by SMS, and how typographic signs are kept from doubling it."""

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from medvind.rules.segments import measure, plain, price_of

EMOJI = "\U0001f642"
looked = settings(max_examples=40, deadline=None, database=None)
GSM = "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCXYZÄÖÑÜ§¿abcxyzäöñüà"


COSTS = [
    ("", "GSM-7", 1, 0),
    (GSM, "GSM-7", 1, len(GSM)),
    ("€[]{}^~|\\", "GSM-7", 1, 18),
    ("a" * 160, "GSM-7", 1, 160),
    ("a" * 161, "GSM-7", 2, 161),
    ("a" * 306, "GSM-7", 2, 306),
    ("a" * 307, "GSM-7", 3, 307),
    ("€" * 80, "GSM-7", 1, 160),
    ("€" * 81, "GSM-7", 2, 162),
    ("a" * 152 + "€" + "a" * 152, "GSM-7", 3, 306),
    ("á" * 70, "UCS-2", 1, 70),
    ("á" * 71, "UCS-2", 2, 71),
    ("á" * 134, "UCS-2", 2, 134),
    ("a" * 66 + EMOJI + "a" * 66, "UCS-2", 3, 134),
    (EMOJI * 35, "UCS-2", 1, 70),
    (EMOJI * 36, "UCS-2", 2, 72),
    (EMOJI * 67, "UCS-2", 3, 134),
    ("\ud83d", "UCS-2", 1, 1),
    ("\uffff", "UCS-2", 1, 1),
    ("\U00010000", "UCS-2", 1, 2),
]


def test_segments_are_counted_as_a_network_counts_them() -> None:
    print(f"{len(COSTS)} texts looked at")
    counted = [(text, cost.encoding, cost.segments, cost.units) for text, *_ in COSTS for cost in [measure(text)]]
    assert counted == COSTS


FOREIGN = [
    *"\u2013\u2014\u201c\u201d\u201e\u00bb\u00ab\u2018\u2019\u2026\u2022\u00bd\u00b0\u00b2\u00d7áíóúýêôç`\u00b4\u00a0",
    EMOJI,
]


def test_one_sign_outside_the_alphabet_turns_the_whole_text_into_ucs_2() -> None:
    print(f"{len(FOREIGN)} signs looked at")
    assert [sign for sign in FOREIGN if measure(f"Vi ses {sign}").encoding != "UCS-2"] == []


TWINS = [
    ("Vi ses \u2013 husk bilag\u2026", "Vi ses - husk bilag..."),
    (
        "\u201cGodt\u201d \u201egodt\u201c \u00bbgodt\u00ab \u2018godt\u2019 `godt\u00b4",
        '"Godt" "godt" "godt" \'godt\' \'godt\'',
    ),
    ("\u2022 Kvittering\u00a0nr.\t1", "- Kvittering nr. 1"),
    ("á í ó ú ý ê ô ç ł đ Š", "a i o u y e o c l d S"),
    ("1½ time, 3 \u00d7 10² m², ½ dag", "1 1/2 time, 3 x 10^2 m2, 1/2 dag"),
    ("An\u00adne\u200b\u202e", "Anne"),
    ("ja\u0308h na\u030a", "jäh nå"),
    ("\uff2f\uff2b", "OK"),
    ("æøå ÆØÅ éÉ äöü €", "æøå ÆØÅ éÉ äöü €"),
    (f"Godt {EMOJI}", f"Godt {EMOJI}"),
    ("Анна", "Анна"),
    ("й", "й"),
    ("Godt\ufe0f", "Godt"),
    ("\u2764\ufe0f", "\u2764\ufe0f"),
]


def test_typographic_signs_get_their_plain_twin_and_the_rest_stays() -> None:
    print(f"{len(TWINS)} texts looked at")
    assert [(typed, plain(typed)) for typed, _ in TWINS] == TWINS


@looked
@given(st.text())
def test_plain_never_costs_more_parts_and_is_done_after_one_time(text: str) -> None:
    cheap = plain(text)
    assert plain(cheap) == cheap
    if measure(text).encoding == "GSM-7":
        assert measure(cheap).encoding == "GSM-7"


@looked
@given(st.text(st.sampled_from("a€æ\u2013áß" + EMOJI), max_size=400))
def test_the_parts_hold_the_text_and_no_more_parts_are_counted_than_pairs_can_cost(text: str) -> None:
    cost = measure(text)
    alone, linked = (160, 153) if cost.encoding == "GSM-7" else (70, 67)
    if cost.units <= alone:
        assert cost.segments == 1
    else:
        assert (cost.segments - 1) * (linked - 1) < cost.units <= cost.segments * linked


@looked
@given(st.text(st.characters(categories=["Lu", "Ll"], max_codepoint=0x24F)))
def test_latin_letters_keep_their_case_and_count(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert len(plain(composed)) >= len(composed) - sum(unicodedata.combining(sign) > 0 for sign in composed)


def test_a_price_is_that_of_all_segments_and_unknown_where_nobody_has_said_that_of_one() -> None:
    two = measure("a" * 161)
    assert [price_of(two, each) for each in (None, 0, 35)] == [None, 0, 70]
