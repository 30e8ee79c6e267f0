"""Days that a municipality enters: read as they are spelled, or refused with their place, the fault and an example."""

from datetime import date

import pytest

from medvind.errors import InvalidError
from medvind.model import VatPeriod
from medvind.rules.due_dates import SpecialDeadlines, TaxDateType
from medvind.rules.policy import SETTINGS, policy_from

ON = date.fromisoformat


def test_deadlines_that_a_law_has_moved_are_read_by_what_they_are_known_by() -> None:
    cases = [
        ("off", SpecialDeadlines()),
        (" off ", SpecialDeadlines()),
        (
            "quarterly 2020-03-31 2020-09-01; b_tax 2020-04-20 2020-06-22",
            SpecialDeadlines({(VatPeriod.QUARTERLY, ON("2020-03-31")): ON("2020-09-01")}, {ON("2020-04-20"): ON("2020-06-22")}),
        ),
        (
            "monthly  2020-02-29 2020-04-27 ;half_yearly 2020-06-30 2021-03-01",
            SpecialDeadlines(
                {
                    (VatPeriod.MONTHLY, ON("2020-02-29")): ON("2020-04-27"),
                    (VatPeriod.HALF_YEARLY, ON("2020-06-30")): ON("2021-03-01"),
                }
            ),
        ),
    ]
    print(f"{len(cases)} cases looked at")
    for text, read in cases:
        assert policy_from({"special_deadlines": text}).special_deadlines == read


def test_the_days_of_the_tax_agency_are_read_with_the_year_that_they_are_about() -> None:
    text = "preliminary_assessment_opens 2026-11-11; annual_assessment_opens 2026-03-23 2027-03-22"
    assert policy_from({"tax_days": text}).tax_days == {
        (TaxDateType.PRELIMINARY_OPENS, 2027): ON("2026-11-11"),
        (TaxDateType.ANNUAL_OPENS, 2025): ON("2026-03-23"),
        (TaxDateType.ANNUAL_OPENS, 2026): ON("2027-03-22"),
    }
    assert policy_from({"tax_days": "off"}).tax_days == {}
    assert len(policy_from({}).tax_days) == 8


REFUSED = [
    ("special_deadlines", "", "entry 1 is empty; 'off' alone says that there is none"),
    ("special_deadlines", "quarterly 2020-03-31 2020-09-01;", "entry 2 is empty"),
    ("special_deadlines", "quarterly 2020-03-31", "entry 1, 'quarterly 2020-03-31': is not a kind, the day it is known by"),
    (
        "special_deadlines",
        "weekly 2020-03-31 2020-09-01",
        "'weekly' is no kind of deadline; there are monthly, quarterly, half_",
    ),
    (
        "special_deadlines",
        "b_tax 2020-04-20 2020-06-22; tax 2020-03-31 2020-09-01",
        "entry 2, 'tax 2020-03-31 2020-09-01': 'tax'",
    ),
    (
        "special_deadlines",
        "quarterly 2020-03-30 2020-09-01",
        "2020-03-30 is no end of a quarterly period; that one ends on 2020-03-31",
    ),
    ("special_deadlines", "half_yearly 2020-03-31 2020-09-01", "2020-03-31 is no end of a half_yearly period"),
    ("special_deadlines", "monthly 2027-02-29 2027-04-01", "'2027-02-29' is no date, like 2026-03-31"),
    ("special_deadlines", "b_tax 2020-06-20 2020-07-20", "2020-06-20 is no instalment"),
    ("special_deadlines", "b_tax 2020-04-21 2020-07-20", "2020-04-21 is no instalment"),
    ("special_deadlines", "quarterly 2020-03-31 soon", "'soon' is no date"),
    ("special_deadlines", "quarterly 2020-03-31 2020-03-31", "2020-03-31 is not within the year after 2020-03-31"),
    ("special_deadlines", "quarterly 2020-03-31 2021-04-02", "2021-04-02 is not within the year after 2020-03-31"),
    ("special_deadlines", "quarterly 2009-03-31 2009-09-01", "2009-03-31 is not from 2016-01-01 to 2060-12-31"),
    (
        "special_deadlines",
        "quarterly 2020-03-31 2020-09-01; quarterly 2020-03-31 2020-09-02",
        "entry 2, 'quarterly 2020-03-31 2020-09-",
    ),
    ("special_deadlines", "b_tax 2020-04-20 2020-06-22; b_tax 2020-04-20 2020-06-23", "is said twice"),
    ("special_deadlines", "off; off", "entry 1, 'off': is not a kind"),
    ("special_deadlines", ";".join(["b_tax 2020-04-20 2020-06-22"] * 61), "these are more than 60"),
    ("tax_days", "", "entry 1 is empty"),
    (
        "tax_days",
        "b_tax_instalment 2026-01-20",
        "entry 1, 'b_tax_instalment 2026-01-20': 'b_tax_instalment' is no such day; there are",
    ),
    ("tax_days", "annual_assessment_opens", "entry 1, 'annual_assessment_opens': names no day"),
    ("tax_days", "annual_assessment_opens in March", "'in' is no date"),
    ("tax_days", "annual_assessment_opens 2026-03-23 2026-03-24", "has two days in 2026"),
    (
        "tax_days",
        "tax_refund_paid_from 2026-04-24; tax_refund_paid_from 2026-04-25",
        "entry 2, 'tax_refund_paid_from 2026-04-25': has",
    ),
    ("tax_days", "tax_refund_paid_from 2061-04-24", "2061-04-24 is not from 2016-01-01 to 2060-12-31"),
]


def test_what_is_no_deadline_or_no_day_is_refused_with_its_place_the_fault_and_an_example() -> None:
    print(f"{len(REFUSED)} texts looked at")
    for key, text, fault in REFUSED:
        setting = next(setting for setting in SETTINGS if setting.key == key)
        with pytest.raises(InvalidError) as refused:
            policy_from({key: text})
        assert str(refused.value).startswith(f"{key}: "), text
        assert fault in str(refused.value), text
        assert str(refused.value).endswith(f". For example: {setting.example or setting.default}")


def test_the_charge_for_a_missing_return_is_a_setting_that_everybody_can_see_and_change() -> None:
    fee = next(setting for setting in SETTINGS if setting.key == "vat_late_fee")
    assert [fee.read({}), fee.read({fee.key: "800"}), fee.read({fee.key: "0"})] == [1400, 800, 0]
    for text in ("", "-1", "1.400", "1400 kr", "10000"):
        with pytest.raises(InvalidError, match=r"^vat_late_fee: .* is no whole number from 0 to 9999\. For example: 1400$"):
            fee.read({fee.key: text})
