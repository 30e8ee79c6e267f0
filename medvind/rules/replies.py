"""What somebody means: a short message or a tapped button turned into exactly one reply.

A table of whole phrases, no guessing inside sentences: what is in no table is free text, and a person reads it.
STOP wins whatever is open; a stop within a sentence asks first. To which question a JA, a NEJ or a number belongs is said in
`taking`.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from medvind.model import Ask, Language, PublicId, Topic
from medvind.rules.asking import topic_answered, topic_asked
from medvind.rules.days_said import names_a_time
from medvind.rules.meanings import (
    About,
    AskCoach,
    CallMe,
    Choice,
    Erase,
    FreeText,
    HalfYes,
    Help,
    Joining,
    Keep,
    Letter,
    MaybeStop,
    More,
    MyCard,
    MyData,
    Next,
    No,
    NotAScore,
    OldTap,
    OpenQuestion,
    OptIn,
    Pause,
    PrivateWord,
    Reply,
    Score,
    Speak,
    Status,
    Stop,
    StopTopic,
    Telegram,
    Which,
    WhoWrites,
    Why,
    WrongNumber,
    Yes,
)
from medvind.rules.national_id import beside_national_id
from medvind.rules.newcomers import about_the_sender
from medvind.rules.pause_words import end_alone, pause_end
from medvind.rules.scoring import score_and_more
from medvind.rules.sentences import Piece, asks_if_free, put_right, read_sentence
from medvind.rules.stop_words import is_plain_wish
from medvind.rules.taking import ANSWERS, TAKES, YES_OR_NO, answer, half, slip, takers, thanks, that_count, urgent
from medvind.rules.vocabulary import ARTICLES, CHOICES, NUMBERS, REGRETS, Word
from medvind.rules.words import PHRASES, Wording, compared, mood, number_phrase, wording_of

_JOIN = re.compile(r"/start\s{1,9}([A-Za-z0-9_-]{1,64})", re.IGNORECASE)
_HALF = "[A-HJKMNP-Za-hjkmnp-z2-9]{5}"
_SENT = re.compile(
    rf"(?<![^\W_])(?P<first>{_HALF})"
    rf"(?:(?P<dash> ?[-\u2010-\u2015\u2212] ?)?(?P<last>{_HALF})(?![^\W_])| (?P<end>{_HALF})(?=[^\w]*\Z))"
)
"""Two times five signs: with any dash between, together, or, at the end of what was written, with a blank."""
_LONGEST_SENT = 80
"""Signs of a message with a code in it: "koden er ..." is short, and in a long one a code is not looked for."""
_TAP = re.compile(r"q:([A-Za-z0-9_-]{1,48}):(yes|no|maybe|[1-5]|done|call|both)")
_SCALE, _REGRETS = range(1, 6), compared(REGRETS)
_MOST_DIGITS = 3
"""A longer number is no answer to a question from 1 to 5: a phone number, say, that the coach must see."""
LONGEST_WORD = 40
"""Signs of a private word."""
_ALWAYS: dict[Word, Reply] = {
    Word.STOP: Stop(),
    Word.OPT_IN: OptIn(),
    Word.HELP: Help(),
    Word.CALL: CallMe(),
    Word.NEXT: Next(),
    Word.STATUS: Status(),
    Word.WHY: Why(),
    Word.PAUSE: Pause(None),
    Word.LETTER: Letter(),
    Word.MY_DATA: MyData(),
    Word.MY_CARD: MyCard(),
    Word.ASK: AskCoach(None),
    Word.ERASE: Erase(),
    Word.KEEP: Keep(),
    Word.DANISH: Speak(Language.DA),
    Word.ENGLISH: Speak(Language.EN),
    Word.TELEGRAM: Telegram(),
    Word.WRONG_NUMBER: WrongNumber(),
    Word.STOP_MEETINGS: StopTopic(Topic.MEETINGS),
    Word.STOP_DEADLINES: StopTopic(Topic.DEADLINES),
    Word.STOP_CHECK_INS: StopTopic(Topic.CHECK_INS),
    Word.STOP_ENCOURAGEMENT: StopTopic(Topic.ENCOURAGEMENT),
    Word.HELP_MORE: Help(more=True),
    Word.ABOUT: About(),
    Word.ROBOT: WhoWrites(),
}
"""What means the same whatever is open."""
_TELLS = frozenset({Piece.TOLD, Piece.DAY})


def read_reply(text: str, open_questions: Sequence[OpenQuestion]) -> Reply:
    """What these words mean beside the questions that are open, the latest first. Never raises; `OldTap` never comes of it.

    A national id that was taken out of them is passed over, with the words that lead up to it.
    """
    if joining := _JOIN.fullmatch(text.strip()):
        return Joining(joining[1])
    said, open_questions = wording_of(beside_national_id(text)), that_count(open_questions)
    words = said.words
    if any(PHRASES.get(sentence) is Word.STOP for sentence in said.sentences):
        return Stop()
    asks = "?" in text
    return (
        _choice(words, open_questions)
        or (_asked_back(words, open_questions) if asks else None)
        or thanks(words, open_questions)
        or urgent(words, open_questions)
        or _command(PHRASES.get(words), open_questions, words)
        or _regret(words, open_questions)
        or _pause(words, open_questions)
        or _number(words, open_questions)
        or about_the_sender(words, open_questions)
        or _sentence(said, open_questions, asks=asks)
        or _question_to_coach(said)
        or _private_word(text, open_questions)
        or (MaybeStop(is_plain_wish(said.tokens)) if said.may_stop else None)
        or score_and_more(text, open_questions)
        or half(words, open_questions)
        or _topic(said, open_questions)
        or slip(words, open_questions)
        or FreeText()
    )


def read_sent_code(text: str) -> str | None:
    """The code that somebody got by SMS, as they type it, alone or in a few words; None for anything else.

    One message has one code or none: two in one would be two tries. Words of ten letters are no code.
    """
    said = " ".join(text.split())
    if len(said) > _LONGEST_SENT:
        return None
    found = [one for one in _SENT.finditer(said) if _is_written_as_code(one, alone=one[0] == said)]
    if len(found) != 1:
        return None
    return f"{found[0]['first']}-{found[0]['last'] or found[0]['end']}".upper()


def _is_written_as_code(found: re.Match[str], *, alone: bool) -> bool:
    """With a dash and nothing beside it, with a figure in it, or in capitals: else it may be two words of five letters."""
    return (alone and found["dash"] is not None) or found[0].isupper() or any(map(str.isdecimal, found[0]))


def _asked_back(words: str, questions: Sequence[OpenQuestion]) -> Reply | None:
    """`Nej?` and `klar?` are no answers yet: we ask what is meant, where a text of ours asks it; else a person reads it."""
    if isinstance(score := _number(words, questions), Score):
        return NotAScore(score.question)
    word = PHRASES.get(words)
    if word not in {Word.YES, Word.NO, Word.DONE}:
        return None
    latest = next(iter(takers(questions, TAKES[word])), None)
    if latest is None:
        return None
    if latest.ask == Ask.RSVP:
        return HalfYes(latest)
    return Yes(latest) if latest.ask in {Ask.VAT, Ask.TAX_RETURN} else FreeText()


def _choice(words: str, questions: Sequence[OpenQuestion]) -> Choice | None:
    """Which was meant, where that was the last thing that was asked; said otherwise, the answer stands for itself."""
    if not questions or questions[0].ask != Ask.WHICH or words not in CHOICES:
        return None
    return Choice(questions[0], *CHOICES[words])


def _private_word(text: str, questions: Sequence[OpenQuestion]) -> PrivateWord | None:
    asked = bool(questions) and questions[0].ask == Ask.WORD and can_be_word(text)
    return PrivateWord(questions[0], text.strip()) if asked else None


def can_be_word(text: str) -> bool:
    """Whether somebody may have this as their private word: what is longer was written to be read."""
    return 0 < len(text.strip()) <= LONGEST_WORD


def read_tap(data: str, open_questions: Sequence[OpenQuestion]) -> Reply:
    """What a tapped button means. It answers its own question and no other; a wish to be called holds for ever."""
    tap = _TAP.fullmatch(data)
    if tap is None:
        return OldTap()
    public_id, word = PublicId(tap[1]), tap[2]
    if word == "call":
        return CallMe()
    own = [question for question in open_questions if public_id in {question.id, question.also}]
    if own and own[0].ask == Ask.WHICH:
        return Choice(own[0], *CHOICES[word]) if word in CHOICES else OldTap(public_id)
    if word == "both":
        return OldTap(public_id)
    if word.isdecimal():
        asked = takers(own, {Ask.CHECK_IN})
        return Score(asked[0], int(word)) if asked else OldTap(public_id)
    return _command(Word(word), own) or OldTap(public_id)


def _command(word: Word | None, questions: Sequence[OpenQuestion], words: str = "") -> Reply | None:
    """The reply that a known word makes, or None where no open question takes it; `words`: as they were written."""
    if word in _ALWAYS:
        return _ALWAYS[word]
    match word:
        case Word.YES | Word.NO | Word.MAYBE | Word.DONE:
            return answer(word, words, questions)
        case _:
            return None


def _regret(words: str, questions: Sequence[OpenQuestion]) -> Keep | None:
    """Where nothing was asked since: of what else somebody may be sorry a person reads."""
    return Keep() if questions and questions[0].ask == Ask.KEEP and words in _REGRETS else None


def _pause(words: str, questions: Sequence[OpenQuestion]) -> Pause | None:
    """With the word, or without it where that was the last thing that was asked: until when."""
    asked = bool(questions) and questions[0].ask == Ask.PAUSE
    end = pause_end(words) or (end_alone(words) if asked else None)
    return Pause(end) if end else None


def _number(words: str, questions: Sequence[OpenQuestion]) -> Reply | None:
    """A score, or a try at one; None without an open check-in or where there is more to read than a number."""
    asked = takers(questions, {Ask.CHECK_IN})
    if not asked:
        return None
    if mood(words):
        return NotAScore(asked[0])
    found = number_phrase(words)
    figures = [word for word in found if word not in ARTICLES] or found
    if not figures or sum(len(word) for word in figures if word.isdecimal()) > _MOST_DIGITS:
        return None
    values = {NUMBERS[word] if word in NUMBERS else int(word) for word in figures}
    value = values.pop()
    return NotAScore(asked[0]) if values or value not in _SCALE else Score(asked[0], value)


def _sentence(said: Wording, questions: Sequence[OpenQuestion], *, asks: bool) -> Reply | None:
    """What a whole sentence says; not where a word of stopping is in it, or where they were asked what they want to ask."""
    if said.may_stop or (questions and questions[0].ask == Ask.TOPIC):
        return None
    if takers(questions, {Ask.INVITE}) and asks_if_free(said.tokens):
        return About()
    if number := _put_right(said, questions):
        return number
    read = read_sentence(said.tokens, asks=asks)
    if read is None or (read.word == Word.ABOUT and not takers(questions, {Ask.INVITE})):
        return None
    if read.word == Word.CALL:
        return CallMe(names_a_time(said.tokens))
    if read.word not in ANSWERS:
        return _command(read.word, questions, said.words)
    about = questions if read.is_plain or read.word == Word.DONE else takers(questions, {Ask.RSVP})
    reply = _command(read.word, about, said.words)
    if reply is not None and read.names_another_day:
        return HalfYes(about[0], said.tokens)
    more = More.ASKED if Piece.ASKED in read.pieces else None if read.pieces.isdisjoint(_TELLS) else More.TOLD
    return replace(reply, more=more) if more and isinstance(reply, Yes | No | Which) else reply


def _put_right(said: Wording, questions: Sequence[OpenQuestion]) -> Reply | None:
    """A number with a few words, or in place of another one; a NEJ before it may answer another question instead."""
    found = put_right(said.tokens)
    if found is None:
        return None
    words, no = found
    other = [one for one in takers(questions, YES_OR_NO) if not one.in_reply]
    return None if no and other else _number(words, questions)


def _question_to_coach(said: Wording) -> AskCoach | None:
    topic = None if said.may_stop else topic_asked(said.tokens)
    return AskCoach(topic) if topic else None


def _topic(said: Wording, questions: Sequence[OpenQuestion]) -> AskCoach | None:
    """What they want to ask, where that was the last thing that was asked; a bare yes or no is no topic."""
    if not questions or questions[0].ask != Ask.TOPIC or said.words in PHRASES:
        return None
    topic = topic_answered(said.tokens)
    return AskCoach(topic) if topic else None
