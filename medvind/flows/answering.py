"""What follows from an answer to a question: it is kept, the plan follows, and the person reads that it was heard."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from medvind.flows import private_matters, resting
from medvind.flows.plan import replan
from medvind.flows.resting import opt_in, tell
from medvind.flows.said import ANSWER_WITHIN, ASKED_FOR_CALL, Answer, Said, promise_call
from medvind.model import Ask, PublicId, Rsvp, TaskKind, Topic
from medvind.rules.meanings import (
    Choice,
    Done,
    Given,
    Maybe,
    No,
    OldTap,
    OpenQuestion,
    Reply,
    Score,
    ScoreAndMore,
    Stop,
    Which,
    Yes,
)
from medvind.rules.taking import meant
from medvind.rules.vocabulary import Word
from medvind.store import outbox, questions, talk, tasks
from medvind.store.database import Session
from medvind.store.facts import facts_of
from medvind.store.reach import reach_of, say

LOW, HIGH = 2, 4
CANNOT_COME = "cannot come to the meeting"
PRAISE = {Ask.VAT: "vat_done", Ask.TAX_RETURN: "tax_return_done"}
NAMED = {
    Ask.INVITE: "question_invite",
    Ask.RSVP: "question_meeting",
    Ask.VAT: "question_vat",
    Ask.TAX_RETURN: "question_tax_return",
    Ask.STOP: "question_stop",
    Ask.KEEP: "question_keep",
    Ask.URGENT: "question_urgent",
}
"""What a question is called where two are told apart; one for a talk is called by its coach."""
CHOOSE_WITHIN = timedelta(hours=1)
SAID: Mapping[tuple[Ask, bool], str] = {
    (Ask.VAT, True): "vat_sure",
    (Ask.VAT, False): "not_yet",
    (Ask.TAX_RETURN, True): "tax_return_sure",
    (Ask.TAX_RETURN, False): "not_yet",
    (Ask.STOP, True): "stop_unsure",
    (Ask.STOP, False): "goes_on",
    (Ask.KEEP, True): "erase_stands",
    (Ask.KEEP, False): "erase_stands",
    (Ask.URGENT, True): "urgent_yes",
    (Ask.URGENT, False): "urgent_no",
    (Ask.PAUSE, True): "pause_unclear",
    (Ask.PAUSE, False): "goes_on",
    (Ask.WHY, True): "stop_plainly",
    (Ask.WHY, False): "stop_plainly",
    (Ask.TOPIC, True): "ask_topic",
    (Ask.TOPIC, False): "fine",
    (Ask.WORD, True): "my_card_word",
    (Ask.WORD, False): "fine",
    (Ask.TELEGRAM, True): "telegram_how",
    (Ask.TELEGRAM, False): "fine",
}
"""What is said to a JA and to a NEJ where that is all that follows: nothing is done for it."""
OVER = frozenset({(Ask.PAUSE, False), (Ask.TOPIC, False), (Ask.WORD, False), (Ask.WHY, True), (Ask.WHY, False)})
"""What is over with that answer: what is written after it is no answer to that any more."""
ABOUT = ("meeting", "sequence", "period", "deadline", "year")
"""What of a question's subject says what a call is about."""


async def heard(session: Session, said: Said, given: Given, waiting: Sequence[OpenQuestion]) -> list[Answer]:
    """What the answer does. The last one over again, a second tap say, has its reply already."""
    if await _just_said(session, said, given):
        return []
    match given:
        case Yes(question) | No(question) | Maybe(question):
            return await _yes_or_no(session, said, given, question, waiting)
        case Score(question, value):
            return await _score(session, said, question, value)
        case ScoreAndMore(question, value):
            return await _score_and_more(session, said, given, question, value)
        case Done(question):
            await _keep(session, said, question, "done")
            return [Answer(PRAISE[question.ask], dict(question.subject))]


def ask_which(which: Which) -> list[Answer]:
    """Names both, and asks. The word is kept with the question: it is the answer to whichever is chosen."""
    subject = {"word": which.word.value}
    for name, question in zip(("first", "second"), which.questions, strict=True):
        about = {f"{name}_{key}": value for key, value in question.subject.items()}
        subject |= {**about, name: question.id, f"{name}_text": NAMED.get(question.ask, "question_call")}
    return [Answer("which_question", subject, Ask.WHICH, CHOOSE_WITHIN)]


async def choose(session: Session, said: Said, choice: Choice, waiting: Sequence[OpenQuestion]) -> list[Answer]:
    """The kept word answers what was chosen; what has closed since is answered as an old button would be."""
    await questions.close(session, choice.question.id, said.now)
    subject, open_now = choice.question.subject, {question.id: question for question in waiting}
    answers: list[Answer] = []
    for name, picked in (("first", choice.first), ("second", choice.second)):
        if not picked:
            continue
        chosen = open_now.get(PublicId(subject[name]))
        if chosen is None:
            answers += await old_tap(session, said, OldTap(PublicId(subject[name])))
        else:
            answers += await _chosen(session, said, meant(Word(subject["word"]), chosen), waiting)
    return answers


