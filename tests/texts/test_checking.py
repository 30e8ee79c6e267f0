"""Words pass only where every form that they can take may be sent: also the one that nobody thought of."""

import re
from collections.abc import Iterable
from itertools import chain, combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medvind.model import ChannelName, Language
from medvind.rules.segments import measure
from medvind.rules.wording import Words
from medvind.saying import Saying
from medvind.texts import Catalogue, Own, check, longest_values, shipped, untranslated, values_for
from medvind.texts.checking import agreed
from medvind.texts.grammar import MOST_WAYS, Values

KEY = "meeting_two_hours"
"""At and place are always there in it, the coach and their phone are not."""
GOOD = "Vi ses {{ at|weekday }} kl. {{ at|clock }}. Sted: {{ place }}{% if coach is defined %}. Hilsen {{ coach }}{% endif %}"
PHONE = "{% if coach_phone is defined %} Ring {{ coach_phone|phone }}.{% endif %}"


def told(found: Iterable[Saying]) -> list[str]:
    return [str(fault) for fault in found]


def faults(text: str, key: str = KEY, language: Language = Language.DA) -> list[str]:
    return told(check(key, language, Words(text)).faults.get("text", ()))


def test_every_shipped_text_passes_the_check_that_a_municipality_meets() -> None:
    every = [(language, key, words) for language in Language for key, words in shipped(language).items()]
    wrong = {f"{language} {key}": found for language, key, words in every if (found := check(key, language, words).faults)}
    print(f"{len(wrong)} wrong of {len(every)} texts")
    assert len(every) > 150
    assert wrong == {}


def test_every_value_that_a_text_may_name_has_a_longest_form() -> None:
    known = set().union(*longest_values())
    named = {name for key in shipped(Language.DA) for name in values_for(key).sure | values_for(key).maybe}
    print(f"looked at {len(named)} values")
    assert named - known == set()


@pytest.mark.parametrize(
    "text",
    [
        "{% for one in place %}{{ one }}{% endfor %}",
        "{% for one in range(1000000000) %}a{% endfor %}",
        "{{ first_name.__class__ }}",
        "{{ place['__class__'] }}",
        "{{ ''.join(place) }}",
        "{{ place|upper }}",
        "{{ place|format }}",
        "{{ first_name * 1000000 }}",
        "{{ 2 ** 999999 }}",
        "{{ 1 // 0 }}",
        "{{ 1 // months }}",
        "{% include 'da.toml' %}",
        "{% import 'os' as os %}",
        "{% extends 'x' %}",
        "{% macro m() %}{% endmacro %}",
        "{% block b %}{% endblock %}",
        "{% set ns = namespace() %}",
        "{% set x.y = 1 %}",
        "{{ self }}",
        "{{ 'a' if place else 'b' }}",
        "{{ [1, 2] }}",
        "{{ place is string }}",
        "{{ place is not string }}",
        "{% filter upper %}a{% endfilter %}",
        "{{ place ~ coach }}",
        "{{ first_name",
        "{% if place %}",
        "{{ place|nothing }}",
        "{{ " + "(" * 900 + "place" + ")" * 900 + " }}",
        "{% raw %}{{ place }}{% endraw %}",
        "{{ 1" + "0" * 1990 + " }}{{ 1 }}",
        "{{ " + "not " * 280 + "place }}",
        "{{ " + "place+" * 150 + "place }}",
        "{{" + "-" * 1100 + "1}}",
        "{% if place %}" * 45 + "a" + "{% endif %}" * 45,
        "a" * 1201,
        "",
        " ",
    ],
)
def test_what_reaches_further_than_a_text_may_is_refused(text: str) -> None:
    assert faults(text)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Hej {{ navn }}.", "line 1: there is no navn in this text; it can name at, business, coach, coach_phone, "),
        ("Hej\n{{ firstname }}.", "line 2: there is no firstname in this text; did you mean first_name?"),
        ("Hej {% if name is defined %}du{% endif %}.", "line 1: there is no name in this text"),
        (
            "Ring {{ coach_phone|phone }}.",
            "line 1: coach_phone may be missing; write it between {% if coach_phone is defined %}",
        ),
        ("{% if period is defined %}Hej{% endif %}", "line 1: there is no period in this text"),
        ("Hej {{ first_name.", "line 1: "),
        ("{% if place %}Hej", "line 1: "),
        ("Vi ses {{ at }}.", "'2027-09-30' is a day as computers write it"),
        ("Vi ses {{ place|date }}.", "line 1: a value is compared or written as something that it isn't"),
        ("{% if place > 3 %}Hej{% else %}Hej du{% endif %}", "line 1: a value is compared or written as something"),
    ],
)
def test_a_value_that_is_not_there_or_not_fit_is_named_with_its_line_and_cure(text: str, fault: str) -> None:
    [found] = faults(text)
    assert found.startswith(fault)


