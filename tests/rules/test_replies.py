"""What people write and what Medvind takes it for: a table a coach can read, and promises about everything else."""

import string
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medvind.model import Ask, PublicId
from medvind.rules.meanings import (
    CallMe,
    Choice,
    Done,
    FreeText,
    Help,
    Joining,
    Maybe,
    MaybeStop,
    No,
    NotAScore,
    OldTap,
    OpenQuestion,
    OptIn,
    Pause,
    PrivateWord,
    Reply,
    Score,
    Stop,
    Which,
    Yes,
)
from medvind.rules.national_id import blank_national_id
from medvind.rules.pause_words import Day, Unclear
from medvind.rules.replies import read_reply, read_tap
from medvind.rules.vocabulary import Word

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def question(ask: Ask, name: str = "", asked_at: datetime | None = None) -> OpenQuestion:
    """Asked at another hour than those of other kinds, unless it is said when."""
    asked_at = asked_at or NOW - timedelta(hours=list(Ask).index(ask))
    return OpenQuestion(PublicId(name or ask), ask, {"period": "2026Q3"}, asked_at, NOW + timedelta(days=2))


INVITE, RSVP, CHECK_IN, VAT, TAX_RETURN, CALL, WHICH, WORD, TOPIC, *_ = (question(ask) for ask in Ask)
ALL = (RSVP, CHECK_IN, VAT)

ALWAYS: list[tuple[type[Reply], str]] = [
    (Stop, 'STOP|stop|Stop.|stop!|stop!!!|  stop  |"stop"|stop venligst|stop nu|stop tak|please stop|stop please|STOP STOP'),
    (Stop, "stop alt|stopall|STOP ALL|afmeld|AFMELD.|frameld|afmeld mig"),
    (Stop, "unsubscribe|cancel|end|quit|stoooop|nej tak, stop|hej stop"),
    (Stop, "/stop|s\u200btop|\u202estop|\uff33\uff34\uff2f\uff30|stóp|stop \U0001f64f|stop?|stop nu tak"),
    (OptIn, "start|START|Start!|tilmeld|unstop|/start|start tak"),
    (Help, "hjælp|HJÆLP|hjaelp|HJALP|hja\u0308lp|help|?|??| ? |info|hjælp mig|hjælp!|/hjaelp|/help|/hjælp|hjælp tak"),
    (CallMe, "ring|RING|ring til mig|Ring mig op|ring mig op, tak|call|call me|ring nu|ring venligst|ja tak, ring"),
    (MaybeStop, "jeg vil gerne stoppe med at ryge|stop med at skrive til mig|kan vi stoppe mødet før|don't stop"),
    (FreeText, "|   |hej|tak|jeg kan ikke mere|start med det samme på kurset|ringede du?|\U0001f642"),
    (FreeText, "...|-|!|<3|nonstop|hvad koster det"),
]  # fmt: skip
OPEN: list[tuple[type[Reply], str]] = [
    (Yes, "ja|JA|Ja.|ja tak|JA TAK!|jatak|jaaa|ja ja|jep|jo"),
    (Yes, "jo tak|ok|OK|okay|yes|yes please|yep|gerne|ja gerne|\U0001f44d|\U0001f44d\U0001f3fd"),
    (Yes, "selvfølgelig|selvfoelgelig|det kan jeg|ja, det kan jeg|ja jeg kommer|jeg kommer|ja \U0001f642|ok tak"),
    (No, "nej|NEJ|nej.|nej tak|nejtak|nope|no"),
    (No, "no thanks|næ|nah|nej desværre|desværre nej|desvaerre|nej, det kan jeg ikke|\U0001f44e"),
    (No, "jeg kan ikke|jeg kan desværre ikke|kan ikke|jeg kommer ikke|I can't|nej nej"),
    (Maybe, "måske|maaske|MÅSKE|ma\u030aske|ved ikke"),
    (Maybe, "det ved jeg ikke|ved det ikke endnu|maybe|not sure|måske \U0001f914"),
    (Done, "klar|KLAR|Klar!|færdig|faerdig|FÆRDIG."),
    (Done, "jeg er færdig|done|sendt|det er sendt|klaret|klar tak|indberettet og betalt"),
    (NotAScore, "0|6|13|100|nul|seks|tretten|3-4|3,5|1 2|6!|ca 7|\U0001d7d9\U0001d7db|fint|godt|skidt|det går godt"),
    (FreeText, "2 ud af 10 dage er gode|3 kunder i dag|jeg har 4 bilag|3 men det er svært"),
    (FreeText, "20 12 34 56|20123456|1234|kl 3|hej med jer"),
]  # fmt: skip
SCORES: list[tuple[int, str]] = [
    (1, "1|1.|en|et|én|ét|one|1/5|\u0661"),
    (2, "2|to|two|2 tak|2 ud af 5|\u2461"),
    (3, "3|3!|tre|TRE|ca 3|ca. 3|3 tak|3\ufe0f\u20e3|\uff13|et 3-tal|  3  |3 3|jeg vil sige 3|3 \U0001f642"),
    (4, "4|fire|jeg siger 4|4 af 5|4/5|det er nok 4|mit svar er 4|4 (fire)|i dag 4|#4"),
    (5, "5|fem|five|5 5 5|5 out of 5|5!!!|(5)"),
]  # fmt: skip


