"""Somebody else's table of the alphabet counts every form of every text as we do."""

import smsutil
from hypothesis import given, settings
from hypothesis import strategies as st

from medvind.model import Language
from medvind.rules.segments import measure
from medvind.texts import shipped
from medvind.texts.checking import _forms


def theirs(text: str) -> tuple[str, int, int]:
    counted = smsutil.split(text)
    gsm = counted.encoding == "gsm0338"
    return ("GSM-7" if gsm else "UCS-2", len(counted.parts), counted.total_bytes if gsm else counted.total_bytes // 2)


def ours(text: str) -> tuple[str, int, int]:
    cost = measure(text)
    return cost.encoding, cost.segments, cost.units


def test_every_text_is_counted_as_another_library_counts_it() -> None:
    forms = {
        form: f"{language} {key}"
        for language in Language
        for key, words in shipped(language).items()
        for form in _forms(key, language, words.text)
    }
    longest = max(forms, key=lambda form: measure(form).units)
    print(f"looked at {len(forms)} forms; the longest is {forms[longest]} with {measure(longest).units} septets")
    assert len(forms) > 400
    assert {forms[form]: (ours(form), theirs(form)) for form in forms if ours(form) != theirs(form)} == {}
    assert {forms[form] for form in forms if theirs(form)[0] != "GSM-7" or theirs(form)[1:] > (1, 160)} == set()


@settings(deadline=None)
@given(st.text("Hej æøåÆØÅéÉ€{}[]~^\\|\n@£$¥§ÄÖÑÜäöñüà\u2013\u2019\u2026á", min_size=1, max_size=400))
def test_what_people_type_is_counted_alike(text: str) -> None:
    assert ours(text) == theirs(text)
