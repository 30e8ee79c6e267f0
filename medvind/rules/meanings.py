"""What a message or a tap can mean. Each meaning is a class of its own, so that a `match` over them can be checked."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from medvind.model import Ask, Language, PublicId, Subject, Topic
from medvind.rules.pause_words import End
from medvind.rules.vocabulary import Word


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """Something we asked and still take an answer to.

    `text` asked it; `in_reply`: to something they wrote, so that it is surely the last thing they have read; `answered`: once
    already, and the last answer counts. `also`: its message's id, where it went by a name of its own before.
    """

    id: PublicId
    ask: Ask
    subject: Subject
    asked_at: datetime
    open_until: datetime
    text: str = ""
    in_reply: bool = False
    answered: bool = False
    also: PublicId | None = None


class More(StrEnum):
    """What else stands beside an answer, for a person to read."""

    TOLD = "told"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Stop:
    """No more messages, of any kind, on any channel."""


@dataclass(frozen=True, slots=True)
class OptIn:
    """Write to me again. A yes to a question never means this."""


@dataclass(frozen=True, slots=True)
class Help:
    """What can I write here? `more`: and what besides the most useful words."""

    more: bool = False


@dataclass(frozen=True, slots=True)
class CallMe:
    """I would like to talk with a human; `at_a_time` that they name."""

    at_a_time: bool = False


@dataclass(frozen=True, slots=True)
class Joining:
    """A code that a coach handed out, in its own upper and lower case."""

    code: str


@dataclass(frozen=True, slots=True)
class Yes:
    """Yes to this question."""

    question: OpenQuestion
    more: More | None = None


@dataclass(frozen=True, slots=True)
class No:
    """No to this question."""

    question: OpenQuestion
    more: More | None = None


@dataclass(frozen=True, slots=True)
class Maybe:
    """Not sure yet; the question stays open."""

    question: OpenQuestion


@dataclass(frozen=True, slots=True)
class Score:
    """A number from 1 to 5 for this check-in."""

    question: OpenQuestion
    value: int


@dataclass(frozen=True, slots=True)
class ScoreAndMore:
    """A number for this check-in and words beside it: a wish to be called, or what the coach reads, be it private or not."""

    question: OpenQuestion
    value: int
    call: bool
    private: bool = False


@dataclass(frozen=True, slots=True)
class NotAScore:
    """Meant for this check-in, but no number from 1 to 5."""

    question: OpenQuestion


@dataclass(frozen=True, slots=True)
class HalfYes:
    """A yes or a no to this meeting that goes on with a but; `no_on`: a no in words whose day may not be the meeting's."""

    question: OpenQuestion
    no_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Slip:
    """A finger beside the key, where this question was to be answered."""

    question: OpenQuestion


@dataclass(frozen=True, slots=True)
class Done:
    """What this question reminded of is done: the VAT of its period filed and paid, the tax return sent."""

    question: OpenQuestion


@dataclass(frozen=True, slots=True)
class Which:
    """An answer that the latest two open questions take, asked within minutes of one another."""

    word: Word
    questions: tuple[OpenQuestion, OpenQuestion]
    more: More | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """Which of the two was meant, or both."""

    question: OpenQuestion
    first: bool
    second: bool


@dataclass(frozen=True, slots=True)
class PrivateWord:
    """What may be the word behind which somebody's card is."""

    question: OpenQuestion
    word: str


@dataclass(frozen=True, slots=True)
class StopTopic:
    """No more messages of this kind; the others go on."""

    topic: Topic


@dataclass(frozen=True, slots=True)
class MaybeStop:
    """A word of stopping within other words: meant as one, or about something else. `plain`: of nothing else in sight."""

    plain: bool = True


@dataclass(frozen=True, slots=True)
class Pause:
    """Peace for a while; None: for as long as we usually give."""

    end: End | None


@dataclass(frozen=True, slots=True)
class Next:
    """What comes next?"""


@dataclass(frozen=True, slots=True)
class Status:
    """How far is my case?"""


@dataclass(frozen=True, slots=True)
class Why:
    """Why did I get this message?"""


@dataclass(frozen=True, slots=True)
class Letter:
    """I got a letter or a demand that I don't understand."""


@dataclass(frozen=True, slots=True)
class MyData:
    """I want to see what you know of me."""


@dataclass(frozen=True, slots=True)
class MyCard:
    """Show me the card that my coach sees."""


@dataclass(frozen=True, slots=True)
class AskCoach:
    """A question to my coach and whom they know; `topic` in compared form, None where it isn't said yet."""

    topic: str | None


@dataclass(frozen=True, slots=True)
class Erase:
    """I want to be deleted."""


@dataclass(frozen=True, slots=True)
class Keep:
    """I don't want to be deleted after all."""


@dataclass(frozen=True, slots=True)
class Speak:
    """Write to me in this language."""

    language: Language


@dataclass(frozen=True, slots=True)
class Telegram:
    """I would rather use Telegram."""


@dataclass(frozen=True, slots=True)
class WrongNumber:
    """You write to somebody else than you think."""


@dataclass(frozen=True, slots=True)
class WhoWrites:
    """Who is that? Asked by somebody who has not said yet whether we may write; later: is it a robot?"""


@dataclass(frozen=True, slots=True)
class YesAfterNo:
    """Yes, to an invitation that they have said no to and that is open no more."""


@dataclass(frozen=True, slots=True)
class About:
    """Who are you, and what does it cost me?"""


@dataclass(frozen=True, slots=True)
class FreeText:
    """Words for the coach."""


@dataclass(frozen=True, slots=True)
class Thanks:
    """Thanks for what we said, or that it was read: nothing is asked, and nothing is to be said to it."""


@dataclass(frozen=True, slots=True)
class PrivateMatter:
    """Words for the coach, of something that had better be said than written."""


@dataclass(frozen=True, slots=True)
class OldTap:
    """A button under a message whose question is closed, or is not this person's; None: that asks nothing we know."""

    question: PublicId | None = None


Given = Yes | No | Maybe | Score | ScoreAndMore | Done
"""What is kept as the answer to a question."""
Wish = Next | Status | Why | Pause | StopTopic | Letter | MyData | MyCard | AskCoach | Erase | Keep | Speak | Telegram
"""What somebody asks for by a word of its own, whatever is open."""
Talk = (
    Stop | OptIn | Help | CallMe | Joining | MaybeStop | WrongNumber | WhoWrites | YesAfterNo | FreeText | PrivateMatter | About
)
"""What needs no question, and asks for nothing more."""
Beside = NotAScore | HalfYes | Slip | Which | Choice | PrivateWord | OldTap | Thanks
"""What is about a question, and answers none."""
Reply = Talk | Given | Beside | Wish