def table(rows: Sequence[tuple[type[Reply], str]]) -> list[tuple[type[Reply], str]]:
    return [(meaning, text) for meaning, texts in rows for text in texts.split("|")]


def test_the_tables_hold_enough_short_replies() -> None:
    assert len(table(ALWAYS)) + len(table(OPEN)) + sum(len(texts.split("|")) for _, texts in SCORES) >= 120


def misread(rows: Sequence[tuple[type[Reply], str]], open_questions: Sequence[OpenQuestion]) -> list[tuple[str, Reply]]:
    """The texts that are taken for something else, and for what."""
    print(f"{len(table(rows))} texts looked at")
    read = [(text, meaning, read_reply(text, open_questions)) for meaning, text in table(rows)]
    return [(text, reply) for text, meaning, reply in read if type(reply) is not meaning]


@pytest.mark.parametrize("open_questions", [[], ALL, [INVITE]], ids=["nothing open", "much open", "invited"])
def test_these_words_mean_the_same_whatever_is_open(open_questions: Sequence[OpenQuestion]) -> None:
    assert misread(ALWAYS, open_questions) == []


def test_these_words_answer_the_question_that_takes_them() -> None:
    assert misread(OPEN, ALL) == []


def test_an_answer_without_a_question_is_free_text() -> None:
    assert misread([(FreeText, texts) for _, texts in OPEN] + [(FreeText, "3|tre|5")], []) == []


@pytest.mark.parametrize(("value", "texts"), SCORES)
def test_a_number_from_1_to_5_answers_the_check_in(value: int, texts: str) -> None:
    assert [text for text in texts.split("|") if read_reply(text, ALL) != Score(CHECK_IN, value)] == []


def test_an_answer_belongs_to_the_latest_question_that_takes_it() -> None:
    newer, older = question(Ask.RSVP, "newer"), question(Ask.RSVP, "older")
    assert read_reply("ja", [CHECK_IN, newer, older]) == Yes(newer)
    assert read_reply("nej", [CHECK_IN, older, INVITE]) == No(older)
    assert read_reply("nej", [VAT, older, INVITE]) == No(VAT)
    assert read_reply("3", [newer, CHECK_IN, question(Ask.CHECK_IN, "older")]) == Score(CHECK_IN, 3)
    assert read_reply("klar", [newer, CHECK_IN, VAT]) == Done(VAT)


def test_which_of_two_questions_is_meant_is_asked_where_they_came_within_ten_minutes() -> None:
    latest = question(Ask.RSVP, "m-2", NOW)
    for minutes, which in ((10, True), (11, False)):
        earlier = question(Ask.CALL, "c-1", NOW - timedelta(minutes=minutes))
        assert isinstance(read_reply("ja", [latest, earlier]), Which) == which, minutes


def test_a_pause_until_a_day_of_any_month_in_either_language() -> None:
    danish = "januar februar marts april maj juni juli august september oktober november december"
    english = "January February March April May June July August September October November December"
    short = "jan feb mar apr maj jun jul aug sept okt nov dec"
    for names in (danish, english, short):
        days = [read_reply(f"pause til 3. {name}", ()) for name in names.split()]
        assert days == [Pause(Day(3, month, None)) for month in range(1, 13)], names


@pytest.mark.parametrize("text", ["pause hver uge", "pause sidste uge", "pause dage"])
def test_a_pause_of_no_length_that_we_know_is_for_a_person_to_read(text: str) -> None:
    assert isinstance(read_reply(text, ()), FreeText)


@pytest.mark.parametrize("text", ["pause til 10/13", "pause til 40. hest", "pause 0 dage", "pause 900 dage"])
def test_a_pause_whose_end_no_calendar_has_is_asked_about(text: str) -> None:
    assert read_reply(text, []) == Pause(Unclear())


