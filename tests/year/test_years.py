"""The real product beside the oracle, in a small size; `python -m tests.year.run` has the large one."""

from datetime import datetime, timedelta

from tests.year.people import Person, make_people
from tests.year.run import simulate
from tests.year.verdict import FAULTS, Message, Verdict, compare, report

TEN_MONTHS = 304
AT = datetime.fromisoformat("2027-03-01T09:00")


def test_from_october_to_july_everybody_gets_what_the_oracle_says_at_the_minute_and_nothing_else() -> None:
    verdict = simulate(list(make_people(3, 6)), TEN_MONTHS)
    print(report(verdict))
    assert verdict.people == 6
    assert verdict.looked_at > 100
    assert not any(verdict.faults.values())


def test_the_comparison_sees_every_kind_of_fault() -> None:
    somebody, due = Person("p-0000", "Europe/Copenhagen", sms=True, quiet=(AT.time(), AT.time())), Message("vat:2026Q4:0d", AT)
    cases = {
        "wrong day": [Message(due.key, AT + timedelta(days=1))],
        "wrong clock time": [Message(due.key, AT + timedelta(minutes=1))],
        "doubled": [due, due],
        "missing": [],
        "uncalled for": [due, Message("vat:2026Q4:2d", AT)],
        "wrong company": [Message(due.key, AT, along="b_tax:2027-02:3d")],
    }
    assert tuple(cases) == FAULTS
    for fault, sent in cases.items():
        verdict = Verdict()
        compare(somebody, [due], sent, verdict)
        assert [kind for kind, found in verdict.faults.items() if found] == [fault]
    clean = Verdict()
    compare(somebody, [due], [Message(due.key, AT + timedelta(seconds=59))], clean)
    assert not clean.faults
    assert "0 missing of 1 messages to 1 people" in report(clean)
