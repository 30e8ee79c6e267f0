"""A national id is taken out however people write it, and nothing else that has figures is."""

from calendar import monthrange
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from medvind.rules.national_id import BLANKED, beside_national_id, blank_national_id

WRITTEN = [
    "01.01.90-1234",
    "01 01 90 1234",
    "01-01-90-1234",
    "01/01/90-1234",
    "01.01.90 1234",
    "01. 01. 90 - 1234",
    "010190/1234",
    "010190.1234",
    "010190-12 34",
    "010190 - 12 34",
    "0101901234",
    "010190 1234",
    "01.01.90\u20131234",
    "01\u00a001\u00a090\u00a01234",
]
AROUND = (
    "{}",
    "mit cpr er {}",
    "CPR {}",
    "cpr:{}.",
    "({})",
    "Jeg hedder Maja, {}, tak",
    "{}\nHilsen Maja",
    "tlf 12 34 56 78, cpr {}",
)
NO_IDS = [
    "12 34 56 78",
    "+45 12 34 56 78",
    "0045 12 34 56 78",
    "+4512345678",
    "4512345678",
    "45 12 34 56 78",
    "004512345678",
    "12.10.56.78",
    "12-10-56-78",
    "+33 6 12 10 56 78",
    "06 12 10 56 78",
    "12 10 56 78 12 10 56 78",
    "12 10 56 78\n12 10 56 78",
    "01.01.2026",
    "01.01.26",
    "1.1.2026",
    "01-01-2026 kl 14.00",
    "01.01.2026 14.00",
    "27.11.26 1400",
    "27-11-26 0930",
    "01.01.26-31.12.26",
    "01.01-31.12.26",
    "01 01 26 - 31 12 26",
    "fra 01-01-26 - 31-12-26",
    "2026-11-24",
    "2026-11-24T10:10:10",
    "10 11 12",
    "CVR 10101234",
    "CVR 10 10 12 34",
    "DK10101234",
    "1.010.190 kr",
    "101.012,50 kr",
    "10.101.234 kr",
    "4500 kr",
    "101090,12 kr",
    "ordre 101090123",
    "ordre 10109012345",
    "ordre 101090-123",
    "ordre 101090-12345",
    "faktura 2026-1011-1234",
    "IBAN DK50 0040 0440 1162 43",
    "reg. 1010 konto 1010123456789",
    "32.13.90-1234",
    "01 13 90 1234",
    "30.02.90-1234",
    "10.10.10.10",
    "01.01-90-1234",
    "kl. 10.11-12.13",
]


@pytest.mark.parametrize("number", WRITTEN)
def test_a_national_id_is_taken_out_in_whatever_form_it_is_written(number: str) -> None:
    for around in AROUND:
        assert blank_national_id(around.format(number)) == (around.format(BLANKED), True)


def test_ten_figures_behind_a_country_code_are_no_phone_number_of_ours() -> None:
    assert blank_national_id("+45 0101901234") == (f"+45 {BLANKED}", True)


def test_phone_numbers_dates_sums_and_orders_stay() -> None:
    print(f"{len(NO_IDS)} texts looked at")
    assert [text for text in NO_IDS if blank_national_id(text) != (text, False)] == []


def test_what_leads_up_to_one_is_passed_over_in_every_form() -> None:
    said = {beside_national_id(blank_national_id(f"ja, mit cpr er {number}")[0]).strip(" .,") for number in WRITTEN}
    assert said == {"ja"}


DAYS = st.dates(date(1926, 1, 1), date(2019, 12, 31))
PARTS = st.sampled_from(("", ".", "-", "/", " ", ". ", "\u00a0"))
BEFORE_LAST = st.sampled_from(("", "-", " ", " - ", "/", ".", "\u2013", "\t"))
LAST = st.from_regex(r"[0-9]{4}", fullmatch=True)


@given(DAYS, PARTS, BEFORE_LAST, LAST, st.sampled_from(AROUND))
def test_no_possible_day_hides_a_number_from_us(day: date, part: str, before: str, last: str, around: str) -> None:
    number = f"{day.day:02}{part}{day.month:02}{part}{day.year % 100:02}{before}{last}"
    may_be_an_hour = 20 <= day.year % 100 < 40 and last[2:] in {"00", "15", "30", "45"} and last[:2] < "24"
    assume(not (part and may_be_an_hour))
    assert blank_national_id(around.format(number)) == (around.format(BLANKED), True)


@given(
    st.from_regex(r"[1-9][0-9]{7}", fullmatch=True),
    st.sampled_from((("",), ("+45", ""), ("+45 ", ""), ("0045 ", ""), ("45 ", ""))),
    st.sampled_from(((8,), (2, 2, 2, 2), (4, 4), (2, 3, 3))),
    st.sampled_from((" ", "-", ".", "")),
)
def test_no_phone_number_is_taken_for_one(digits: str, before: tuple[str, ...], groups: tuple[int, ...], sep: str) -> None:
    parts: list[str] = []
    rest = digits
    for size in groups:
        parts, rest = [*parts, rest[:size]], rest[size:]
    phone = before[0] + sep.join(parts)
    for around in ("{}", "ring {}", "mit nummer er {} efter kl 14", "{}\n{}"):
        text = around.format(phone, phone)
        assert blank_national_id(text) == (text, False)


@given(st.dates(date(1990, 1, 1), date(2040, 12, 31)), st.sampled_from((".", "-", "/", " ")), st.sampled_from((4, 2)))
def test_no_day_of_the_calendar_is_taken_for_one(day: date, sep: str, year: int) -> None:
    written = f"{day.day:02}{sep}{day.month:02}{sep}{str(day.year)[-year:]}"
    last = monthrange(day.year, day.month)[1]
    for around in (
        "{}",
        "vi ses {} kl. 14.00",
        "{} kl 1400",
        "{}-" + f"{last:02}{sep}{day.month:02}{sep}{str(day.year)[-year:]}",
    ):
        text = around.format(written)
        assert blank_national_id(text) == (text, False)


@given(st.from_regex(r"[0-9]{1,9}|[0-9]{11,16}", fullmatch=True), st.sampled_from(("{}", "ordre {}", "{} kr", "CVR {}")))
def test_no_number_of_another_length_is_taken_for_one(digits: str, around: str) -> None:
    text = around.format(digits)
    assert blank_national_id(text) == (text, False)