def test_whatever_is_written_after_the_question_for_the_word_may_be_it_and_commands_go_on() -> None:
    assert read_reply(" Solsikke ", [WORD]) == PrivateWord(WORD, "Solsikke")
    assert read_reply("Solsikke", [CHECK_IN, WORD]) == FreeText(), "something else was asked after it"
    assert (read_reply("stop", [WORD]), read_reply("ring", [WORD])) == (Stop(), CallMe())


def test_klar_belongs_to_the_latest_of_vat_and_tax_return() -> None:
    assert read_reply("klar", [TAX_RETURN, VAT]) == Done(TAX_RETURN)
    assert read_reply("færdig", [CALL, VAT, TAX_RETURN]) == Done(VAT)
    assert read_reply("det er sendt", [CALL, CHECK_IN, TAX_RETURN]) == Done(TAX_RETURN)


def test_ja_and_nej_answer_the_offer_of_a_talk_and_ring_always_asks_for_one() -> None:
    assert read_reply("ja tak", [CHECK_IN, CALL, VAT, RSVP]) == Yes(CALL)
    assert read_reply("nej tak", [RSVP, CALL]) == No(RSVP)
    for questions in ([], [CALL], [TAX_RETURN, CALL], [VAT]):
        assert read_reply("ring", questions) == CallMe()


@pytest.mark.parametrize(
    ("text", "only"),
    [
        ("måske", INVITE),
        ("ja", CHECK_IN),
        ("3", RSVP),
        ("klar", CHECK_IN),
        ("nej", CHECK_IN),
        ("klar", CALL),
        ("måske", CALL),
        ("måske", VAT),
    ],
)
def test_a_question_takes_only_its_own_answers(text: str, only: OpenQuestion) -> None:
    assert read_reply(text, [only]) == FreeText()


@pytest.mark.parametrize("text", ["/start AbC-9_x", "  /start   AbC-9_x ", "/START AbC-9_x"])
def test_a_code_keeps_its_upper_and_lower_case(text: str) -> None:
    assert read_reply(text, ALL) == Joining("AbC-9_x")


@settings(max_examples=30, deadline=None, database=None)
@given(st.text(), st.lists(st.sampled_from([INVITE, RSVP, CHECK_IN, VAT, TAX_RETURN, CALL])))
def test_any_text_gives_exactly_one_reply(text: str, open_questions: list[OpenQuestion]) -> None:
    reply = read_reply(text, open_questions)
    assert isinstance(reply, Reply)
    assert not isinstance(reply, OldTap)
    assert read_reply(text, open_questions) == reply


EDGES = st.text(st.sampled_from(string.whitespace + string.punctuation.replace("<", "") + "\u00a0\u200b\u2026\u201d\u2013"))
CASES = st.lists(st.booleans(), min_size=4, max_size=4).map(
    lambda upper: "".join(letter.upper() if up else letter for letter, up in zip("stop", upper, strict=True))
)


@settings(max_examples=30, deadline=None, database=None)
@given(EDGES, CASES, EDGES, st.lists(st.sampled_from([INVITE, RSVP, CHECK_IN, VAT, TAX_RETURN, CALL])))
def test_stop_is_stop_in_any_case_between_any_signs(before: str, stop: str, after: str, questions: list[OpenQuestion]) -> None:
    assert read_reply(before + stop + after, questions) == Stop()


@pytest.mark.parametrize("padding", [" ", ".", "!", "\n"])
def test_a_stop_is_found_in_the_middle_of_much_nothing(padding: str) -> None:
    assert read_reply(padding * 2000 + "stop" + padding * 2000, []) == Stop()
    ends_a_sentence = padding != " "
    assert read_reply("stop" + padding * 2000 + "ikke", []) == (Stop() if ends_a_sentence else MaybeStop())


def test_more_than_1000_signs_are_no_short_answer() -> None:
    assert read_reply("ja " + "\U0001f642" * 997, ALL) == Yes(RSVP)
    assert read_reply("ja " + "\U0001f642" * 998, ALL) == FreeText()


NEAR_MISSES = [
    "stop " * 13_107, "a" * 65_536, "?" * 65_536, "1 " * 32_768, "/start" + " " * 65_530, "a\u0301" * 32_768, "\u0301" * 65_536,
    "!" * 65_535 + "x", "010203" * 10_922, "010203 " * 9_362, "q:" + "a" * 65_534, "\ufdfa" * 999, "\u200b" * 65_536,
]  # fmt: skip


