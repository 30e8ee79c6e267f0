"""Which question a short answer belongs to: the one that was asked last, and never an older one by accident.

A word that only an older question takes, a number or KLAR, still reaches that one. JA and NEJ are taken by everything that is
asked so that it can be answered so, whatever words its text names: who is asked answers as people do.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from medvind.model import Ask, PublicId
from medvind.rules.meanings import (
    Done,
    FreeText,
    HalfYes,
    Maybe,
    MaybeStop,
    No,
    NotAScore,
    OpenQuestion,
    Reply,
    Slip,
    Stop,
    Thanks,
    Which,
    Yes,
)
from medvind.rules.sentences import is_number_slip, is_slip
from medvind.rules.small_words import READ
from medvind.rules.vocabulary import HEDGES, Word
from medvind.rules.words import PHRASES, compared, words_of

TOGETHER = timedelta(minutes=10)
"""Of two questions asked within this time nobody knows which one was just read."""
YES_OR_NO = frozenset(Ask) - {Ask.CHECK_IN, Ask.WHICH, Ask.AGAIN}
"""What takes a JA and a NEJ. Where a number is asked for, or which of two, they mean what was asked before that."""
TOLD_APART = frozenset({Ask.INVITE, Ask.RSVP, Ask.CALL, Ask.VAT, Ask.TAX_RETURN, Ask.STOP, Ask.KEEP, Ask.URGENT})
"""What has a name by which it is told apart from another question."""
ANSWERS: Mapping[Word, type[Yes | No | Maybe | Done]] = {Word.YES: Yes, Word.NO: No, Word.MAYBE: Maybe, Word.DONE: Done}
"""The words that answer a question, and what they mean to it."""
TAKES: Mapping[Word, frozenset[Ask]] = {
    Word.YES: YES_OR_NO,
    Word.NO: YES_OR_NO,
    Word.MAYBE: frozenset({Ask.RSVP}),
    Word.DONE: frozenset({Ask.VAT, Ask.TAX_RETURN}),
}
ASKS_MORE = frozenset({"vat_7", "vat_zero", "tax_return"})
"""Texts that ask more than whether it is done: what a JA to them means is asked, since a wrong KLAR ends the reminders."""
BY_THE_WAY = frozenset({"unknown", "free_words", "out_of_hours"})
"""Receipts, which may ask `haster det?` beside what was asked before: to a JA which of the two was answered is asked."""
ASIDE = frozenset(
    {"next_meeting", "next_vat", "next_b_tax", "next_tax_return", "status", "my_card", "strange_letter", "erase_too_late"}
    | {"not_yet", "robot", "eu_list", "preliminary_assessment", "rsvp_maybe"}
)
"""Texts that say something and offer a call beside it, or say that there is time: an OK says that it was read."""
_READ = frozenset(map(words_of, READ.split("|")))
"""What thanks, or says that it was read."""
OF_SOMETHING_ELSE = "else"
"""In the subject of the question whether to stop: what made us ask named something that may have been meant instead."""
_HURRY = compared("ja det haster, det haster, haster, det haster meget, ja det haster meget, it is urgent, yes it is urgent")
_NO_HURRY = compared("nej det haster ikke, det haster ikke, haster ikke, nej haster ikke, not urgent, it is not urgent")
"""What answers `haster det?` and nothing else."""
_PLAIN = "ja|jatak|jo|jep|ok|okay|nej|nejtak|yes|no|👍|👎|👌|✅"
_BARE = frozenset(map(words_of, _PLAIN.split("|")))
"""What is no private word, even where one was asked for."""
_COMES = frozenset({"kommer", "komme", "ses", "coming", "come", "there"})
"""Who says one of these speaks of a meeting, whatever was asked since."""
_CAN = frozenset({"kan", "passer", "can", "cannot", "cant"})
"""The same where only a call was offered since."""
_AFTER_ALL = "alligevel"


def in_order(questions: Sequence[OpenQuestion]) -> list[OpenQuestion]:
    """The latest first; what was asked again is as late as that, and stands there once."""
    by_id = {one.id: one for one in questions}
    found: dict[PublicId, OpenQuestion] = {}
    for one in questions:
        meant = by_id.get(PublicId(one.subject["question"])) if one.ask == Ask.AGAIN else one
        if meant is not None and meant.id not in found:
            found[meant.id] = meant if meant is one else replace(meant, in_reply=True, text=one.text)
    return list(found.values())


def that_count(questions: Sequence[OpenQuestion]) -> Sequence[OpenQuestion]:
    """Without what was asked beside the invitation, where that waits: whoever says JA then means that we may write."""
    if not any(one.ask == Ask.INVITE and not one.answered for one in questions):
        return questions
    return [one for one in questions if one.ask != Ask.WHY and one.text not in BY_THE_WAY]


def takers(questions: Sequence[OpenQuestion], asks: Collection[Ask]) -> list[OpenQuestion]:
    """Those of these kinds, the latest first."""
    return [question for question in questions if question.ask in asks]


def answer(word: Word, words: str, questions: Sequence[OpenQuestion]) -> Reply | None:
    """It belongs to the latest that takes it; two about different things that came together are told apart by asking."""
    if questions and questions[0].ask == Ask.WORD and words and words not in _BARE:
        return None  # it may be the word that was asked for
    found = takers(questions, TAKES[word])
    if word == Word.MAYBE:
        found = found if _reaches_a_meeting(questions) else []
    elif _speaks_of_a_meeting(words, found):
        found = takers(found, {Ask.RSVP}) or found
    if not found:
        return None
    latest = found[0]
    beside = [one for one in found if _may_be_meant(one, latest)]
    # a call is right for both
    if beside and latest.text in BY_THE_WAY and (latest.ask, beside[0].ask) == (Ask.URGENT, Ask.CALL):
        just_offered = latest.asked_at - beside[0].asked_at <= TOGETHER
        return meant(word, beside[0]) if just_offered else _or_comes(word, beside[0], questions)
    return Which(word, (beside[0], latest)) if beside else meant(word, latest)


def meant(word: Word, question: OpenQuestion) -> Reply:
    """What this word means to this question alone."""
    match question.ask:
        case Ask.COACH if word in {Word.YES, Word.NO}:
            return FreeText()
        case Ask.STOP if word == Word.YES:  # who has said since that we go on, or spoke of something else, is asked once more
            return MaybeStop() if question.answered or OF_SOMETHING_ELSE in question.subject else Stop()
        case Ask.VAT | Ask.TAX_RETURN if word == Word.YES and question.text not in ASKS_MORE:
            return Done(question)
        case _:
            return ANSWERS[word](question)


def says_it_was_read(text: str) -> bool:
    """Whether this is an OK or thanks, which after a receipt is no yes to anything."""
    return words_of(text) in _READ


def thanks(words: str, questions: Sequence[OpenQuestion]) -> Reply | None:
    """What an OK or thanks is to the last thing that was asked, where it is no yes to it; None: any other words do as much."""
    if words not in _READ or not questions:
        return None
    latest = questions[0]
    if latest.answered or latest.text in ASIDE or latest.ask in {Ask.URGENT, Ask.KEEP, Ask.WHY, Ask.TELEGRAM}:
        return Thanks()
    agrees = PHRASES.get(words) is Word.YES
    match latest.ask:
        case Ask.COACH:
            return FreeText()
        case Ask.STOP:
            return No(latest)
        case Ask.VAT | Ask.TAX_RETURN:  # the reminder was read: that is not yet KLAR
            return No(latest) if agrees else Thanks()
        case Ask.CHECK_IN if agrees:
            return NotAScore(latest)
        case _:
            return None


def slip(words: str, questions: Sequence[OpenQuestion]) -> Slip | None:
    """Only of the last thing that was asked: it is what was to be answered."""
    if not questions:
        return None
    latest = next((one for one in questions if one.text not in BY_THE_WAY), questions[0])
    takes = {word for word, asks in TAKES.items() if latest.ask in asks}
    slipped = is_slip(words, takes) or (latest.ask == Ask.CHECK_IN and is_number_slip(words))
    return Slip(latest) if slipped else None


def urgent(words: str, questions: Sequence[OpenQuestion]) -> Yes | No | None:
    """Whether it is urgent, in words that say so; only where that was the last thing that was asked."""
    if not questions or questions[0].ask != Ask.URGENT:
        return None
    return Yes(questions[0]) if words in _HURRY else No(questions[0]) if words in _NO_HURRY else None


def half(words: str, questions: Sequence[OpenQuestion]) -> HalfYes | None:
    """An answer to a meeting that takes half of itself back: guessing what was meant would be wrong every other time."""
    asked, tokens = takers(questions, {Ask.RSVP}), words.split()
    if not asked or not _reaches_a_meeting(questions):
        return None
    before = (words_of(" ".join(tokens[:number])) for number, token in enumerate(tokens) if token in HEDGES)
    said = any(PHRASES.get(words) in {Word.YES, Word.NO} for words in before)
    return HalfYes(asked[0]) if said else None


def _or_comes(word: Word, call: OpenQuestion, questions: Sequence[OpenQuestion]) -> Reply:
    """A call that was offered about a meeting some time ago doesn't hide it: that answer may change until it begins."""
    meetings = (one for one in takers(questions, {Ask.RSVP}) if one.subject.get("meeting") == call.subject.get("meeting"))
    meeting = next(meetings, None) if word == Word.YES else None
    return Which(word, (meeting, call)) if meeting else meant(word, call)


