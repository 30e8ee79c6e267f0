import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medvind.errors import InvalidError
from medvind.flows.phones import looks_mobile, to_e164

NINE = (
    "20123456",
    "20 12 34 56",
    "+4520123456",
    "+45 20 12 34 56",
    "0045 2012 3456",
    "4520123456",
    "(+45) 20-12-34-56",
    "20.12.34.56",
    "tel:+45\u00a020\u20111234\u201156",
)


@pytest.mark.parametrize("spelling", NINE)
def test_every_spelling_of_a_number_is_one_number(spelling: str) -> None:
    assert to_e164(spelling, "production") == "+4520123456"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("70 20 12 01", "a number of the series 70, which is nobody's own phone"),
        ("80123456", "a number of the series 80, which is nobody's own phone"),
        ("+4590123456", "a number of the series 90, which is nobody's own phone"),
        ("2012345", "no valid Danish number"),
        ("112", "no valid Danish number"),
        ("201234567", "no valid Danish number"),
        ("12345678", "no valid Danish number"),
        ("21000000", "no valid Danish number"),
        ("+46 70 123 45 67", "a number abroad"),
        ("0046701234567", "a number abroad"),
        ("20123456 or 20123457", "no phone number"),
        ("Amina", "no phone number"),
        ("2O123456", "no phone number"),
        ("", "no phone number"),
        ("20+123456", "no phone number"),
        ("9" * 1000, "no phone number"),
        ("20" + " " * 60 + "123456", "no phone number"),
        ("01 00 00 01", "a made-up number: none begins with 0"),
        ("+4501000001", "a made-up number: none begins with 0"),
    ],
)
def test_what_cannot_be_a_phone_is_refused_with_the_cure_and_without_the_number(text: str, problem: str) -> None:
    with pytest.raises(InvalidError) as refused:
        to_e164(text, "production")
    assert str(refused.value).startswith(f"{problem}. ")
    assert "20 12 34 56" in str(refused.value) or "+45" in str(refused.value)
    assert text not in str(refused.value) or not text


@pytest.mark.parametrize("env", ["demo", "test"])
@pytest.mark.parametrize("text", ["+4501000001", "01 00 00 01", "4501000001", "0045 01000001"])
def test_made_up_numbers_are_good_in_demo_and_test(env: str, text: str) -> None:
    assert to_e164(text, env) == "+4501000001"


MOBILE = [*range(20, 32), *range(40, 43), *range(50, 56), 60, 61, 71, 81, *range(91, 94)]


def test_outside_the_mobile_series_a_number_is_good_but_worth_a_warning() -> None:
    looked_at = 0
    for series in range(20, 100):
        number = f"+45{series}234567"
        try:
            to_e164(number, "production")
        except InvalidError:
            continue
        looked_at += 1
        assert looks_mobile(number) == (series in MOBILE), number
    print(f"looked at {looked_at} series: 0 wrong")
    assert looked_at > 50
    assert [looks_mobile(number) for number in ("+4543123456", "+4543223456", "+4549112345", "+4501000001")] == [
        True,
        False,
        True,
        True,
    ]


@given(st.text(max_size=50) | st.from_regex(r"\+?[0-9 ]{1,15}", fullmatch=True))
def test_anything_becomes_a_danish_number_or_is_refused_and_its_form_is_kept(text: str) -> None:
    try:
        number = to_e164(text, "test")
    except InvalidError:
        return
    assert re.fullmatch(r"\+45[0-9]{8}", number)
    assert to_e164(number, "test") == number