@pytest.mark.parametrize(
    "text",
    [
        "{% if place == 'Bo' %}{{ coach_phone|phone }}{% endif %}",
        "{% if coach_phone is not defined %}{{ coach_phone }}{% endif %}",
        "{% if coach_phone is defined or place == 'Bo' %}{{ coach_phone|phone }}{% endif %}",
        "{% if place == 'Bo' %}{% elif coach_phone is defined %}{% else %}{{ coach_phone }}{% endif %}",
        "{% if coach_phone == '1' %}Hej{% endif %}",
        "{% if coach_phone is defined or coach_phone == '1' %}Hej{% endif %}",
        "{% if not (coach_phone is defined and place == 'Bo') %}{{ coach_phone }}{% endif %}",
        "{% if coach_phone is defined %}Hej{% endif %} {{ coach_phone }}",
    ],
)
def test_a_value_that_may_be_missing_is_refused_in_a_branch_that_hardly_ever_comes(text: str) -> None:
    assert any("coach_phone may be missing" in fault for fault in faults("Hej. " + text))


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        GOOD + "." + PHONE,
        "Hej {{ first_name }}. Vi ses.",
        "Hej.{% if coach_phone is not defined %} Vi ses.{% else %} Ring {{ coach_phone|phone }}.{% endif %}",
        "Hej.{% if coach_phone is defined and coach_phone != '1' %} Ring {{ coach_phone|phone }}.{% endif %}",
        "Hej.{% if not coach_phone is defined or place == 'Bo' %}{% else %} Ring {{ coach_phone|phone }}.{% endif %}",
        "{% if coach_phone is not defined %}{% set coach_phone = place %}{% endif %}Ring {{ coach_phone|phone }}.",
        "{% set days = at|days_after(today) %}{% if days > 10 %}Om {{ (days + 3) // 7 }} uger.{% else %}Snart.{% endif %}",
    ],
)
def test_good_words_pass(text: str) -> None:
    assert faults(text) == []


RARE = "Hej.{% if place == 'Bo' %} SAYS{% endif %}"


@pytest.mark.parametrize(
    ("says", "fault"),
    [
        ("Din pension er klar.", "'pension' is confidential"),
        ("Se skat.dk nu.", "'skat.dk' is a web or mail address"),
        ("Det er 1400 i alt.", "'140' could be an amount"),
        ("{{ '1400' }}", "'140' could be an amount"),
        ("Godt \u2013 vi ses.", "'\u2013' leaves room for only 70 characters"),
        ("Vi ses. " * 20, "with the longest values it fills 1"),
    ],
)
def test_a_fault_is_found_in_a_branch_that_hardly_ever_comes(says: str, fault: str) -> None:
    found = faults(RARE.replace("SAYS", says.strip()))
    assert [one.startswith(fault) for one in found] == [True], found


def test_all_faults_of_a_text_are_told_at_once_by_field() -> None:
    found = check(KEY, Language.DA, Words("Din gæld \u2013 se skat.dk", "Hej {{ navn }}")).faults
    assert [fault.split(" ")[0] for fault in told(found["text"])] == ["'skat.dk'", "'gæld'", "'\u2013'"]
    assert str(found["telegram"][0]).startswith("line 1: there is no navn")


def test_the_words_for_telegram_may_be_longer_and_have_any_sign_and_are_as_neutral() -> None:
    assert check(KEY, Language.DA, Words(GOOD, "Hej {{ first_name }} \U0001f600.\n" + "Vi ses. " * 40 + "Hilsen")).faults == {}
    assert check(KEY, Language.DA, Words(GOOD, "Din gæld.")).faults.keys() == {"telegram"}
    [long] = check(KEY, Language.DA, Words(GOOD, "Vi ses. " * 130 + "Hej")).faults["telegram"]
    assert str(long).startswith("with the longest values it has 1043 characters, 1000 at most")


def test_more_ways_through_a_text_than_anybody_can_read_are_refused() -> None:
    choice = "{% if place == 'Bo' %}a{% else %}b{% endif %}"
    assert faults("Hej " + choice * 5) == []
    assert faults("Hej " + choice * 6) == [f"line 1: more than {MOST_WAYS} ways through it; take some of the choices out"]
    deep = "{% if place %}a" * 30 + "{% endif %}" * 30
    assert faults("Hej" + deep) == []
    assert faults("Hej " + choice * 25) != []