def test_a_near_miss_of_64_kib_is_read_within_50_milliseconds() -> None:
    slow = []
    for number, text in enumerate(NEAR_MISSES):
        for reader in (lambda text: read_reply(text, ALL), lambda data: read_tap(data, ALL), blank_national_id):
            began = time.process_time()
            reader(text)
            took = time.process_time() - began
            slow += [(number, took)] if took > 0.05 else []
    print(f"{len(NEAR_MISSES)} near misses looked at")
    assert slow == []


TAPS: list[tuple[str, Reply]] = [
    ("q:rsvp:yes", Yes(RSVP)),
    ("q:rsvp:no", No(RSVP)),
    ("q:rsvp:maybe", Maybe(RSVP)),
    ("q:check_in:4", Score(CHECK_IN, 4)),
    ("q:vat:done", Done(VAT)),
    ("q:vat:call", CallMe()),
    ("q:tax_return:done", Done(TAX_RETURN)),
    ("q:tax_return:call", CallMe()),
    ("q:tax_return:yes", Done(TAX_RETURN)),
    ("q:tax_return:maybe", OldTap(PublicId("tax_return"))),
    ("q:call:yes", Yes(CALL)),
    ("q:call:no", No(CALL)),
    ("q:call:call", CallMe()),
    ("q:call:done", OldTap(PublicId("call"))),
    ("q:gone:call", CallMe()),
    ("q:gone:yes", OldTap(PublicId("gone"))),
    ("q:gone:3", OldTap(PublicId("gone"))),
    ("q:vat:yes", Done(VAT)),
    ("q:vat:no", No(VAT)),
    ("q:check_in:yes", OldTap(PublicId("check_in"))),
    ("q:rsvp:3", OldTap(PublicId("rsvp"))),
    ("q:check_in:6", OldTap()),
    ("q:rsvp:stop", OldTap()),
    ("q:rsvp:yes\n", OldTap()),
    ("rsvp:yes", OldTap()),
    ("", OldTap()),
]


def test_a_tap_answers_its_own_question_and_no_other() -> None:
    print(f"{len(TAPS)} taps looked at")
    assert [(data, read_tap(data, [*ALL, TAX_RETURN, CALL])) for data, _ in TAPS] == TAPS


def test_which_of_two_was_meant_can_be_tapped() -> None:
    asked = [WHICH, *ALL]
    said = {
        "1": (True, False),
        "den første": (True, False),
        "2": (False, True),
        "Begge to.": (True, True),
        "both": (True, True),
    }
    assert {text: read_reply(text, asked) for text in said} == {text: Choice(WHICH, *picks) for text, picks in said.items()}
    assert read_reply("2", [CHECK_IN, *asked]) == Score(CHECK_IN, 2), "the check-in was asked after it"
    assert read_tap("q:which:1", asked) == Choice(WHICH, first=True, second=False)
    assert read_tap("q:which:2", asked) == Choice(WHICH, first=False, second=True)
    assert read_tap("q:which:both", asked) == Choice(WHICH, first=True, second=True)
    assert read_tap("q:which:3", asked) == OldTap(PublicId("which"))
    assert read_tap("q:which:both", ALL) == OldTap(PublicId("which"))
    assert read_tap("q:check_in:both", asked) == OldTap(PublicId("check_in"))


def test_two_questions_are_named_in_the_order_in_which_they_were_asked() -> None:
    first, later = question(Ask.RSVP, "m-1", NOW), question(Ask.CALL, "c-1", NOW + timedelta(minutes=5))
    assert read_reply("ja", [later, first]) == Which(Word.YES, (first, later))


@pytest.mark.parametrize(
    "separator", ["", "-", " ", " - ", "\u2013", "\u00a0", "\u2212", "\u200b", " \u2060-\ufeff ", "\u00ad"]
)
def test_a_national_id_is_blanked(separator: str) -> None:
    for around in ("{}", "mit cpr er {}.", "cpr{}", "({})"):
        assert blank_national_id(around.format(f"010190{separator}1234")) == (around.format("[slettet]"), True)


NO_IDS = [
    "20123456", "20 12 34 56", "2012 3456", "+4520123456", "+45 20123456", "+45 20 12 34 56", "0045 20123456", "+3112251234",
    "321390-1234", "011390-1234", "300290-1234", "010190-12345", "1010190-1234", "010190-123", "kl. 14.00 d. 3.", "",
    "01-01-1990",
]  # fmt: skip


def test_a_phone_number_and_an_impossible_date_stay() -> None:
    print(f"{len(NO_IDS)} texts looked at")
    assert [text for text in NO_IDS if blank_national_id(text) != (text, False)] == []


def test_every_national_id_in_a_text_is_blanked() -> None:
    assert blank_national_id("010190-1234 og 290200-4321, ring 20123456") == ("[slettet] og [slettet], ring 20123456", True)