async def _chosen(session: Session, said: Said, reply: Reply, waiting: Sequence[OpenQuestion]) -> list[Answer]:
    match reply:
        case Stop():
            return await resting.stop(session, said, (await reach_of(session, [said.person]))[said.person], stopped=False)
        case Yes() | No() | Maybe() | Done():
            return await heard(session, said, reply, waiting)
        case _:
            return [Answer(SAID[Ask.STOP, True])]


def again(said: Said, text: str, question: OpenQuestion, **subject: str) -> Answer:
    """Asks the same again, so that it is the latest question from then on."""
    about = {**question.subject, **subject, "question": question.id}
    return Answer(text, about, Ask.AGAIN, question.open_until - said.at)


async def old_tap(session: Session, said: Said, tap: OldTap) -> list[Answer]:
    """What holds now, where the button was about a meeting that still lies ahead."""
    asked = tap.question and await questions.asked(session, tap.question, said.person)
    if asked and asked.ask == Ask.RSVP:
        sequence = await questions.meeting_ahead(session, PublicId(asked.subject["meeting"]), said.person, said.now)
        if sequence is not None:
            subject = {"meeting": asked.subject["meeting"], "sequence": str(sequence)}
            return [Answer("old_button_meeting", subject, Ask.RSVP, timedelta(days=2))]
    return [Answer("old_button")]


async def _just_said(session: Session, said: Said, given: Given) -> bool:
    before = await questions.last_answer(session, given.question.id)
    return before is not None and before[0] == _value(given) and said.at - before[1] < ANSWER_WITHIN


def _value(given: Given) -> str:
    """An answer as it is kept."""
    return str(given.value) if isinstance(given, Score | ScoreAndMore) else type(given).__name__.lower()


async def _yes_or_no(
    session: Session, said: Said, given: Yes | No | Maybe, question: OpenQuestion, waiting: Sequence[OpenQuestion]
) -> list[Answer]:
    if question.ask == Ask.INVITE:
        return await _invitation(session, said, question, yes=isinstance(given, Yes))
    if question.ask == Ask.CALL:
        return await _offered_call(session, said, question, yes=isinstance(given, Yes))
    if question.ask != Ask.RSVP:
        return await _talked_of(session, said, question, yes=isinstance(given, Yes))
    rsvp, about = Rsvp(_value(given)), question.subject
    counts = await questions.rsvp(session, about["meeting"], said.person, rsvp, said.at, int(about["sequence"]))
    await _keep(session, said, question, rsvp)
    if not counts:  # the meeting has changed since: that is said, and asked, on its own, unless that was before this answer
        return await _as_it_is_now(session, said, question, waiting)
    if rsvp == Rsvp.NO:
        await promise_call(session, said, CANNOT_COME, question.id, meeting=about["meeting"])
    else:  # whoever comes after all needs no other time, and no call about it
        for offered in (one for one in waiting if one.ask == Ask.CALL and one.subject.get("meeting") == about["meeting"]):
            await questions.close(session, offered.id, said.now)
        await _take_back(
            session, said, lambda _, why: why.get("reason") == CANNOT_COME and why.get("meeting") == about["meeting"]
        )
    if rsvp == Rsvp.MAYBE:
        return [again(said, "rsvp_maybe", question)]
    if rsvp == Rsvp.NO:
        return [Answer("rsvp_no", dict(about))]
    return [Answer("rsvp_yes", {**about, **await _silent_before(session, said, about["meeting"])})]


async def _as_it_is_now(session: Session, said: Said, question: OpenQuestion, waiting: Sequence[OpenQuestion]) -> list[Answer]:
    """To an answer about a meeting that is no longer so: what holds now. What is on its way is not said twice."""
    meeting = question.subject["meeting"]
    facts = (await facts_of(session, [said.person]))[said.person]
    if any(one.id == meeting and one.cancelled and one.told_cancelled for one in facts.meetings):
        return [Answer("meeting_cancelled", {"meeting": meeting, "sequence": question.subject["sequence"]})]
    asked_anew = any(_asks_later(one, question) for one in waiting)
    told = await old_tap(session, said, OldTap(question.id)) if asked_anew else []
    return [replace(one, asks=None) for one in told]


async def _silent_before(session: Session, said: Said, meeting: str) -> dict[str, str]:
    """Of the day before this meeting, on which its reminder is due."""
    meetings = (await facts_of(session, [said.person]))[said.person].meetings
    day = next((one.starts_at.date() - timedelta(days=1) for one in meetings if one.id == meeting), said.today)
    return await resting.silent_on(session, said, Topic.MEETINGS, day)


