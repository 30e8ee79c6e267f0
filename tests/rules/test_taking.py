"""A JA and a NEJ answer what was asked last: whatever is open, nothing older is answered by them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medvind.model import Ask, PublicId
from medvind.rules.meanings import (
    Choice,
    Done,
    FreeText,
    HalfYes,
    Keep,
    Maybe,
    MaybeStop,
    No,
    NotAScore,
    OpenQuestion,
    Pause,
    PrivateWord,
    Reply,
    Score,
    ScoreAndMore,
    Stop,
    Thanks,
    Which,
    Yes,
)
from medvind.rules.replies import read_reply
from medvind.rules.taking import ASKS_MORE, BY_THE_WAY, OF_SOMETHING_ELSE, in_order, meant, says_it_was_read
from medvind.rules.vocabulary import Word

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TAKES_A_YES = {
    *(Ask.INVITE, Ask.RSVP, Ask.CALL, Ask.VAT, Ask.TAX_RETURN, Ask.STOP, Ask.KEEP, Ask.URGENT),
    *(Ask.PAUSE, Ask.WHY, Ask.TELEGRAM, Ask.TOPIC, Ask.WORD, Ask.COACH),
}
"""Written down anew: what somebody may answer with JA or NEJ."""
BARE = ["ja", "Ja.", "ja tak", "JA!", "nej", "Nej tak", "yes", "no"]


def asked(ask: Ask, ago: int = 0, text: str = "", *, in_reply: bool = False, answered: bool = False) -> OpenQuestion:
    """So many minutes ago."""
    subject = {"meeting": f"m-{ago}", "period": "2026Q3"}
    at = NOW - timedelta(minutes=ago)
    return OpenQuestion(PublicId(f"{ask}-{ago}"), ask, subject, at, NOW + timedelta(days=2), text, in_reply, answered)


def answers(reply: Reply, questions: Sequence[OpenQuestion]) -> OpenQuestion | None:
    """The question that this reply changes something about."""
    match reply:
        case Yes(question) | No(question) | Maybe(question) | Done(question) | Score(question) | ScoreAndMore(question):
            return question
        case Stop() | MaybeStop():
            return next(one for one in questions if one.ask == Ask.STOP)
        case Keep():
            return next(one for one in questions if one.ask == Ask.KEEP)
        case _:
            return None


KINDS = st.sampled_from([one for one in Ask if one != Ask.AGAIN])
TEXTS = st.sampled_from(["", *BY_THE_WAY, *ASKS_MORE, "rsvp_no", "status"])
OPEN = st.lists(
    st.tuples(KINDS, st.integers(0, 4000), TEXTS, st.booleans(), st.booleans()),
    min_size=1,
    max_size=6,
    unique_by=lambda one: one[1],
)


@settings(max_examples=400, deadline=None, database=None)
@given(OPEN, st.sampled_from(BARE))
def test_a_bare_ja_or_nej_answers_nothing_older_than_another_question_that_takes_it(
    kinds: list[tuple[Ask, int, str, bool, bool]], text: str
) -> None:
    questions = [asked(ask, ago, by, in_reply=reply, answered=done) for ask, ago, by, reply, done in sorted(kinds, key=_ago)]
    if any(one.ask == Ask.INVITE and not one.answered for one in questions):  # what is asked beside it is no rival of it
        questions = [one for one in questions if one.ask != Ask.WHY and one.text not in BY_THE_WAY]
    changed = answers(read_reply(text, questions), questions)
    takes = [one for one in questions if one.ask in TAKES_A_YES]
    if changed and (takes[0].ask, changed.ask) == (Ask.URGENT, Ask.CALL):  # a call is right for both
        assert takes[0].text in BY_THE_WAY
        return
    assert changed is None or changed.ask == takes[0].ask
    if isinstance(read_reply(text, questions), Yes | No | Done):
        assert changed == takes[0]


def _ago(one: tuple[Ask, int, str, bool, bool]) -> int:
    return one[1]


def test_a_yes_to_stopping_stops_and_whoever_has_said_no_is_asked_once_more() -> None:
    meeting = asked(Ask.RSVP, 600)
    assert read_reply("ja", [asked(Ask.STOP, 5), meeting]) == Stop()
    assert read_reply("ja tak", [asked(Ask.STOP, 5), meeting]) == Stop()
    assert read_reply("ja", [asked(Ask.STOP, 5, answered=True), meeting]) == MaybeStop()


@pytest.mark.parametrize("text", sorted(ASKS_MORE))
def test_where_more_was_asked_than_whether_it_is_done_a_ja_is_not_yet_klar(text: str) -> None:
    question = asked(Ask.VAT, 5, text)
    assert read_reply("ja", [question]) == Yes(question)
    assert read_reply("klar", [question]) == Done(question)


def test_what_we_ask_by_the_way_is_told_apart_from_what_was_asked_before_whenever_that_was() -> None:
    urgent, meeting = asked(Ask.URGENT, 5, "unknown", in_reply=True), asked(Ask.RSVP, 3000)
    assert read_reply("nej", [urgent, meeting]) == Which(Word.NO, (meeting, urgent))
    assert read_reply("ja", [urgent]) == Yes(urgent)
    assert read_reply("ok", [urgent, meeting]) == Thanks(), "it agrees to what was just read, which is a receipt"
    assert read_reply("tak", [urgent]) == Thanks()
    call = asked(Ask.CALL, 600)
    assert read_reply("ja", [urgent, call]) == Yes(call), "a call is right for both"
    assert read_reply("nej", [urgent, call]) == No(call)
    assert read_reply("måske", [urgent, meeting]) == Maybe(meeting)


def test_what_answers_somebody_is_the_last_thing_that_they_have_read() -> None:
    meeting = asked(Ask.RSVP, 1)
    call = asked(Ask.CALL, 0, "rsvp_no", in_reply=True)
    assert read_reply("ja tak", [call, meeting]) == Yes(call)
    assert isinstance(read_reply("ja tak", [asked(Ask.CALL), meeting]), Which)


def test_whoever_speaks_of_coming_speaks_of_the_meeting() -> None:
    call, meeting = asked(Ask.CALL, 0, in_reply=True), asked(Ask.RSVP, 600)
    assert read_reply("jeg kommer", [call, meeting]) == Yes(meeting)
    assert read_reply("det kan jeg ikke", [call, meeting]) == No(meeting)
    assert read_reply("jeg kommer", [call]) == Yes(call)
    assert read_reply("det kan jeg ikke", [asked(Ask.VAT), meeting]) == No(asked(Ask.VAT))


def test_halves_and_maybes_are_no_answer_to_a_meeting_where_something_else_was_just_asked_back() -> None:
    stop, meeting = asked(Ask.STOP, 0, in_reply=True), asked(Ask.RSVP, 600)
    for text in ("måske", "ja men først i morgen"):
        assert read_reply(text, [stop, meeting]) == FreeText()
    assert read_reply("ja men først i morgen", [meeting]) == HalfYes(meeting)
    assert read_reply("måske", [asked(Ask.CALL), meeting]) == Maybe(meeting)


@pytest.mark.parametrize("text", ["ok", "👍", "tak", "Mange tak!", "fint"])
def test_thanks_for_an_answer_change_nothing(text: str) -> None:
    for done in (Ask.CHECK_IN, Ask.RSVP, Ask.CALL, Ask.VAT, Ask.STOP):
        assert read_reply(text, [asked(done, 5, answered=True), asked(Ask.RSVP, 600)]) == Thanks(), done
    assert read_reply(text, [asked(Ask.CALL, 5, "status", in_reply=True), asked(Ask.RSVP, 600)]) == Thanks()


def test_an_ok_to_the_latest_check_in_asks_for_the_number() -> None:
    check_in, meeting = asked(Ask.CHECK_IN), asked(Ask.RSVP, 4320)
    assert read_reply("ok", [check_in, meeting]) == NotAScore(check_in)
    assert read_reply("ja", [check_in, meeting]) == Yes(meeting)


def test_beside_the_invitation_nothing_else_takes_a_ja() -> None:
    invite = asked(Ask.INVITE, 600)
    aside = [asked(Ask.URGENT, 1, "unknown", in_reply=True), asked(Ask.WHY, 2, in_reply=True)]
    assert read_reply("okay", [*aside, invite]) == Yes(invite)
    assert read_reply("nej", [*aside, invite]) == No(invite)


def test_what_is_asked_again_is_the_latest_and_stands_there_once() -> None:
    number, call = asked(Ask.CHECK_IN, 600), asked(Ask.CALL, 30)
    again = OpenQuestion(PublicId("a"), Ask.AGAIN, {"question": number.id}, NOW, NOW, "checkin_invalid", in_reply=True)
    found = in_order([again, call, number])
    assert [(one.id, one.asked_at) for one in found] == [(number.id, number.asked_at), (call.id, call.asked_at)]
    assert found[0].in_reply
    assert in_order([again, call]) == [call], "what is closed is not asked again"


def test_a_pause_without_the_word_is_one_only_where_we_have_asked_how_long() -> None:
    assert isinstance(read_reply("14 dage", [asked(Ask.PAUSE)]), Pause)
    assert read_reply("14 dage", [asked(Ask.RSVP), asked(Ask.PAUSE, 600)]) == FreeText()


def test_a_word_that_agrees_may_be_the_private_one_that_was_asked_for() -> None:
    word, meeting = asked(Ask.WORD), asked(Ask.RSVP, 600)
    assert read_reply("gerne", [word, meeting]) == PrivateWord(word, "gerne")
    assert read_reply("nej", [word, meeting]) == No(word)


def test_a_stop_beside_a_number_is_one() -> None:
    assert read_reply("2, end", [asked(Ask.CHECK_IN)]) == Stop()
    assert read_reply("3, " + "det er " * 200, [asked(Ask.CHECK_IN)]) == FreeText()


def test_what_was_chosen_means_what_it_would_alone() -> None:
    assert meant(Word.YES, asked(Ask.KEEP)) == Yes(asked(Ask.KEEP))
    assert meant(Word.NO, asked(Ask.COACH)) == FreeText()
    assert read_reply("1", [asked(Ask.WHICH)]) == Choice(asked(Ask.WHICH), first=True, second=False)


def test_an_ok_or_thanks_says_that_a_receipt_was_read_and_a_ja_does_not() -> None:
    read, not_read = ("ok", "Okay.", "👍", "✅", "tak", "fint", "mange tak!"), ("ja", "ja tak", "nej", "stop", "ok jeg kommer")
    print(f"{len(read) + len(not_read)} texts looked at")
    assert [text for text in (*read, *not_read) if says_it_was_read(text)] == [*read]


def test_a_yes_to_stopping_stops_nothing_where_something_else_was_said_to_stop() -> None:
    question = asked(Ask.STOP, 5)
    of_another = OpenQuestion(question.id, Ask.STOP, {OF_SOMETHING_ELSE: "1"}, NOW, NOW, "stop_unsure", in_reply=True)
    assert (read_reply("ja", [question]), read_reply("ja", [of_another])) == (Stop(), MaybeStop())
    plain = ("jeg vil gerne stoppe", "kan I stoppe med at skrive", "please stop texting me")
    of_more = ("jeg stopper med min virksomhed", "ja men jeg skal stoppe kl 15", "bussen stopper ikke ved jer")
    print(f"{len(plain) + len(of_more)} wishes looked at")
    assert [read_reply(text, []) for text in plain] == [MaybeStop()] * len(plain)
    assert [read_reply(text, []) for text in of_more] == [MaybeStop(plain=False)] * len(of_more)
