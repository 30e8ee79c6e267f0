"""What somebody says who has been asked whether we may write: who is that, it isn't me, and yes after a no."""

from collections.abc import Sequence

from medvind.model import Ask
from medvind.rules.meanings import OpenQuestion, WhoWrites, WrongNumber
from medvind.rules.national_id import beside_national_id
from medvind.rules.vocabulary import Word
from medvind.rules.words import PHRASES, clauses, compared, wording_of, words_of

WHO = (
    "hvem er det, hvem er det her, hvem er du, hvem er i, hvem skriver, hvem skriver du, hvem skriver i, "
    "hvem er det der skriver, hvem er det der skriver til mig, hvem er det jeg skriver med, hvem er afsenderen, "
    "hvem er medvind, hvad er medvind, hvad er det her, hvad er det for noget, hvad er det for et nummer, "
    "kender jeg dig, kender jeg jer, ja hvem er det, hej hvem er det, øh hvem er det, who is this, who s this, "
    "whos this, who is it, who are you, who is writing, what is this, what is medvind, do i know you"
)
NOT_ME = (
    "det er ikke mig, nej det er ikke mig, det er ikke mit navn, du har fat i den forkerte, "
    "i har fat i den forkerte, du skriver til den forkerte, i skriver til den forkerte, forkert person, "
    "det er den forkerte, jeg er den forkerte, it is not me, it s not me, that s not me, not me, this is not me, "
    "wrong person, you have the wrong person"
)
_WHO, _NOT_ME = compared(WHO), compared(NOT_ME)
_NOT = frozenset({"ikke", "ingen", "nogen", "not", "no", "t"})
_MOST_WORDS, _LOOKED_AT = 6, 400
_BEFORE = frozenset({"nej", "men", "undskyld", "sorry", "no", "but"})
_GONE = compared("her ikke, ikke her, her ikke længere, ikke her længere, her ikke mere, ikke her mere")


def about_the_sender(words: str, questions: Sequence[OpenQuestion]) -> WhoWrites | WrongNumber | None:
    """Whether somebody who has not answered yet asks who we are, or says that we mean somebody else."""
    if not any(question.ask == Ask.INVITE for question in questions):
        return None
    return WhoWrites() if words in _WHO else WrongNumber() if words in _NOT_ME else None


def is_somebody_else(text: str, first_name: str) -> bool:
    """Whether a part of it says that who writes isn't called so or that we mean another number; not where they ask.

    `jeg er ikke Maja`, `jeg kender ikke nogen Maja`, `Maja bor her ikke`, `det er hendes mor, du har fået forkert nummer`.
    """
    name = wording_of(first_name).words
    if "?" in text:
        return False
    parts = [words_of(part) for part in clauses(text[:_LOOKED_AT])]
    return any(_says_wrong_number(words) or (name != "" and _is_not(words, name)) for words in parts)


def _says_wrong_number(words: str) -> bool:
    bare = " ".join(word for word in words.split() if word not in _BEFORE)
    return bare in _NOT_ME or PHRASES.get(bare) is Word.WRONG_NUMBER


def _is_not(words: str, name: str) -> bool:
    if len(words.split()) > _MOST_WORDS:
        return False
    gone = words.startswith(f"{name} bor ") and words.removeprefix(f"{name} bor ") in _GONE
    return gone or any(f" {words}".removesuffix(" her").endswith(f" {word} {name}") for word in _NOT)


def is_plain_yes(text: str) -> bool:
    """Whether it is a yes and nothing else, whatever is open."""
    return PHRASES.get(wording_of(beside_national_id(text)).words) is Word.YES