async def _take_back(session: Session, said: Said, follows: Callable[[str, Mapping[str, str]], bool]) -> None:
    """Takes off the coach's list the calls that followed from an answer which is no longer so."""
    calls = await tasks.open_of(session, said.person, TaskKind.CALL)
    await tasks.close(session, [key for key, why in calls.items() if follows(key, why)], said.now)


async def _talked_of(session: Session, said: Said, question: OpenQuestion, *, yes: bool) -> list[Answer]:
    """What is said is all that follows; that VAT is not done after all takes an earlier KLAR back."""
    is_return = question.ask in PRAISE
    if is_return and not yes:
        await _keep(session, said, question, "no")
    elif not is_return:
        await questions.answer(session, question.id, said.person, said.inbox_id, "yes" if yes else "no", said.at)
    if (question.ask, yes) in OVER:
        await questions.close_all(session, said.person, question.ask, said.now)
    about = {key: value for key, value in question.subject.items() if key in {*ABOUT, "topic"}}
    text = SAID[question.ask, yes]
    return [Answer(text, about, question.ask, question.open_until - said.at) if is_return and yes else Answer(text, about)]


def _asks_later(one: OpenQuestion, question: OpenQuestion) -> bool:
    """Whether this asks about the same meeting as it is by now."""
    same = one.ask == Ask.RSVP and one.subject["meeting"] == question.subject["meeting"]
    return same and int(one.subject["sequence"]) > int(question.subject["sequence"])


async def _invitation(session: Session, said: Said, question: OpenQuestion, *, yes: bool) -> list[Answer]:
    """After a no it stays open as long as it would have: whoever changes their mind answers the same question.

    Who wants to be deleted isn't enrolled by a JA beside it.
    """
    if yes and await tasks.waiting(session, said.person, TaskKind.ERASE):
        return [Answer("erase_stands")]
    await _keep(session, said, question, "yes" if yes else "no")
    if not yes and (await reach_of(session, [said.person]))[said.person].has_stopped:
        return []  # that is no news
    version = await questions.text_version(session, question.id)
    if yes:
        await questions.close_all(session, said.person, Ask.INVITE, said.now)
        await tasks.close_of(session, said.person, TaskKind.STOPPED, said.now)
        await opt_in(session, said, how="JA", version=version)
        return [Answer("consent_yes"), Answer("consent_info")]
    await say(session, said.person, [said.channel], given=False, how="NEJ", now=said.at, text_version=version)
    await outbox.stop(session, said.person, but="consent_no")
    await tell(session, said, "no")
    return [Answer("consent_no")]


async def _offered_call(session: Session, said: Said, question: OpenQuestion, *, yes: bool) -> list[Answer]:
    """Each yes is a wish of its own: the question stays open for weeks, and the call of an earlier yes may be over."""
    await _keep(session, said, question, "yes" if yes else "no")
    if not yes:
        await _take_back(session, said, lambda key, _: key.startswith(f"call:{question.id}:"))
        return [Answer("call_no")]
    about = {key: value for key, value in question.subject.items() if key in ABOUT}
    await promise_call(session, said, ASKED_FOR_CALL, f"{question.id}:{said.id}", **about)
    return [Answer("call_me")]


async def _score(session: Session, said: Said, question: OpenQuestion, value: int) -> list[Answer]:
    await _keep(session, said, question, str(value))
    if value <= LOW:
        await promise_call(session, said, "answered low", question.id)
        return [Answer("checkin_low")]
    if value >= HIGH:
        return [Answer("checkin_high")]
    return [Answer("checkin_mid", await resting.silent_on(session, said, Topic.CHECK_INS, said.today + timedelta(weeks=1)))]


async def _score_and_more(
    session: Session, said: Said, given: ScoreAndMore, question: OpenQuestion, value: int
) -> list[Answer]:
    """The number counts as if it stood alone. One answer: to whoever is promised a call already, that is the one."""
    await talk.talked(session, said.person, said.now)
    answers = await _score(session, said, question, value)
    if value <= LOW:
        return answers
    if given.call:
        await promise_call(session, said, ASKED_FOR_CALL, said.id, inbox=said.id)
        return [Answer("call_me")]
    if given.private and await private_matters.is_news(session, said):
        return await private_matters.answer(session, said)
    return answers


async def _keep(session: Session, said: Said, question: OpenQuestion, value: str) -> None:
    """Keeps the answer and plans anew: what was answered may silence what was still to come.

    Whether something before it was urgent is not asked any more.
    """
    await questions.close_all(session, said.person, Ask.URGENT, said.now)
    await questions.answer(session, question.id, said.person, said.inbox_id, value, said.at)
    await replan(session, said.person, said.now)