def test_what_is_said_to_strangers_and_coaches_names_nobody() -> None:
    for key in (
        "stranger",
        "stranger_start",
        "stranger_danger",
        "duty_stranger",
        "code_unknown",
        "coach_danger",
        "duty_unread",
        "why_vat",
        "task_call",
        "away_sms",
        "gave_way_paused",
        "signal_silence",
    ):
        values = values_for(key)
        assert not {"first_name", "business", "coach", "coach_phone", "in_place_of"} & (values.sure | values.maybe), key
    assert values_for("no_news").sure >= {"first_name", "next_day"}
    assert values_for("no_news").maybe == {"business", "coach", "coach_phone", "in_place_of"}
    assert values_for("meeting_cancelled").maybe >= {"coach", "was_at"}


def test_a_value_that_one_language_asks_for_may_be_missing_in_the_other_too() -> None:
    danish, english = Values(frozenset({"coach", "day"})), Values(frozenset({"day"}), frozenset({"coach"}))
    both = Values(frozenset({"day"}), frozenset({"coach"}))
    assert agreed([danish, english]) == agreed([english, danish]) == both


@pytest.mark.parametrize(
    "text", ["{{ " + "not " * 280 + "place }}", "{{" + "-" * 1100 + "1}}", "{% if place %}" * 45 + "a" + "{% endif %}" * 45]
)
def test_what_is_nested_deeper_than_anybody_reads_is_refused_before_it_is_compiled(text: str) -> None:
    assert faults(text) == ["line 1: too deep or too large to be read; write it plainly"]


PIECES = st.sampled_from(
    [
        "Hej ",
        "{{ first_name }}",
        "{% if coach is defined %}{{ coach }}{% endif %}",
        "{{ at|clock }}",
        "{{ at|date }}",
        "{{ place }}",
        "{{ coach_phone|phone }}",
        "{% if coach_phone is defined %}",
        "{% if at|days_after(today) == 0 %}",
        "{% if coach_phone is not defined and at|days_after(today) > 1 %}",
        "{% elif place == 'Bo' %}",
        "{% else %}",
        "{% endif %}",
        "{% set x = place %}",
        "{{ x }}",
        "Vi ses, og vi glæder os til at se dig igen. ",
        "gæld",
        "\u2013",
        "{{",
        "}}",
        "{%",
        "%}",
        ".",
    ]
)


@settings(deadline=None)
@given(st.lists(PIECES, max_size=12).map("".join))
def test_whatever_passes_can_be_sent_in_every_form_and_nothing_breaks_the_check(text: str) -> None:
    checked = check(KEY, Language.DA, Words(text))
    if checked.faults:
        return
    worn = Catalogue.load().wearing([Own(KEY, Language.DA, 1, Words(text))])
    maybe = values_for(KEY).maybe
    for values in longest_values():
        for left_out in chain.from_iterable(combinations(sorted(maybe), number) for number in range(len(maybe) + 1)):
            there = {name: value for name, value in values.items() if name not in left_out}
            said = worn.render(KEY, Language.DA, ChannelName.SMS, there)
            cost = measure(said.text)
            assert (cost.encoding, cost.segments) == ("GSM-7", 1)
            assert cost.units <= checked.units
            assert not re.search("gæld|[{}]", said.text)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_no_text_of_any_kind_breaks_the_check(text: str) -> None:
    check(KEY, Language.DA, Words(text, text))
    check(KEY, Language.EN, Words("{{ " + text + " }}", "{% if " + text + " %}a{% endif %}"))


def test_own_words_stand_in_place_of_the_shipped_ones_and_name_their_version() -> None:
    both = Catalogue.load()
    worn = both.wearing([Own("help", Language.DA, 7, Words("Skriv STOP, {{ first_name }}."))])
    for channel in ChannelName:
        said = worn.render("help", Language.DA, channel, {"first_name": "Bo"})
        assert (said.text, said.version) == ("Skriv STOP, Bo.", "da/help@v7")
    spoken = next(iter(longest_values()))
    for channel in ChannelName:
        assert worn.render("help", Language.EN, channel, spoken) == both.render("help", Language.EN, channel, spoken)
        assert both.render("help", Language.DA, channel, spoken).version.startswith("da/help@")
        assert "Christoffer" not in both.render("help", Language.DA, channel, spoken).text


def test_a_text_that_a_language_lacks_is_written_in_danish_says_so_and_is_reported() -> None:
    known = Catalogue.load()._texts
    english = {name: text for name, text in known[Language.EN].items() if name[0] != "start"}
    lacking = Catalogue({Language.DA: known[Language.DA], Language.EN: english})
    said = lacking.render("start", Language.EN, ChannelName.SMS, {})
    assert said == lacking.render("start", Language.DA, ChannelName.SMS, {})
    assert said.version.startswith("da/start@")
    assert untranslated({Language.DA: ["start", "stop"], Language.EN: ["stop"]}) == ["en/start"]
    assert untranslated({language: shipped(language) for language in Language}) == []