def _speaks_of_a_meeting(words: str, found: Sequence[OpenQuestion]) -> bool:
    said, offered = words.split(), bool(found) and found[0].ask == Ask.CALL
    return not _COMES.isdisjoint(said) or (offered and not _CAN.isdisjoint(said)) or _takes_back(said, found)


def _takes_back(said: Sequence[str], found: Sequence[OpenQuestion]) -> bool:
    """A yes after all, where what was asked last is whether a meeting needs a call: it is the no to it that is over."""
    asked = next((one for one in found if one.text not in BY_THE_WAY), None)
    about = asked is not None and asked.ask == Ask.CALL and "meeting" in asked.subject and not asked.answered
    return about and _AFTER_ALL in said


def _reaches_a_meeting(questions: Sequence[OpenQuestion]) -> bool:
    """Whether words that no other question takes are about a meeting: not where something else was just asked back."""
    latest = [one for one in takers(questions, YES_OR_NO) if one.text not in BY_THE_WAY][:1]
    return all(one.ask == Ask.RSVP or not one.in_reply for one in latest)


def _may_be_meant(one: OpenQuestion, latest: OpenQuestion) -> bool:
    """Whether nobody knows that the latest is meant and not this one. What answers somebody was read after all else."""
    if _about(one) == _about(latest) or not {one.ask, latest.ask} <= TOLD_APART:
        return False
    if latest.text in BY_THE_WAY:
        return True
    return not latest.in_reply and abs(latest.asked_at - one.asked_at) <= TOGETHER


def _about(question: OpenQuestion) -> tuple[Ask, str]:
    """The same thing asked again, a meeting at its next step say, is no second question."""
    subject = question.subject
    return question.ask, str(subject.get("meeting") or subject.get("period") or "")
