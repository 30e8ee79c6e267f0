"""A programme as it is written: what it says is kept word for word, and what can't be meant is named by step and field."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medvind.errors import InvalidError
from medvind.model import Ask, ClosedDay, Late, Milestone, Topic
from medvind.rules.ladders import Every, NthWeekday, Offset, Repeat, Unit
from medvind.rules.programme_faults import look_at
from medvind.rules.programme_file import restore, spell
from medvind.rules.steps import MEETING, MILESTONES, SHIPPED, TEXTS, VAT_DEADLINE, CheckIns, Programme, Step, When, waiting_word

TIP = {"name": "tip", "milestone": "course_ended", "offset": "3 days after", "text": "small_step", "when": "waiting"}


def read(**data: Any) -> tuple[Programme, list[str]]:
    """The programme of these tables, and its faults as a coach reads them."""
    programme, faults = look_at({"name": "Vores"} | data)
    return programme, [str(fault) for fault in faults]


def one(**fields: Any) -> tuple[Step, list[str]]:
    """A step like the tip, with these fields otherwise; a None leaves one out."""
    table = {name: value for name, value in (TIP | fields).items() if value is not None}
    programme, faults = read(steps=[table])
    return programme.steps[0], faults


def fault_of(**fields: Any) -> str:
    """The one thing wrong with it."""
    table = {name: value for name, value in (TIP | fields).items() if value is not None}
    (fault,) = read(steps=[table])[1]
    return fault


def test_a_step_says_what_it_must_and_the_rest_is_as_usual() -> None:
    step, faults = one()
    assert faults == []
    assert step == Step("tip", "course_ended", Offset(3, Unit.DAY), "small_step", when=When(waiting=True))
    assert (step.clock, step.valid, step.priority, step.late) == (time(10), timedelta(days=3), 5, Late.NOW)
    assert (step.topic, step.repeat, step.closed, step.ladder) == (Topic.ENCOURAGEMENT, None, ClosedDay.FORWARD, "")


def test_a_step_can_say_everything() -> None:
    step, faults = one(
        clock="09:30",
        repeat="Every 2  weeks",
        count=4,
        topic="check_ins",
        priority=3,
        valid="36 hours",
        late="merge",
        closed_days="stay",
    )
    assert faults == []
    assert (step.clock, step.repeat, step.topic) == (time(9, 30), Repeat(Every(2, Unit.WEEK), 4), Topic.CHECK_INS)
    assert (step.priority, step.valid, step.late, step.closed) == (3, timedelta(hours=36), Late.MERGE, ClosedDay.STAY)
    assert one(clock=time(9, 30))[0].clock == time(9, 30)
    assert one(repeat="last friday", until=date(2027, 6, 30))[0].repeat == Repeat(NthWeekday(-1, 4), until=date(2027, 6, 30))
    assert one(repeat="last friday", until="2027-06-30")[0].repeat == Repeat(NthWeekday(-1, 4), until=date(2027, 6, 30))
    assert one(repeat="once")[0].repeat is None
    assert one(text="milestone", milestone="business_started", when="until paid_out")[0].when == When(until=Milestone.PAID_OUT)


def test_what_comes_before_a_date_goes_back_off_closed_days_what_comes_after_forward_and_minutes_stay() -> None:
    closed = {"3 days after": ClosedDay.FORWARD, "3 days before": ClosedDay.BACK, "90 minutes before": ClosedDay.STAY}
    assert {offset: one(offset=offset, milestone=MEETING)[0].closed for offset in closed} == closed


def test_a_text_brings_its_topic() -> None:
    step, faults = one(milestone=VAT_DEADLINE, offset="20 days before", text="vat_14", when=None)
    assert (step.topic, faults) == (Topic.DEADLINES, [])
    assert one(milestone=MEETING, offset="3 days before", text="meeting_days_before")[0].topic == Topic.MEETINGS
    assert TEXTS["vat_14"].asks == Ask.VAT


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        (
            {"milestone": "busines_started"},
            "milestone: there is no milestone 'busines_started'. Did you mean business_started?",
        ),
        ({"milestone": "moon"}, "milestone: there is no milestone 'moon'. A step hangs on course_ended, payout_promised,"),
        ({"milestone": None}, "milestone: missing. A step hangs on course_ended"),
        ({"offset": "soon"}, "offset: 'soon': no distance from a date. Write it as '3 days after', '2 weeks before'"),
        ({"offset": "99 months after"}, "offset: '99 months after': 99 is none of 0 to 24 months. Write it as"),
        ({"offset": 3}, "offset: no text. Write it as"),
        (
            {"offset": "2 hours after"},
            "offset: '2 hours after' lands nowhere: course_ended is a day and has no time of day. Count",
        ),
        ({"clock": "24:00"}, "clock: '24:00' is no time of day. Write it as '10:00', local time."),
        ({"clock": time(10, 0, 30)}, "clock: '10:00:30' is no time of day"),
        ({"repeat": "weekly"}, "repeat: 'weekly': no rhythm. Write it as 'once', 'every 7 days'"),
        ({"repeat": "weekly", "count": 3}, "repeat: 'weekly': no rhythm. Write it as 'once', 'every 7 days'"),
        ({"repeat": "every day", "count": 401}, "count: '401' is no whole number from 1 to 400. Write how many times in all."),
        ({"repeat": "every day", "count": True}, "count: 'True' is no whole number from 1 to 400"),
        ({"repeat": "every day", "until": "2027-02-30"}, "until: '2027-02-30' is no day. Write the last day"),
        ({"repeat": "every day", "until": datetime(2027, 2, 3)}, "until: '2027-02-03 00:00:00' is no day"),  # noqa: DTZ001 - as TOML has it
        ({"repeat": "every day", "count": 2, "until": "2027-02-03"}, "count: stands beside until. Keep one of the two."),
        ({"count": 2}, "count: the step goes once. Write how often under repeat, or leave count out."),
        ({"repeat": "once", "until": "2027-02-03"}, "until: the step goes once. Write how often under repeat"),
        ({"repeat": "every 30 minutes"}, "count: missing, and 'every 30 minutes' never ends. Write how many times in all."),
        (
            {"topic": "encouragment"},
            "topic: 'encouragment' is none of deadlines, meetings, check_ins, encouragement. Did you mean",
        ),
        ({"priority": 0}, "priority: '0' is no whole number from 1 to 9. 1 is the weightiest."),
        ({"valid": "31 days"}, "valid: '31 days' is none of 15 minutes to 30 days. Write it as"),
        ({"valid": "long"}, "valid: 'long': no length of time. Write it as"),
        ({"late": "never"}, "late: 'never' is none of now, merge, skip. It says what becomes of a step that is past"),
        ({"when": "until course"}, "when: 'until course' is no condition. Write 'always', 'waiting' or 'until' and one of"),
        ({"when": "sometimes"}, "when: 'sometimes' is no condition"),
        ({"when": "always"}, "when: small_step is true only while somebody waits. Write 'waiting'."),
        ({"closed_days": "bak"}, "closed_days: 'bak' is none of back, forward, stay. Did you mean back?"),
        ({"ladder": "A B"}, "ladder: 'A B' is no name of a step. Write the same name"),
        ({"text": "smal_step"}, "text: 'smal_step' is no text that a programme can use. Did you mean small_step?"),
        ({"text": "xyz"}, "text: 'xyz' is no text that a programme can use. A programme can use no_news, waiting_30"),
        ({"text": "vat_14"}, "text: vat_14 speaks of vat_deadline. Hang the step on vat_deadline, or use another text."),
        (
            {"text": "payout_done", "milestone": "paid_out", "offset": "0 days before", "when": "always"},
            "text: payout_done tells of what is not there before. Write an offset after, or another text.",
        ),
        (
            {"text": "waiting_start", "when": "always"},
            "when: waiting_start is true only while somebody waits.",
        ),
        ({"text": ""}, "text: no text. A programme can use no_news"),
        ({"ofset": "3 days after"}, "ofset: no such field. Did you mean offset?"),
        ({"xyz": 1}, "xyz: no such field. There are name, milestone, offset, text, clock"),
    ],
)
def test_a_wrong_field_is_named_with_what_is_wrong_and_the_cure(fields: dict[str, Any], says: str) -> None:
    assert fault_of(**fields).startswith(f"step tip, {says}")


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"offset": "0 minutes before"}, "offset: '0 minutes before' lands nowhere: by then it is too late to be in time."),
        ({"offset": "3 days after", "text": "meeting_two_hours"}, "text: meeting_two_hours announces what is over by then."),
        ({"offset": "3 days before", "repeat": "every day"}, "count: missing, and on each meeting never ends."),
    ],
)
def test_what_a_meeting_can_not_bear_is_refused(fields: dict[str, Any], says: str) -> None:
    assert fault_of(**{"milestone": MEETING} | fields).startswith(f"step tip, {says}")


def test_on_the_last_day_itself_a_message_in_the_evening_is_too_late() -> None:
    last = {"offset": "0 days before", "milestone": "support_end"}
    assert "lands nowhere" in fault_of(**last, clock="20:00")
    assert one(**last, clock="19:59")[1] == []
    assert one(**last | {"milestone": "payout_promised"}, clock="20:00")[1] == []


def test_a_step_is_named_by_its_name_or_else_by_its_place() -> None:
    tables = [TIP, TIP | {"name": "Æble 1"}, {name: value for name, value in TIP.items() if name != "name"}]
    assert [fault.partition(". ")[0] for fault in read(steps=tables)[1]] == [
        "step 2, name: 'Æble 1' is no name of a step",
        "step 3, name: missing",
    ]


def test_what_could_be_a_national_id_is_not_repeated() -> None:
    assert "010190" not in fault_of(milestone="010190-1234")
    assert "010190" not in " ".join(read(steps=[TIP], **{"010190-1234": 1})[1])


def test_no_two_steps_have_the_same_name() -> None:
    assert read(steps=[TIP, TIP | {"offset": "4 days after"}])[1] == [
        "step tip, name: stands twice. Each step has its own name: its messages are known by it."
    ]
    words = [{"days": 20, "text": "waiting_30"}] * 2
    assert read(waiting_words=words)[1][0].startswith("waiting word of 20 days, name: stands twice")


def test_a_ladder_hangs_on_one_milestone_and_each_of_its_steps_goes_once() -> None:
    first, second = TIP | {"ladder": "tips"}, TIP | {"ladder": "tips", "name": "other"}
    assert read(steps=[first, second | {"offset": "9 days after"}])[1] == []
    (elsewhere,) = read(steps=[first, second | {"milestone": "paid_out"}])[1]
    assert elsewhere.startswith("step other, ladder: step tip of it hangs on another milestone or has another condition")
    assert read(steps=[first, second | {"repeat": "every day"}])[1][0].startswith("step other, repeat: a step of a ladder")
    alone = read(steps=[first, TIP | {"name": "tips"}])[1]
    assert alone == ["step tips, name: a ladder is called so too. Call one of them otherwise."]


def test_the_words_on_the_wait_are_steps_of_their_own_kind() -> None:
    words = [{"days": 20, "text": "no_news"}, {"days": 30, "text": "waiting_30", "clock": "11:00"}]
    programme, faults = read(waiting_words=words)
    assert (programme.steps, faults) == ((waiting_word(20, "no_news"), waiting_word(30, "waiting_30", time(11))), [])
    assert [(step.kind, step.key, step.chain) for step in programme.steps] == [
        ("waiting_word", "waiting:20d", "waiting"),
        ("waiting_word", "waiting:30d", "waiting"),
    ]
    assert read(waiting_words=[{"days": 0, "text": "no_news"}])[1][0].startswith("waiting word 1, days: '0' is no whole")


def test_check_ins_have_the_rhythm_that_is_said_and_else_the_usual_one() -> None:
    assert read(check_ins={})[0].check_ins == CheckIns()
    programme, faults = read(check_ins={"first": "1 week after", "every": "every 2 weeks", "clock": "14:00"})
    assert (programme.check_ins, faults) == (CheckIns(Offset(1, Unit.WEEK), Every(2, Unit.WEEK), time(14)), [])
    assert read(steps=[TIP])[0].check_ins is None


@pytest.mark.parametrize("every", ["every 6 days", "every 92 days", "every month", "first monday", "once", "every 168 hours"])
def test_nobody_is_asked_twice_in_a_week(every: str) -> None:
    (fault,) = read(check_ins={"every": every})[1]
    assert fault.startswith(f"check_ins, every: '{every}' is not every 7 to 91 days. Write it as")


@pytest.mark.parametrize("first", ["3 days before", "2 hours after"])
def test_the_first_question_comes_days_after_the_course(first: str) -> None:
    (fault,) = read(check_ins={"first": first})[1]
    assert fault.startswith(f"check_ins, first: '{first}' is not so many days after the course")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({}, "programme, steps: nothing in it is ever sent. Write check_ins, waiting_words or steps."),
        (
            {"steps": {"name": "tip"}, "check_ins": {}},
            "programme, steps: no list of tables, or too long a one. Begin each with",
        ),
        ({"steps": ["tip"], "check_ins": {}}, "programme, steps: no list of tables"),
        ({"steps": [TIP] * 101, "check_ins": {}}, "programme, steps: no list of tables"),
        ({"check_ins": 3, "steps": [TIP]}, "programme, check_ins: no table. Begin it with a line [check_ins]."),
        ({"name": "", "steps": [TIP]}, "programme, name: no text. Write how the programme is called."),
        ({"name": "x" * 101, "steps": [TIP]}, "programme, name: longer than 100 characters"),
        ({"name": "a\u200bb", "steps": [TIP]}, "programme, name: longer than 100 characters, or with signs that nobody sees"),
        ({"stepps": [], "steps": [TIP]}, "programme, stepps: no such field. Did you mean steps?"),
    ],
)
def test_a_file_that_is_no_programme_is_told_so(data: dict[str, Any], says: str) -> None:
    (fault,) = read(**data)[1]
    assert fault.startswith(says)


def test_the_shipped_programme_has_no_fault_and_can_be_written_down() -> None:
    assert look_at({"name": "Medvind"} | spell(SHIPPED)) == (SHIPPED, [])
    assert restore(SHIPPED.name, spell(SHIPPED)) == SHIPPED


def test_a_stored_programme_that_can_not_be_read_says_so_and_is_not_guessed() -> None:
    with pytest.raises(InvalidError, match="a stored programme: step tip, offset: missing"):
        restore("Vores", {"steps": [{"name": "tip", "milestone": "paid_out", "text": "milestone"}]})


STEPS = st.builds(
    Step,
    name=st.sampled_from(["a", "tip_2"]),
    milestone=st.sampled_from(MILESTONES),
    offset=st.builds(Offset, st.integers(0, 24), st.sampled_from(Unit), st.booleans()),
    text=st.sampled_from(sorted(TEXTS)),
    clock=st.times().map(lambda clock: clock.replace(second=0, microsecond=0, fold=0)),
    repeat=st.none()
    | st.builds(
        Repeat,
        st.builds(Every, st.integers(1, 24), st.sampled_from([unit for unit in Unit if unit != Unit.WORKING_DAY])),
        st.none() | st.integers(1, 400),
    )
    | st.builds(Repeat, st.builds(NthWeekday, st.integers(-1, 3), st.integers(0, 6)), until=st.none() | st.dates()),
    topic=st.sampled_from(Topic),
    priority=st.integers(1, 9),
    valid=st.integers(15, 43_200).map(lambda minutes: timedelta(minutes=minutes)),
    late=st.sampled_from(Late),
    when=st.builds(When, st.booleans()) | st.builds(When, until=st.sampled_from(Milestone)),
    closed=st.sampled_from(ClosedDay),
    ladder=st.sampled_from(["", "l"]),
)
RHYTHMS = st.builds(CheckIns, st.just(Offset(2, Unit.WORKING_DAY)), st.builds(Every, st.integers(7, 91), st.just(Unit.DAY)))


@settings(max_examples=40)
@given(STEPS, st.none() | RHYTHMS)
def test_whatever_a_programme_says_is_kept_word_for_word(step: Step, check_ins: CheckIns | None) -> None:
    programme = Programme("Vores", (waiting_word(12, "waiting_30"), step), check_ins)
    assert restore("Vores", spell(programme)) == programme
