"""A code that came by SMS, as people type it on a phone, and what is none."""

from medvind.rules.replies import read_sent_code


def test_a_code_by_sms_is_read_as_people_type_it() -> None:
    for text in (
        "C942F-HKSPB",
        "min kode er C942F-HKSPB",
        "C942FHKSPB",
        "c942f hkspb",
        "C942F\u2014HKSPB",
        "C942F - HKSPB",
        " c942f-hkspb.\n",
        "koden er C942F-HKSPB",
        "Min kode: c942fhkspb, tak",
        "denne C942F HKSPB",
        "Denne C942F-HKSPB",
    ):
        assert read_sent_code(text) == "C942F-HKSPB", text
    assert read_sent_code("abcde-fghjk") == "ABCDE-FGHJK"


def test_words_and_two_codes_and_long_messages_are_no_code() -> None:
    for text in (
        "",
        "understreg",
        "super dejer",
        "C942F",
        "C942F-HKSP",
        "C942F-HKSPBX",
        "XC942F-HKSPB",
        "C942F-HKSPB ABCDE-23456",
        "en kaffe-vegne tur",
        "C942F-HKSPB " + "x" * 80,
        "0O1IL-23456",
    ):
        assert read_sent_code(text) is None, text
